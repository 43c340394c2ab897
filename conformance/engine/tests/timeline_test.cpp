#include "conformance/engine/timeline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/engine/scenario_builder.hpp"

namespace conformance {
namespace {

TEST(Timeline, has_a_column_per_worker_in_the_order_of_time) {
    ScenarioBuilder builder;
    const Id lock = builder.add(Type::Lock);
    const Script main = builder.main();
    const Script other = builder.worker();
    main.release(lock);
    main.join(other);
    other.acquire(lock, TimeLimit::milliseconds(50));
    const Scenario& scenario = builder.scenario();
    const auto& calls = scenario.workers[0].calls;
    const History history{{
        {.worker = 0, .call = calls[0], .invoked = 2'000'000, .responded = 2'500'000},
        {.worker = 0, .call = calls[1], .invoked = 4'000'000},
        {.worker = 2,
         .call = scenario.workers[1].calls[0],
         .invoked = 1'000'000,
         .responded = 3'000'000,
         .outcome = Value(true)},
    }};
    EXPECT_EQ(timeline(scenario, history, 2), R"(       ms  worker 0                  worker 2
    0.000                            Lock#1.acquire(true, 50 ms) ...
    1.000  Lock#1.release() -> null
    2.000                            ... Lock#1.acquire(true, 50 ms) -> true   <====
    3.000  worker 2.join() ...
           worker 2.join() pending
)");
}

TEST(Timeline, leaves_out_the_middle_of_a_long_history) {
    ScenarioBuilder builder;
    const Id cell = builder.add(Type::Cell);
    History history;
    for (int i = 0; i < 1000; ++i) {
        const Id id = builder.main().read(cell);
        history.entries.push_back({.call = {.id = id, .object = cell, .operation = Operation::read},
                                   .invoked = i * 10,
                                   .responded = i * 10 + 5});
    }
    const std::string text = timeline(builder.scenario(), history);
    EXPECT_EQ(std::ranges::count(text, '\n'), 162);
    EXPECT_THAT(text, testing::HasSubstr("[840 rows left out]"));
}

}  // namespace
}  // namespace conformance
