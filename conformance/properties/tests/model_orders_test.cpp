#include "conformance/properties/model_orders.hpp"

#include <gtest/gtest.h>

#include "conformance/engine/scenario_builder.hpp"
#include "conformance/engine/unroll.hpp"
#include "conformance/properties/generate.hpp"
#include "conformance/properties/model_walk.hpp"

namespace conformance::properties {
namespace {

constexpr std::size_t most_positions = 20'000;

/// Two workers that take turns at events, and a third one that waits for what both have left.
Scenario meetings(bool forgets_one) {
    ScenarioBuilder builder;
    const Id here = builder.add(Type::Semaphore, {0});
    const Id there = builder.add(Type::Semaphore, {0});
    const Script one = builder.worker();
    const Script other = builder.worker();
    one.release(here);
    one.acquire(there);
    one.release(here);
    other.acquire(here);
    other.release(there);
    if (!forgets_one) other.release(there);
    const Script third = builder.worker();
    third.acquire(there);
    builder.start_all();
    builder.join_all();
    return builder.scenario();
}

TEST(ModelOrders, a_scenario_that_ends_in_every_order_cannot_block) {
    EXPECT_EQ(may_block(meetings(false), most_positions), MayBlock::no);
}

TEST(ModelOrders, one_order_is_enough) {
    EXPECT_EQ(may_block(meetings(true), most_positions), MayBlock::yes);
}

TEST(ModelOrders, a_limit_ends_a_call) {
    ScenarioBuilder builder;
    const Id lock = builder.add(Type::Lock);
    builder.main().acquire(lock);
    builder.main().acquire(lock, TimeLimit::milliseconds(1));
    EXPECT_EQ(may_block(builder.scenario(), most_positions), MayBlock::no);
    builder.main().acquire(lock);
    EXPECT_EQ(may_block(builder.scenario(), most_positions), MayBlock::yes);
}

TEST(ModelOrders, a_result_may_be_asked_for_before_it_is_made) {
    ScenarioBuilder builder;
    const Id pool = builder.add(Type::WorkerPool, {1});
    const Id result = builder.main().apply_async(pool, "square", {3});
    builder.main().call(result, Operation::get);
    EXPECT_EQ(may_block(builder.scenario(), most_positions), MayBlock::no);
}

TEST(ModelOrders, what_is_too_large_is_not_known) {
    EXPECT_EQ(may_block(meetings(false), 10), MayBlock::unknown);
}

/// No run by chance gets stuck where no order does; where one does, chance finds it sooner or later.
TEST(ModelOrders, agrees_with_runs_by_chance) {
    int blocking = 0;
    int ending = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        for (const Family family :
             {Family::lock, Family::condition, Family::barrier, Family::queue}) {
            const Scenario scenario = unrolled(generate_small(family, seed, false), few_rounds);
            const MayBlock answer = may_block(scenario, most_positions);
            if (answer == MayBlock::unknown) continue;
            ++(answer == MayBlock::yes ? blocking : ending);
            if (!stuck_calls(scenario, 50, seed).empty()) {
                EXPECT_EQ(answer, MayBlock::yes) << to_string(family) << ", seed " << seed;
            }
        }
    }
    EXPECT_GT(ending, 100);
    EXPECT_GT(blocking, 0) << "these seeds had some, none of which the generator's runs had met";
}

}  // namespace
}  // namespace conformance::properties
