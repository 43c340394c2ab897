// The kit with a tiny implementation, seen from the runner's side of the protocol.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "driver_client.hpp"

namespace conformance {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Kit : public testing::Test {
  protected:
    DriverClient driver_{STD_DRIVER};
};

TEST_F(Kit, greets_with_what_the_implementation_has) {
    const std::string greeting = driver_.greet("threading", 3, 16);
    EXPECT_THAT(greeting, StartsWith(R"({"hello":{"protocol":1,"implementation":"std",)"
                                     R"("version":"20","language":"C++","backends":["threading"],)"
                                     R"("capabilities":["Lock","-Lock.locked","-Lock.with",)"));
    EXPECT_THAT(greeting,
                AllOf(HasSubstr(R"("Event","-Event.clear","-Event.is_set")"),
                      HasSubstr(R"("Worker","-Worker.is_alive")"),
                      HasSubstr(R"("await_blocked","repeat","ends","dies","drop","raise")"),
                      HasSubstr("Cell")));
    EXPECT_THAT(greeting, Not(testing::AnyOf(HasSubstr("RLock"), HasSubstr("Queue"),
                                             HasSubstr("kill"), HasSubstr("get_ident"))));
    EXPECT_EQ(std::filesystem::file_size(driver_.logs() / "lane-2"), 16U * 128);
}

TEST_F(Kit, refuses_a_backend_that_it_does_not_have) {
    EXPECT_THAT(driver_.greet("multiprocessing"), StartsWith(R"({"error":)"));
    EXPECT_NE(driver_.finish(), 0);
}

TEST_F(Kit, refuses_lanes_that_exist) {
    DriverClient other(STD_DRIVER);
    driver_.greet("threading");
    const auto answer = other.ask(R"({"hello":{"protocol":1,"backend":"threading","logs":")" +
                                  driver_.logs().string() + R"(","lanes":1,"slots":1}})");
    EXPECT_THAT(answer.value_or(""), AllOf(StartsWith(R"({"error":)"), HasSubstr("lane-0")));
}

TEST_F(Kit, wants_to_be_greeted_first) {
    EXPECT_THAT(driver_.ask(R"({"run":1,"scenario":{"version":1,"workers":[{"id":0}]}})").value(),
                AllOf(StartsWith(R"({"error":)"), HasSubstr("2.1")));
}

TEST_F(Kit, exits_when_the_runner_is_gone) {
    driver_.greet("threading");
    EXPECT_EQ(driver_.finish(), 0);
}

TEST_F(Kit, records_every_call) {
    driver_.greet("threading");
    EXPECT_EQ(driver_.run(R"({"version":1,
        "objects":[{"id":10,"type":"Lock"},{"id":11,"type":"Cell","args":[40]}],
        "workers":[
          {"id":0,"calls":[
            {"id":1,"object":10,"op":"acquire"},
            {"id":2,"object":10,"op":"acquire","args":[false]},
            {"id":3,"object":1,"op":"start"},
            {"id":4,"object":10,"op":"release"},
            {"id":5,"object":1,"op":"join"},
            {"id":6,"object":10,"op":"release"},
            {"id":7,"object":11,"op":"read"},
            {"id":8,"op":"get_backend"}]},
          {"id":1,"calls":[
            {"id":20,"object":10,"op":"acquire","timeout":60000000000},
            {"id":21,"object":11,"op":"add","args":[2]},
            {"id":22,"object":10,"op":"release"}]}]})"),
              R"({"done":1})");
    EXPECT_EQ(driver_.history().entries.size(), 2 + 8 + 3U);
    EXPECT_EQ(driver_.entry(1).outcome, Outcome(true));
    EXPECT_EQ(driver_.entry(2).outcome, Outcome(false));
    EXPECT_EQ(driver_.entry(4).outcome, Outcome());
    EXPECT_EQ(driver_.entry(6).outcome, Outcome(ErrorKind::RuntimeError));
    EXPECT_EQ(driver_.entry(7).outcome, Outcome(42));
    EXPECT_EQ(driver_.entry(8).outcome, Outcome("threading"));
    EXPECT_EQ(driver_.entry(20).outcome, Outcome(true));
    EXPECT_EQ(driver_.entry(21).outcome, Outcome(42));
    EXPECT_GE(driver_.entry(20).responded, driver_.entry(4).invoked);
    const Entry life = driver_.life(1);
    EXPECT_LE(life.invoked, driver_.entry(20).invoked);
    EXPECT_GE(life.responded, driver_.entry(22).responded);
}

TEST_F(Kit, what_the_traits_say_is_lacking_is_not_run) {
    driver_.greet("threading");
    const auto joined = [](const std::string& limit) {
        return R"({"version":1,"workers":[{"id":0,"calls":[{"id":1,"object":1,"op":"start"},
            {"id":2,"object":1,"op":"join")" +
               limit + R"(}]},{"id":1,"parent":0}]})";
    };
    EXPECT_EQ(driver_.run(joined(R"(,"timeout":1000)")),
              R"({"unsupported":1,"what":"join with a time limit"})");
    EXPECT_EQ(driver_.run(joined("")), R"({"done":2})");
}

TEST_F(Kit, repeats_the_calls_of_a_worker) {
    driver_.greet("threading", 3, 64);
    EXPECT_EQ(driver_.run(R"({"version":1,
        "objects":[{"id":11,"type":"Cell"}],
        "workers":[
          {"id":0,"calls":[{"id":3,"object":1,"op":"start"},{"id":5,"object":1,"op":"join"}]},
          {"id":1,"repeat":5,"calls":[
            {"id":20,"object":11,"op":"add","args":[1]},
            {"id":21,"object":11,"op":"write","args":["$round"]}]}]})"),
              R"({"done":1})");
    std::vector<std::pair<std::int64_t, Outcome>> sums;
    for (const Entry& entry : driver_.history().entries) {
        if (entry.call.id == 20) sums.emplace_back(entry.round, entry.outcome);
    }
    using testing::Pair;
    EXPECT_THAT(sums,
                testing::ElementsAre(Pair(0, Outcome(1)), Pair(1, Outcome(1)), Pair(2, Outcome(2)),
                                     Pair(3, Outcome(3)), Pair(4, Outcome(4))));
}

TEST_F(Kit, says_what_it_cannot_do_and_does_nothing_of_it) {
    driver_.greet("threading");
    EXPECT_EQ(driver_.run(R"({"version":1,"objects":[{"id":10,"type":"Lock"}],"workers":[{"id":0,
        "calls":[{"id":1,"object":10,"op":"acquire"},{"id":2,"object":10,"op":"locked"}]}]})"),
              R"({"unsupported":1,"what":"Lock.locked"})");
    EXPECT_TRUE(driver_.history().entries.empty());
    EXPECT_EQ(driver_.run(R"({"version":1,"objects":[{"id":10,"type":"Queue"}],
        "workers":[{"id":0}]})"),
              R"({"unsupported":2,"what":"Queue"})");
    EXPECT_EQ(driver_.run(R"({"version":1,"workers":[{"id":0,"calls":[
        {"id":1,"object":1,"op":"kill"}]},{"id":1}]})"),
              R"({"unsupported":3,"what":"kill"})");
    EXPECT_EQ(driver_.run(R"({"version":1,"workers":[{"id":0,"calls":[
        {"id":1,"op":"get_ident"}]}]})"),
              R"({"unsupported":4,"what":"get_ident"})");
}

TEST_F(Kit, fails_where_the_scenario_asks_for_the_impossible) {
    driver_.greet("threading", 2);
    EXPECT_THAT(driver_.run(R"({"version":1,"workers":[{"id":0},{"id":1},{"id":2}]})"),
                AllOf(StartsWith(R"({"failed":1,)"), HasSubstr("lanes")));
    EXPECT_THAT(driver_.run(R"({"version":1,"objects":[{"id":5,"type":"Cell"}],"workers":[{"id":0,
        "calls":[{"id":1,"object":5,"op":"write","args":["x"]}]}]})"),
                AllOf(StartsWith(R"({"failed":2,)"), HasSubstr("an integer")));
    EXPECT_FALSE(driver_.entry(1).responded);
}

TEST_F(Kit, takes_for_a_TypeError_what_does_not_compile) {
    EXPECT_THAT(driver_.greet("threading"), AllOf(HasSubstr("misuse"), HasSubstr("offers")));
    EXPECT_EQ(driver_.run(R"({"version":1,"objects":[{"id":10,"type":"Lock"},
        {"id":11,"type":"Lock","args":[7]},{"id":12,"type":"Event"}],"workers":[{"id":0,"calls":[
        {"id":1,"object":10,"op":"acquire","args":[true],"timeout":"text"},
        {"id":2,"object":11,"op":"create"},
        {"id":3,"object":12,"op":"wait","timeout":"text"},
        {"id":4,"object":10,"op":"offers","args":["release"]},
        {"id":5,"object":10,"op":"offers","args":["locked"]},
        {"id":6,"object":10,"op":"acquire","args":[false]}]}]})"),
              R"({"done":1})");
    for (const Id refused : {1, 2, 3})
        EXPECT_EQ(driver_.entry(refused).outcome, Outcome(ErrorKind::TypeError));
    EXPECT_EQ(driver_.entry(4).outcome, Outcome(true));
    EXPECT_EQ(driver_.entry(5).outcome, Outcome(false));
    EXPECT_EQ(driver_.entry(6).outcome, Outcome(true)) << "nothing was acquired before";
}

TEST_F(Kit, says_which_misuse_it_cannot_try) {
    driver_.greet("threading");
    EXPECT_EQ(driver_.run(R"({"version":1,"objects":[{"id":10,"type":"Lock"}],"workers":[{"id":0,
        "calls":[{"id":1,"object":10,"op":"release","args":[7]}]}]})"),
              R"({"unsupported":1,"what":"misuse of Lock.release"})");
    EXPECT_EQ(driver_.run(R"({"version":1,"workers":[{"id":0},{"id":1,"misuse":"target"}]})"),
              R"({"unsupported":2,"what":"misuse of a Worker: target"})");
    EXPECT_EQ(driver_.run(R"({"version":1,"objects":[{"id":10,"type":"Lock"}],"workers":[{"id":0,
        "calls":[{"id":1,"object":10,"op":"offers","args":["colour"]}]}]})"),
              R"({"unsupported":3,"what":"offers of the member \"colour\""})");
}

TEST_F(Kit, goes_on_after_a_message_that_it_cannot_read) {
    driver_.greet("threading");
    EXPECT_THAT(driver_.ask("{\"run\":1,").value(),
                AllOf(StartsWith(R"({"error":)"), HasSubstr("1.2")));
    EXPECT_THAT(driver_.ask(R"({"run":1,"scenario":{"version":1,"workers":[]}})").value(),
                AllOf(StartsWith(R"({"failed":1,)"), HasSubstr("5.1")));
    EXPECT_EQ(driver_.run(R"({"version":1,"workers":[{"id":0}]})"), R"({"done":1})");
    EXPECT_THAT(driver_.ask(R"({"run":1,"scenario":{"version":1,"workers":[{"id":0}]}})").value(),
                AllOf(StartsWith(R"({"failed":1,)"), HasSubstr("3.1")));
}

TEST_F(Kit, keeps_what_is_printed_out_of_the_conversation) {
    driver_.greet("threading");
    EXPECT_EQ(driver_.run(R"({"version":1,"objects":[{"id":10,"type":"Event"}],"workers":[{"id":0,
        "calls":[{"id":1,"object":10,"op":"set"},{"id":2,"object":10,"op":"wait"}]}]})"),
              R"({"done":1})");
    EXPECT_EQ(driver_.entry(2).outcome, Outcome(true));
}

TEST_F(Kit, says_when_a_lane_was_too_short) {
    driver_.greet("threading", 2, 3);
    EXPECT_EQ(driver_.run(R"({"version":1,"objects":[{"id":10,"type":"Cell"}],"workers":[{"id":0,
        "calls":[{"id":1,"object":1,"op":"start"},{"id":2,"object":1,"op":"join"}]},
        {"id":1,"calls":[{"id":3,"object":10,"op":"read"},{"id":4,"object":10,"op":"read"},
                         {"id":5,"object":10,"op":"read"}]}]})"),
              R"({"overflow":1})");
    EXPECT_EQ(driver_.run(R"({"version":1,"workers":[{"id":0}]})"), R"({"done":2})");
}

TEST_F(Kit, waits_until_a_worker_sleeps) {
    driver_.greet("threading");
    EXPECT_EQ(driver_.run(R"({"version":1,"objects":[{"id":10,"type":"Lock"}],"workers":[
        {"id":0,"calls":[{"id":1,"object":10,"op":"acquire"},{"id":2,"object":1,"op":"start"},
            {"id":3,"object":1,"op":"await_blocked"},{"id":4,"object":10,"op":"release"},
            {"id":5,"object":1,"op":"join"},{"id":6,"object":1,"op":"await_blocked"}]},
        {"id":1,"calls":[{"id":7,"object":10,"op":"acquire"}]}]})"),
              R"({"done":1})");
    EXPECT_LT(driver_.entry(7).invoked, *driver_.entry(3).responded);
    EXPECT_GT(driver_.entry(7).responded, driver_.entry(3).responded);
    EXPECT_TRUE(driver_.entry(6).responded);
}

TEST_F(Kit, aligns_the_workers_that_the_main_one_starts) {
    driver_.greet("threading");
    EXPECT_EQ(driver_.run(R"({"version":1,"aligned":true,"objects":[{"id":10,"type":"Cell"}],
        "workers":[
        {"id":0,"calls":[{"id":1,"object":1,"op":"start"},
            {"id":2,"object":1,"op":"await_blocked"},{"id":3,"object":2,"op":"start"},
            {"id":4,"object":2,"op":"start"},{"id":5,"object":1,"op":"join"}]},
        {"id":1,"calls":[{"id":6,"object":10,"op":"read"}]},
        {"id":2,"calls":[{"id":7,"object":10,"op":"read"}]},
        {"id":3,"calls":[{"id":8,"object":10,"op":"read"}]}]})"),
              R"({"done":1})");
    EXPECT_EQ(driver_.entry(4).outcome, Outcome(ErrorKind::RuntimeError));
    EXPECT_GT(driver_.entry(6).invoked, driver_.life(2).invoked);
    EXPECT_GT(driver_.entry(6).invoked, *driver_.entry(2).responded);
    EXPECT_GT(driver_.entry(7).invoked, driver_.life(1).invoked);
}

TEST_F(Kit, ends_the_program_when_the_main_worker_is_through) {
    driver_.greet("threading");
    EXPECT_EQ(driver_.run(R"({"version":1,"ends":"return","objects":[{"id":10,"type":"Lock"}],
        "workers":[{"id":0,"calls":[{"id":1,"object":10,"op":"acquire"},
            {"id":2,"object":1,"op":"start"},{"id":3,"object":1,"op":"await_blocked"}]},
            {"id":1,"calls":[{"id":4,"object":10,"op":"acquire"}]}]})"),
              "");
    EXPECT_EQ(driver_.finish(), 0);
    EXPECT_TRUE(driver_.life(0).responded);
    EXPECT_FALSE(driver_.entry(4).responded);
}

TEST_F(Kit, dies_as_a_program_that_is_killed) {
    driver_.greet("threading");
    EXPECT_EQ(driver_.run(R"({"version":1,"ends":"die","workers":[{"id":0}]})"), "");
    EXPECT_EQ(driver_.finish(), -1);
    EXPECT_TRUE(driver_.life(0).responded);
}

TEST_F(Kit, fails_as_a_program_that_fails) {
    driver_.greet("threading");
    EXPECT_EQ(driver_.run(R"({"version":1,"ends":"raise","workers":[{"id":0}]})"), "");
    EXPECT_EQ(driver_.finish(), 1);
}

TEST_F(Kit, does_not_end_the_program_where_it_cannot_do_its_part) {
    driver_.greet("threading", 2);
    EXPECT_EQ(driver_.run(R"({"version":1,"ends":"return","objects":[{"id":10,"type":"Queue"}],
        "workers":[{"id":0}]})"),
              R"({"unsupported":1,"what":"Queue"})");
    EXPECT_THAT(driver_.run(R"({"version":1,"ends":"return","objects":[{"id":5,"type":"Cell"}],
        "workers":[{"id":0,"calls":[{"id":1,"object":5,"op":"write","args":["x"]}]}]})"),
                StartsWith(R"({"failed":2,)"));
    EXPECT_EQ(driver_.run(R"({"version":1,"workers":[{"id":0}]})"), R"({"done":3})");
}

TEST_F(Kit, drops_handles) {
    driver_.greet("threading");
    EXPECT_EQ(driver_.run(R"({"version":1,"objects":[{"id":10,"type":"Lock"}],"workers":[
        {"id":0,"calls":[{"id":1,"object":10,"op":"acquire"},{"id":2,"object":1,"op":"start"},
            {"id":3,"object":1,"op":"await_blocked"},{"id":4,"object":10,"op":"release"},
            {"id":5,"object":10,"op":"drop"},{"id":6,"object":1,"op":"join"}]},
        {"id":1,"calls":[{"id":7,"object":10,"op":"acquire"},{"id":8,"object":10,"op":"drop"}]}]})"),
              R"({"done":1})");
    EXPECT_EQ(driver_.entry(5).outcome, Outcome());
    EXPECT_EQ(driver_.entry(7).outcome, Outcome(true));
    EXPECT_EQ(driver_.entry(8).outcome, Outcome());
}

TEST_F(Kit, waits_for_workers_that_nobody_joins) {
    driver_.greet("threading");
    for (int i = 0; i < 20; ++i) {
        EXPECT_THAT(driver_.run(R"({"version":1,"perturbation":90,"seed":3,
            "objects":[{"id":10,"type":"Cell"}],
            "workers":[{"id":0,"calls":[{"id":1,"object":1,"op":"start"}]},
            {"id":1,"calls":[{"id":2,"object":2,"op":"start"},{"id":3,"object":10,"op":"read"}]},
            {"id":2,"parent":1,"calls":[{"id":4,"object":10,"op":"read"},
                                        {"id":5,"object":10,"op":"read"}]}]})"),
                    StartsWith(R"({"done":)"));
        EXPECT_TRUE(driver_.life(1).responded);
        EXPECT_TRUE(driver_.life(2).responded);
        EXPECT_EQ(driver_.entry(5).outcome, Outcome(0));
    }
}

TEST_F(Kit, times_the_call_itself) {
    driver_.greet("threading");
    EXPECT_EQ(driver_.run(R"({"version":1,"objects":[{"id":10,"type":"Lock"}],"workers":[{"id":0,
        "calls":[{"id":1,"object":10,"op":"acquire"},
                 {"id":2,"object":10,"op":"acquire","timeout":1000000}]}]})"),
              R"({"done":1})");
    EXPECT_EQ(driver_.entry(2).outcome, Outcome(false));
    EXPECT_GE(*driver_.entry(2).responded - driver_.entry(2).invoked, 1'000'000);
}

}  // namespace
}  // namespace conformance
