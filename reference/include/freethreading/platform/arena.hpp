#pragma once
/// \file
/// Memory for shared state: the arena where workers are processes, the heap otherwise. Internal.
///
/// The arena is one anonymous mapping at the same address in every process, so plain pointers into
/// it are valid everywhere. Blocks are found in constant time in lists by size, split, and merged
/// with their neighbours when freed. Source: Masmano, Ripoll, Crespo and Real, "TLSF: a New Dynamic
/// Memory Allocator for Real-Time Systems" (ECRTS 2004), here with every change written in a
/// transaction, so that a process killed half-way through leaves nothing half done.
///
/// Every block belongs either to a process, which has to release it, or to no process: then another block
/// points to it, or objects are counted (object.hpp). Belonging is one field of the block's header, so a block
/// changes hands as part of any transaction. When a process dies, the fork server looks through the arena for
/// the blocks that were its own and releases them.

#include <cstddef>
#include <cstdint>
#include <functional>

#include "freethreading/platform/transaction.hpp"

namespace freethreading::platform {

/// Gives up a block of some kind: frees it and all that hangs on it, unless others need it still. Called for
/// blocks of a dead process. May be repeated for a block for which an earlier call was cut short.
using Release = void (*)(void* payload);

/// What stands before every payload.
struct BlockHeader {
    std::uint64_t size;  // of header and payload, a multiple of 16; lowest bit: the block is free
    std::uint64_t previous;  // address of the block below, 0 for the first
    std::uint64_t owner;     // serial of the process it belongs to, 0 if to none
    Release release;
};
static_assert(sizeof(BlockHeader) == 32);

/// A new block that belongs to this process, with uninitialised payload aligned to 16 bytes. The
/// arena's lock is held to the end of the transaction. Throws ResourceError if there is no room.
[[nodiscard]] void* allocate(Transaction& transaction, std::size_t size, Release release);
/// Gives a block back. The payload must not be read after the transaction is committed.
void free_block(Transaction& transaction, void* payload);
/// Release for blocks on which nothing hangs.
void release_plain(void* payload);

/// The block belongs to this process from the commit on.
void take_over(Transaction& transaction, void* payload, Release release);
/// The block belongs to another block from the commit on.
void hand_over(Transaction& transaction, void* payload);

/// Bytes that one block can have at most.
[[nodiscard]] std::size_t arena_capacity();

struct Root;
/// Sets up the lists of free blocks, before anybody else can see `shared`.
void prepare_arena(Root& shared, std::uint64_t begin, std::uint64_t end);

/// Whether this process has blocks that nobody would free if it ended now. May say so wrongly after
/// a failed call.
[[nodiscard]] bool owns_blocks();
void count_owned_blocks(std::int64_t change);
/// For a process just forked.
void forget_inherited_blocks();

/// Calls `function` with the payload and the Release of every block of `owner`. The blocks must not
/// change hands meanwhile.
void for_each_block_of(ProcessSerial owner, const std::function<void(void*, Release)>& function);
/// The same under the arena's lock, for blocks that do change hands; `function` must not allocate or
/// free.
void for_each_block_at_once(ProcessSerial owner,
                            const std::function<void(void*, Release)>& function);
/// For the fork server: frees everything that belonged to a dead process.
void release_blocks_of(ProcessSerial dead);

/// Blocks and bytes in use in the whole program; what a test compares before and after. The heap
/// counts them too.
struct ArenaUse {
    std::uint64_t blocks;
    std::uint64_t bytes;
};
[[nodiscard]] ArenaUse arena_use();

}  // namespace freethreading::platform
