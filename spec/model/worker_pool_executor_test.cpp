#include "spec/model/worker_pool_executor.hpp"

#include "spec/model/model_testing.hpp"

namespace conformance::model {
namespace {

constexpr Id executor = 10;
constexpr Id first = 20;
constexpr Id second = 21;

Call submit(List task, Id into = first) {
    return on(executor, Operation::submit, std::move(task), {}, into);
}
Call map(List task, TimeLimit limit = {}) {
    return on(executor, Operation::map, std::move(task), limit, first);
}
Call shutdown(bool wait = true, bool cancel = false) {
    return on(executor, Operation::shutdown, {wait, cancel});
}
Call result(Id future = first, TimeLimit limit = {}) {
    return on(future, Operation::result, {}, limit);
}
Call of(Operation operation, Id future = first) {
    return on(future, operation);
}
const Call next = on(first, Operation::next);
const List square_of_3 = {"square", List{3}};
const List dying = {"die", List{}};

Walk walk_of(List arguments = {}) {
    const auto into = [](Id id) { return on(executor, Operation::submit, {}, {}, id); };
    return Walk({.objects = {{.id = executor,
                              .type = Type::WorkerPoolExecutor,
                              .arguments = std::move(arguments)},
                             {.id = first, .type = Type::Future},
                             {.id = second, .type = Type::Future}},
                 .workers = {{.id = 0, .calls = {into(first), into(second)}}}});
}
/// One list of inputs.
Value inputs(List list) {
    List all;
    all.emplace_back(std::move(list));
    return all;
}

TEST(FutureModel, GivesItsResultAgainAndAgain) {
    Walk walk = walk_of();
    EXPECT_EQ(walk.run(0, submit(square_of_3)), "null");
    EXPECT_THAT(walk.could(0, result(first, at_once)), UnorderedElementsAre("9", "TimeoutError"));
    EXPECT_EQ(walk.run(0, result()), "9");
    EXPECT_EQ(walk.run(0, result(first, at_once)), "9");
    EXPECT_EQ(walk.run(0, of(Operation::exception)), "null");
    EXPECT_EQ(walk.run(0, of(Operation::done)), "true");
    EXPECT_EQ(walk.run(0, of(Operation::running)), "false");
    EXPECT_EQ(walk.run(0, of(Operation::cancel)), "false");
    EXPECT_EQ(walk.run(0, of(Operation::cancelled)), "false");
    EXPECT_EQ(walk.run(0, result(first, nan)), "ValueError");
}

TEST(FutureModel, ExceptionNamesTheError) {
    Walk walk = walk_of();
    walk.run(0, submit({"fail", List{"Full"}}));
    EXPECT_EQ(walk.run(0, of(Operation::exception)), "\"Full\"");
    EXPECT_EQ(walk.run(0, result()), "Full");
    walk.run(0, submit({"ident", List{}}, second));
    EXPECT_EQ(walk.run(0, of(Operation::exception, second)), "null");
    EXPECT_EQ(walk.run(0, result(second), Outcome(7)), "7");
    EXPECT_EQ(walk.run(0, result(second), Outcome(8)), "7");
}

TEST(FutureModel, RunsOnlyBetweenItsBeginningAndItsEnd) {
    Walk walk = walk_of();
    walk.run(0, submit(square_of_3));
    EXPECT_THAT(walk.could(0, of(Operation::running)), UnorderedElementsAre("true", "false"));
    walk.take(0, "true");
    EXPECT_EQ(walk.run(0, of(Operation::cancel)), "false");
    EXPECT_THAT(walk.could(0, of(Operation::running)), UnorderedElementsAre("true", "false"));
    walk.take(0, "false");
    EXPECT_EQ(walk.run(0, of(Operation::done)), "true");
    EXPECT_EQ(walk.run(0, of(Operation::running)), "false");
}

TEST(FutureModel, CancelledForGood) {
    Walk walk = walk_of();
    walk.run(0, submit(square_of_3));
    EXPECT_EQ(walk.run(0, of(Operation::cancelled)), "false");
    EXPECT_THAT(walk.could(0, of(Operation::cancel)), UnorderedElementsAre("true", "false"));
    walk.take(0, "true");
    EXPECT_EQ(walk.run(0, of(Operation::cancel)), "true");
    EXPECT_EQ(walk.run(0, of(Operation::cancelled)), "true");
    EXPECT_EQ(walk.run(0, of(Operation::done)), "true");
    EXPECT_EQ(walk.run(0, of(Operation::running)), "false");
    EXPECT_EQ(walk.run(0, result()), "CancelledError");
    EXPECT_EQ(walk.run(0, of(Operation::exception)), "CancelledError");
}

TEST(FutureModel, RefusedCancelMeansThatItHasBegun) {
    Walk walk = walk_of();
    walk.run(0, submit(square_of_3));
    walk.begin(0, of(Operation::cancel));
    walk.take(0, "false");
    EXPECT_EQ(walk.run(0, of(Operation::cancel)), "false");
    EXPECT_EQ(walk.run(0, of(Operation::cancelled)), "false");
    EXPECT_EQ(walk.run(0, result()), "9");
}

TEST(FutureModel, CallbacksLeaveTheirCellOpen) {
    const List adding{Value(List{"add", 11})};
    Walk walk({.objects = {{.id = executor, .type = Type::WorkerPoolExecutor},
                           {.id = first, .type = Type::Future},
                           {.id = 11, .type = Type::Cell}},
               .workers = {{.id = 0,
                            .calls = {submit(square_of_3),
                                      on(first, Operation::add_done_callback, adding)}}}});
    walk.run(0, submit(square_of_3));
    EXPECT_EQ(walk.run(0, on(first, Operation::add_done_callback, adding)), "null");
    EXPECT_EQ(walk.run(0, on(11, Operation::read), Outcome(1)), "1");
}

TEST(WorkerPoolExecutorModel, WorkerThatDiesLaterMayBreakIt) {
    Walk walk = walk_of();
    EXPECT_EQ(walk.run(0, submit({"die_after", List{5}})), "null");
    EXPECT_THAT(walk.could(0, result()), UnorderedElementsAre("null", "BrokenWorkerPool"));
    EXPECT_THAT(walk.could(0, submit(square_of_3, second)),
                UnorderedElementsAre("null", "BrokenWorkerPool"));
    walk.take(0, "BrokenWorkerPool");
    EXPECT_EQ(walk.run(0, submit(square_of_3, second)), "BrokenWorkerPool");
}

TEST(WorkerPoolExecutorModel, ShutdownWaitsForEverything) {
    Walk walk = walk_of();
    walk.run(0, submit(square_of_3));
    EXPECT_EQ(walk.run(0, shutdown()), "null");
    EXPECT_EQ(walk.run(0, of(Operation::done)), "true");
    EXPECT_EQ(walk.run(0, of(Operation::cancelled)), "false");
    EXPECT_EQ(walk.run(0, result(first, at_once)), "9");
    EXPECT_EQ(walk.run(0, submit(square_of_3, second)), "RuntimeError");
    EXPECT_EQ(walk.run(0, map({"square", inputs({1})})), "RuntimeError");
    EXPECT_EQ(walk.run(0, shutdown(false)), "null");
}

TEST(WorkerPoolExecutorModel, ShutdownClosesBeforeItWaits) {
    Walk walk = walk_of();
    walk.run(0, submit(square_of_3));
    walk.begin(1, shutdown());
    walk.take(1, "...");
    EXPECT_EQ(walk.run(0, submit(square_of_3, second)), "RuntimeError");
    EXPECT_THAT(walk.could(0, of(Operation::done)), UnorderedElementsAre("true", "false"));
}

TEST(WorkerPoolExecutorModel, ShutdownMayCancelWhatHasNotBegun) {
    Walk walk = walk_of();
    walk.run(0, submit(square_of_3));
    walk.run(0, submit(square_of_3, second));
    walk.begin(0, of(Operation::running, second));
    walk.take(0, "true");
    EXPECT_EQ(walk.run(0, shutdown(true, true)), "null");
    EXPECT_EQ(walk.run(0, result(second)), "9");
    EXPECT_EQ(walk.run(0, of(Operation::done)), "true");
    EXPECT_EQ(walk.run(0, of(Operation::running)), "false");
    EXPECT_THAT(walk.could(0, result(first, at_once)), UnorderedElementsAre("9", "CancelledError"));
    EXPECT_THAT(walk.could(0, of(Operation::cancelled)), UnorderedElementsAre("true", "false"));
    walk.take(0, "false");
    EXPECT_EQ(walk.run(0, of(Operation::cancelled)), "false");
    EXPECT_EQ(walk.run(0, result()), "9");
}

TEST(WorkerPoolExecutorModel, GuardedBlockWaits) {
    Walk walk = walk_of();
    walk.run(0, submit(square_of_3));
    EXPECT_EQ(walk.run(0, on(executor, Operation::with, {"raise"})), "Other");
    EXPECT_EQ(walk.run(0, of(Operation::done)), "true");
    EXPECT_EQ(walk.run(0, on(executor, Operation::with, {"nothing"})), "true");
}

TEST(WorkerPoolExecutorModel, BreaksForGoodWhenAWorkerDies) {
    Walk walk = walk_of();
    walk.run(0, submit(square_of_3));
    EXPECT_EQ(walk.run(0, submit(dying, second)), "null");
    EXPECT_THAT(walk.could(0, submit(square_of_3, no_object)),
                UnorderedElementsAre("null", "BrokenWorkerPool"));
    EXPECT_EQ(walk.run(0, result(second)), "BrokenWorkerPool");
    EXPECT_EQ(walk.run(0, submit(square_of_3, no_object)), "BrokenWorkerPool");
    EXPECT_EQ(walk.run(0, shutdown()), "null");
    EXPECT_EQ(walk.run(0, submit(square_of_3, no_object)), "BrokenWorkerPool");
    EXPECT_THAT(walk.could(0, result()), UnorderedElementsAre("9", "BrokenWorkerPool"));
}

TEST(WorkerPoolExecutorModel, WhatWasDoneBeforeADeathStays) {
    Walk walk = walk_of();
    walk.run(0, submit(square_of_3));
    walk.begin(0, of(Operation::done));
    walk.take(0, "true");
    walk.run(0, submit(dying, second));
    EXPECT_EQ(walk.run(0, result()), "9");
}

TEST(WorkerPoolExecutorModel, TaskThatRaisesBrokenWorkerPoolBreaksNothing) {
    Walk walk = walk_of();
    walk.run(0, submit({"fail", List{"BrokenWorkerPool"}}));
    EXPECT_EQ(walk.run(0, result()), "BrokenWorkerPool");
    EXPECT_EQ(walk.run(0, submit(square_of_3, second)), "null");
}

TEST(WorkerPoolExecutorModel, FailingInitializerBreaksIt) {
    Walk walk = walk_of({1, "fail", List{"Other"}});
    EXPECT_EQ(walk.run(0, submit(square_of_3)), "null");
    EXPECT_EQ(walk.run(0, of(Operation::exception)), "\"BrokenWorkerPool\"");
    EXPECT_EQ(walk.run(0, submit(square_of_3, second)), "BrokenWorkerPool");
}

TEST(WorkerPoolExecutorModel, RefusesBadArguments) {
    Walk walk = walk_of();
    EXPECT_EQ(walk.run(0, submit({"unheard_of", List{}})), "ValueError");
    EXPECT_EQ(walk.run(0, on(executor, Operation::map, {"square", inputs({1}), 0})), "ValueError");
    EXPECT_EQ(walk.run(0, on(executor, Operation::map, {"square", inputs({1})}, nan)),
              "ValueError");
    Walk unmade = walk_before(Type::WorkerPoolExecutor, {-1});
    EXPECT_EQ(unmade.run(0, on(executor, Operation::create)), "ValueError");
}

TEST(ExecutorMapModel, StopsAtTheShortestInput) {
    Walk walk = walk_of();
    EXPECT_EQ(walk.run(0, map({"multiply", List{List{1, 2, 3}, List{4, 5}}})), "null");
    EXPECT_EQ(walk.run(0, next), "[4]");
    EXPECT_EQ(walk.run(0, next), "[10]");
    EXPECT_EQ(walk.run(0, next), "[]");
    EXPECT_EQ(walk.run(0, next), "[]");
}

TEST(ExecutorMapModel, EndsAfterAnError) {
    Walk walk = walk_of();
    walk.run(0, map({"square", inputs({1, "x", 3})}));
    EXPECT_EQ(walk.run(0, next), "[1]");
    EXPECT_EQ(walk.run(0, next), "TypeError");
    EXPECT_EQ(walk.run(0, next), "[]");
}

TEST(ExecutorMapModel, ChunkOfAFailureIsOpen) {
    Walk walk = walk_of();
    walk.run(0, map({"square", inputs({1, 2, 3, "x", 5, 6}), 2}));
    EXPECT_EQ(walk.run(0, next), "[1]");
    EXPECT_EQ(walk.run(0, next), "[4]");
    EXPECT_THAT(walk.could(0, next), UnorderedElementsAre("[9]", "TypeError"));
    walk.take(0, "[9]");
    EXPECT_EQ(walk.run(0, next), "TypeError");
    EXPECT_EQ(walk.run(0, next), "[]");
}

TEST(ExecutorMapModel, TimeLimitMayEndIt) {
    Walk walk = walk_of();
    walk.run(0, map({"square", inputs({1, 2})}, later));
    EXPECT_THAT(walk.could(0, next), UnorderedElementsAre("[1]", "TimeoutError"));
    walk.take(0, "TimeoutError");
    EXPECT_EQ(walk.run(0, next), "[]");
}

TEST(ExecutorMapModel, ShutdownThatCancelsMayEndIt) {
    Walk walk = walk_of();
    walk.run(0, map({"square", inputs({1, 2})}));
    walk.run(0, shutdown(false, true));
    EXPECT_THAT(walk.could(0, next), UnorderedElementsAre("[1]", "CancelledError"));
}

TEST(WorkerPoolExecutorModel, GEN_13_task_that_gets_a_queue_may_be_refused) {
    Walk walk = walk_of();
    EXPECT_THAT(walk.could(0, submit({"put_to", List{12, 7}})),
                UnorderedElementsAre("null", "RuntimeError"));
    walk.take(0, "null");
    EXPECT_THAT(walk.could(0, result()), UnorderedElementsAre("null", "RuntimeError"));
}

TEST(WorkerPoolExecutorModel, GEN_11_opaque_initializer_fails_every_result) {
    Walk walk = walk_of({1, "opaque_function"});
    EXPECT_EQ(walk.run(0, submit(square_of_3)), "null");
    EXPECT_EQ(walk.run(0, result()), "ValueError");
    EXPECT_EQ(walk.run(0, submit(square_of_3, second)), "null");
    EXPECT_EQ(walk.run(0, result(second)), "ValueError");
}

TEST(WorkerPoolExecutorModel, EXEC_22_result_that_cannot_be_transferred) {
    Walk walk = walk_of();
    EXPECT_EQ(walk.run(0, submit({"opaque", List{}})), "null");
    EXPECT_EQ(walk.run(0, result()), "ValueError");
}

}  // namespace
}  // namespace conformance::model
