// A session with drivers that are at fault: status, sentence, and that it goes on.

#include "conformance/engine/session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cerrno>

#include "conformance/engine/judge.hpp"
#include "conformance/engine/scenario_builder.hpp"
#include "conformance/engine/tests/fake_driver.hpp"
#include "conformance/wire/lane_slot.hpp"

namespace conformance {
namespace {

using Status = RunResult::Status;
using testing::HasSubstr;

Scenario of_a_lock() {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    scenario.main().acquire(lock);
    scenario.main().locked(lock);
    scenario.main().release(lock);
    return scenario.scenario();
}

Judgement::Verdict verdict(const RunResult& result) {
    return judge(of_a_lock(), result).verdict;
}

TEST(Session, runs_scenarios_on_one_driver) {
    Session session(fake_driver("none"));
    EXPECT_EQ(session.greeting().implementation, "fake");
    for (int i = 0; i < 20; ++i) {
        const RunResult result = session.run(of_a_lock());
        ASSERT_EQ(result.status, Status::completed) << result.explanation;
        EXPECT_EQ(result.history.entries.size(), 4U);
        EXPECT_EQ(verdict(result), Judgement::Verdict::conforms);
    }
    EXPECT_EQ(session.starts(), 1U);
}

TEST(Session, runs_workers) {
    ScenarioBuilder scenario;
    const Id cell = scenario.add(Type::Cell);
    for (const Script& worker : scenario.workers(3))
        worker.add(cell);
    scenario.start_all();
    scenario.join_all();
    scenario.main().read(cell);
    Session session(fake_driver("none"));
    const RunResult result = session.run(scenario.scenario());
    ASSERT_EQ(result.status, Status::completed) << result.explanation;
    const Judgement judgement = judge(scenario.scenario(), result);
    EXPECT_EQ(judgement.verdict, Judgement::Verdict::conforms) << judgement.reason;
}

TEST(Session, a_scenario_that_the_driver_does_not_list_is_not_run) {
    ScenarioBuilder scenario;
    scenario.main().wait(scenario.add(Type::Event));
    Session session(fake_driver("none"));
    const RunResult result = session.run(scenario.scenario());
    EXPECT_EQ(result.status, Status::unsupported);
    EXPECT_THAT(result.explanation, HasSubstr("Event"));
}

TEST(Session, a_blocked_scenario_is_stuck_and_judged) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    scenario.main().acquire(lock);
    scenario.main().acquire(lock);
    Session session(fake_driver("none"));
    const RunResult result = session.run(scenario.scenario());
    EXPECT_EQ(result.status, Status::stuck) << result.explanation;
    EXPECT_EQ(judge(scenario.scenario(), result).verdict, Judgement::Verdict::conforms);
    EXPECT_EQ(session.run(of_a_lock()).status, Status::completed);
    EXPECT_EQ(session.starts(), 2U);
}

TEST(Session, patience_is_for_those_who_would_be_blamed) {
    SessionOptions options = fake_driver("deadlocks");
    options.standstill = std::chrono::hours(1);
    options.longest_run = std::chrono::seconds(3);
    Session session(options);
    EXPECT_EQ(session.run(of_a_lock()).status, Status::completed);
    EXPECT_EQ(session.run(of_a_lock()).status, Status::over_time);
    ScenarioBuilder blocks;
    const Id lock = blocks.add(Type::Lock);
    blocks.main().acquire(lock);
    blocks.main().acquire(lock);
    EXPECT_EQ(session.run(blocks.scenario()).status, Status::stuck);
}

TEST(Session, a_time_limit_is_waited_for) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    scenario.main().acquire(lock);
    scenario.main().acquire(lock, TimeLimit::milliseconds(2000));
    Session session(fake_driver("none"));
    const RunResult result = session.run(scenario.scenario());
    EXPECT_EQ(result.status, Status::completed) << result.explanation;
}

TEST(Session, stacks_are_taken_of_a_driver_that_is_stuck) {
    SessionOptions options = fake_driver("deadlocks");
    options.want_stacks = true;
    Session session(options);
    EXPECT_EQ(session.run(of_a_lock()).status, Status::completed);
    const RunResult result = session.run(of_a_lock());
    EXPECT_EQ(result.status, Status::stuck);
    EXPECT_THAT(result.stacks, testing::AnyOf(HasSubstr("Thread 1"), HasSubstr("unavailable")));
}

TEST(Session, no_stacks_are_taken_of_a_driver_that_blocks_as_it_should) {
    SessionOptions options = fake_driver("none");
    options.want_stacks = true;
    Session session(options);
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    scenario.main().acquire(lock);
    scenario.main().acquire(lock);
    const RunResult result = session.run(scenario.scenario());
    EXPECT_EQ(result.status, Status::stuck);
    EXPECT_EQ(judge(scenario.scenario(), result).verdict, Judgement::Verdict::conforms);
    EXPECT_EQ(result.stacks, "");
}

TEST(Session, a_race_is_reported_with_its_scenario) {
    Session session(fake_driver("races"));
    EXPECT_EQ(session.run(of_a_lock()).sanitizer_report, "");
    const RunResult second = session.run(of_a_lock());
    EXPECT_EQ(second.status, Status::completed);
    EXPECT_THAT(second.sanitizer_report, HasSubstr("data race"));
    EXPECT_EQ(verdict(second), Judgement::Verdict::violates);
    EXPECT_EQ(session.run(of_a_lock()).sanitizer_report, "");
    EXPECT_THAT(session.run(of_a_lock()).sanitizer_report, HasSubstr("data race"));
}

TEST(Session, processes_that_went_their_own_way_are_killed) {
    Session session(fake_driver("leaves processes"));
    EXPECT_EQ(session.run(of_a_lock()).status, Status::completed);
    const RunResult result = session.run(of_a_lock());
    EXPECT_EQ(result.status, Status::driver_fault);
    ASSERT_THAT(result.output, HasSubstr("goes its own way"));
    const pid_t process = std::stoi(result.output.substr(result.output.find(' ') + 1));
    EXPECT_EQ(::kill(process, 0), -1);
    EXPECT_EQ(errno, ESRCH);
    EXPECT_EQ(session.run(of_a_lock()).status, Status::completed);
}

TEST(Session, what_leaves_a_target_is_among_the_output) {
    ScenarioBuilder scenario;
    const Script worker = scenario.worker("One");
    scenario.main().start(worker);
    worker.raise(ErrorKind::Full, "no room");
    Session session(fake_driver("none"));
    const RunResult result = session.run(scenario.scenario());
    ASSERT_EQ(result.status, Status::completed) << result.explanation;
    EXPECT_EQ(result.output, "One: Full: no room\n");
    EXPECT_EQ(judge(scenario.scenario(), result).verdict, Judgement::Verdict::conforms);
}

/// Worker 0 starts a daemon that reads a Cell, and the program ends.
Scenario of_a_program(ProgramEnd end) {
    ScenarioBuilder scenario;
    const Id cell = scenario.add(Type::Cell);
    const Script daemon = scenario.worker("", true);
    scenario.main().start(daemon);
    daemon.read(cell);
    scenario.end_program(end);
    return scenario.scenario();
}

TEST(Session, a_program_ends_and_another_begins) {
    Session session(fake_driver("none"));
    for (const ProgramEnd end : {ProgramEnd::by_return, ProgramEnd::by_failure}) {
        const Scenario scenario = of_a_program(end);
        const RunResult result = session.run(scenario);
        ASSERT_EQ(result.status, Status::completed) << result.explanation;
        ASSERT_TRUE(result.end.has_value());
        EXPECT_EQ(result.end->status, end == ProgramEnd::by_return ? 0 : 1);
        EXPECT_EQ(result.end->left_over, 0U);
        const Judgement judgement = judge(scenario, result);
        EXPECT_EQ(judgement.verdict, Judgement::Verdict::conforms) << judgement.reason;
        EXPECT_EQ(session.run(of_a_lock()).status, Status::completed);
    }
    EXPECT_EQ(session.starts(), 3U);
}

TEST(Session, a_program_dies_and_another_begins) {
    Session session(fake_driver("none"));
    const Scenario scenario = of_a_program(ProgramEnd::by_death);
    const RunResult result = session.run(scenario);
    ASSERT_EQ(result.status, Status::completed) << result.explanation;
    ASSERT_TRUE(result.end.has_value());
    EXPECT_EQ(result.end->status, -1);
    EXPECT_EQ(judge(scenario, result).verdict, Judgement::Verdict::conforms);
    EXPECT_EQ(session.run(of_a_lock()).status, Status::completed);
}

TEST(Session, who_outlives_a_program_that_died_is_told) {
    Session session(fake_driver("leaves a process at its end"));
    const Scenario scenario = of_a_program(ProgramEnd::by_death);
    const Judgement judgement = judge(scenario, session.run(scenario));
    EXPECT_EQ(judgement.verdict, Judgement::Verdict::violates);
    EXPECT_THAT(judgement.reason, HasSubstr("FAULT-26"));
}

TEST(Session, a_driver_that_should_die_and_exits_is_at_fault) {
    Session session(fake_driver("exits with another status"));
    const RunResult result = session.run(of_a_program(ProgramEnd::by_death));
    EXPECT_EQ(result.status, Status::driver_fault);
    EXPECT_THAT(result.explanation, HasSubstr("rule 3.9"));
}

struct BadEnd {
    const char* fault;
    Status status;
    const char* reason;
};
class BadEndTest : public testing::TestWithParam<BadEnd> {};

TEST_P(BadEndTest, is_told_and_the_session_goes_on) {
    const BadEnd& bad = GetParam();
    for (const ProgramEnd end : {ProgramEnd::by_return, ProgramEnd::by_failure}) {
        Session session(fake_driver(bad.fault));
        const Scenario scenario = of_a_program(end);
        const RunResult result = session.run(scenario);
        EXPECT_EQ(result.status, bad.status) << result.explanation;
        const Judgement judgement = judge(scenario, result);
        EXPECT_EQ(judgement.verdict, bad.status == Status::driver_fault
                                         ? Judgement::Verdict::driver_error
                                         : Judgement::Verdict::violates);
        EXPECT_THAT(judgement.reason, HasSubstr(bad.reason));
        EXPECT_EQ(session.run(of_a_lock()).status, Status::completed);
    }
}

constexpr BadEnd bad_ends[] = {
    {"exits with another status", Status::completed, "and the program exited with status"},
    {"leaves a process at its end", Status::completed, "1 process of the program went on"},
    {"works on after its end", Status::completed, "worker 2 went on after the program had ended"},
    {"never ends", Status::stuck, "the program does not end"},
    {"dies at its end", Status::completed, "was killed by signal 11"},
    {"answers instead of ending", Status::driver_fault, "rule 3.9"},
};
std::string name_of_end(const testing::TestParamInfo<BadEnd>& parameter) {
    std::string name = parameter.param.fault;
    std::ranges::replace(name, ' ', '_');
    return name;
}
INSTANTIATE_TEST_SUITE_P(Session, BadEndTest, testing::ValuesIn(bad_ends), name_of_end);

/// A fault that shows in every second run.
struct Fault {
    const char* name;
    Status status;
    const char* sentence;
    bool shows_at_once = false;
    bool restarts = true;
};

class FaultTest : public testing::TestWithParam<Fault> {};

TEST_P(FaultTest, is_told_and_the_session_goes_on) {
    const Fault& fault = GetParam();
    Session session(fake_driver(fault.name));
    if (!fault.shows_at_once) {
        const RunResult good = session.run(of_a_lock());
        EXPECT_EQ(good.status, Status::completed) << good.explanation;
    }
    const RunResult bad = session.run(of_a_lock());
    EXPECT_EQ(bad.status, fault.status) << bad.explanation;
    EXPECT_THAT(bad.explanation, HasSubstr(fault.sentence));
    const RunResult next = session.run(of_a_lock());
    EXPECT_EQ(next.status, fault.shows_at_once ? fault.status : Status::completed)
        << next.explanation;
    EXPECT_EQ(session.starts(), fault.restarts ? 2U : 1U);
}

constexpr Fault faults[] = {
    {"deadlocks", Status::stuck, "nothing moves any more"},
    {"crashes", Status::crashed, "was killed by signal 11"},
    {"exits", Status::driver_fault, "rule 3.4: the driver exited with status 3"},
    {"writes malformed JSON", Status::driver_fault, "rule 1.2"},
    {"makes noise", Status::driver_fault, "rule 1.3: the driver wrote \"hello from"},
    {"writes a huge line", Status::driver_fault, "more than 16 MiB"},
    {"is silent", Status::driver_fault, "rule 3.2"},
    {"spins", Status::over_time, "had not come to its end"},
    {"answers another run", Status::driver_fault, "rule 3.4", true},
    {"answers nonsense", Status::driver_fault, "none of done", true},
    {"closes its output", Status::driver_fault, "rule 1.3", true},
    {"fails", Status::driver_fault, "out of order", true},
    {"forgets calls", Status::driver_fault, "rule 3.3", true},
    {"lies that it is done", Status::driver_fault, "rule 3.4", true},
    {"writes of the past", Status::driver_fault, "rule 4.2", true},
    {"writes garbage", Status::driver_fault, "rule 4", true},
    {"lies about what it can do", Status::driver_fault, "rule 2.4", true},
    {"lacks something else", Status::unsupported, "locks on Tuesdays", true, false},
    {"fills its log", Status::overflow, "too few slots", true, false},
};

std::string as_name(std::string text) {
    std::ranges::replace(text, ' ', '_');
    return text;
}
INSTANTIATE_TEST_SUITE_P(Session, FaultTest, testing::ValuesIn(faults),
                         [](const auto& parameter) { return as_name(parameter.param.name); });

struct Unusable {
    const char* fault;
    const char* sentence;
};
class UnusableTest : public testing::TestWithParam<Unusable> {};

std::string why_unusable(const SessionOptions& options) {
    try {
        const Session session(options);
    } catch (const UnusableDriver& error) {
        return error.what();
    }
    return "usable";
}

TEST_P(UnusableTest, is_told) {
    const double scale = std::string(GetParam().fault) == "does not greet" ? 0.02 : 0.5;
    EXPECT_THAT(why_unusable(fake_driver(GetParam().fault, scale)), HasSubstr(GetParam().sentence));
}

constexpr Unusable unusable[] = {
    {"dies in the handshake", "exited with status 3 before it had greeted; its last words: \"no"},
    {"does not greet", "rule 2.2: the driver did not greet within"},
    {"greets with noise", "rule 1.3: the driver wrote \"Welcome!\""},
    {"cannot", "the library is not installed"},
    {"speaks another version", "version 2"},
    {"speaks no version", "no member \"protocol\" of the right type"},
    {"has no backend", "does not offer the backend"},
    {"makes no lanes", "rule 4.1"},
    {"makes short lanes", "rule 4.1"},
};
INSTANTIATE_TEST_SUITE_P(Session, UnusableTest, testing::ValuesIn(unusable),
                         [](const auto& parameter) { return as_name(parameter.param.fault); });

TEST(Session, a_driver_that_cannot_be_started_is_told) {
    SessionOptions options{.command = {"/nonexistent/driver"}, .backend = "threading"};
    EXPECT_THAT(why_unusable(options), HasSubstr("does not exist"));
    options.command = {"/etc/passwd"};
    EXPECT_THAT(why_unusable(options), HasSubstr("not executable"));
    options.command = {"false"};
    EXPECT_THAT(why_unusable(options), HasSubstr("exited with status 1 before"));
    options.command = {};
    EXPECT_THAT(why_unusable(options), HasSubstr("empty"));
}

TEST(Session, silence_about_rounds_is_the_drivers_fault_as_well) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script worker = scenario.worker();
    worker.acquire(lock);
    worker.release(lock);
    worker.repeat(10);
    scenario.start_all();
    scenario.join_all();
    Session session(fake_driver("is silent"));
    ASSERT_EQ(session.run(of_a_lock()).status, Status::completed);
    const RunResult silent = session.run(scenario.scenario());
    EXPECT_EQ(silent.status, Status::driver_fault) << silent.explanation;
    EXPECT_THAT(silent.explanation, HasSubstr("rule 3.2"));
}

TEST(Session, lanes_have_slots_for_the_values_of_a_scenario) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    scenario.main().put(queue, Value(List{std::string(1'000'000, 'x'), 1}));
    scenario.main().put(queue, Bytes{std::string(1'000'000, '\0')});  // two digits each
    scenario.main().get(queue);
    scenario.main().get(queue);
    const auto least = static_cast<int>(3'000'000 / sizeof(LaneSlot));
    const int slots = slots_of(scenario.scenario());
    EXPECT_GE(slots, least + 4);
    EXPECT_LE(slots, least + 100);
}

}  // namespace
}  // namespace conformance
