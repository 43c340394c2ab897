#include "conformance/engine/run_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "conformance/engine/scenario_builder.hpp"

namespace conformance {
namespace {

using testing::HasSubstr;

constexpr std::int64_t horizon = 1'000'000'000'000;

Entry pending(const Call& call, std::int64_t invoked) {
    return {.call = call, .invoked = invoked};
}

TEST(LastDeadline, is_that_of_the_pending_calls) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    const Script main = scenario.main();
    main.wait(event, TimeLimit::nanoseconds(50));
    main.wait(event, TimeLimit::nanoseconds(10));
    main.wait(event, TimeLimit::infinite());
    const auto& calls = scenario.scenario().workers[0].calls;
    History history;
    EXPECT_EQ(last_deadline(scenario.scenario(), history, horizon), 0);
    history.entries.push_back(pending(calls[0], 100));
    history.entries.back().responded = 120;
    EXPECT_EQ(last_deadline(scenario.scenario(), history, horizon), 0);
    history.entries.push_back(pending(calls[1], 130));
    EXPECT_EQ(last_deadline(scenario.scenario(), history, horizon), 140);
    history.entries.push_back(pending(calls[2], 150));
    EXPECT_EQ(last_deadline(scenario.scenario(), history, horizon), 140);
}

TEST(LastDeadline, beyond_the_horizon_is_never) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    scenario.main().wait(event, TimeLimit::nanoseconds(std::numeric_limits<std::int64_t>::max()));
    const History history{{pending(scenario.scenario().workers[0].calls[0], 100)}};
    EXPECT_EQ(last_deadline(scenario.scenario(), history, horizon), 0);
}

TEST(LastDeadline, counts_the_own_limit_of_a_barrier) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {2, Value(), 70});
    scenario.main().wait(barrier);
    const History history{{pending(scenario.scenario().workers[0].calls[0], 100)}};
    EXPECT_EQ(last_deadline(scenario.scenario(), history, horizon), 170);
}

TEST(LastDeadline, counts_every_sleep_of_a_task) {
    ScenarioBuilder scenario;
    const Id pool = scenario.add(Type::WorkerPool);
    scenario.main().apply_async(pool, "sleep", {1000});
    scenario.main().call(pool, Operation::map, {"sleep", Value(List{20, 30})});
    const auto& calls = scenario.scenario().workers[0].calls;
    History history{{pending(calls[0], 100), pending(calls[1], 200)}};
    history.entries[0].responded = 150;
    EXPECT_EQ(last_deadline(scenario.scenario(), history, horizon), 200 + 1050);
}

/// A run that is as it must be: worker 0 starts worker 1, which makes one call.
class UntruthTest : public testing::Test {
  protected:
    UntruthTest() {
        const Id cell = scenario_.add(Type::Cell);
        const Script worker = scenario_.worker();
        scenario_.main().start(worker);
        worker.read(cell);
        Entry life;
        life.call.operation = Operation::run;
        for (const WorkerPlan& plan : scenario_.scenario().workers) {
            life.worker = plan.id;
            life.invoked = 100;
            life.responded = 200;
            history_.entries.push_back(life);
            Entry call{.worker = plan.id, .call = plan.calls[0], .invoked = 120, .responded = 130};
            history_.entries.push_back(call);
        }
    }
    [[nodiscard]] std::string untruth() const {
        return untruth_in(scenario_.scenario(), history_, 90, 300);
    }
    ScenarioBuilder scenario_;
    History history_;
};

TEST_F(UntruthTest, a_good_run_has_none) {
    EXPECT_EQ(untruth(), "");
}

TEST_F(UntruthTest, times_outside_of_the_run) {
    history_.entries[1].invoked = 80;
    EXPECT_THAT(untruth(), HasSubstr("rule 4.2: call 1 of worker 0"));
    history_.entries[1].invoked = 120;
    history_.entries[3].responded = 301;
    EXPECT_THAT(untruth(), HasSubstr("rule 4.5: call 2 of worker 2"));
}

TEST_F(UntruthTest, calls_without_a_response) {
    history_.entries[3].responded.reset();
    EXPECT_THAT(untruth(), HasSubstr("rule 3.4"));
    history_.entries[3].killed = true;
    EXPECT_EQ(untruth(), "");
}

TEST_F(UntruthTest, calls_that_are_missing) {
    history_.entries.pop_back();
    EXPECT_THAT(untruth(), HasSubstr("rule 3.3: worker 2 recorded 0 of its 1 calls"));
}

TEST_F(UntruthTest, calls_on_what_was_never_made_may_be_missing) {
    const Id executor = scenario_.add(Type::WorkerPoolExecutor, {0});
    const Script main = scenario_.main();
    main.create(executor);
    main.result(main.submit(executor, "square", {3}));
    EXPECT_THAT(untruth(), HasSubstr("rule 3.3: worker 0 recorded 1 of its 4 calls"));
    history_.entries.push_back({.call = scenario_.scenario().workers[0].calls[1],
                                .invoked = 140,
                                .responded = 150,
                                .outcome = ErrorKind::ValueError});
    EXPECT_EQ(untruth(), "");
}

TEST_F(UntruthTest, a_worker_that_was_never_started_is_none) {
    history_.entries.pop_back();
    history_.entries.pop_back();
    EXPECT_EQ(untruth(), "");
}

}  // namespace
}  // namespace conformance
