#include "arena_fault.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <sstream>

#include "freethreading/platform/arena.hpp"
#include "freethreading/platform/process.hpp"

namespace kill_tests {
namespace {

using freethreading::platform::BlockHeader;
using freethreading::platform::Root;

// What stands in the payload of a free block.
struct Links {
    std::uint64_t next;
    std::uint64_t before;
};

BlockHeader& block_at(std::uint64_t address) {
    return *reinterpret_cast<BlockHeader*>(address);
}
Links& links_at(std::uint64_t address) {
    return *reinterpret_cast<Links*>(address + sizeof(BlockHeader));
}

// Every block in turn; remembers the free ones.
std::string walk_blocks(const Root& root, std::map<std::uint64_t, std::uint64_t>& free) {
    std::ostringstream fault;
    std::uint64_t previous = 0;
    std::uint64_t used_blocks = 0;
    std::uint64_t used_bytes = 0;
    for (auto address = root.arena_begin; address < root.arena_end;) {
        const auto& header = block_at(address);
        const bool is_free = (header.size & 1) != 0;
        const auto size = header.size & ~std::uint64_t{1};
        if (size < 48 || size % 16 != 0 || address + size > root.arena_end) {
            fault << "a block of " << size << " bytes";
            return fault.str();
        }
        if (header.previous != previous) fault << "a block does not know the one below; ";
        if (is_free && free.contains(previous)) fault << "two free blocks are neighbours; ";
        if (is_free) free.emplace(address, size);
        used_blocks += is_free ? 0 : 1;
        used_bytes += is_free ? 0 : size;
        previous = address;
        address += size;
    }
    if (used_blocks != root.used_blocks || used_bytes != root.used_bytes) {
        fault << root.used_blocks << " blocks and " << root.used_bytes << " bytes are counted, but "
              << used_blocks << " and " << used_bytes << " are in use; ";
    }
    return fault.str();
}

// Every list of free blocks; crosses out the ones that it finds.
std::string walk_lists(const Root& root, std::map<std::uint64_t, std::uint64_t>& free) {
    std::ostringstream fault;
    for (std::size_t row = 0; row < root.free_blocks.size(); ++row) {
        const bool row_sign = (root.first_level >> row & 1) != 0;
        if (row_sign != (root.second_level[row] != 0)) fault << "wrong sign of row " << row << "; ";
        for (std::size_t column = 0; column < 4; ++column) {
            const auto first = root.free_blocks[row][column];
            const bool sign = (root.second_level[row] >> column & 1) != 0;
            if (sign != (first != 0))
                fault << "wrong sign of list " << row << "." << column << "; ";
            std::uint64_t before = 0;
            for (auto address = first; address != 0; address = links_at(address).next) {
                const auto found = free.find(address);
                if (found == free.end()) {
                    fault << "list " << row << "." << column << " leads to what is no free block";
                    return fault.str();
                }
                const auto size = found->second;
                if (size >> row != 1 || (size >> (row - 2) & 3) != column)
                    fault << "a block of " << size << " bytes in a wrong list; ";
                if (links_at(address).before != before) fault << "a list cannot be walked back; ";
                before = address;
                free.erase(found);
            }
        }
    }
    if (!free.empty()) fault << free.size() << " free blocks are in no list; ";
    return fault.str();
}

}  // namespace

std::string find_fault_in_arena() {
    freethreading::platform::Transaction transaction;
    auto& root = freethreading::platform::root();
    transaction.lock(root.arena_lock);
    std::map<std::uint64_t, std::uint64_t> free;
    const auto fault = walk_blocks(root, free);
    return fault.empty() ? walk_lists(root, free) : fault;
}

}  // namespace kill_tests
