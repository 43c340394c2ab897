#include "conformance/engine/judge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/engine/scenario_builder.hpp"

namespace conformance {
namespace {

using testing::HasSubstr;
using Verdict = Judgement::Verdict;
using Status = RunResult::Status;

/// Worker 0 takes a lock twice, the second time for at most 50 ms.
class JudgeTest : public testing::Test {
  protected:
    static constexpr std::int64_t millisecond = 1'000'000;

    JudgeTest() {
        const Id lock = builder_.add(Type::Lock);
        builder_.main().acquire(lock);
        builder_.main().acquire(lock, TimeLimit::milliseconds(50));
        Entry life{.worker = 0, .invoked = 900, .responded = 99 * millisecond};
        life.call = {.id = -1, .object = 0, .operation = Operation::run};
        const auto& calls = builder_.scenario().workers[0].calls;
        result_.status = Status::completed;
        result_.ended = 100 * millisecond;
        result_.history.entries = {
            life,
            {.call = calls[0], .invoked = 1000, .responded = 2000, .outcome = Value(true)},
            {.call = calls[1],
             .invoked = 3000,
             .responded = 3000 + 50 * millisecond,
             .outcome = Value(false)}};
    }
    [[nodiscard]] Judgement judged() const { return judge(builder_.scenario(), result_); }
    Entry& second() { return result_.history.entries[2]; }

    ScenarioBuilder builder_;
    RunResult result_;
};

TEST_F(JudgeTest, what_the_model_allows_conforms) {
    EXPECT_EQ(judged().verdict, Verdict::conforms) << judged().reason;
}

TEST_F(JudgeTest, a_wrong_outcome_is_told) {
    second().outcome = Value(true);
    const Judgement judgement = judged();
    EXPECT_EQ(judgement.verdict, Verdict::violates);
    EXPECT_THAT(judgement.reason, HasSubstr("worker 0: Lock#1.acquire(true, 50 ms) returned true"));
    EXPECT_THAT(judgement.timeline, HasSubstr("<===="));
    EXPECT_THAT(judgement.timeline, HasSubstr("worker 0: Lock#1.acquire() -> true"));
}

TEST_F(JudgeTest, a_time_out_may_be_a_millisecond_early_and_no_more) {
    second().responded = 3000 + 49 * millisecond;
    EXPECT_EQ(judged().verdict, Verdict::conforms);
    second().responded = 2999 + 49 * millisecond;
    EXPECT_EQ(judged().verdict, Verdict::violates);
}

TEST_F(JudgeTest, a_call_that_hangs_beyond_its_time_violates) {
    second().responded.reset();
    result_.history.entries[0].responded.reset();
    result_.status = Status::stuck;
    const Judgement judgement = judged();
    EXPECT_EQ(judgement.verdict, Verdict::violates);
    EXPECT_THAT(judgement.reason, HasSubstr("never returned, though it could proceed"));
    EXPECT_THAT(judgement.timeline, HasSubstr("pending   <===="));
}

TEST_F(JudgeTest, a_call_that_the_model_blocks_may_hang) {
    second().responded.reset();
    second().call.time_limit = {};
    result_.history.entries[0].responded.reset();
    result_.status = Status::stuck;
    EXPECT_EQ(judged().verdict, Verdict::conforms) << judged().reason;
}

TEST_F(JudgeTest, a_standstill_outside_of_every_call_violates) {
    result_.status = Status::stuck;
    EXPECT_EQ(judged().verdict, Verdict::violates);
    EXPECT_THAT(judged().reason, HasSubstr("all calls returned"));
}

TEST_F(JudgeTest, await_blocked_that_hangs_is_the_fault_of_the_driver) {
    second().responded.reset();
    second().call = {.id = 2, .object = 0, .operation = Operation::await_blocked};
    result_.history.entries[0].responded.reset();
    result_.status = Status::stuck;
    EXPECT_EQ(judged().verdict, Verdict::driver_error);
    EXPECT_THAT(judged().reason, HasSubstr("rule 5.12"));
}

TEST_F(JudgeTest, a_worker_that_never_began_violates) {
    const Script worker = builder_.worker();
    second().call = {.id = 2, .object = worker.id(), .operation = Operation::start};
    second().outcome = Value();
    Entry join = second();
    join.call.operation = Operation::join;
    join.invoked = *second().responded;
    join.responded.reset();
    result_.history.entries.push_back(join);
    result_.history.entries[0].responded.reset();
    result_.status = Status::stuck;
    EXPECT_EQ(judged().verdict, Verdict::violates);
    EXPECT_THAT(judged().reason, HasSubstr("never began to run"));
}

/// The main worker waits for one that has started another one, and has nothing more to do.
class JudgeEndTest : public testing::Test {
  protected:
    JudgeEndTest() {
        const Id event = builder_.add(Type::Event);
        const Script parent = builder_.worker();
        const Script child = builder_.worker({}, {}, parent.id());
        builder_.main().start(parent);
        builder_.main().join(parent);
        parent.start(child);
        child.wait(event);
        result_.status = Status::stuck;
        std::int64_t time = 1;
        for (const WorkerPlan& worker : builder_.scenario().workers) {
            const Call life{.id = -1, .object = worker.id, .operation = Operation::run};
            result_.history.entries.push_back(
                {.worker = worker.id, .call = life, .invoked = time++});
            for (const Call& call : worker.calls) {
                Entry entry{.worker = worker.id, .call = call, .invoked = time++};
                if (call.operation == Operation::start) entry.responded = time++;
                result_.history.entries.push_back(entry);
            }
        }
        result_.ended = time;
    }
    [[nodiscard]] Judgement judged() const { return judge(builder_.scenario(), result_); }
    /// The child, and what it waits for, are gone.
    void end_child() {
        auto& entries = result_.history.entries;
        const Id child = entries.back().worker;
        entries.pop_back();
        entries.back().responded = result_.ended;
        scenario_ = builder_.scenario();
        std::ranges::find(scenario_.workers, child, &WorkerPlan::id)->calls.clear();
    }

    ScenarioBuilder builder_;
    Scenario scenario_;
    RunResult result_;
};

TEST_F(JudgeEndTest, whose_child_is_blocked_need_not_end) {
    EXPECT_EQ(judged().verdict, Verdict::conforms) << judged().reason;
}

TEST_F(JudgeEndTest, who_does_not_end_violates_although_somebody_waits_for_that) {
    end_child();
    const Judgement judgement = judge(scenario_, result_);
    EXPECT_EQ(judgement.verdict, Verdict::violates);
    EXPECT_THAT(judgement.reason,
                HasSubstr("made its last call, and then does not come to its end"));
}

TEST_F(JudgeEndTest, who_was_stopped_need_not_end) {
    end_child();
    Entry stop = result_.history.entries[1];
    stop.call.operation = Operation::stop;
    result_.history.entries.push_back(stop);
    const Judgement judgement = judge(scenario_, result_);
    EXPECT_EQ(judgement.verdict, Verdict::conforms) << judgement.reason;
}

TEST_F(JudgeTest, the_status_comes_first) {
    result_.explanation = "because";
    const auto verdict_of = [&](Status status) {
        result_.status = status;
        EXPECT_THAT(judged().reason, HasSubstr("because"));
        return judged().verdict;
    };
    EXPECT_EQ(verdict_of(Status::crashed), Verdict::violates);
    EXPECT_EQ(verdict_of(Status::over_time), Verdict::violates);
    EXPECT_EQ(verdict_of(Status::unsupported), Verdict::unsupported);
    EXPECT_EQ(verdict_of(Status::overflow), Verdict::inconclusive);
    EXPECT_EQ(verdict_of(Status::driver_fault), Verdict::driver_error);
}

TEST_F(JudgeTest, rounds_that_get_on_until_their_time_is_up_are_nobodys_fault) {
    result_.status = Status::over_time;
    Scenario scenario = builder_.scenario();
    const auto verdict = [&] { return judge(scenario, result_).verdict; };
    EXPECT_EQ(verdict(), Verdict::violates);
    scenario.workers[0].repeat = 2;
    EXPECT_EQ(verdict(), Verdict::inconclusive);
    result_.ended = 200 * millisecond;  // for half of that time nothing came to its end
    EXPECT_EQ(verdict(), Verdict::violates);
}

TEST_F(JudgeTest, a_report_of_a_sanitizer_violates) {
    result_.sanitizer_report = "WARNING: ThreadSanitizer: data race (pid=7)";
    EXPECT_EQ(judged().verdict, Verdict::violates);
    EXPECT_THAT(judged().reason, HasSubstr("RACE-1"));
    result_.sanitizer_report = "ERROR: AddressSanitizer: heap-use-after-free";
    EXPECT_EQ(judged().verdict, Verdict::violates);
    EXPECT_THAT(judged().reason, HasSubstr("a sanitizer reports"));
}

}  // namespace
}  // namespace conformance
