#include "freethreading/platform/arena.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <string>
#include <vector>

#include "freethreading/error.hpp"
#include "freethreading/platform/process.hpp"

namespace freethreading::platform {
namespace {

constexpr std::uint64_t free_bit = 1;
constexpr std::uint64_t smallest_block = sizeof(BlockHeader) + 16;
constexpr std::uint64_t page = 4096;
// What is freed goes back to the system once it is so much, and lies together: pages that are used again
// soon are cheaper kept, since each costs a fault of a microsecond or more when it is touched anew.
constexpr std::uint64_t dirty_enough = 32 << 20;
constexpr std::uint64_t worth_discarding = 256 * 1024;

std::atomic<std::int64_t> owned_blocks = 0;

// A free block's payload holds its place in the list of free blocks of its size.
struct FreeBlock {
    BlockHeader header;
    std::uint64_t next;
    std::uint64_t before;
};

BlockHeader& header_of(void* payload) {
    return *(static_cast<BlockHeader*>(payload) - 1);
}
BlockHeader& block_at(std::uint64_t address) {
    return *reinterpret_cast<BlockHeader*>(address);
}
FreeBlock& free_block_at(std::uint64_t address) {
    return *reinterpret_cast<FreeBlock*>(address);
}
std::uint64_t address_of(const BlockHeader& header) {
    return reinterpret_cast<std::uint64_t>(&header);
}
bool is_free(const BlockHeader& header) {
    return (header.size & free_bit) != 0;
}
std::uint64_t size_of(const BlockHeader& header) {
    return header.size & ~free_bit;
}

// Row: position of the highest bit of the size. Column: the two bits after it.
struct Place {
    std::uint64_t row;
    std::uint64_t column;
};
Place place_of(std::uint64_t size) {
    const auto row = static_cast<std::uint64_t>(std::bit_width(size)) - 1;
    return {row, (size >> (row - 2)) & 3};
}

void link(Transaction& transaction, BlockHeader& header, std::uint64_t size) {
    Root& shared = root();
    const auto [row, column] = place_of(size);
    auto& first = shared.free_blocks[row][column];
    FreeBlock& block = free_block_at(address_of(header));
    transaction.write(block.header.size, size | free_bit);
    transaction.write(block.next, first);
    transaction.write(block.before, 0);
    if (first != 0) transaction.write(free_block_at(first).before, address_of(header));
    transaction.write(first, address_of(header));
    transaction.write(shared.second_level[row], shared.second_level[row] | (1ULL << column));
    transaction.write(shared.first_level, shared.first_level | (1ULL << row));
}

void unlink(Transaction& transaction, BlockHeader& header) {
    Root& shared = root();
    const auto [row, column] = place_of(size_of(header));
    auto& first = shared.free_blocks[row][column];
    FreeBlock& block = free_block_at(address_of(header));
    if (block.next != 0) transaction.write(free_block_at(block.next).before, block.before);
    if (block.before != 0) {
        transaction.write(free_block_at(block.before).next, block.next);
        return;
    }
    transaction.write(first, block.next);
    if (first != 0) return;
    transaction.write(shared.second_level[row], shared.second_level[row] & ~(1ULL << column));
    if (shared.second_level[row] == 0)
        transaction.write(shared.first_level, shared.first_level & ~(1ULL << row));
}

// The first block of a list in which every block is large enough; else, for sizes near that of the
// whole arena, any that happens to be.
BlockHeader* find(std::uint64_t size) {
    const Root& shared = root();
    auto [row, column] = place_of(size + (1ULL << (std::bit_width(size) - 3)) - 1);
    auto columns = shared.second_level[row] & (~0ULL << column);
    if (columns == 0) {
        const auto rows = shared.first_level & (~0ULL << (row + 1));
        if (rows != 0) {
            row = static_cast<std::uint64_t>(std::countr_zero(rows));
            columns = shared.second_level[row];
        }
    }
    if (columns != 0)
        return &block_at(
            shared.free_blocks[row][static_cast<std::size_t>(std::countr_zero(columns))]);
    const auto exact = place_of(size);
    for (auto address = shared.free_blocks[exact.row][exact.column]; address != 0;
         address = free_block_at(address).next) {
        if (size_of(block_at(address)) >= size) return &block_at(address);
    }
    return nullptr;
}

BlockHeader* above(BlockHeader& header) {
    const auto address = address_of(header) + size_of(header);
    return address < root().arena_end ? &block_at(address) : nullptr;
}

[[noreturn]] void arena_is_full(std::size_t size) {
    throw ResourceError("the arena has no room for " + std::to_string(size) + " bytes (" +
                        std::to_string(root().used_bytes) + " of " +
                        std::to_string(arena_capacity()) +
                        " are in use): release objects, or set FREETHREADING_ARENA_SIZE to more");
}

void* allocate_from_arena(Transaction& transaction, std::size_t size, Release release) {
    Root& shared = root();
    if (size > arena_capacity()) arena_is_full(size);
    const auto needed = std::max(smallest_block, (size + sizeof(BlockHeader) + 15) / 16 * 16);
    BlockHeader* block = find(needed);
    if (block == nullptr) arena_is_full(size);
    unlink(transaction, *block);
    const auto rest = size_of(*block) - needed;
    if (rest >= smallest_block) {
        BlockHeader* const next = above(*block);
        transaction.write(block->size, needed);
        BlockHeader& remainder = block_at(address_of(*block) + needed);
        transaction.write(remainder.previous, address_of(*block));
        link(transaction, remainder, rest);
        if (next != nullptr) transaction.write(next->previous, address_of(remainder));
    } else {
        transaction.write(block->size, size_of(*block));
    }
    transaction.write(block->owner, this_process());
    transaction.write(block->release, release);
    // The caller writes the payload before the commit, and with it the block's place in the list
    // to which a death before the commit returns it.
    FreeBlock& place = free_block_at(address_of(*block));
    transaction.write(place.next, 0);
    transaction.write(place.before, 0);
    transaction.write(shared.used_bytes, shared.used_bytes + size_of(*block));
    transaction.write(shared.used_blocks, shared.used_blocks + 1);
    // Taken to be memory that was freed before: what is used again is not worth giving back.
    transaction.write(shared.dirty_bytes,
                      shared.dirty_bytes - std::min(shared.dirty_bytes, size_of(*block)));
    return block + 1;
}

void free_into_arena(Transaction& transaction, BlockHeader& header) {
    Root& shared = root();
    BlockHeader* merged = &header;
    auto size = size_of(header);
    transaction.write(header.owner, 0);
    transaction.write(shared.used_bytes, shared.used_bytes - size);
    transaction.write(shared.used_blocks, shared.used_blocks - 1);
    transaction.write(shared.dirty_bytes, shared.dirty_bytes + size);
    if (BlockHeader* const next = above(header); next != nullptr && is_free(*next)) {
        unlink(transaction, *next);
        size += size_of(*next);
    }
    if (header.previous != 0 && is_free(block_at(header.previous))) {
        merged = &block_at(header.previous);
        unlink(transaction, *merged);
        size += size_of(*merged);
    }
    link(transaction, *merged, size);
    if (BlockHeader* const next = above(*merged); next != nullptr)
        transaction.write(next->previous, address_of(*merged));
    // Not at every free: a system call each would cost more than the memory is worth.
    if (shared.dirty_bytes >= dirty_enough && size >= worth_discarding) {
        transaction.write(shared.dirty_bytes, 0);
        const auto begin = (address_of(*merged) + sizeof(FreeBlock) + page - 1) / page * page;
        const auto end = (address_of(*merged) + size) / page * page;
        if (end > begin) transaction.discard_pages(reinterpret_cast<void*>(begin), end - begin);
    }
}

// Where workers are threads nobody dies, and the heap does the rest.
void* allocate_from_heap(std::size_t size, Release release) {
    auto* const header = static_cast<BlockHeader*>(
        std::aligned_alloc(64, (size + sizeof(BlockHeader) + 63) / 64 * 64));
    if (header == nullptr)
        throw ResourceError("no memory for " + std::to_string(size) +
                            " bytes: release objects, or give the program more");
    *header = {.size = size, .previous = 0, .owner = this_process(), .release = release};
    root().used_bytes += size;
    root().used_blocks += 1;
    return header + 1;
}

}  // namespace

void* allocate(Transaction& transaction, std::size_t size, Release release) {
    transaction.lock(root().arena_lock);
    transaction.count_owned(1);
    return mode().shared_state ? allocate_from_arena(transaction, size, release)
                               : allocate_from_heap(size, release);
}

void free_block(Transaction& transaction, void* payload) {
    transaction.lock(root().arena_lock);
    if (header_of(payload).owner != 0) transaction.count_owned(-1);
    if (mode().shared_state) return free_into_arena(transaction, header_of(payload));
    root().used_bytes -= header_of(payload).size;
    root().used_blocks -= 1;
    std::free(&header_of(payload));
}

void release_plain(void* payload) {
    Transaction transaction;
    free_block(transaction, payload);
    transaction.commit();
}

void take_over(Transaction& transaction, void* payload, Release release) {
    transaction.count_owned(1);
    transaction.write(header_of(payload).owner, this_process());
    transaction.write(header_of(payload).release, release);
}

void hand_over(Transaction& transaction, void* payload) {
    transaction.count_owned(-1);
    transaction.write(header_of(payload).owner, 0);
}

void count_owned_blocks(std::int64_t change) {
    owned_blocks.fetch_add(change, std::memory_order_relaxed);
}

std::size_t arena_capacity() {
    return mode().shared_state ? root().arena_end - root().arena_begin - sizeof(BlockHeader)
                               : ~std::size_t{0} / 2;
}

void prepare_arena(Root& shared, std::uint64_t begin, std::uint64_t end) {
    shared.arena_begin = begin;
    shared.arena_end = end;
    const auto [row, column] = place_of(end - begin);
    shared.first_level = 1ULL << row;
    shared.second_level[row] = 1ULL << column;
    shared.free_blocks[row][column] = begin;
    block_at(begin).size = (end - begin) | free_bit;
}

bool owns_blocks() {
    return owned_blocks.load(std::memory_order_relaxed) != 0;
}

void forget_inherited_blocks() {
    owned_blocks.store(0, std::memory_order_relaxed);
}

void for_each_block_of(ProcessSerial owner, const std::function<void(void*, Release)>& function) {
    std::vector<BlockHeader*> blocks;
    for_each_block_at_once(owner,
                           [&](void* payload, Release) { blocks.push_back(&header_of(payload)); });
    for (BlockHeader* block : blocks)
        function(block + 1, block->release);
}

void for_each_block_at_once(ProcessSerial owner,
                            const std::function<void(void*, Release)>& function) {
    Transaction transaction;
    transaction.lock(root().arena_lock);
    for (BlockHeader* block = &block_at(root().arena_begin); block != nullptr;
         block = above(*block)) {
        if (!is_free(*block) && block->owner == owner) function(block + 1, block->release);
    }
}

void release_blocks_of(ProcessSerial dead) {
    // Nobody else touches a block of the dead, so the list stays true while they go one by one.
    for_each_block_of(dead, [](void* payload, Release release) { release(payload); });
}

ArenaUse arena_use() {
    Transaction transaction;
    transaction.lock(root().arena_lock);
    const ArenaUse use{.blocks = root().used_blocks, .bytes = root().used_bytes};
    transaction.commit();
    return use;
}

}  // namespace freethreading::platform
