#include "freethreading/lock.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "await.hpp"
#include "freethreading/barrier.hpp"
#include "freethreading/current_worker.hpp"
#include "freethreading/error.hpp"
#include "freethreading/simple_queue.hpp"
#include "freethreading/with.hpp"
#include "freethreading/worker.hpp"
#include "shared_cell.hpp"

namespace freethreading {
namespace {

using namespace std::chrono_literals;
using Idents = SimpleQueue<std::uint64_t>;

const SharedCell<long> total;

bool poll_in_worker(const Lock& lock) {
    const SimpleQueue<bool> answer;
    run_in_worker([](Lock held, SimpleQueue<bool> result) { result.put(held.acquire(false)); },
                  lock, answer);
    return answer.get();
}

static_assert(!std::is_constructible_v<Lock, int> && !std::is_constructible_v<Lock, bool>);
static_assert(std::is_copy_constructible_v<Lock> && std::is_copy_assignable_v<Lock>);
static_assert(std::is_nothrow_move_constructible_v<Lock>);

TEST(Lock, LOCK_1_starts_free_and_acquire_returns_true) {
    const Lock lock;
    EXPECT_FALSE(lock.locked());
    EXPECT_TRUE(lock.acquire());
    EXPECT_TRUE(lock.locked());
    static_assert(std::is_void_v<decltype(lock.release())>);
    lock.release();
    EXPECT_FALSE(lock.locked());
}

TEST(Lock, LOCK_2_polls_of_a_held_lock_fail) {
    const Lock lock;
    ASSERT_TRUE(lock.acquire());
    EXPECT_FALSE(lock.acquire(false));
    EXPECT_FALSE(lock.acquire(false, std::nullopt));
    EXPECT_FALSE(lock.acquire(false, -1s));
    EXPECT_FALSE(lock.acquire(0s));
    EXPECT_FALSE(lock.acquire(true, 0s));
    EXPECT_FALSE(lock.try_lock());
    EXPECT_FALSE(poll_in_worker(lock));
}

TEST(Lock, LOCK_3_timed_acquire_fails_after_its_time) {
    const Lock lock;
    ASSERT_TRUE(lock.acquire());
    bool acquired = true;
    EXPECT_GE(time_of([&] { acquired = lock.acquire(30ms); }), 30ms);
    EXPECT_FALSE(acquired);
    EXPECT_TRUE(lock.locked());
    lock.release();
    EXPECT_TRUE(lock.acquire(30ms));
}

TEST(Lock, LOCK_4_untimed_and_negative_acquire_block_until_the_release) {
    for (const auto& timeout : std::vector<std::optional<std::chrono::nanoseconds>>{
             std::nullopt, -1s, -500ms, -1ns, -100s}) {
        const Lock lock;
        const Idents idents;
        const SimpleQueue<bool> results;
        ASSERT_TRUE(lock.acquire());
        const Worker worker = started(
            [](Lock held, Idents who, SimpleQueue<bool> result,
               std::optional<std::chrono::nanoseconds> limit) {
                who.put(get_ident());
                result.put(limit ? held.acquire(*limit) : held.acquire());
            },
            lock, idents, results, timeout);
        await_blocked(idents);
        EXPECT_TRUE(results.empty());
        lock.release();
        EXPECT_TRUE(results.get());
        worker.join();
    }
}

TEST(Lock, LOCK_5_timeout_without_blocking_is_an_error) {
    const Lock lock;
    EXPECT_THROW((void)lock.acquire(false, 0s), ValueError);
    EXPECT_THROW((void)lock.acquire(false, 10ms), ValueError);
    EXPECT_FALSE(lock.locked());
}

TEST(Lock, LOCK_6_is_not_reentrant) {
    const Lock lock;
    ASSERT_TRUE(lock.acquire());
    EXPECT_FALSE(lock.acquire(10ms));
}

TEST(Lock, LOCK_7_release_of_a_free_lock_is_an_error_and_leaves_it_usable) {
    const Lock lock;
    EXPECT_THROW(lock.release(), RuntimeError);
    EXPECT_THROW(lock.unlock(), RuntimeError);
    EXPECT_FALSE(lock.locked());
    EXPECT_TRUE(lock.acquire());
    lock.release();
    EXPECT_THROW(lock.release(), RuntimeError);
    EXPECT_THROW(with(lock, [&] { lock.release(); }), RuntimeError);
    EXPECT_TRUE(lock.acquire(false));
}

TEST(Lock, LOCK_8_any_worker_may_release) {
    const Lock lock;
    ASSERT_TRUE(lock.acquire());
    run_in_worker([](Lock held) { held.release(); }, lock);
    EXPECT_FALSE(lock.locked());
    EXPECT_THROW(lock.release(), RuntimeError);
}

TEST(Lock, LOCK_9_locked_is_seen_by_every_worker) {
    const Lock lock;
    const SimpleQueue<bool> seen;
    const auto look = [](Lock looked_at, SimpleQueue<bool> result) {
        result.put(looked_at.locked());
    };
    run_in_worker(look, lock, seen);
    EXPECT_FALSE(seen.get());
    ASSERT_TRUE(lock.acquire());
    run_in_worker(look, lock, seen);
    EXPECT_TRUE(seen.get());
    lock.release();
    run_in_worker([](Lock taken) { (void)taken.acquire(); }, lock);
    EXPECT_TRUE(lock.locked());
}

TEST(Lock, LOCK_10_locked_disturbs_nobody) {
    const Lock lock;
    const Lock never_held;
    const SimpleQueue<bool> done;
    const SimpleQueue<int> found_held;
    const auto poll = [](Lock polled, Lock free, SimpleQueue<bool> stop, SimpleQueue<int> result) {
        int held = 0;
        while (stop.empty()) {
            (void)polled.locked();
            held += free.locked() ? 1 : 0;
        }
        result.put(held);
    };
    const Worker first = started(poll, lock, never_held, done, found_held);
    const Worker second = started(poll, lock, never_held, done, found_held);
    int refused = 0;
    for (int i = 0; i < 2000; ++i) {
        if (lock.acquire(false)) {
            lock.release();
        } else {
            ++refused;
        }
    }
    done.put(true);
    EXPECT_EQ(refused, 0);
    EXPECT_EQ(found_held.get(), 0);
    EXPECT_EQ(found_held.get(), 0);
    first.join();
    second.join();
}

TEST(Lock, LOCK_11_scoped_lock_releases_at_the_end_and_on_exceptions) {
    const Lock lock;
    {
        const std::scoped_lock guard(lock);
        EXPECT_TRUE(lock.locked());
    }
    EXPECT_FALSE(lock.locked());
    EXPECT_THROW(
        {
            const std::scoped_lock guard(lock);
            throw std::out_of_range("passes");
        },
        std::out_of_range);
    EXPECT_FALSE(lock.locked());
}

TEST(Lock, LOCK_12_excludes_other_workers) {
    *total = 0;
    const Lock lock;
    std::vector<Worker> workers;
    for (int i = 0; i < 4; ++i) {
        workers.push_back(started(
            [](Lock guard) {
                for (int step = 0; step < 200; ++step)
                    with(guard, [] { *total = *total + 1; });
            },
            lock));
    }
    for (const auto& worker : workers)
        worker.join();
    EXPECT_EQ(*total, 800);
}

TEST(Lock, LOCK_13_one_release_lets_exactly_one_waiter_proceed) {
    const Lock lock;
    const Idents waiting;
    const Idents entered;
    ASSERT_TRUE(lock.acquire());
    std::vector<Worker> workers;
    for (int i = 0; i < 3; ++i) {
        workers.push_back(started(
            [](Lock held, Idents before, Idents after) {
                before.put(get_ident());
                held.lock();
                after.put(get_ident());
            },
            lock, waiting, entered));
    }
    auto blocked = await_blocked(waiting, 3);
    while (!blocked.empty()) {
        EXPECT_TRUE(entered.empty());
        lock.release();
        EXPECT_EQ(std::erase(blocked, entered.get()), 1U);
        EXPECT_TRUE(lock.locked());
        await_blocked(blocked);
    }
    EXPECT_TRUE(entered.empty());
    for (const auto& worker : workers)
        worker.join();
}

TEST(Lock, LOCK_14_stays_held_when_its_holder_ends) {
    const Lock lock;
    run_in_worker([](Lock taken) { (void)taken.acquire(); }, lock);
    EXPECT_TRUE(lock.locked());
    EXPECT_FALSE(lock.acquire(5ms));
    run_in_worker([](Lock taken) { taken.release(); }, lock);
    EXPECT_FALSE(lock.locked());
}

TEST(Lock, LOCK_15_of_two_concurrent_releases_one_succeeds) {
    constexpr int rounds = 300;
    const Lock lock;
    const Barrier barrier(2);
    const SimpleQueue<int> successes;
    const auto release = [](Lock held, Barrier meeting, SimpleQueue<int> result) {
        int succeeded = 0;
        for (int round = 0; round < rounds; ++round) {
            if (meeting.wait() == 0) held.lock();
            meeting.wait();
            try {
                held.release();
                ++succeeded;
            } catch (const RuntimeError&) {
            }
        }
        result.put(succeeded);
    };
    const Worker first = started(release, lock, barrier, successes);
    const Worker second = started(release, lock, barrier, successes);
    const int one = successes.get();
    EXPECT_EQ(one + successes.get(), rounds);
    first.join();
    second.join();
}

TEST(Lock, FAULT_1_is_never_handed_over_implicitly) {
    const Lock lock;
    run_in_worker(
        [](Lock taken) {
            (void)taken.acquire();
            throw std::out_of_range("leaves the lock held");
        },
        lock);
    bool acquired = true;
    EXPECT_GE(time_of([&] { acquired = lock.acquire(20ms); }), 20ms);
    EXPECT_FALSE(acquired);
    lock.release();
    EXPECT_TRUE(lock.acquire());
}

TEST(Lock, FAULT_3_is_released_when_an_exception_leaves_the_guarded_block) {
    const Lock lock;
    run_in_worker(
        [](Lock taken) {
            const std::scoped_lock guard(taken);
            throw std::out_of_range("releases the lock");
        },
        lock);
    EXPECT_FALSE(lock.locked());
}

TEST(Lock, copies_refer_to_the_same_lock) {
    const Lock lock;
    const Lock copy = lock;
    ASSERT_TRUE(lock.acquire());
    EXPECT_TRUE(copy.locked());
    copy.release();
    EXPECT_FALSE(lock.locked());
    Lock other;
    other = lock;
    ASSERT_TRUE(lock.acquire());
    EXPECT_TRUE(other.locked());
    const Lock moved = std::move(other);
    EXPECT_TRUE(moved.locked());
}

TEST(Lock, works_with_the_guards_of_the_standard_library) {
    const Lock first;
    const Lock second;
    {
        const std::scoped_lock both(first, second);
        EXPECT_TRUE(first.locked());
        EXPECT_TRUE(second.locked());
    }
    std::unique_lock guard(first, std::defer_lock);
    EXPECT_FALSE(first.locked());
    EXPECT_TRUE(guard.try_lock());
    guard.unlock();
    guard.lock();
    EXPECT_TRUE(first.locked());
    guard.unlock();
    EXPECT_FALSE(first.locked());
    EXPECT_FALSE(second.locked());
}

}  // namespace
}  // namespace freethreading
