#include "conformance/properties/model_walk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "conformance/engine/scenario_builder.hpp"
#include "conformance/engine/unroll.hpp"
#include "conformance/properties/settle.hpp"

namespace conformance::properties {
namespace {

/// Two workers that take two locks in opposite orders.
void write_deadlock(ScenarioBuilder& builder) {
    const Id one = builder.add(Type::Lock);
    const Id two = builder.add(Type::Lock);
    const auto write = [](const Script& worker, Id first, Id second) {
        worker.acquire(first);
        worker.acquire(second);
        worker.release(second);
        worker.release(first);
    };
    write(builder.worker(), one, two);
    write(builder.worker(), two, one);
    builder.start_all();
    builder.join_all();
}

TEST(ModelWalk, a_deadlock_of_some_orders_is_found) {
    ScenarioBuilder builder;
    write_deadlock(builder);
    // Both workers, and the main one that joins them.
    EXPECT_EQ(stuck_calls(builder.scenario(), 100, 1).size(), 3U);
}

TEST(ModelWalk, calls_with_a_limit_end) {
    ScenarioBuilder builder;
    const Id event = builder.add(Type::Event);
    const Id lock = builder.add(Type::Lock);
    builder.main().wait(event, TimeLimit::milliseconds(1));
    builder.main().acquire(lock);
    builder.main().acquire(lock, TimeLimit::milliseconds(1));
    EXPECT_TRUE(stuck_calls(builder.scenario(), 20, 1).empty());
}

TEST(ModelWalk, each_round_of_a_pool_has_results_of_its_own) {
    ScenarioBuilder builder;
    const Id executor = builder.add(Type::WorkerPoolExecutor, {1});
    const Id future = builder.main().submit(executor, "square", {3});
    builder.main().result(future);
    builder.main().repeat(5);
    const Scenario whole = unrolled(builder.scenario(), 3);
    EXPECT_EQ(number_of_rounds(whole), 1);
    const auto& calls = whole.workers.front().calls;
    ASSERT_EQ(calls.size(), 6U);
    std::set<Id> futures;
    for (std::size_t i = 0; i < calls.size(); i += 2) {
        EXPECT_EQ(calls[i].object, executor);
        EXPECT_EQ(calls[i + 1].object, calls[i].into);
        EXPECT_EQ(whole.find_object(calls[i].into)->type, Type::Future);
        futures.insert(calls[i].into);
    }
    EXPECT_EQ(futures.size(), 3U);
    EXPECT_TRUE(futures.contains(future));
    EXPECT_TRUE(stuck_calls(builder.scenario(), 20, 1).empty());
}

TEST(ModelWalk, a_negative_limit_of_a_lock_is_none) {
    ScenarioBuilder builder;
    const Id lock = builder.add(Type::Lock);
    builder.main().acquire(lock);
    const Id second = builder.main().acquire(lock, TimeLimit::milliseconds(-1));
    EXPECT_EQ(stuck_calls(builder.scenario(), 1, 1), std::vector<Id>{second});
}

TEST(ModelWalk, outcomes_that_depend_on_time_are_told) {
    ScenarioBuilder builder;
    const Id pool = builder.add(Type::WorkerPool, {1});
    const Id result = builder.main().apply_async(pool, "square", {3});
    const Id ready = builder.main().call(result, Operation::ready);
    builder.main().call(result, Operation::get);
    std::mt19937_64 random(1);
    EXPECT_EQ(walk(builder.scenario(), random).ambiguous, std::vector<Id>{ready});
}

TEST(Settle, a_deadlock_ends_and_most_calls_stay) {
    ScenarioBuilder builder;
    write_deadlock(builder);
    Scenario scenario = builder.scenario();
    settle(scenario, 1);
    EXPECT_TRUE(stuck_calls(scenario, 200, 7).empty());
    EXPECT_EQ(scenario.workers[1].calls.size(), 4U);
    EXPECT_EQ(scenario.workers[2].calls.size(), 4U);
}

TEST(Settle, what_takes_no_limit_is_removed) {
    ScenarioBuilder builder;
    const Id queue = builder.add(Type::SimpleQueue);
    builder.main().put(queue, 1);
    builder.main().get(queue);
    builder.main().get(queue);
    Scenario scenario = builder.scenario();
    settle(scenario, 1);
    EXPECT_EQ(scenario.workers[0].calls.size(), 2U);
}

}  // namespace
}  // namespace conformance::properties
