// Pools and executors through the reference implementation's driver.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>

#include "conformance/kit/tests/driver_client.hpp"
#include "ways_to_run.hpp"

namespace conformance {
namespace {

class Pools : public testing::TestWithParam<std::string_view> {
  protected:
    Pools() : driver_(REFERENCE_DRIVER, environment_of(GetParam())) {
        driver_.greet(backend_of(GetParam()));
    }
    /// A scenario with one pool and the results of calls, and calls of the main worker.
    void run(const std::string& pool, const std::string& results, const std::string& calls) {
        const std::string answer =
            driver_.run(R"({"version":1,"objects":[{"id":9,"type":"Cell"},)" + pool + results +
                        R"(],"workers":[{"id":0,"calls":[)" + calls + "]}]}");
        EXPECT_EQ(answer, "{\"done\":" + std::to_string(driver_.number()) + "}");
    }
    [[nodiscard]] Outcome outcome(Id call) const {
        const Entry entry = driver_.entry(call);
        EXPECT_TRUE(entry.responded) << "call " << call;
        return entry.outcome;
    }
    DriverClient driver_;
};

INSTANTIATE_TEST_SUITE_P(Backends, Pools, ways_to_run, name_of_way);

constexpr auto pool = R"({"id":10,"type":"WorkerPool","args":[2]})";
constexpr auto executor = R"({"id":10,"type":"WorkerPoolExecutor","args":[2]})";

TEST_P(Pools, apply_functions) {
    run(pool, "",
        R"({"id":1,"object":10,"op":"apply","args":["square",[7]]},
           {"id":2,"object":10,"op":"apply","args":["add",[2,3]]},
           {"id":3,"object":10,"op":"apply","args":["concat",["a","b","c"]]},
           {"id":4,"object":10,"op":"apply","args":["nothing"]},
           {"id":5,"object":10,"op":"apply","args":["fail",["Full"]]},
           {"id":6,"object":10,"op":"apply","args":["fail",["Other"]]},
           {"id":7,"object":10,"op":"apply","args":["square",["x"]]},
           {"id":8,"object":10,"op":"apply","args":["echo",[[1,{"int":"9007199254740993"}]]]})");
    EXPECT_EQ(outcome(1), Outcome(49));
    EXPECT_EQ(outcome(2), Outcome(5));
    EXPECT_EQ(outcome(3), Outcome("abc"));
    EXPECT_EQ(outcome(4), Outcome());
    EXPECT_EQ(outcome(5), Outcome(ErrorKind::Full));
    EXPECT_EQ(outcome(6), Outcome(ErrorKind::Other));
    EXPECT_EQ(outcome(7), Outcome(ErrorKind::TypeError));
    EXPECT_EQ(outcome(8), Outcome(List{1, std::int64_t{9007199254740993}}));
}

TEST_P(Pools, map_functions) {
    run(pool, R"(,{"id":11,"type":"AsyncResult"},{"id":12,"type":"AsyncResult"},
                 {"id":13,"type":"ImapIterator"})",
        R"({"id":1,"object":10,"op":"map","args":["square",[1,2,3]]},
           {"id":2,"object":10,"op":"starmap","args":["add",[[1,2],[3,4]],1]},
           {"id":3,"object":10,"op":"map_async","args":["echo",["x"]],"into":11},
           {"id":4,"object":11,"op":"get"},
           {"id":5,"object":10,"op":"apply_async","args":["is_prime",[7]],"into":12},
           {"id":6,"object":12,"op":"get","timeout":60000000000},
           {"id":7,"object":12,"op":"successful"},
           {"id":8,"object":10,"op":"imap","args":["square",[5,6],1],"into":13},
           {"id":20,"object":13,"op":"next"},{"id":21,"object":13,"op":"next"},
           {"id":22,"object":13,"op":"next"},
           {"id":23,"object":10,"op":"map","args":["square",[1],0]},
           {"id":24,"object":10,"op":"close"},{"id":25,"object":10,"op":"join"},
           {"id":26,"object":10,"op":"apply","args":["nothing"]})");
    EXPECT_EQ(outcome(1), Outcome(List{1, 4, 9}));
    EXPECT_EQ(outcome(2), Outcome(List{3, 7}));
    EXPECT_EQ(outcome(3), Outcome());
    EXPECT_EQ(outcome(4), Outcome(List{"x"}));
    EXPECT_EQ(outcome(6), Outcome(true));
    EXPECT_EQ(outcome(7), Outcome(true));
    EXPECT_EQ(outcome(20), Outcome(List{25}));
    EXPECT_EQ(outcome(21), Outcome(List{36}));
    EXPECT_EQ(outcome(22), Outcome(List{}));
    EXPECT_EQ(outcome(23), Outcome(ErrorKind::ValueError));
    EXPECT_EQ(outcome(26), Outcome(ErrorKind::ValueError));
}

TEST_P(Pools, initialize_their_workers) {
    run(R"({"id":10,"type":"WorkerPool","args":[1,"set_mark",[5]]})", "",
        R"({"id":1,"object":10,"op":"apply","args":["get_mark"]})");
    EXPECT_EQ(outcome(1), Outcome(5));
    run(pool, "", R"({"id":1,"object":10,"op":"apply","args":["get_mark"]})");
    EXPECT_EQ(outcome(1), Outcome());
}

TEST_P(Pools, are_made_by_calls_too) {
    run(R"({"id":10,"type":"WorkerPool","args":[0]},{"id":11,"type":"WorkerPoolExecutor"})", "",
        R"({"id":1,"object":10,"op":"create"},{"id":2,"object":11,"op":"create"},
           {"id":3,"object":11,"op":"shutdown"},{"id":4,"object":10,"op":"close"})");
    EXPECT_EQ(outcome(1), Outcome(ErrorKind::ValueError));
    EXPECT_EQ(outcome(3), Outcome());
    EXPECT_THROW(static_cast<void>(driver_.entry(4)), std::runtime_error) << "there is no object";
}

TEST_P(Pools, of_executors_give_futures) {
    run(executor, R"(,{"id":11,"type":"Future"},{"id":12,"type":"Future"},
                     {"id":13,"type":"ExecutorMap"})",
        R"({"id":1,"object":10,"op":"submit","args":["multiply",[6,7]],"into":11},
           {"id":2,"object":11,"op":"result"},{"id":3,"object":11,"op":"exception"},
           {"id":4,"object":11,"op":"done"},
           {"id":5,"object":11,"op":"add_done_callback","args":[["add",9]]},
           {"id":6,"object":9,"op":"read"},
           {"id":7,"object":10,"op":"submit","args":["fail",["ValueError"]],"into":12},
           {"id":8,"object":12,"op":"exception"},
           {"id":20,"object":10,"op":"map","args":["add",[[1,2,3],[10,20]]],"into":13},
           {"id":21,"object":13,"op":"next"},{"id":22,"object":13,"op":"next"},
           {"id":23,"object":13,"op":"next"},
           {"id":24,"object":10,"op":"submit","args":["start_worker",[]],"into":12},
           {"id":25,"object":10,"op":"submit","args":["name"],"into":12},
           {"id":26,"object":12,"op":"result"},
           {"id":27,"object":10,"op":"shutdown","args":[true,false]})");
    EXPECT_EQ(outcome(2), Outcome(42));
    EXPECT_EQ(outcome(3), Outcome());
    EXPECT_EQ(outcome(4), Outcome(true));
    EXPECT_EQ(outcome(6), Outcome(1));
    EXPECT_EQ(outcome(8), Outcome("ValueError"));
    EXPECT_EQ(outcome(21), Outcome(List{11}));
    EXPECT_EQ(outcome(22), Outcome(List{22}));
    EXPECT_EQ(outcome(23), Outcome(List{}));
    EXPECT_FALSE(outcome(26).value().as_string().empty());
}

TEST_P(Pools, call_back_before_their_results_are_ready) {
    run(pool, R"(,{"id":11,"type":"AsyncResult"},{"id":12,"type":"AsyncResult"},
                 {"id":13,"type":"AsyncResult"})",
        R"({"id":1,"object":10,"op":"apply_async","args":["square",[7],["expect",9,49],["add",9]],
            "into":11},
           {"id":2,"object":11,"op":"get"},{"id":3,"object":9,"op":"read"},
           {"id":4,"object":10,"op":"map_async",
            "args":["square",[1,2],null,["expect",9,[1,4]],null],"into":12},
           {"id":5,"object":12,"op":"get"},{"id":6,"object":9,"op":"read"},
           {"id":7,"object":10,"op":"starmap_async",
            "args":["fail",[["Full"]],1,["add",9],["expect",9,"Full"]],"into":13},
           {"id":8,"object":13,"op":"get"},{"id":20,"object":9,"op":"read"},
           {"id":21,"object":10,"op":"apply_async","args":["square",[7],["expect",9,48]],
            "into":11},
           {"id":22,"object":11,"op":"get"},{"id":23,"object":9,"op":"read"})");
    EXPECT_EQ(outcome(2), Outcome(49));
    EXPECT_EQ(outcome(3), Outcome(1));
    EXPECT_EQ(outcome(6), Outcome(2));
    EXPECT_EQ(outcome(8), Outcome(ErrorKind::Full));
    EXPECT_EQ(outcome(20), Outcome(3));
    EXPECT_EQ(outcome(23), Outcome(1003)) << "another value than the expected one";
}

TEST_P(Pools, let_callbacks_raise_and_submit) {
    run(pool, R"(,{"id":8,"type":"Event"},{"id":11,"type":"AsyncResult"},
                 {"id":12,"type":"AsyncResult"})",
        R"({"id":1,"object":10,"op":"apply_async","args":["square",[7],["raise",9]],"into":11},
           {"id":2,"object":11,"op":"get"},{"id":3,"object":9,"op":"read"},
           {"id":4,"object":10,"op":"apply_async","args":["square",[7],["raise_foreign",9]],
            "into":11},
           {"id":5,"object":11,"op":"get"},{"id":6,"object":9,"op":"read"},
           {"id":7,"object":10,"op":"apply_async","args":["square",[7],["home",9]],"into":11},
           {"id":8,"object":11,"op":"get"},{"id":20,"object":9,"op":"read"},
           {"id":21,"object":10,"op":"apply_async","args":["square",[7],["set",8]],"into":11},
           {"id":22,"object":8,"op":"wait"},
           {"id":23,"object":10,"op":"apply_async","args":["square",[7],["submit",9]],"into":12},
           {"id":24,"object":12,"op":"get"},{"id":25,"object":10,"op":"close"},
           {"id":26,"object":10,"op":"join"},{"id":27,"object":9,"op":"read"})");
    EXPECT_EQ(outcome(3), Outcome(1));
    EXPECT_EQ(outcome(6), Outcome(2));
    EXPECT_EQ(outcome(20), Outcome(3));
    EXPECT_EQ(outcome(22), Outcome(true));
    EXPECT_EQ(outcome(27), Outcome(4));
}

// A Cell for each kind of callback: one that is added when the future is done already runs in the caller, while
// the others may still run elsewhere.
TEST_P(Pools, of_executors_call_back_when_futures_are_done) {
    run(executor, R"(,{"id":8,"type":"Event"},{"id":11,"type":"Future"},{"id":12,"type":"Future"},
           {"id":13,"type":"Cell"},{"id":14,"type":"Cell"},{"id":15,"type":"Cell"})",
        R"({"id":1,"object":10,"op":"submit","args":["square",[7]],"into":11},
           {"id":2,"object":11,"op":"add_done_callback","args":[["expect",9,49]]},
           {"id":3,"object":11,"op":"add_done_callback","args":[["raise",13]]},
           {"id":4,"object":11,"op":"add_done_callback","args":[["home",14]]},
           {"id":5,"object":11,"op":"add_done_callback","args":[["submit",15]]},
           {"id":6,"object":11,"op":"add_done_callback","args":[["set",8]]},
           {"id":7,"object":8,"op":"wait"},
           {"id":20,"object":10,"op":"submit","args":["fail",["Empty"]],"into":12},
           {"id":21,"object":12,"op":"exception"},
           {"id":22,"object":10,"op":"shutdown"},
           {"id":23,"object":12,"op":"add_done_callback","args":[["expect",9,"Empty"]]},
           {"id":24,"object":12,"op":"add_done_callback","args":[["submit",15]]},
           {"id":25,"object":9,"op":"read"},{"id":26,"object":13,"op":"read"},
           {"id":27,"object":14,"op":"read"},{"id":28,"object":15,"op":"read"})");
    EXPECT_EQ(outcome(21), Outcome("Empty"));
    EXPECT_EQ(outcome(25), Outcome(2));
    EXPECT_EQ(outcome(26), Outcome(1));
    EXPECT_EQ(outcome(27), Outcome(1));
    // One of the submissions comes after the shutdown. So may the other: the callback that lets the main
    // worker go on may have overtaken it.
    EXPECT_THAT(outcome(28), testing::AnyOf(Outcome(1001), Outcome(2000)));
}

TEST_P(Pools, end_with_their_guarded_blocks) {
    run(pool, R"(,{"id":11,"type":"AsyncResult"})",
        R"({"id":1,"object":10,"op":"apply_async","args":["square",[7]],"into":11},
           {"id":2,"object":11,"op":"get"},
           {"id":3,"object":10,"op":"with","args":["raise"]},{"id":4,"object":11,"op":"get"})");
    EXPECT_EQ(outcome(3), Outcome(ErrorKind::Other));
    EXPECT_EQ(outcome(4), Outcome(49));
    run(executor, R"(,{"id":11,"type":"Future"})",
        R"({"id":1,"object":10,"op":"submit","args":["sleep",[1000000]],"into":11},
           {"id":2,"object":10,"op":"with"},{"id":3,"object":11,"op":"done"})");
    EXPECT_EQ(outcome(2), Outcome(true));
    EXPECT_EQ(outcome(3), Outcome(true));
    EXPECT_EQ(driver_.run(R"({"version":1,"objects":[{"id":10,"type":"WorkerPool"}],"workers":
        [{"id":0,"calls":[{"id":1,"object":10,"op":"with"},{"id":2,"object":10,"op":"join"}]}]})"),
              R"({"unsupported":3,"what":"calls after the end of the block: WorkerPool.with"})");
}

TEST_P(Pools, are_terminated_while_their_worker_waits) {
    run(pool, R"(,{"id":11,"type":"AsyncResult"})",
        R"({"id":1,"object":10,"op":"apply_async","args":["sleep",[100000000]],"into":11},
           {"id":2,"object":10,"op":"terminate_later"},
           {"id":3,"object":11,"op":"get"},
           {"id":4,"object":10,"op":"join"},
           {"id":5,"object":10,"op":"apply","args":["square",[7]]})");
    EXPECT_EQ(outcome(2), Outcome());
    EXPECT_TRUE(outcome(3) == Outcome(ErrorKind::BrokenWorkerPool) || outcome(3) == Outcome());
    run(pool, "", R"({"id":1,"object":10,"op":"terminate_later"})");
}

TEST_P(Pools, read_inputs_that_raise) {
    for (const std::string form : {"imap", "imap_unordered"}) {
        run(pool, R"(,{"id":11,"type":"ImapIterator"},{"id":12,"type":"ImapIterator"})",
            R"({"id":1,"object":10,"op":")" + form + R"(","args":["square",[5,6],1,1],"into":11},
               {"id":2,"object":11,"op":"next"},{"id":3,"object":11,"op":"next"},
               {"id":4,"object":11,"op":"next"},
               {"id":5,"object":10,"op":")" +
                form + R"(","args":["square",[],1,0],"into":12},
               {"id":6,"object":12,"op":"next"},{"id":7,"object":12,"op":"next"})");
        EXPECT_EQ(outcome(2), Outcome(List{25}));
        EXPECT_EQ(outcome(3), Outcome(ErrorKind::Other));
        EXPECT_EQ(outcome(4), Outcome(List{}));
        EXPECT_EQ(outcome(5), Outcome());
        EXPECT_EQ(outcome(6), Outcome(ErrorKind::Other));
        EXPECT_EQ(outcome(7), Outcome(List{}));
    }
}

TEST_P(Pools, lose_workers_that_die_later) {
    if (GetParam() != multiprocessing) {
        EXPECT_EQ(driver_.run(R"({"version":1,"objects":[{"id":10,"type":"WorkerPool"}],"workers":
            [{"id":0,"calls":[{"id":1,"object":10,"op":"apply","args":["die_after",[1]]}]}]})"),
                  R"({"unsupported":1,"what":"kill"})");
        return;
    }
    const Outcome broken = ErrorKind::BrokenWorkerPool;
    Outcome outcome_of_second;
    // On a busy machine the second task may come when the worker is dead already, and another is
    // there.
    for (int i = 0; i < 10 && outcome_of_second != broken; ++i) {
        run(R"({"id":10,"type":"WorkerPool","args":[1]})", "",
            R"({"id":1,"object":10,"op":"apply","args":["die_after",[50000000]]},
               {"id":2,"object":10,"op":"apply","args":["sleep",[300000000]]},
               {"id":3,"object":10,"op":"apply","args":["square",[7]]})");
        EXPECT_EQ(outcome(1), Outcome());
        EXPECT_EQ(outcome(3), Outcome(49));
        outcome_of_second = outcome(2);
    }
    EXPECT_EQ(outcome_of_second, broken);
}

TEST_P(Pools, lose_workers_that_die) {
    if (GetParam() != multiprocessing) {
        EXPECT_EQ(driver_.run(R"({"version":1,"objects":[{"id":10,"type":"WorkerPool"}],"workers":
            [{"id":0,"calls":[{"id":1,"object":10,"op":"apply","args":["die"]}]}]})"),
                  R"({"unsupported":1,"what":"kill"})");
        return;
    }
    run(executor, R"(,{"id":11,"type":"Future"})",
        R"({"id":1,"object":10,"op":"submit","args":["die"],"into":11},
           {"id":2,"object":11,"op":"result"})");
    EXPECT_EQ(outcome(2), Outcome(ErrorKind::BrokenWorkerPool));
}

TEST_P(Pools, that_are_still_open_end_with_the_scenario) {
    for (int i = 0; i < 10; ++i)
        run(pool, R"(,{"id":11,"type":"AsyncResult"})",
            R"({"id":1,"object":10,"op":"apply_async","args":["sleep",[1000000]],"into":11},
               {"id":2,"op":"active_count"})");
    EXPECT_EQ(outcome(2), Outcome(3));
}

}  // namespace
}  // namespace conformance
