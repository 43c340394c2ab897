// The reference implementation's driver on both backends: what the kit has to do for an
// implementation that has everything. What the answers should be is for the suite to judge.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

#include "conformance/kit/tests/driver_client.hpp"
#include "ways_to_run.hpp"

namespace conformance {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class ReferenceDriver : public testing::TestWithParam<std::string_view> {
  protected:
    ReferenceDriver() : driver_(REFERENCE_DRIVER, environment_of(GetParam())) {
        greeting_ = driver_.greet(backend_of(GetParam()));
    }
    /// Runs it, and it is done.
    void run(std::string_view scenario) {
        const std::string answer = driver_.run(scenario);
        EXPECT_EQ(answer, "{\"done\":" + std::to_string(driver_.number()) + "}");
    }
    [[nodiscard]] Outcome outcome(Id call) const {
        const Entry entry = driver_.entry(call);
        EXPECT_TRUE(entry.responded) << "call " << call;
        return entry.outcome;
    }
    DriverClient driver_;
    std::string greeting_;
};

INSTANTIATE_TEST_SUITE_P(Backends, ReferenceDriver, ways_to_run, name_of_way);

TEST_P(ReferenceDriver, has_everything) {
    for (const char* const name : {"Lock",
                                   "RLock",
                                   "Semaphore",
                                   "BoundedSemaphore",
                                   "Condition",
                                   "Event",
                                   "Barrier",
                                   "Queue",
                                   "SimpleQueue",
                                   "WorkerPool",
                                   "WorkerPoolExecutor",
                                   "AsyncResult",
                                   "ImapIterator",
                                   "ExecutorMap",
                                   "Future",
                                   "Cell",
                                   "Worker",
                                   "get_backend",
                                   "get_ident",
                                   "current_worker",
                                   "active_count",
                                   "active_children",
                                   "enumerate",
                                   "await_blocked"})
        EXPECT_THAT(greeting_, HasSubstr('"' + std::string(name) + '"'));
    // All operations but one: in C++ the end of a scope is the end of the pool itself.
    const std::string left_out = "\"-WorkerPool.drop\"";
    const std::size_t place = greeting_.find(left_out);
    ASSERT_NE(place, std::string::npos);
    std::string others = greeting_;
    EXPECT_THAT(others.erase(place, left_out.size()), Not(HasSubstr("\"-")));
    const bool kills = greeting_.find("\"kill\",\"stop\"") != std::string::npos;
    EXPECT_EQ(kills, (GetParam() == multiprocessing));
}

TEST_P(ReferenceDriver, lets_workers_share_objects) {
    run(R"({"version":1,"objects":[{"id":10,"type":"Lock"},{"id":11,"type":"Cell"},
        {"id":12,"type":"Condition","args":[10]},{"id":13,"type":"Queue","args":[1]},
        {"id":14,"type":"RLock"},{"id":15,"type":"Condition","args":[14]}],
        "workers":[{"id":0,"calls":[{"id":1,"object":1,"op":"start"},
            {"id":2,"object":12,"op":"acquire"},
            {"id":3,"object":12,"op":"wait_for","args":[11,2]},
            {"id":4,"object":12,"op":"release"},
            {"id":5,"object":13,"op":"get"},{"id":6,"object":13,"op":"get","timeout":0},
            {"id":7,"object":1,"op":"join"},{"id":8,"object":15,"op":"notify"}]},
          {"id":1,"calls":[{"id":20,"object":12,"op":"acquire"},
            {"id":21,"object":11,"op":"write","args":[2]},
            {"id":22,"object":12,"op":"notify_all"},{"id":23,"object":12,"op":"release"},
            {"id":24,"object":13,"op":"put","args":[[1,{"bytes":"00ff"},null]]}]}]})");
    EXPECT_EQ(outcome(3), Outcome(true));
    EXPECT_EQ(outcome(5), Outcome(List{1, Bytes{std::string("\0\xff", 2)}, Value()}));
    EXPECT_EQ(outcome(6), Outcome(ErrorKind::Empty));
    EXPECT_EQ(outcome(8), Outcome(ErrorKind::RuntimeError));
}

TEST_P(ReferenceDriver, guards_blocks) {
    run(R"({"version":1,"objects":[{"id":10,"type":"Lock"}],"workers":[{"id":0,"calls":[
        {"id":1,"object":10,"op":"with","args":["nothing"]},
        {"id":2,"object":10,"op":"with","args":["raise"]},
        {"id":3,"object":10,"op":"with","args":["release"]},
        {"id":4,"object":10,"op":"locked"}]}]})");
    EXPECT_EQ(outcome(1), Outcome(true));
    EXPECT_EQ(outcome(2), Outcome(ErrorKind::Other));
    EXPECT_EQ(outcome(3), Outcome(ErrorKind::RuntimeError));
    EXPECT_EQ(outcome(4), Outcome(false));
}

TEST_P(ReferenceDriver, runs_the_actions_of_barriers) {
    const auto outcome_with = [&](const std::string& action) {
        run(R"({"version":1,"objects":[{"id":9,"type":"Cell","args":[5]},
            {"id":10,"type":"Barrier","args":[1,")" +
            action + R"("]}],"workers":[{"id":0,"calls":[{"id":1,"object":1,"op":"start"},
            {"id":2,"object":1,"op":"join"},{"id":3,"object":9,"op":"read"}]},
            {"id":1,"calls":[{"id":4,"object":10,"op":"wait"}]}]})");
        return outcome(4);
    };
    EXPECT_EQ(outcome_with("nothing"), Outcome(0));
    EXPECT_EQ(outcome_with("add"), Outcome(0));
    EXPECT_EQ(outcome(3), Outcome(6));
    EXPECT_EQ(outcome_with("raise"), Outcome(ErrorKind::Other));
    EXPECT_EQ(outcome_with("abort"), Outcome(ErrorKind::RuntimeError));
    EXPECT_EQ(outcome_with("reset"), Outcome(ErrorKind::RuntimeError));
}

TEST_P(ReferenceDriver, breaks_barriers_by_their_own_time_limit) {
    run(R"({"version":1,"objects":[{"id":10,"type":"Barrier","args":[2,null,1000000]}],
        "workers":[{"id":0,"calls":[{"id":1,"object":10,"op":"wait"},
        {"id":2,"object":10,"op":"broken"},{"id":3,"object":10,"op":"parties"}]}]})");
    EXPECT_EQ(outcome(1), Outcome(ErrorKind::BrokenBarrierError));
    EXPECT_EQ(outcome(2), Outcome(true));
    EXPECT_EQ(outcome(3), Outcome(2));
}

TEST_P(ReferenceDriver, makes_objects_when_the_main_worker_says_so) {
    run(R"({"version":1,"objects":[{"id":10,"type":"Semaphore","args":[-1]},
        {"id":11,"type":"Semaphore","args":[0]}],"workers":[{"id":0,"calls":[
        {"id":1,"object":10,"op":"create"},{"id":2,"object":11,"op":"create"},
        {"id":3,"object":1,"op":"start"},{"id":4,"object":1,"op":"join"}]},
        {"id":1,"calls":[{"id":7,"object":10,"op":"release"},
                         {"id":5,"object":11,"op":"acquire","args":[false]},
                         {"id":6,"object":11,"op":"acquire","timeout":"nan"}]}]})");
    EXPECT_EQ(outcome(1), Outcome(ErrorKind::ValueError));
    EXPECT_EQ(outcome(2), Outcome());
    EXPECT_ANY_THROW(static_cast<void>(driver_.entry(7))) << "no object, so no call (rule 5.4)";
    EXPECT_EQ(outcome(5), Outcome(false));
    EXPECT_EQ(outcome(6), Outcome(ErrorKind::ValueError));
}

TEST_P(ReferenceDriver, tells_who_runs) {
    run(R"({"version":1,"workers":[{"id":0,"calls":[{"id":1,"object":1,"op":"name"},
        {"id":2,"object":1,"op":"set_name","args":["Uno"]},{"id":3,"object":1,"op":"daemon"},
        {"id":4,"object":1,"op":"start"},{"id":5,"object":1,"op":"join"},
        {"id":6,"op":"get_backend"},{"id":7,"op":"enumerate"},{"id":8,"op":"active_children"},
        {"id":9,"op":"active_count"},{"id":10,"object":0,"op":"join"}]},
        {"id":1,"name":"One","daemon":true,"calls":[{"id":20,"op":"current_worker"},
            {"id":21,"op":"get_ident"},{"id":22,"object":1,"op":"daemon"}]}]})");
    EXPECT_EQ(outcome(1), Outcome("One"));
    EXPECT_EQ(outcome(3), Outcome(true));
    EXPECT_EQ(outcome(6), Outcome(backend_of(GetParam())));
    EXPECT_EQ(outcome(7).value().as_list().size(), 1U);
    EXPECT_EQ(outcome(8), Outcome(List{}));
    EXPECT_EQ(outcome(9), Outcome(1));
    EXPECT_EQ(outcome(10), Outcome(ErrorKind::RuntimeError));
    EXPECT_EQ(outcome(20), Outcome(List{"Uno", true, outcome(21).value()}));
    EXPECT_EQ(outcome(22), Outcome(true));
}

TEST_P(ReferenceDriver, lets_workers_start_workers) {
    run(R"({"version":1,"aligned":true,"objects":[{"id":10,"type":"SimpleQueue"}],
        "workers":[{"id":0,"calls":[{"id":1,"object":1,"op":"start"},{"id":2,"object":10,"op":"get"},
            {"id":3,"object":1,"op":"start"}]},
        {"id":1,"calls":[{"id":4,"object":2,"op":"start"}]},
        {"id":2,"parent":1,"calls":[{"id":5,"object":10,"op":"put","args":["x"]}]}]})");
    EXPECT_EQ(outcome(2), Outcome("x"));
    EXPECT_EQ(outcome(3), Outcome(ErrorKind::RuntimeError));
    EXPECT_TRUE(driver_.life(2).responded);
}

TEST_P(ReferenceDriver, waits_until_a_worker_sleeps) {
    run(R"({"version":1,"perturbation":100,"objects":[{"id":10,"type":"Event"}],"workers":[
        {"id":0,"calls":[{"id":1,"object":1,"op":"start"},{"id":2,"object":1,"op":"await_blocked"},
            {"id":3,"object":10,"op":"set"},{"id":4,"object":1,"op":"join"}]},
        {"id":1,"calls":[{"id":5,"object":10,"op":"wait"}]}]})");
    EXPECT_LT(driver_.entry(5).invoked, *driver_.entry(2).responded);
    EXPECT_GT(driver_.entry(5).responded, driver_.entry(2).responded);
}

TEST_P(ReferenceDriver, knows_hundreds_of_runs_apart) {
    for (int i = 0; i < 200; ++i) {
        run(R"({"version":1,"aligned":true,"objects":[{"id":10,"type":"Lock"},
            {"id":11,"type":"Cell"}],"workers":[{"id":0,"calls":[{"id":1,"object":1,"op":"start"},
            {"id":2,"object":2,"op":"start"}]},
            {"id":1,"calls":[{"id":3,"object":10,"op":"acquire"},{"id":4,"object":11,"op":"add"},
                {"id":5,"object":10,"op":"release"}]},
            {"id":2,"calls":[{"id":6,"object":10,"op":"acquire"},{"id":7,"object":11,"op":"add"},
                {"id":8,"object":10,"op":"release"}]}]})");
        const std::set<std::int64_t> sums{outcome(4).value().as_int(), outcome(7).value().as_int()};
        EXPECT_EQ(sums, (std::set<std::int64_t>{1, 2}));
    }
}

TEST_P(ReferenceDriver, lets_errors_leave_targets) {
    run(R"({"version":1,"workers":[{"id":0,"calls":[{"id":1,"object":1,"op":"start"},
        {"id":2,"object":1,"op":"join"},{"id":3,"object":1,"op":"is_alive"}]},
        {"id":1,"calls":[{"id":4,"op":"raise","args":["ValueError","as it goes"]}]}]})");
    EXPECT_EQ(outcome(2), Outcome());
    EXPECT_EQ(outcome(3), Outcome(false));
    EXPECT_EQ(outcome(4), Outcome());
    EXPECT_TRUE(driver_.life(1).responded);
}

TEST_P(ReferenceDriver, drops_handles) {
    for (const char* const type : {"Lock", "RLock", "Semaphore", "Condition"}) {
        run(R"({"version":1,"objects":[{"id":10,"type":")" + std::string(type) + R"("}],"workers":[
            {"id":0,"calls":[{"id":1,"object":1,"op":"start"},{"id":2,"object":10,"op":"drop"},
                {"id":3,"object":1,"op":"join"}]},
            {"id":1,"calls":[{"id":4,"object":10,"op":"acquire"},
                {"id":5,"object":10,"op":"release"}]}]})");
        EXPECT_EQ(outcome(2), Outcome());
        EXPECT_EQ(outcome(4), Outcome(true));
        EXPECT_EQ(outcome(5), Outcome());
    }
}

TEST_P(ReferenceDriver, ends_as_a_program) {
    for (const bool fails : {false, true}) {
        DriverClient driver(REFERENCE_DRIVER, environment_of(GetParam()));
        driver.greet(backend_of(GetParam()));
        const std::string end = fails ? "raise" : "return";
        EXPECT_EQ(driver.run(R"({"version":1,"ends":")" + end + R"(",
            "objects":[{"id":10,"type":"Event"},{"id":11,"type":"Event"}],
            "workers":[{"id":0,"calls":[{"id":1,"object":1,"op":"start"},
                {"id":2,"object":2,"op":"start"},{"id":3,"object":10,"op":"set"}]},
            {"id":1,"calls":[{"id":4,"object":10,"op":"wait"},{"id":5,"object":3,"op":"start"}]},
            {"id":2,"daemon":true,"calls":[{"id":6,"object":11,"op":"wait"}]},
            {"id":3,"parent":1,"calls":[{"id":7,"object":11,"op":"wait","timeout":100000000}]}]})"),
                  "");
        EXPECT_EQ(driver.finish(), fails ? 1 : 0);
        EXPECT_TRUE(driver.life(0).responded);
        EXPECT_TRUE(driver.life(1).responded);
        EXPECT_TRUE(driver.life(3).responded);
        EXPECT_EQ(driver.entry(7).outcome, Outcome(false));
        EXPECT_FALSE(driver.entry(6).responded);
    }
}

TEST_P(ReferenceDriver, ends_with_its_runner) {
    run(R"({"version":1,"workers":[{"id":0,"calls":[{"id":1,"object":1,"op":"start"}]},{"id":1}]})");
    EXPECT_EQ(driver_.finish(), 0);
}

class WorkerProcesses : public ReferenceDriver {};
INSTANTIATE_TEST_SUITE_P(Backends, WorkerProcesses, testing::Values(multiprocessing), name_of_way);

TEST_P(WorkerProcesses, can_be_killed) {
    run(R"({"version":1,"objects":[{"id":10,"type":"Lock"},{"id":11,"type":"Event"}],"workers":[
        {"id":0,"calls":[{"id":1,"object":1,"op":"start"},{"id":2,"object":1,"op":"await_blocked"},
            {"id":3,"object":1,"op":"kill"},{"id":4,"object":1,"op":"join"},
            {"id":5,"object":10,"op":"acquire","args":[false]},{"id":6,"object":1,"op":"kill"},
            {"id":7,"object":1,"op":"is_alive"}]},
        {"id":1,"calls":[{"id":20,"object":10,"op":"acquire"},{"id":21,"object":11,"op":"wait"},
            {"id":22,"object":11,"op":"set"}]}]})");
    EXPECT_EQ(outcome(3), Outcome());
    EXPECT_EQ(outcome(5), Outcome(false));
    EXPECT_EQ(outcome(6), Outcome());
    EXPECT_EQ(outcome(7), Outcome(false));
    EXPECT_FALSE(driver_.entry(20).killed);
    EXPECT_TRUE(driver_.entry(21).killed);
    EXPECT_TRUE(driver_.life(1).killed);
}

TEST_P(WorkerProcesses, can_be_killed_and_nobody_joins) {
    run(R"({"version":1,"objects":[{"id":11,"type":"Event"}],"workers":[
        {"id":0,"calls":[{"id":1,"object":1,"op":"start"},{"id":3,"object":1,"op":"kill"}]},
        {"id":1,"calls":[{"id":21,"object":11,"op":"wait"}]}]})");
    EXPECT_TRUE(driver_.life(1).killed);
}

TEST_P(WorkerProcesses, can_be_stopped_and_go_on) {
    run(R"({"version":1,"objects":[{"id":10,"type":"Event"},{"id":11,"type":"Event"}],"workers":[
        {"id":0,"calls":[{"id":1,"object":1,"op":"start"},{"id":2,"object":1,"op":"await_blocked"},
            {"id":3,"object":1,"op":"stop"},{"id":4,"object":10,"op":"set"},
            {"id":5,"object":11,"op":"wait","timeout":20000000},
            {"id":6,"object":1,"op":"resume"},{"id":7,"object":11,"op":"wait"},
            {"id":8,"object":1,"op":"join"}]},
        {"id":1,"calls":[{"id":20,"object":10,"op":"wait"},{"id":21,"object":11,"op":"set"}]}]})");
    EXPECT_EQ(outcome(5), Outcome(false));
    EXPECT_EQ(outcome(7), Outcome(true));
    EXPECT_GT(driver_.entry(20).responded, driver_.entry(6).invoked);
}

}  // namespace
}  // namespace conformance
