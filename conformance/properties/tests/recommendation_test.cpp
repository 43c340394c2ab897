#include "conformance/properties/recommendation.hpp"

#include <gtest/gtest.h>

#include "conformance/engine/scenario_builder.hpp"

namespace conformance::properties {
namespace {

/// A run of the main worker alone; its outcomes are as given, and none is one that never came.
JudgedRun run_of(const ScenarioBuilder& builder,
                 const std::vector<std::optional<Outcome>>& outcomes) {
    JudgedRun run{.scenario = builder.scenario()};
    const auto& calls = run.scenario.workers[0].calls;
    std::int64_t time = 0;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        Entry entry{.call = calls.at(i), .invoked = ++time};
        if (outcomes[i]) {
            entry.responded = ++time;
            entry.outcome = *outcomes[i];
        }
        run.result.history.entries.push_back(entry);
    }
    run.judgement.verdict = Judgement::Verdict::violates;
    run.judgement.shown = run.result.history;
    run.judgement.marked = outcomes.size() - 1;
    return run;
}

TEST(Recommendation, a_limit_that_is_no_number_breaks_it_whatever_follows) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    scenario.main().acquire(lock, TimeLimit::not_a_number());
    scenario.main().release(lock);
    const Outcome refused = ErrorKind::ValueError;
    EXPECT_EQ(recommendation_broken(run_of(scenario, {Value(true), refused})), "GEN-7");
    EXPECT_EQ(recommendation_broken(run_of(scenario, {std::nullopt})), "GEN-7");
    EXPECT_EQ(recommendation_broken(run_of(scenario, {refused, Value()})), "");
}

TEST(Recommendation, an_endless_limit_breaks_it_only_if_it_raises) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    scenario.main().acquire(lock, TimeLimit::infinite());
    EXPECT_EQ(recommendation_broken(run_of(scenario, {Outcome(ErrorKind::Other)})), "GEN-6");
    // Two owners, say.
    EXPECT_EQ(recommendation_broken(run_of(scenario, {Value(true)})), "");
}

TEST(Recommendation, a_barrier_for_nobody) {
    for (const std::int64_t parties : {-1, 0, 2}) {
        ScenarioBuilder scenario;
        scenario.main().create(scenario.add(Type::Barrier, {parties}));
        EXPECT_EQ(recommendation_broken(run_of(scenario, {Value()})),
                  parties < 1 ? "BARRIER-2" : "");
        EXPECT_EQ(recommendation_broken(run_of(scenario, {Outcome(ErrorKind::ValueError)})), "");
    }
}

TEST(Recommendation, what_an_action_does_to_its_own_barrier) {
    for (const std::string_view action : {"abort", "reset", "add"}) {
        ScenarioBuilder scenario;
        const Id barrier = scenario.add(Type::Barrier, {1, action});
        scenario.main().wait(barrier);
        EXPECT_EQ(recommendation_broken(run_of(scenario, {Value(0)})),
                  action == "add" ? "" : "BARRIER-10");
    }
}

TEST(Recommendation, chunks_of_a_pool_but_not_of_an_executor) {
    for (const Type type : {Type::WorkerPool, Type::WorkerPoolExecutor}) {
        for (const std::int64_t chunk : {0, 1}) {
            ScenarioBuilder scenario;
            const Id pool = scenario.add(type, {1});
            scenario.main().call(pool, Operation::map, {"square", List{1}, chunk});
            EXPECT_EQ(recommendation_broken(run_of(scenario, {Value(List{Value()})})),
                      type == Type::WorkerPool && chunk == 0 ? "POOL-11" : "");
        }
    }
}

TEST(Recommendation, a_result_that_a_terminated_pool_never_gives) {
    for (const Operation end : {Operation::terminate, Operation::close}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {1});
        const Id result = main.apply_async(pool, "square", {3});
        main.call(pool, end);
        main.call(result, Operation::get);
        const std::string_view broken = end == Operation::terminate ? "POOL-23" : "";
        EXPECT_EQ(recommendation_broken(run_of(scenario, {Value(), Value(), std::nullopt})),
                  broken);
        // A wrong value is none of that.
        EXPECT_EQ(recommendation_broken(run_of(scenario, {Value(), Value(), Value(8)})), "");
    }
}

TEST(Recommendation, the_requirements_have_the_last_word) {
    ScenarioBuilder scenario;
    scenario.main().create(scenario.add(Type::Barrier, {0}));
    const JudgedRun run = run_of(scenario, {Value()});
    const Requirements all(Requirements::default_folder());
    const Requirement* const found = only_recommended(all, run);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->id, "BARRIER-2");
    EXPECT_EQ(only_recommended(Requirements(), run), nullptr);
}

}  // namespace
}  // namespace conformance::properties
