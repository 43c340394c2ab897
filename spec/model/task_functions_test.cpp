#include "spec/model/task_functions.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace conformance::model {
namespace {

TEST(TaskFunctions, PureFunctions) {
    struct Row {
        const char* function;
        List arguments;
        Outcome outcome;
    };
    const std::vector<Row> table = {
        {"square", {-7}, Value(49)},
        {"add", {2, 3}, Value(5)},
        {"multiply", {2, -3}, Value(-6)},
        {"is_prime", {503}, Value(true)},
        {"is_prime", {2}, Value(true)},
        {"is_prime", {1}, Value(false)},
        {"is_prime", {-7}, Value(false)},
        {"is_prime", {49}, Value(false)},
        {"echo", {"a"}, Value("a")},
        {"nothing", {}, Value()},
        {"concat", {}, Value("")},
        {"concat", {"a", "b", "c"}, Value("abc")},
        {"fail", {"Empty"}, ErrorKind::Empty},
        {"fail", {"OfTheUser"}, ErrorKind::Other},
        {"square", {"text"}, ErrorKind::TypeError},
        {"square", {}, ErrorKind::TypeError},
        {"add", {1, 2, 3}, ErrorKind::TypeError},
        {"concat", {"a", 1}, ErrorKind::TypeError},
    };
    for (const Row& row : table) {
        EXPECT_TRUE(TaskFunctions::is_pure(row.function)) << row.function;
        const TaskResult result = TaskFunctions::call(row.function, row.arguments);
        EXPECT_EQ(result.kind, TaskResult::Kind::known) << row.function;
        EXPECT_EQ(to_string(result.outcome), to_string(row.outcome)) << row.function;
    }
    const auto largest = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(TaskFunctions::call("add", {largest, 1}).outcome,
              Outcome(Value(std::numeric_limits<std::int64_t>::min())));
}

TEST(TaskFunctions, OthersDependOnTheirWorker) {
    for (const char* const name :
         {"sleep", "name", "ident", "set_mark", "get_mark", "start_worker", "die", "die_after"}) {
        EXPECT_TRUE(TaskFunctions::has(name)) << name;
        EXPECT_FALSE(TaskFunctions::is_pure(name)) << name;
    }
    EXPECT_FALSE(TaskFunctions::has("unheard_of"));
    EXPECT_FALSE(TaskFunctions::is_pure("unheard_of"));
    EXPECT_EQ(TaskFunctions::call("sleep", {1}).outcome, Outcome());
}

TEST(TaskFunctions, ResultsTakeWhatWasSeenIfItIsOfTheRightKind) {
    const TaskResult name = TaskFunctions::call("name", {});
    EXPECT_EQ(name.outcome_like("Worker-1"), Outcome("Worker-1"));
    EXPECT_NE(name.outcome_like(7), Outcome(7));
    EXPECT_NE(name.outcome_like(""), Outcome(""));
    const TaskResult ident = TaskFunctions::call("ident", {});
    EXPECT_EQ(ident.outcome_like(7), Outcome(7));
    EXPECT_NE(ident.outcome_like(0), Outcome(0));
    EXPECT_NE(ident.outcome_like("seven"), Outcome("seven"));
    EXPECT_EQ(TaskFunctions::call("die", {}).outcome_like(7), Outcome(ErrorKind::BrokenWorkerPool));
    EXPECT_TRUE(TaskFunctions::call("die", {}).is_failure());
    EXPECT_EQ(TaskFunctions::call("die_after", {1}).outcome_like(7), Outcome());
    EXPECT_FALSE(TaskFunctions::call("die_after", {1}).is_failure());
}

TEST(TaskFunctions, MapsCallOncePerItem) {
    const auto squares = tasks_of_map({"square", List{1, "x", 3}}, false);
    ASSERT_TRUE(squares);
    ASSERT_EQ(squares->size(), 3U);
    EXPECT_EQ((*squares)[0].outcome, Outcome(1));
    EXPECT_EQ((*squares)[1].outcome, Outcome(ErrorKind::TypeError));
    const auto sums = tasks_of_map({"add", List{List{1, 2}, 3}}, true);
    ASSERT_TRUE(sums);
    EXPECT_EQ((*sums)[0].outcome, Outcome(3));
    EXPECT_EQ((*sums)[1].outcome, Outcome(ErrorKind::TypeError)) << "it cannot be spread";
    EXPECT_FALSE(tasks_of_map({"unheard_of", List{}}, false));
}

TEST(TaskFunctions, WhatCannotBeTransferredIsAValueError) {
    EXPECT_EQ(to_string(TaskFunctions::call("opaque", {}).outcome), "ValueError");
    EXPECT_EQ(to_string(TaskFunctions::call("echo", {List{Opaque::transfer}}).outcome),
              "ValueError");
    EXPECT_EQ(to_string(TaskFunctions::call("echo", {Opaque::rebuild}).outcome), "Other");
    EXPECT_FALSE(single_task({"echo", List{Opaque::transfer}}));
    EXPECT_EQ(tasks_of_map({"echo", List{1, Opaque::transfer}}, false)->at(1).outcome,
              Outcome(ErrorKind::ValueError));
    EXPECT_FALSE(TaskFunctions::has(opaque_function));
}

}  // namespace
}  // namespace conformance::model
