#include "conformance/properties/projection.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/engine/scenario_builder.hpp"

namespace conformance::properties {
namespace {

/// A lock that two workers had at once, while a third did something else.
class Projection : public testing::Test {
  protected:
    Projection() {
        const Id lock = scenario_.add(Type::Lock);
        const Id event = scenario_.add(Type::Event);
        const auto workers = scenario_.workers(3);
        workers[0].acquire(lock);
        workers[0].set(event);
        workers[1].acquire(lock);
        workers[2].set(event);
        scenario_.start_all();
        run_.scenario = scenario_.scenario();
        run_.result.status = RunResult::Status::completed;
        run_.result.ended = 1000;
        for (const WorkerPlan& worker : run_.scenario.workers) {
            if (worker.id != 0)
                run_.result.history.entries.push_back(
                    {.worker = worker.id,
                     .call = {.object = worker.id, .operation = Operation::run},
                     .invoked = 0,
                     .responded = 900});
            for (const Call& call : worker.calls) {
                const bool acquires = call.operation == Operation::acquire;
                run_.result.history.entries.push_back(
                    {.worker = worker.id,
                     .call = call,
                     .invoked = time_++,
                     .responded = time_++,
                     .outcome = acquires ? Value(true) : Value()});
            }
        }
        run_.judgement = judge(run_.scenario, run_.result);
    }

    Scenario without(int worker, std::size_t call) const {
        Scenario part = run_.scenario;
        auto& calls = part.workers[static_cast<std::size_t>(worker) + 1].calls;
        calls.erase(calls.begin() + static_cast<std::ptrdiff_t>(call));
        return part;
    }

    ScenarioBuilder scenario_;
    JudgedRun run_;
    std::int64_t time_ = 0;
};

TEST_F(Projection, the_run_itself_fails) {
    ASSERT_TRUE(is_failure(run_)) << run_.judgement.reason;
    const auto same = projection(run_, run_.scenario);
    ASSERT_TRUE(same);
    EXPECT_EQ(same->result.history, run_.result.history);
    EXPECT_TRUE(is_failure(*same));
}

TEST_F(Projection, still_fails_without_what_has_nothing_to_do_with_it) {
    const auto part = projection(run_, without(0, 1));
    ASSERT_TRUE(part);
    EXPECT_EQ(part->result.history.entries.size(), run_.result.history.entries.size() - 1);
    EXPECT_TRUE(fails_alike(*part, run_));
}

TEST_F(Projection, conforms_without_what_made_it_wrong) {
    const auto part = projection(run_, without(0, 0));
    ASSERT_TRUE(part);
    EXPECT_FALSE(is_failure(*part)) << part->judgement.reason;
    EXPECT_FALSE(fails_alike(*part, run_));
}

TEST_F(Projection, is_none_of_what_was_not_run) {
    Scenario other = run_.scenario;
    other.workers[1].calls[0].time_limit = TimeLimit::milliseconds(2);
    EXPECT_FALSE(projection(run_, other));
    other = run_.scenario;
    other.workers[1].repeat = 2;
    EXPECT_FALSE(projection(run_, other));
    other = run_.scenario;
    other.objects.front().arguments = {1};
    EXPECT_FALSE(projection(run_, other));
}

}  // namespace
}  // namespace conformance::properties
