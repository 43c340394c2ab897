// Longer than other files: a test or more for every requirement of Condition.

#include "freethreading/condition.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "await.hpp"
#include "freethreading/current_worker.hpp"
#include "freethreading/error.hpp"
#include "freethreading/lock.hpp"
#include "freethreading/portable.hpp"
#include "freethreading/queue.hpp"
#include "freethreading/rlock.hpp"
#include "freethreading/semaphore.hpp"
#include "freethreading/simple_queue.hpp"
#include "freethreading/with.hpp"
#include "freethreading/worker.hpp"

namespace freethreading {
namespace {

using namespace std::chrono_literals;
using Idents = SimpleQueue<std::uint64_t>;
using Results = SimpleQueue<bool>;

static_assert(!std::is_constructible_v<Condition, int>);  // COND-3
static_assert(!std::is_constructible_v<Condition, std::string>);
static_assert(!std::is_constructible_v<Condition, Semaphore>);
static_assert(!std::is_constructible_v<Condition, std::mutex>);
static_assert(!std::is_convertible_v<Lock, Condition>);

/// Waits once, and says what came of it. Whoever gets the ident out of `waiting` and then takes the
/// lock can be sure that the worker waits.
void wait_once(Condition condition, Idents waiting, Results results,
               std::optional<std::chrono::milliseconds> timeout) {
    const std::scoped_lock guard(condition);
    waiting.put(get_ident());
    results.put(condition.wait(timeout ? Timeout(*timeout) : Timeout()));
}

/// Workers that wait for a condition, all of them by the time the constructor returns.
class Waiters {
  public:
    Waiters(const Condition& condition, int count,
            std::optional<std::chrono::milliseconds> timeout = std::nullopt) {
        for (int i = 0; i < count; ++i) {
            workers_.push_back(started(wait_once, condition, waiting_, results_, timeout));
        }
        for (int i = 0; i < count; ++i)
            (void)waiting_.get();
        const std::scoped_lock guard(condition);
    }

    /// What the next one to return got.
    [[nodiscard]] bool result() const { return results_.get(); }
    [[nodiscard]] bool no_result() const { return results_.empty(); }
    void join() const {
        for (const auto& worker : workers_)
            worker.join();
    }

  private:
    Idents waiting_;
    Results results_;
    std::vector<Worker> workers_;
};

/// Whether a call ends in a RuntimeError.
template <class Call>
bool raises(Call call) {
    try {
        call();
    } catch (const RuntimeError&) {
        return true;
    }
    return false;
}

TEST(Condition, COND_1_has_a_reentrant_lock_of_its_own) {
    const Condition condition;
    EXPECT_TRUE(condition.acquire());
    EXPECT_TRUE(condition.acquire(false));
    condition.release();
    condition.release();
    EXPECT_THROW(condition.release(), RuntimeError);
}

TEST(Condition, COND_2_uses_the_lock_that_it_is_given) {
    const Lock lock;
    const Condition over_lock(lock);
    ASSERT_TRUE(over_lock.acquire());
    EXPECT_TRUE(lock.locked());
    EXPECT_FALSE(over_lock.acquire(5ms));
    lock.release();
    EXPECT_TRUE(over_lock.acquire(false));
    const RLock rlock;
    const Condition over_rlock(rlock);
    ASSERT_TRUE(rlock.acquire());
    EXPECT_TRUE(over_rlock.acquire(false));
    rlock.release();
    over_rlock.release();
    EXPECT_THROW(rlock.release(), RuntimeError);
}

TEST(Condition, COND_4_forwards_to_its_lock) {
    const Lock lock;
    const Condition condition(lock);
    EXPECT_TRUE(condition.acquire());
    EXPECT_FALSE(condition.acquire(false));
    EXPECT_FALSE(condition.try_lock());
    EXPECT_FALSE(condition.acquire(0s));
    bool acquired = true;
    EXPECT_GE(time_of([&] { acquired = condition.acquire(20ms); }), 20ms);
    EXPECT_FALSE(acquired);
    const Idents idents;
    const Results results;
    const Worker worker = started(
        [](Condition held, Idents who, Results result) {
            who.put(get_ident());
            result.put(held.acquire(-1s));
        },
        condition, idents, results);
    await_blocked(idents);
    EXPECT_TRUE(results.empty());
    condition.release();
    EXPECT_TRUE(results.get());
    worker.join();
    EXPECT_TRUE(lock.locked());
    condition.unlock();
    condition.lock();
    EXPECT_TRUE(lock.locked());
}

TEST(Condition, COND_5_timeout_without_blocking_is_an_error) {
    const Condition condition;
    EXPECT_THROW((void)condition.acquire(false, 0s), ValueError);
    EXPECT_THROW((void)condition.acquire(false, 1s), ValueError);
}

TEST(Condition, COND_6_release_of_a_free_lock_is_an_error) {
    EXPECT_THROW(Condition().release(), RuntimeError);
    EXPECT_THROW(Condition(Lock()).release(), RuntimeError);
    EXPECT_THROW(Condition(RLock()).unlock(), RuntimeError);
}

TEST(Condition, COND_7_wait_and_notify_without_the_lock_are_errors) {
    for (const auto& condition : {Condition(), Condition(Lock()), Condition(RLock())}) {
        EXPECT_THROW(condition.wait(), RuntimeError);
        EXPECT_THROW(condition.wait(0s), RuntimeError);
        EXPECT_THROW(condition.wait(-1s), RuntimeError);
        EXPECT_THROW(condition.notify(), RuntimeError);
        EXPECT_THROW(condition.notify(0), RuntimeError);
        EXPECT_THROW(condition.notify(-1), RuntimeError);
        EXPECT_THROW(condition.notify_all(), RuntimeError);
        EXPECT_TRUE(condition.acquire(false));
    }
}

TEST(Condition, COND_8_wait_for_a_true_predicate_needs_no_lock) {
    const Condition condition;
    EXPECT_TRUE(condition.wait_for([] { return true; }));
    EXPECT_EQ(condition.wait_for([] { return 7; }, 0s), 7);
    EXPECT_THROW(condition.wait_for([] { return false; }), RuntimeError);
    EXPECT_THROW(condition.wait_for([] { return 0; }, 0s), RuntimeError);
}

TEST(Condition, COND_9_wait_and_notify_are_errors_while_another_worker_holds_the_lock) {
    for (const auto& condition : {Condition(), Condition(RLock())}) {
        const Results results;
        const std::scoped_lock guard(condition);
        run_in_worker(
            [](Condition held, Results result) {
                result.put(raises([&] { held.wait(0s); }));
                result.put(raises([&] { held.notify(); }));
                result.put(raises([&] { held.notify_all(); }));
                result.put(raises([&] { held.wait_for([] { return false; }, 0s); }));
                result.put(raises([&] { held.release(); }));
            },
            condition, results);
        for (int i = 0; i < 5; ++i)
            EXPECT_TRUE(results.get());
    }
}

TEST(Condition, COND_10_the_same_over_a_plain_lock) {
    const Lock lock;
    const Condition condition(lock);
    const Results results;
    ASSERT_TRUE(lock.acquire());
    run_in_worker(
        [](Condition held, Results result) {
            result.put(raises([&] { held.wait(0s); }));
            result.put(raises([&] { held.notify(); }));
            result.put(raises([&] { held.notify_all(); }));
        },
        condition, results);
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(results.get());
    EXPECT_TRUE(lock.locked());
    condition.notify();
}

TEST(Condition, COND_11_wait_frees_the_lock_and_returns_true_when_notified) {
    for (const auto& condition : {Condition(), Condition(Lock()), Condition(RLock())}) {
        const Waiters waiters(condition, 1);  // whose constructor takes the lock while they wait
        EXPECT_TRUE(waiters.no_result());
        with(condition, [&] { condition.notify(); });
        EXPECT_TRUE(waiters.result());
        waiters.join();
        EXPECT_TRUE(condition.acquire(false));
    }
}

TEST(Condition, COND_12_wait_without_notification_returns_false_after_its_time) {
    const Lock lock;
    const Condition condition(lock);
    const std::scoped_lock guard(condition);
    bool notified = true;
    EXPECT_GE(time_of([&] { notified = condition.wait(30ms); }), 30ms);
    EXPECT_FALSE(notified);
    EXPECT_TRUE(lock.locked());
    EXPECT_FALSE(condition.wait(0s));
    EXPECT_FALSE(condition.wait(-1s));
    EXPECT_TRUE(lock.locked());
}

TEST(Condition, COND_13_wait_returns_only_after_it_has_the_lock_again) {
    const Lock lock;
    const Condition condition(lock);
    const Idents waiting;
    const Results results;
    // On a slow machine the limit passes before this worker has the lock: then a longer one.
    for (std::chrono::milliseconds limit = 20ms;; limit *= 2) {
        const Worker worker = started(wait_once, condition, waiting, results,
                                      std::optional<std::chrono::milliseconds>(limit));
        const std::uint64_t ident = waiting.get();
        lock.lock();
        const bool in_time = results.empty();
        if (in_time) {
            std::this_thread::sleep_for(limit + 10ms);
            await_blocked({ident});
            EXPECT_TRUE(results.empty());
        }
        lock.release();
        EXPECT_FALSE(results.get());
        worker.join();
        EXPECT_FALSE(lock.locked());
        if (in_time) return;
    }
}

TEST(Condition, COND_14_notify_wakes_as_many_waiters_as_it_says) {
    const Condition condition;
    const Waiters waiters(condition, 5);
    with(condition, [&] {
        condition.notify(0);
        condition.notify(-3);
    });
    EXPECT_TRUE(waiters.no_result());
    with(condition, [&] { condition.notify(2); });
    EXPECT_TRUE(waiters.result());
    EXPECT_TRUE(waiters.result());
    with(condition, [&] {
        condition.notify();
        condition.notify();
    });
    EXPECT_TRUE(waiters.result());
    EXPECT_TRUE(waiters.result());
    EXPECT_TRUE(waiters.no_result());
    with(condition, [&] { condition.notify(10); });
    EXPECT_TRUE(waiters.result());
    waiters.join();
    EXPECT_TRUE(waiters.no_result());
}

TEST(Condition, COND_14_surplus_is_not_remembered) {
    const Condition condition;
    {
        const Waiters waiters(condition, 1);
        with(condition, [&] { condition.notify(5); });
        EXPECT_TRUE(waiters.result());
        waiters.join();
    }
    EXPECT_FALSE(with(condition, [&] { return condition.wait(5ms); }));
}

TEST(Condition, COND_15_notification_without_waiters_is_lost) {
    const Condition condition;
    with(condition, [&] {
        condition.notify();
        condition.notify_all();
        EXPECT_FALSE(condition.wait(5ms));
    });
}

TEST(Condition, COND_16_notify_all_wakes_every_waiter) {
    for (const auto& condition : {Condition(), Condition(Lock())}) {
        const Waiters waiters(condition, 7);
        with(condition, [&] { condition.notify_all(); });
        for (int i = 0; i < 7; ++i)
            EXPECT_TRUE(waiters.result());
        waiters.join();
    }
}

TEST(Condition, COND_17_woken_workers_continue_after_the_notifier_has_released_the_lock) {
    const Lock lock;
    const Condition condition(lock);
    const Idents waiting;
    const Results results;
    const Worker worker =
        started(wait_once, condition, waiting, results, std::optional<std::chrono::milliseconds>());
    const std::uint64_t ident = waiting.get();
    lock.lock();
    condition.notify();
    await_blocked({ident});
    EXPECT_TRUE(results.empty());
    lock.release();
    EXPECT_TRUE(results.get());
    worker.join();
}

TEST(Condition, COND_18_the_notifiers_own_wait_steals_nothing) {
    const Condition condition;
    const Waiters waiters(condition, 1);
    with(condition, [&] {
        condition.notify();
        EXPECT_FALSE(condition.wait(10ms));
    });
    EXPECT_TRUE(waiters.result());
    waiters.join();
}

TEST(Condition, COND_19_waiters_whose_time_is_over_absorb_no_notification) {
    const Condition condition;
    const Waiters late(condition, 2, 1ms);
    EXPECT_FALSE(late.result());
    EXPECT_FALSE(late.result());
    late.join();
    const Waiters waiters(condition, 1);
    with(condition, [&] { condition.notify(); });
    EXPECT_TRUE(waiters.result());
    waiters.join();
}

TEST(Condition, COND_20_wait_releases_and_restores_every_level) {
    const RLock rlock;
    const Condition condition(rlock);
    const SimpleQueue<int> depths;
    const Idents waiting;
    const auto wait = [](Condition waited_for, SimpleQueue<int> result, Idents ready, bool timed) {
        for (int i = 0; i < 3; ++i)
            waited_for.lock();
        ready.put(get_ident());
        if (timed) {
            waited_for.wait(1ms);
        } else {
            waited_for.wait();
        }
        int depth = 0;
        while (!raises([&] { waited_for.release(); }))
            ++depth;
        result.put(depth);
    };
    const Worker notified = started(wait, condition, depths, waiting, false);
    (void)waiting.get();
    with(condition, [&] { condition.notify(); });
    EXPECT_EQ(depths.get(), 3);
    notified.join();
    run_in_worker(wait, condition, depths, waiting, true);
    EXPECT_EQ(depths.get(), 3);
}

TEST(Condition, COND_21_wait_for_returns_the_predicates_last_value) {
    const Condition condition;
    const std::scoped_lock guard(condition);
    EXPECT_EQ(condition.wait_for([] { return 7; }), 7);
    EXPECT_EQ(condition.wait_for([] { return std::optional<std::string>("yes"); }), "yes");
    EXPECT_EQ(condition.wait_for([] { return std::optional<std::string>(); }, 1ms), std::nullopt);
    EXPECT_FALSE(condition.wait_for([] { return false; }, 0s));
    int calls = 0;
    EXPECT_EQ(condition.wait_for([&] { return ++calls > 1 ? calls : 0; }, 1ms), 2);
}

TEST(Condition, COND_21_wait_for_looks_again_after_each_notification) {
    const Condition condition;
    const SimpleQueue<int> numbers;
    const Idents ready;
    const SimpleQueue<int> sums;
    const Worker worker = started(
        [](Condition changed, SimpleQueue<int> values, Idents who, SimpleQueue<int> result) {
            const std::scoped_lock guard(changed);
            int sum = 0;
            who.put(get_ident());
            const bool enough = changed.wait_for([&] {
                while (!values.empty())
                    sum += values.get();
                return sum >= 6;
            });
            result.put(enough ? sum : -1);
        },
        condition, numbers, ready, sums);
    (void)ready.get();
    for (int i = 1; i <= 3; ++i) {
        with(condition, [&] {
            numbers.put(i);
            condition.notify();
        });
    }
    EXPECT_EQ(sums.get(), 6);
    worker.join();
}

TEST(Condition, COND_22_wait_for_limits_the_total_time) {
    const Condition condition;
    const SimpleQueue<bool> over;
    const Worker notifier = started(
        [](Condition waited_for, SimpleQueue<bool> stop) {
            while (stop.empty())
                with(waited_for, [&] { waited_for.notify_all(); });
        },
        condition, over);
    bool result = true;
    EXPECT_GE(time_of([&] {
                  result = with(condition,
                                [&] { return condition.wait_for([] { return false; }, 40ms); });
              }),
              40ms);
    EXPECT_FALSE(result);
    over.put(true);
    notifier.join();
}

TEST(Condition, COND_23_wait_for_calls_the_predicate_at_least_once) {
    const Condition condition;
    const std::scoped_lock guard(condition);
    for (const auto timeout : {0s, -1s}) {
        int calls = 0;
        EXPECT_FALSE(condition.wait_for([&] { return ++calls < 0; }, timeout));
        EXPECT_GE(calls, 1);
    }
}

TEST(Condition, COND_24_predicate_runs_with_the_lock_held_and_its_exception_leaves_it_held) {
    const Lock lock;
    const Condition condition(lock);
    lock.lock();
    EXPECT_TRUE(condition.wait_for([&] { return lock.locked(); }));
    EXPECT_THROW(condition.wait_for([]() -> bool { throw std::out_of_range("passes"); }),
                 std::out_of_range);
    int calls = 0;
    EXPECT_THROW(condition.wait_for(
                     [&]() -> bool {
                         if (++calls == 2) throw std::out_of_range("passes");
                         return false;
                     },
                     1ms),
                 std::out_of_range);
    EXPECT_TRUE(lock.locked());
    lock.release();
}

TEST(Condition, COND_25_two_conditions_over_one_lock_have_their_own_waiters) {
    const Lock lock;
    const Condition first(lock);
    const Condition second(lock);
    const Waiters of_first(first, 1);
    const Waiters of_second(second, 1);
    {
        const std::scoped_lock guard(first);  // counts for the second, too
        second.notify_all();
    }
    EXPECT_TRUE(of_second.result());
    EXPECT_TRUE(of_first.no_result());
    with(second, [&] { first.notify(); });
    EXPECT_TRUE(of_first.result());
    of_first.join();
    of_second.join();
}

TEST(Condition, COND_26_wait_never_returns_true_unnotified) {
    const Condition condition;
    const Waiters waiters(condition, 2, 5ms);
    EXPECT_FALSE(waiters.result());
    EXPECT_FALSE(waiters.result());
    waiters.join();
}

TEST(Condition, COND_27_a_release_by_another_worker_ends_the_hold) {
    const Lock lock;
    const Condition condition(lock);
    ASSERT_TRUE(condition.acquire());
    run_in_worker([](Lock released) { released.release(); }, lock);
    EXPECT_THROW(condition.notify(), RuntimeError);
    EXPECT_THROW(condition.wait(0s), RuntimeError);
    ASSERT_TRUE(condition.acquire());
    condition.notify();
    EXPECT_FALSE(condition.wait(1ms));
    EXPECT_TRUE(lock.locked());
    condition.release();
    EXPECT_FALSE(lock.locked());
}

TEST(Condition, FAULT_2_stays_held_when_its_holder_ends) {
    const Condition condition;
    run_in_worker([](Condition taken) { taken.lock(); }, condition);
    bool acquired = true;
    EXPECT_GE(time_of([&] { acquired = condition.acquire(20ms); }), 20ms);
    EXPECT_FALSE(acquired);
    EXPECT_THROW(condition.notify(), RuntimeError);
}

TEST(Condition, passes_a_token_around_many_workers) {
    constexpr int workers_count = 4;
    constexpr int rounds = 60;
    const Condition condition;
    const Queue<int> turn(1);
    const SimpleQueue<int> taken;
    turn.put(0);
    std::vector<Worker> workers;
    for (int i = 0; i < workers_count; ++i) {
        workers.push_back(started(
            [](Condition changed, Queue<int> whose, SimpleQueue<int> order, int me) {
                for (int round = 0; round < rounds; ++round) {
                    const std::scoped_lock guard(changed);
                    changed.wait_for([&] {
                        const int now = whose.get();
                        whose.put(now);
                        return now == me;
                    });
                    order.put(whose.get());
                    whose.put((me + 1) % workers_count);
                    changed.notify_all();
                }
            },
            condition, turn, taken, i));
    }
    for (int i = 0; i < workers_count * rounds; ++i)
        ASSERT_EQ(taken.get(), i % workers_count);
    for (const auto& worker : workers)
        worker.join();
}

TEST(Condition, copies_refer_to_the_same_condition_and_lock) {
    const Condition condition;
    const Condition copy = condition;
    const Waiters waiters(condition, 1);
    copy.lock();
    copy.notify();
    condition.release();
    EXPECT_TRUE(waiters.result());
    waiters.join();
}

/// The byte after the first reference says which kind of lock it is. (A fuzzer found that any byte was taken.)
TEST(Condition, bytes_that_are_none_are_a_ValueError) {
    PortableOutput output;
    encode(output, Condition());
    for (const std::byte kind_of_lock : {std::byte{2}, std::byte{255}}) {
        std::vector<std::byte> bytes(output.bytes().begin(), output.bytes().end());
        bytes[sizeof(std::uint32_t)] = kind_of_lock;
        PortableInput input(bytes, output.references());
        EXPECT_THROW(static_cast<void>(decode<Condition>(input)), ValueError);
    }
}

}  // namespace
}  // namespace freethreading
