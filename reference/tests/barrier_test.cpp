#include "freethreading/barrier.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "await.hpp"
#include "freethreading/current_worker.hpp"
#include "freethreading/error.hpp"
#include "freethreading/event.hpp"
#include "freethreading/platform/mode.hpp"
#include "freethreading/simple_queue.hpp"
#include "freethreading/worker.hpp"
#include "shared_cell.hpp"

namespace freethreading {
namespace {

using namespace std::chrono_literals;
/// The index that `wait` returned, `broken`, or `failed` for any other exception.
using Outcomes = SimpleQueue<std::int64_t>;
constexpr std::int64_t broken = -1;
constexpr std::int64_t failed = -2;

struct Shared {
    int plain = 0;
    std::atomic<int> actions = 0;
    std::atomic<bool> acting = false;
    std::atomic<bool> may_end = false;
};
const SharedCell<Shared> shared;
/// The barrier whose action a test calls in its own worker.
const Barrier* own_barrier = nullptr;

static_assert(!std::is_default_constructible_v<Barrier>);  // BARRIER-1
static_assert(!std::is_constructible_v<Barrier, std::string>);
static_assert(!std::is_constructible_v<Barrier, std::nullptr_t>);
static_assert(!std::is_constructible_v<Barrier, double>);  // BARRIER-3
static_assert(!std::is_constructible_v<Barrier, double, void (*)()>);
static_assert(!std::is_convertible_v<int, Barrier>);
static_assert(!std::is_assignable_v<decltype(std::declval<Barrier>().parties()), std::int64_t>);

void wait_once(Barrier barrier, Outcomes outcomes) {
    try {
        outcomes.put(barrier.wait());
    } catch (const BrokenBarrierError&) {
        outcomes.put(broken);
    } catch (...) {
        outcomes.put(failed);
    }
}

/// Workers that wait at a barrier, all of them by the time this returns.
std::vector<Worker> waiting_at(const Barrier& barrier, const Outcomes& outcomes, int count) {
    std::vector<Worker> workers;
    for (int i = 0; i < count; ++i)
        workers.push_back(started(wait_once, barrier, outcomes));
    eventually([&] { return barrier.n_waiting() == count; });
    return workers;
}

void join(const std::vector<Worker>& workers) {
    for (const auto& worker : workers)
        worker.join();
}

std::vector<std::int64_t> take(const Outcomes& outcomes, std::size_t count) {
    std::vector<std::int64_t> taken;
    while (taken.size() < count)
        taken.push_back(outcomes.get());
    std::sort(taken.begin(), taken.end());
    return taken;
}

TEST(Barrier, BARRIER_1_shows_its_state) {
    const Barrier barrier(3);
    EXPECT_EQ(barrier.parties(), 3);
    EXPECT_EQ(barrier.n_waiting(), 0);
    EXPECT_FALSE(barrier.broken());
}

TEST(Barrier, BARRIER_2_needs_at_least_one_party) {
    EXPECT_THROW(Barrier(0), ValueError);
    EXPECT_THROW(Barrier(-1), ValueError);
    EXPECT_THROW((void)Barrier{std::numeric_limits<std::int64_t>::min()}, ValueError);
    EXPECT_THROW(Barrier(0, [] {}), ValueError);
    EXPECT_EQ(Barrier(std::numeric_limits<std::int64_t>::max()).parties(),
              std::numeric_limits<std::int64_t>::max());
}

TEST(Barrier, BARRIER_4_one_party_passes_at_once) {
    const Barrier barrier(1);
    EXPECT_EQ(barrier.wait(), 0);
    EXPECT_EQ(barrier.wait(0s), 0);
    EXPECT_EQ(barrier.wait(-1s), 0);
    EXPECT_EQ(barrier.wait(1h), 0);
    EXPECT_FALSE(barrier.broken());
}

TEST(Barrier, BARRIER_5_each_worker_gets_its_own_index) {
    const Barrier barrier(4);
    const Outcomes outcomes;
    const auto workers = waiting_at(barrier, outcomes, 3);
    EXPECT_EQ(barrier.wait(), 3);
    EXPECT_EQ(take(outcomes, 3), (std::vector<std::int64_t>{0, 1, 2}));
    join(workers);
}

TEST(Barrier, BARRIER_6_is_cyclic_and_nobody_overtakes) {
    constexpr int rounds = 50;
    const Barrier barrier(3);
    const SimpleQueue<int> order;
    const Outcomes outcomes;
    std::vector<Worker> workers;
    for (int i = 0; i < 3; ++i) {
        workers.push_back(started(
            [](Barrier meeting, SimpleQueue<int> arrivals, Outcomes indexes) {
                for (int round = 0; round < rounds; ++round) {
                    arrivals.put(round);
                    indexes.put(meeting.wait());
                }
            },
            barrier, order, outcomes));
    }
    join(workers);
    for (int round = 0; round < rounds; ++round) {
        for (int i = 0; i < 3; ++i)
            EXPECT_EQ(order.get(), round);
    }
    std::vector<int> counts(3);
    for (const auto index : take(outcomes, std::size_t{3} * rounds)) {
        ++counts.at(static_cast<std::size_t>(index));
    }
    EXPECT_EQ(counts, std::vector<int>(3, rounds));
}

TEST(Barrier, BARRIER_6_more_workers_than_parties_pass_in_complete_groups) {
    const Barrier barrier(2);
    const Outcomes outcomes;
    std::vector<Worker> workers;
    for (int i = 0; i < 5; ++i)
        workers.push_back(started(wait_once, barrier, outcomes));
    EXPECT_EQ(take(outcomes, 4), (std::vector<std::int64_t>{0, 0, 1, 1}));
    eventually([&] { return barrier.n_waiting() == 1; });
    EXPECT_TRUE(outcomes.empty());
    EXPECT_EQ(barrier.wait(), 1);
    EXPECT_EQ(outcomes.get(), 0);
    join(workers);
}

TEST(Barrier, BARRIER_7_action_runs_once_per_generation_before_anyone_passes) {
    constexpr int rounds = 20;
    shared->plain = 0;
    const Barrier meeting(3, [] { shared->plain = shared->plain + 1; });
    const Barrier parting(3);
    const SimpleQueue<int> seen;
    std::vector<Worker> workers;
    for (int i = 0; i < 3; ++i) {
        workers.push_back(started(
            [](Barrier with_action, Barrier without, SimpleQueue<int> result) {
                for (int round = 0; round < rounds; ++round) {
                    with_action.wait();
                    result.put(shared->plain);
                    without.wait();
                }
            },
            meeting, parting, seen));
    }
    join(workers);
    for (int round = 0; round < rounds; ++round) {
        for (int i = 0; i < 3; ++i)
            EXPECT_EQ(seen.get(), round + 1);
    }
}

TEST(Barrier, BARRIER_8_action_that_throws_breaks_the_barrier) {
    const Barrier barrier(3, [] { throw std::out_of_range("from the action"); });
    const Outcomes outcomes;
    const auto workers = waiting_at(barrier, outcomes, 2);
    try {
        barrier.wait();
        FAIL() << "the action's exception is lost";
    } catch (const std::out_of_range& error) {
        EXPECT_STREQ(error.what(), "from the action");
    }
    EXPECT_EQ(take(outcomes, 2), (std::vector<std::int64_t>{broken, broken}));
    join(workers);
    EXPECT_TRUE(barrier.broken());
    EXPECT_THROW(barrier.wait(), BrokenBarrierError);
    barrier.reset();
    EXPECT_FALSE(barrier.broken());
}

void act_slowly() {
    shared->acting = true;
    eventually([] { return shared->may_end.load(); });
}

TEST(Barrier, BARRIER_9_no_timeout_counts_while_the_action_runs) {
    const Outcomes outcomes;
    const auto wait_for_a_while = [](Barrier meeting, Outcomes result,
                                     std::chrono::milliseconds limit) {
        try {
            result.put(meeting.wait(limit));
        } catch (const BrokenBarrierError&) {
            result.put(broken);
        }
    };
    // On a slow machine the limit passes before the last worker has arrived: then a longer one.
    for (std::chrono::milliseconds limit = 50ms;; limit *= 2) {
        shared->acting = false;
        shared->may_end = false;
        const Barrier barrier(2, act_slowly);
        const Worker waiter = started(wait_for_a_while, barrier, outcomes, limit);
        eventually([&] { return barrier.n_waiting() == 1 || barrier.broken(); });
        const Worker actor = started(wait_once, barrier, outcomes);
        eventually([&] { return shared->acting.load() || barrier.broken(); });
        if (barrier.broken()) {
            EXPECT_EQ(take(outcomes, 2), (std::vector<std::int64_t>{broken, broken}));
            continue;
        }
        EXPECT_EQ(barrier.n_waiting(), 2);
        std::this_thread::sleep_for(limit + 20ms);
        EXPECT_EQ(barrier.n_waiting(), 2);
        EXPECT_FALSE(barrier.broken());
        EXPECT_TRUE(outcomes.empty());
        shared->may_end = true;
        EXPECT_EQ(take(outcomes, 2), (std::vector<std::int64_t>{0, 1}));
        waiter.join();
        actor.join();
        EXPECT_EQ(barrier.n_waiting(), 0);
        return;
    }
}

TEST(Barrier, BARRIER_10_action_must_not_use_its_own_barrier) {
    for (const auto action : {+[] { own_barrier->abort(); }, +[] { own_barrier->reset(); },
                              +[] { (void)own_barrier->wait(); }}) {
        const Barrier barrier(1, action);
        own_barrier = &barrier;
        EXPECT_THROW(barrier.wait(), RuntimeError);
        EXPECT_TRUE(barrier.broken());
        barrier.reset();
        EXPECT_FALSE(barrier.broken());
    }
}

TEST(Barrier, BARRIER_11_timeout_breaks_the_barrier_for_all) {
    const Barrier barrier(3);
    const Outcomes outcomes;
    const auto workers = waiting_at(barrier, outcomes, 1);
    EXPECT_GE(time_of([&] { EXPECT_THROW(barrier.wait(30ms), BrokenBarrierError); }), 30ms);
    EXPECT_EQ(outcomes.get(), broken);
    EXPECT_TRUE(barrier.broken());
    EXPECT_EQ(barrier.n_waiting(), 0);
    join(workers);
    static_assert(std::is_base_of_v<RuntimeError, BrokenBarrierError>);
}

TEST(Barrier, BARRIER_12_poll_breaks_incomplete_barrier) {
    const Barrier zero(2);
    EXPECT_THROW(zero.wait(0s), BrokenBarrierError);
    EXPECT_TRUE(zero.broken());
    const Barrier negative(2);
    EXPECT_THROW(negative.wait(-1s), BrokenBarrierError);
    EXPECT_TRUE(negative.broken());
}

TEST(Barrier, BARRIER_12_last_arrival_passes_with_any_timeout) {
    const Barrier barrier(2);
    const Outcomes outcomes;
    for (const auto timeout : {0s, -1s, 5s}) {
        const auto workers = waiting_at(barrier, outcomes, 1);
        EXPECT_EQ(barrier.wait(timeout), 1);
        EXPECT_EQ(outcomes.get(), 0);
        join(workers);
    }
}

TEST(Barrier, BARRIER_13_default_timeout_holds_where_none_is_given) {
    const Barrier barrier(2, 20ms);
    EXPECT_GE(time_of([&] { EXPECT_THROW(barrier.wait(), BrokenBarrierError); }), 20ms);
    const Barrier with_action(2, [] {}, 20ms);
    EXPECT_GE(time_of([&] { EXPECT_THROW(with_action.wait(), BrokenBarrierError); }), 20ms);
    EXPECT_THROW(Barrier(2, 0s).wait(), BrokenBarrierError);
    EXPECT_THROW(Barrier(2, -1s).wait(), BrokenBarrierError);
}

TEST(Barrier, BARRIER_13_explicit_timeout_overrides_the_default) {
    EXPECT_THROW(Barrier(2, 1h).wait(1ms), BrokenBarrierError);
    const Barrier barrier(2, 1ms);
    EXPECT_GE(time_of([&] { EXPECT_THROW(barrier.wait(40ms), BrokenBarrierError); }), 40ms);
}

TEST(Barrier, BARRIER_14_broken_barrier_refuses_until_reset) {
    const Barrier barrier(1);
    barrier.abort();
    EXPECT_THROW(barrier.wait(), BrokenBarrierError);
    EXPECT_THROW(barrier.wait(1h), BrokenBarrierError);
    EXPECT_TRUE(barrier.broken());
    barrier.reset();
    EXPECT_EQ(barrier.wait(), 0);
}

TEST(Barrier, BARRIER_15_abort_breaks_for_waiters_and_newcomers) {
    const Barrier barrier(3);
    const Outcomes outcomes;
    const auto workers = waiting_at(barrier, outcomes, 2);
    run_in_worker([](Barrier aborted) { aborted.abort(); }, barrier);
    barrier.abort();
    EXPECT_EQ(take(outcomes, 2), (std::vector<std::int64_t>{broken, broken}));
    EXPECT_TRUE(barrier.broken());
    EXPECT_EQ(barrier.n_waiting(), 0);
    EXPECT_THROW(barrier.wait(), BrokenBarrierError);
    join(workers);
}

TEST(Barrier, BARRIER_16_reset_sends_waiters_away_and_begins_anew) {
    const Barrier barrier(3);
    const Outcomes outcomes;
    barrier.reset();
    auto workers = waiting_at(barrier, outcomes, 2);
    barrier.reset();
    EXPECT_EQ(take(outcomes, 2), (std::vector<std::int64_t>{broken, broken}));
    EXPECT_FALSE(barrier.broken());
    join(workers);
    workers = waiting_at(barrier, outcomes, 2);
    EXPECT_EQ(barrier.wait(), 2);
    EXPECT_EQ(take(outcomes, 2), (std::vector<std::int64_t>{0, 1}));
    join(workers);
    barrier.abort();
    barrier.reset();
    EXPECT_FALSE(barrier.broken());
    workers = waiting_at(barrier, outcomes, 2);
    EXPECT_EQ(barrier.wait(), 2);
    join(workers);
}

TEST(Barrier, BARRIER_17_n_waiting_counts_current_waiters) {
    const Barrier barrier(3);
    const Outcomes outcomes;
    const auto first = waiting_at(barrier, outcomes, 1);
    EXPECT_EQ(barrier.n_waiting(), 1);
    const Worker second = started(wait_once, barrier, outcomes);
    eventually([&] { return barrier.n_waiting() == 2; });
    EXPECT_EQ(barrier.wait(), 2);
    EXPECT_EQ(barrier.n_waiting(), 0);
    join(first);
    second.join();
}

TEST(Barrier, FAULT_7_a_worker_that_dies_in_wait_breaks_it_until_it_is_reset) {
    if (!platform::mode().worker_processes) GTEST_SKIP() << "threads cannot be killed";
    const Barrier barrier(3);
    const Outcomes outcomes;
    const auto workers = waiting_at(barrier, outcomes, 2);
    kill(static_cast<pid_t>(active_children().front().ident()), SIGKILL);
    EXPECT_EQ(outcomes.get(), broken);
    EXPECT_TRUE(barrier.broken());
    EXPECT_EQ(barrier.n_waiting(), 0);
    EXPECT_THROW(barrier.wait(), BrokenBarrierError);
    join(workers);
    barrier.reset();
    const auto others = waiting_at(barrier, outcomes, 2);
    EXPECT_EQ(barrier.wait(), 2);
    join(others);
}

TEST(Barrier, copies_refer_to_the_same_barrier) {
    const Barrier barrier(2);
    const Barrier copy = barrier;
    copy.abort();
    EXPECT_TRUE(barrier.broken());
}

}  // namespace
}  // namespace freethreading
