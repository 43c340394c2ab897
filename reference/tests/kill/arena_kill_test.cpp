// Workers killed at every instruction of allocation and release, of objects and handles, and of a
// worker's own beginning and end.

#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "freethreading/platform/object.hpp"
#include "freethreading/platform/process.hpp"
#include "survey.hpp"

namespace kill_tests {
namespace {

using freethreading::Lock;
using freethreading::Queue;
using freethreading::Worker;
using freethreading::platform::allocate;
using freethreading::platform::BlockHeader;
using freethreading::platform::free_block;
using freethreading::platform::release_plain;
using freethreading::platform::Transaction;

void* allocate_block(std::size_t size) {
    Transaction transaction;
    void* const block = allocate(transaction, size, release_plain);
    // Before the commit, as the library does: nobody else sees the block.
    std::memset(block, 0x5a, std::min<std::size_t>(size, 64));
    transaction.commit();
    return block;
}

void use_arena() {
    std::vector<void*> blocks;
    for (const std::size_t size : {16U, 100U, 1000U, 10'000U, 100'000U})
        blocks.push_back(allocate_block(size));
    for (void* const block : blocks)
        release_plain(block);
}

struct ArenaRound {
    void wake() const {}
    void go_on() const {
        use_arena();
        in_another_worker(use_arena);
    }
    void check(bool) const {}
};

// Of which the second is taken out and put back. `size` and the header must make a multiple of 16.
std::array<void*, 4> allocate_neighbours(std::size_t size) {
    std::array<void*, 4> blocks{};
    // Several times, until they come out of one large block.
    for (int attempt = 0; attempt < 16 && board().note == 0; ++attempt) {
        for (void*& block : blocks)
            block = allocate_block(size);
        const auto extent = static_cast<std::byte*>(blocks[3]) - static_cast<std::byte*>(blocks[0]);
        if (extent == static_cast<std::ptrdiff_t>(3 * (size + sizeof(BlockHeader))))
            board().note = 1;
    }
    return blocks;
}

enum Neighbours { none_free, above_free, below_free, both_free };
constexpr std::size_t large = 400'000;

template <Neighbours neighbours, std::size_t size>
void free_in_region() {
    const auto blocks = allocate_neighbours(size);
    if (neighbours == below_free || neighbours == both_free) release_plain(blocks[0]);
    if (neighbours == above_free || neighbours == both_free) release_plain(blocks[2]);
    if (size == large) freethreading::platform::root().dirty_bytes = 1 << 30;  // time to give back
    const Region region;
    release_plain(blocks[1]);
}
template <Neighbours neighbours, std::size_t size = 208>
struct FreeRound : ArenaRound {
    Worker victim{free_in_region<neighbours, size>};
    void check(bool) const { EXPECT_EQ(board().note, 1); }
};

TEST(KillEverywhere, release_in_the_arena) {
    kill_everywhere<FreeRound<none_free>>("release between blocks in use");
    kill_everywhere<FreeRound<above_free>>("release that merges with the block above");
    kill_everywhere<FreeRound<below_free>>("release that merges with the block below");
    kill_everywhere<FreeRound<both_free>>("release that merges with both neighbours");
    kill_everywhere<FreeRound<both_free, large>>("release that gives pages back");
}

// Into a hole of `hole` bytes, which the arena finds if `size` and its header make 256.
template <std::size_t hole, std::size_t size>
void allocate_in_region() {
    const auto blocks = allocate_neighbours(hole);
    release_plain(blocks[1]);
    const Region region;
    allocate_block(size);
}
template <std::size_t hole, std::size_t size>
struct AllocateRound : ArenaRound {
    Worker victim{allocate_in_region<hole, size>};
    void check(bool) const { EXPECT_EQ(board().note, 1); }
};
TEST(KillEverywhere, allocation_in_the_arena) {
    kill_everywhere<AllocateRound<224, 224>>("allocation of a whole block");
    kill_everywhere<AllocateRound<240, 224>>("allocation that leaves less than a block");
    kill_everywhere<AllocateRound<704, 224>>("allocation that splits a block");
    kill_everywhere<AllocateRound<704, 100'000>>("allocation that splits a large block");
}

// The victim waits for the arena's lock.
struct LockedArenaRound : ArenaRound {
    std::optional<Transaction> holder;
    Worker victim{allocate_in_region<704, 64>};
    [[nodiscard]] bool may_interfere() const { return true; }
    void interfere() {
        holder.emplace();
        holder->lock(freethreading::platform::root().arena_lock);
    }
    void wake() { holder.reset(); }
    void go_on() {
        holder.reset();
        ArenaRound::go_on();
    }
};
TEST(KillEverywhere, allocation_that_waits_for_the_lock) {
    kill_everywhere<LockedArenaRound>("allocation that waits for the lock");
}

struct Cargo {
    Lock lock;
    std::string text;
};

void create_in_region() {
    const Region region;
    const Lock lock;
    Region::leave();
}
struct CreateRound : ArenaRound {
    Worker victim{create_in_region};
};
TEST(KillEverywhere, creation_of_an_object) {
    kill_everywhere<CreateRound>("creation of a Lock");
}

void drop_in_region() {
    auto lock = std::make_unique<Lock>();
    const Region region;
    lock.reset();
}
struct DropRound : ArenaRound {
    Worker victim{drop_in_region};
};
void drop_queue_in_region() {
    auto queue = std::make_unique<Queue<Cargo>>();
    for (int i = 0; i < 3; ++i)
        queue->put({Lock(), "text"});
    const Region region;
    queue.reset();
}
struct DropQueueRound : ArenaRound {
    Worker victim{drop_queue_in_region};
};
void drop_shared_in_region(Queue<Cargo> queue) {
    // The handles among a worker's arguments are kept to its end.
    std::optional<Lock> lock(queue.get().lock);
    const Region region;
    lock.reset();
}
struct DropSharedRound : ArenaRound {
    Lock lock;
    Queue<Cargo> queue;
    Worker victim{drop_shared_in_region, queue};
    DropSharedRound() { queue.put({lock, "text"}); }
    void check(bool) const { EXPECT_TRUE(lock.acquire(hang)); }
};
TEST(KillEverywhere, release_of_the_last_handle) {
    kill_everywhere<DropRound>("drop of the last handle of a Lock");
    kill_everywhere<DropQueueRound>("drop of the last handle of a Queue of handles");
}
TEST(KillEverywhere, release_of_a_handle) {
    kill_everywhere<DropSharedRound>("drop of a handle that others have too");
}

// From the last statement of the target to the end of the process.
void end_after_region(Queue<Cargo> queue) {
    const Lock lock;
    queue.put({lock, "text"});
    new Region;
}
struct EndRound : ArenaRound {
    Queue<Cargo> queue;
    Worker victim{end_after_region, queue};
    void check(bool) const { EXPECT_EQ(queue.get(hang).text, "text"); }
};
TEST(KillEverywhere, end_of_a_worker) {
    kill_everywhere<EndRound>("end of a worker");
}

void do_nothing() {}
void start_in_region() {
    const Worker worker(do_nothing);
    const Region region;
    worker.start();
    worker.join();
}
struct StartRound : ArenaRound {
    Worker victim{start_in_region};
};
TEST(KillEverywhere, start_and_join_of_a_worker) {
    kill_everywhere<StartRound>("start and join of a worker");
}

}  // namespace
}  // namespace kill_tests
