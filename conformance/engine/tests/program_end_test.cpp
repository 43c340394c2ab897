#include "conformance/engine/program_end.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/engine/judge.hpp"
#include "conformance/engine/scenario_builder.hpp"

namespace conformance {
namespace {

using testing::HasSubstr;
using Status = RunResult::Status;

/// Worker 0 starts worker 1, which waits for an Event and sets another, and daemon 2, which waits
/// for ever; and main returns.
class ProgramEndTest : public testing::Test {
  protected:
    ProgramEndTest() {
        const Id event = builder_.add(Type::Event);
        const Id never = builder_.add(Type::Event);
        const Script worker = builder_.worker();
        const Script daemon = builder_.worker("", true);
        builder_.main().start(worker);
        builder_.main().start(daemon);
        builder_.main().set(event);
        worker.wait(event);
        daemon.wait(never);
        builder_.end_program(ProgramEnd::by_return);
        result_.status = Status::completed;
        result_.ended = 1000;
        result_.end = {.time = 500, .status = 0, .text = "exited with status 0"};
        std::int64_t time = 100;
        for (const WorkerPlan& plan : builder_.scenario().workers) {
            add(plan.id, {.id = -1, .object = plan.id, .operation = Operation::run}, time++);
            for (const Call& call : plan.calls)
                add(plan.id, call, time++);
        }
        entry(daemon.id(), Operation::run).responded.reset();
        entry(daemon.id(), Operation::wait).responded.reset();
        entry(worker.id(), Operation::wait).outcome = Value(true);
        worker_ = worker.id();
        daemon_ = daemon.id();
    }
    void add(Id worker, const Call& call, std::int64_t time) {
        const std::int64_t end = call.operation == Operation::run ? 300 + worker : time + 1;
        result_.history.entries.push_back(
            {.worker = worker, .call = call, .invoked = time, .responded = end});
    }
    Entry& entry(Id worker, Operation operation) {
        return *std::ranges::find_if(result_.history.entries, [&](const Entry& entry) {
            return entry.worker == worker && entry.call.operation == operation;
        });
    }
    [[nodiscard]] Judgement judged() {
        cut_off(builder_.scenario(), result_.history);
        return judge(builder_.scenario(), result_);
    }
    void expect_violation(const std::string& reason) {
        const Judgement judgement = judged();
        EXPECT_EQ(judgement.verdict, Judgement::Verdict::violates);
        EXPECT_THAT(judgement.reason, HasSubstr(reason));
    }
    ScenarioBuilder builder_;
    RunResult result_;
    Id worker_ = 0;
    Id daemon_ = 0;
};

TEST_F(ProgramEndTest, cuts_off_daemons_and_nobody_else) {
    const Judgement judgement = judged();
    EXPECT_EQ(judgement.verdict, Judgement::Verdict::conforms) << judgement.reason;
    for (const Entry& entry : result_.history.entries)
        EXPECT_EQ(entry.killed, entry.worker == daemon_);
}

TEST_F(ProgramEndTest, is_judged_by_the_models_too) {
    entry(worker_, Operation::wait).outcome = Value(false);
    expect_violation("Event#1.wait() returned false");
}

TEST_F(ProgramEndTest, waits_for_workers_that_are_no_daemons) {
    entry(worker_, Operation::run).responded.reset();
    expect_violation("while worker 3, which is no daemon, had not come to its end (WORKER-20)");
}

TEST_F(ProgramEndTest, comes_after_the_end_of_those_it_waits_for) {
    entry(worker_, Operation::run).responded = 501;
    expect_violation("worker 3, which is no daemon");
}

TEST_F(ProgramEndTest, need_not_wait_for_workers_that_were_killed) {
    entry(worker_, Operation::run).responded.reset();
    entry(worker_, Operation::run).killed = true;
    add(0, {.id = 99, .object = worker_, .operation = Operation::kill}, 200);
    EXPECT_EQ(fault_of_end(builder_.scenario(), result_), "");
}

TEST_F(ProgramEndTest, knows_who_was_made_a_daemon_or_not) {
    add(0, {.id = 99, .object = daemon_, .operation = Operation::set_daemon, .arguments = {false}},
        200);
    expect_violation("worker 4, which is no daemon");
}

TEST_F(ProgramEndTest, is_the_end_of_daemons) {
    entry(daemon_, Operation::wait).invoked = 501;
    expect_violation("worker 4 went on after the program had ended (WORKER-21)");
}

TEST_F(ProgramEndTest, leaves_no_processes_behind) {
    result_.end->left_over = 2;
    expect_violation("2 processes of the program went on after it had ended (WORKER-21)");
}

TEST_F(ProgramEndTest, has_the_status_of_the_main_function) {
    result_.end->status = 3;
    result_.end->text = "exited with status 3";
    expect_violation("the main function returned, and the program exited with status 3");
    builder_.end_program(ProgramEnd::by_failure);
    EXPECT_EQ(judged().verdict, Judgement::Verdict::conforms) << judged().reason;
    result_.end->status = 0;
    expect_violation("the main function failed, and the program");
}

TEST_F(ProgramEndTest, is_no_death) {
    builder_.end_program(ProgramEnd::by_failure);
    result_.end->status = -1;
    result_.end->text = "was killed by signal 6 (Aborted)";
    expect_violation("the program was killed by signal 6 (Aborted) at its end");
}

TEST_F(ProgramEndTest, by_death_is_the_end_of_all_workers) {
    builder_.end_program(ProgramEnd::by_death);
    result_.end->status = -1;
    entry(worker_, Operation::run).responded.reset();
    entry(worker_, Operation::wait).responded.reset();
    entry(worker_, Operation::wait).invoked = 501;  // it may notice a moment later
    EXPECT_EQ(judged().verdict, Judgement::Verdict::conforms) << judged().reason;
    EXPECT_TRUE(entry(worker_, Operation::wait).killed);
    result_.end->left_over = 1;
    expect_violation("1 process of the program went on after it had been killed (FAULT-26)");
}

TEST_F(ProgramEndTest, comes_when_there_is_nobody_to_wait_for) {
    result_.end.reset();
    result_.status = Status::stuck;
    EXPECT_THAT(fault_of_end(builder_.scenario(), result_), HasSubstr("the program does not end"));
    entry(worker_, Operation::run).responded.reset();
    EXPECT_EQ(fault_of_end(builder_.scenario(), result_), "");
    entry(worker_, Operation::run).responded = 300;
    entry(0, Operation::run).responded.reset();
    EXPECT_EQ(fault_of_end(builder_.scenario(), result_), "");
}

}  // namespace
}  // namespace conformance
