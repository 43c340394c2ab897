#include "spec/model/worker_pool.hpp"

#include "spec/model/model_testing.hpp"

namespace conformance::model {
namespace {

constexpr Id pool = 10;
constexpr Id result = 20;
constexpr Id other_result = 21;

Call apply(List task, Operation operation = Operation::apply, Id into = no_object) {
    return on(pool, operation, std::move(task), {}, into);
}
Call submit(List task, Operation operation = Operation::apply_async, Id into = result) {
    return apply(std::move(task), operation, into);
}
Call get(Id object = result, TimeLimit limit = {}) {
    return on(object, Operation::get, {}, limit);
}
Call next(TimeLimit limit = {}) {
    return on(result, Operation::next, {}, limit);
}
const Call ready = on(result, Operation::ready);
const Call successful = on(result, Operation::successful);
const Call close = on(pool, Operation::close);
const Call terminate = on(pool, Operation::terminate);
const Call join = on(pool, Operation::join);

Walk walk_of(List arguments = {}) {
    const auto into = [](Id id) { return on(pool, Operation::apply_async, {}, {}, id); };
    return Walk(
        {.objects = {{.id = pool, .type = Type::WorkerPool, .arguments = std::move(arguments)},
                     {.id = result, .type = Type::AsyncResult},
                     {.id = other_result, .type = Type::AsyncResult}},
         .workers = {{.id = 0, .calls = {into(result), into(other_result)}}}});
}
Value numbers(std::int64_t count) {
    List list;
    for (std::int64_t i = 0; i < count; ++i)
        list.emplace_back(i);
    return list;
}

TEST(WorkerPoolModel, ApplyGivesWhatTheTaskComesTo) {
    Walk walk = walk_of();
    EXPECT_EQ(walk.run(0, apply({"add", List{2, 3}})), "5");
    EXPECT_EQ(walk.run(0, apply({"fail", List{"Empty"}})), "Empty");
    EXPECT_EQ(walk.run(0, apply({"add", List{2}})), "TypeError");
    EXPECT_EQ(walk.run(0, apply({"unheard_of", List{}})), "ValueError");
    EXPECT_EQ(walk.run(0, apply({"start_worker", List{}})), "RuntimeError");
    EXPECT_EQ(walk.run(0, apply({"name", List{}}), Outcome("Pool-1")), "\"Pool-1\"");
    EXPECT_EQ(walk.run(0, apply({"die", List{}})), "BrokenWorkerPool");
}

TEST(WorkerPoolModel, MapsKeepTheOrderOfTheInput) {
    Walk walk = walk_of();
    EXPECT_EQ(walk.run(0, apply({"square", numbers(4)}, Operation::map)), "[0, 1, 4, 9]");
    EXPECT_EQ(walk.run(0, apply({"square", numbers(3), 2}, Operation::map)), "[0, 1, 4]");
    EXPECT_EQ(walk.run(0, apply({"square", List{}}, Operation::map)), "[]");
    EXPECT_EQ(walk.run(0, apply({"add", List{List{1, 2}, List{3, 4}}}, Operation::starmap)),
              "[3, 7]");
    EXPECT_EQ(walk.run(0, apply({"square", numbers(3), 0}, Operation::map)), "ValueError");
    walk.begin(0, apply({"square", List{1, "x"}}, Operation::map));
    EXPECT_EQ(walk.finish(0), "TypeError");
}

TEST(WorkerPoolModel, MapRaisesAnyOfItsErrors) {
    Walk walk = walk_of();
    walk.begin(0, apply({"fail", List{"Empty", "Full"}}, Operation::map));
    walk.take(0, "...");
    EXPECT_THAT(walk.offers(0), UnorderedElementsAre("Empty", "Full"));
}

TEST(WorkerPoolModel, IsClosedToNewTasksOnly) {
    Walk walk = walk_of();
    EXPECT_EQ(walk.run(0, submit({"square", List{3}})), "null");
    EXPECT_EQ(walk.run(0, join), "ValueError");
    EXPECT_EQ(walk.run(0, close), "null");
    EXPECT_EQ(walk.run(0, close), "null");
    EXPECT_EQ(walk.run(0, apply({"square", List{3}})), "ValueError");
    EXPECT_EQ(walk.run(0, submit({"square", List{3}}, Operation::imap, other_result)),
              "ValueError");
    EXPECT_EQ(walk.run(0, get(other_result), Outcome(ErrorKind::Other)), "Other")
        << "of an object that was never made nothing is known";
    EXPECT_EQ(walk.run(0, join), "null");
    EXPECT_EQ(walk.run(0, ready), "true") << "after join";
    EXPECT_EQ(walk.run(0, get()), "9");
}

TEST(WorkerPoolModel, TerminateMayBreakWhatIsNotDone) {
    Walk walk = walk_of();
    walk.run(0, submit({"square", List{3}}));
    walk.run(0, submit({"square", List{4}}, Operation::apply_async, other_result));
    EXPECT_EQ(walk.run(0, get(other_result)), "16");
    walk.begin(1, apply({"square", List{5}}));
    walk.take(1, "...");
    EXPECT_EQ(walk.run(0, terminate), "null");
    EXPECT_EQ(walk.run(0, terminate), "null");
    EXPECT_THAT(walk.offers(1), UnorderedElementsAre("25", "BrokenWorkerPool"));
    EXPECT_THAT(walk.could(0, get()), UnorderedElementsAre("9", "BrokenWorkerPool"));
    EXPECT_EQ(walk.run(0, get(other_result)), "16");
    EXPECT_EQ(walk.run(0, apply({"square", List{3}})), "ValueError");
    EXPECT_EQ(walk.run(0, join), "null");
    EXPECT_EQ(walk.run(0, ready), "true");
}

TEST(WorkerPoolModel, GuardedBlockTerminates) {
    Walk walk = walk_of();
    EXPECT_EQ(walk.run(0, on(pool, Operation::with, {"nothing"})), "true");
    EXPECT_EQ(walk.run(0, apply({"square", List{3}})), "ValueError");
    Walk raising = walk_of();
    EXPECT_EQ(raising.run(0, on(pool, Operation::with, {"raise"})), "Other");
    EXPECT_EQ(raising.run(0, join), "null");
}

TEST(WorkerPoolModel, WorkerThatDiesLaterMayBreakWhateverIsNotDone) {
    Walk walk = walk_of();
    walk.run(0, submit({"square", List{3}}, Operation::apply_async, other_result));
    EXPECT_EQ(walk.run(0, get(other_result)), "9");
    EXPECT_EQ(walk.run(0, submit({"die_after", List{5}})), "null");
    EXPECT_THAT(walk.could(0, get()), UnorderedElementsAre("null", "BrokenWorkerPool"));
    EXPECT_EQ(walk.run(0, get(other_result)), "9");
    EXPECT_THAT(walk.could(0, apply({"square", List{3}})),
                UnorderedElementsAre("...", "BrokenWorkerPool"));
    walk.take(0, "...");
    EXPECT_THAT(walk.offers(0), UnorderedElementsAre("9", "BrokenWorkerPool"));
    walk.run_to(0, submit({"square", numbers(2)}, Operation::imap), "null");
    EXPECT_EQ(walk.run(0, close), "null");
    EXPECT_EQ(walk.run(0, join), "null");
}

TEST(WorkerPoolModel, TerminationThatIsDueComesBeforeAnyStepOrAfterIt) {
    const Call terminate_later = on(pool, Operation::terminate_later);
    Walk walk = walk_of();
    walk.run(0, submit({"square", List{3}}));
    EXPECT_EQ(walk.run(0, terminate_later), "null");
    EXPECT_THAT(walk.could(0, get()), UnorderedElementsAre("9", "9", "BrokenWorkerPool"));
    EXPECT_THAT(walk.could(0, apply({"square", List{3}})),
                UnorderedElementsAre("...", "ValueError"));
    walk.take(0, "...");
    EXPECT_THAT(walk.offers(0), UnorderedElementsAre("9", "9", "BrokenWorkerPool"))
        << "what waits is released";
}

TEST(WorkerPoolModel, CellsAndEventsOfCallbacksMayShowAnything) {
    Walk walk({.objects = {{.id = pool, .type = Type::WorkerPool},
                           {.id = 11, .type = Type::Cell},
                           {.id = 12, .type = Type::Event},
                           {.id = 13, .type = Type::Cell},
                           {.id = result, .type = Type::AsyncResult}},
               .workers = {{.id = 0,
                            .calls = {apply({"square", List{3}, List{"add", 11}, List{"set", 12}},
                                            Operation::apply_async, result)}}}});
    EXPECT_EQ(walk.run(0, on(11, Operation::read), Outcome(7)), "7");
    EXPECT_EQ(walk.run(0, on(12, Operation::is_set), Outcome(true)), "true");
    EXPECT_EQ(walk.run(0, on(13, Operation::read), Outcome(7)), "0");
}

TEST(WorkerPoolModel, FailingInitializerBreaksEveryResult) {
    Walk walk = walk_of({2, "fail", List{"ValueError"}});
    EXPECT_EQ(walk.run(0, apply({"square", List{3}})), "BrokenWorkerPool");
    EXPECT_EQ(walk.run(0, submit({"square", numbers(3)}, Operation::map_async)), "null");
    walk.begin(0, get());
    EXPECT_THAT(walk.offers(0), testing::Each("BrokenWorkerPool"));
}

TEST(WorkerPoolModel, NeedsWorkers) {
    Walk walk = walk_before(Type::WorkerPool, {0});
    EXPECT_EQ(walk.run(0, on(pool, Operation::create)), "ValueError");
    Walk by_default = walk_before(Type::WorkerPool, {Value()});
    EXPECT_EQ(by_default.run(0, on(pool, Operation::create)), "null");
}

TEST(AsyncResultModel, GetsReadyOnce) {
    Walk walk = walk_of();
    EXPECT_EQ(walk.run(0, ready), "blocked") << "before it is made";
    walk.run(0, submit({"square", List{3}}));
    EXPECT_THAT(walk.could(0, ready), UnorderedElementsAre("true", "false"));
    EXPECT_THAT(walk.could(0, successful), UnorderedElementsAre("true", "ValueError"));
    EXPECT_THAT(walk.could(0, get(result, at_once)), UnorderedElementsAre("9", "TimeoutError"));
    EXPECT_EQ(walk.run(0, get()), "9");
    EXPECT_EQ(walk.run(0, ready), "true");
    EXPECT_EQ(walk.run(0, successful), "true");
    EXPECT_EQ(walk.run(0, get(result, at_once)), "9");
    EXPECT_EQ(walk.run(0, get(result, nan)), "ValueError");
}

TEST(AsyncResultModel, WaitReturnsNothingAndTellsOnlyIfItsTimeIsNotUp) {
    Walk walk = walk_of();
    walk.run(0, submit({"fail", List{"Full"}}));
    EXPECT_THAT(walk.could(0, on(result, Operation::wait, {}, at_once)),
                ElementsAre("null", "null"));
    EXPECT_EQ(walk.run(0, on(result, Operation::wait, {}, later)), "null");
    EXPECT_EQ(walk.run(0, ready), "true");
    EXPECT_EQ(walk.run(0, successful), "false");
    EXPECT_EQ(walk.run(0, get()), "Full");
}

TEST(AsyncResultModel, OnceSeenAnOutcomeStays) {
    Walk walk = walk_of();
    walk.run(0, submit({"fail", List{"Empty", "Full"}}, Operation::map_async));
    walk.run_to(0, get(), "Full");
    EXPECT_EQ(walk.run(0, get()), "Full");
    walk.run(0, submit({"ident", List{}}, Operation::apply_async, other_result));
    EXPECT_EQ(walk.run(0, get(other_result), Outcome(70)), "70");
    EXPECT_EQ(walk.run(0, get(other_result), Outcome(71)), "70");
}

TEST(AsyncResultModel, OfAnEmptyMapIsReadyFromTheBeginning) {
    Walk walk = walk_of();
    walk.run(0, submit({"square", List{}}, Operation::map_async));
    EXPECT_EQ(walk.run(0, ready), "true");
    EXPECT_EQ(walk.run(0, get()), "[]");
}

TEST(ImapIteratorModel, KeepsTheOrderAndEndsForGood) {
    Walk walk = walk_of();
    EXPECT_EQ(walk.run(0, submit({"square", numbers(3)}, Operation::imap)), "null");
    EXPECT_EQ(walk.run(0, next()), "[0]");
    EXPECT_THAT(walk.could(0, next(at_once)), UnorderedElementsAre("[1]", "TimeoutError"));
    EXPECT_EQ(walk.run(0, next()), "[1]");
    EXPECT_EQ(walk.run(0, next()), "[4]");
    EXPECT_EQ(walk.run(0, next(at_once)), "[]");
    EXPECT_EQ(walk.run(0, next()), "[]");
    EXPECT_EQ(walk.run(0, next(nan)), "ValueError");
}

TEST(ImapIteratorModel, UnorderedGivesEachOnce) {
    Walk walk = walk_of();
    walk.run(0, submit({"square", numbers(3)}, Operation::imap_unordered));
    EXPECT_THAT(walk.could(0, next()), UnorderedElementsAre("[0]", "[1]", "[4]"));
    walk.take(0, "[4]");
    EXPECT_THAT(walk.could(0, next()), UnorderedElementsAre("[0]", "[1]"));
}

TEST(ImapIteratorModel, FailingItemTakesItsPlace) {
    Walk walk = walk_of();
    walk.run(0, submit({"square", List{1, "x", 3}}, Operation::imap));
    EXPECT_EQ(walk.run(0, next()), "[1]");
    EXPECT_EQ(walk.run(0, next()), "TypeError");
    EXPECT_EQ(walk.run(0, next()), "[9]");
    EXPECT_EQ(walk.run(0, next()), "[]");
}

TEST(ImapIteratorModel, FailureInAChunkRaisesOnceThenEnds) {
    Walk walk = walk_of();
    walk.run(0, submit({"square", List{1, "x", 3}, 3}, Operation::imap));
    EXPECT_THAT(walk.could(0, next()), UnorderedElementsAre("[1]", "TypeError"));
    walk.take(0, "TypeError");
    EXPECT_THAT(walk.could(0, next()), UnorderedElementsAre("[]", "[9]"));
    walk.take(0, "[9]");
    EXPECT_EQ(walk.run(0, next()), "[]");
}

TEST(ImapIteratorModel, TerminatedPoolMayBreakIt) {
    Walk walk = walk_of();
    walk.run(0, submit({"square", numbers(2)}, Operation::imap));
    walk.run(0, terminate);
    EXPECT_THAT(walk.could(0, next()),
                UnorderedElementsAre("[0]", "BrokenWorkerPool", "BrokenWorkerPool"));
}

TEST(ImapIteratorModel, ErrorOfReadingFollowsTheItemsReadBefore) {
    Walk walk = walk_of();
    walk.run(0, submit({"square", numbers(3), 1, 2}, Operation::imap));
    EXPECT_EQ(walk.run(0, next()), "[0]");
    EXPECT_EQ(walk.run(0, next()), "[1]");
    EXPECT_EQ(walk.run(0, next()), "Other");
    EXPECT_EQ(walk.run(0, next()), "[]");
    Walk at_the_end = walk_of();
    at_the_end.run(0, submit({"square", List{}, 1, 0}, Operation::imap_unordered));
    EXPECT_EQ(at_the_end.run(0, next()), "Other");
    EXPECT_EQ(at_the_end.run(0, next()), "[]");
    Walk never = walk_of();
    never.run(0, submit({"square", numbers(1), 1, 2}, Operation::imap));
    EXPECT_EQ(never.run(0, next()), "[0]");
    EXPECT_EQ(never.run(0, next()), "[]");
}

TEST(ImapIteratorModel, BadChunkSizeIsRefused) {
    Walk walk = walk_of();
    EXPECT_EQ(walk.run(0, submit({"square", numbers(2), 0}, Operation::imap)), "ValueError");
    EXPECT_EQ(walk.run(0, submit({"square", List{}, -1}, Operation::imap_unordered)), "ValueError");
}

TEST(WorkerPoolModel, GEN_10_function_or_argument_that_cannot_be_transferred) {
    Walk walk = walk_with(Type::WorkerPool);
    EXPECT_THAT(walk.could(0, on(10, Operation::apply, {"opaque_function", List{1}})),
                UnorderedElementsAre("ValueError", "TypeError"));
    EXPECT_THAT(walk.could(0, on(10, Operation::apply, {"echo", List{Opaque::transfer}})),
                ElementsAre("ValueError"));
    EXPECT_THAT(walk.could(0, on(10, Operation::map_async, {"opaque_function", List{1}}, {}, 11)),
                UnorderedElementsAre("ValueError", "TypeError"));
}

TEST(WorkerPoolModel, GEN_13_task_that_gets_a_queue_may_be_refused) {
    Walk walk = walk_of();
    EXPECT_THAT(walk.could(0, submit({"put_to", List{12, 7}})),
                UnorderedElementsAre("null", "RuntimeError"));
    walk.take(0, "null");
    EXPECT_THAT(walk.could(0, get()), UnorderedElementsAre("null", "RuntimeError"));
}

}  // namespace
}  // namespace conformance::model
