#include "spec/model/worker.hpp"

#include "spec/model/model_testing.hpp"

namespace conformance::model {
namespace {

constexpr Id child = 1;
constexpr Id grandchild = 2;
constexpr Id unnamed = 3;

const Call start = on(child, Operation::start);
const Call join = on(child, Operation::join);
const Call is_alive = on(child, Operation::is_alive);
const Call run = on(child, Operation::run);

Walk walk_of_workers(std::optional<bool> daemon = {}) {
    return Walk({.workers = {{.id = 0},
                             {.id = child, .parent = 0, .name = "Child", .daemon = daemon},
                             {.id = grandchild, .parent = child, .name = "Grandchild"},
                             {.id = unnamed, .parent = 0}}});
}
/// From its start to the end of its record.
void run_through(Walk& walk) {
    EXPECT_EQ(walk.run(0, start), "null");
    EXPECT_EQ(walk.run(child, run, Outcome()), "null");
}

TEST(WorkerModel, BeforeItsStart) {
    Walk walk = walk_of_workers();
    EXPECT_EQ(walk.run(0, is_alive), "false");
    EXPECT_EQ(walk.run(0, join), "RuntimeError");
    EXPECT_EQ(walk.run(child, run), "blocked");
    EXPECT_EQ(walk.run(0, start), "null");
    EXPECT_EQ(walk.run(0, start), "RuntimeError");
    EXPECT_EQ(walk.run(0, is_alive), "true");
}

TEST(WorkerModel, JoinWaitsForItsEnd) {
    Walk walk = walk_of_workers();
    walk.run(0, start);
    EXPECT_EQ(walk.run(0, join), "blocked");
    EXPECT_EQ(walk.run(child, run), "blocked") << "its end is not recorded";
    EXPECT_TRUE(walk.is_blocked(0));
    EXPECT_EQ(walk.run(child, run, Outcome()), "null");
    EXPECT_EQ(walk.finish(0), "null");
    EXPECT_EQ(walk.run(0, is_alive), "false");
    EXPECT_EQ(walk.run(0, join), "null");
    EXPECT_EQ(walk.run(0, start), "RuntimeError");
}

TEST(WorkerModel, TimedJoinReturnsNothingEitherWay) {
    Walk walk = walk_of_workers();
    walk.run(0, start);
    EXPECT_EQ(walk.run(0, on(child, Operation::join, {}, negative)), "null");
    EXPECT_EQ(walk.run(0, on(child, Operation::join, {}, later)), "blocked");
    walk.let_time_pass(0);
    EXPECT_EQ(walk.finish(0), "null");
    EXPECT_EQ(walk.run(0, is_alive), "true");
    EXPECT_EQ(walk.run(0, on(child, Operation::join, {}, nan)), "ValueError");
}

TEST(WorkerModel, MaySeemAliveAfterItsRecordUntilItWasSeenDead) {
    Walk walk = walk_of_workers();
    run_through(walk);
    EXPECT_THAT(walk.could(0, is_alive), UnorderedElementsAre("true", "false"));
    walk.take(0, "true");
    walk.begin(0, is_alive);
    walk.take(0, "false");
    EXPECT_EQ(walk.run(0, is_alive), "false");
    // A join that gave up tells nothing.
    Walk other = walk_of_workers();
    run_through(other);
    EXPECT_THAT(other.could(0, on(child, Operation::join, {}, at_once)),
                ElementsAre("null", "null"));
}

TEST(WorkerModel, BelongsToItsParent) {
    Walk walk = walk_of_workers();
    EXPECT_EQ(walk.run(unnamed, start), "RuntimeError");
    EXPECT_EQ(walk.run(0, on(grandchild, Operation::start)), "RuntimeError");
    walk.run(0, start);
    EXPECT_EQ(walk.run(unnamed, join), "RuntimeError");
    EXPECT_EQ(walk.run(unnamed, is_alive), "RuntimeError");
    EXPECT_EQ(walk.run(child, on(grandchild, Operation::start)), "null");
    EXPECT_EQ(walk.run(child, on(grandchild, Operation::is_alive)), "true");
}

TEST(WorkerModel, CannotJoinItself) {
    Walk walk = walk_of_workers();
    walk.run(0, start);
    EXPECT_EQ(walk.run(child, join), "RuntimeError");
    EXPECT_EQ(walk.run(0, on(0, Operation::join)), "RuntimeError");
    EXPECT_THAT(walk.could(child, is_alive), UnorderedElementsAre("true", "RuntimeError"));
}

TEST(WorkerModel, DaemonsStartNobody) {
    Walk walk = walk_of_workers(true);
    EXPECT_EQ(walk.run(0, on(child, Operation::daemon)), "true");
    EXPECT_EQ(walk.run(child, on(grandchild, Operation::daemon)), "true") << "inherited";
    walk.run(0, start);
    EXPECT_EQ(walk.run(child, on(grandchild, Operation::start)), "RuntimeError");
}

TEST(WorkerModel, DaemonFlagIsSetBeforeStartOnly) {
    Walk walk = walk_of_workers();
    EXPECT_EQ(walk.run(0, on(child, Operation::daemon)), "false");
    EXPECT_EQ(walk.run(0, on(child, Operation::set_daemon, {true})), "null");
    EXPECT_EQ(walk.run(0, on(child, Operation::daemon)), "true");
    walk.run(0, start);
    EXPECT_EQ(walk.run(0, on(child, Operation::set_daemon, {false})), "RuntimeError");
}

TEST(WorkerModel, NameIsKeptAndChangesBeforeStart) {
    Walk walk = walk_of_workers();
    const Call name = on(child, Operation::name);
    EXPECT_EQ(walk.run(0, name), "\"Child\"");
    EXPECT_EQ(walk.run(0, on(child, Operation::set_name, {"New"})), "null");
    EXPECT_EQ(walk.run(0, name), "\"New\"");
    walk.run(0, start);
    EXPECT_THAT(walk.could(0, on(child, Operation::set_name, {"Late"})),
                UnorderedElementsAre("null", "RuntimeError"));
    walk.take(0, "null");
    EXPECT_THAT(walk.could(0, name), UnorderedElementsAre("\"New\"", "\"Late\""));
}

TEST(WorkerModel, DefaultNameIsAnyTextButStaysTheSame) {
    Walk walk = walk_of_workers();
    const Call name = on(unnamed, Operation::name);
    EXPECT_THAT(walk.could(0, name, Outcome("")), Not(Contains("\"\"")));
    EXPECT_THAT(walk.could(0, name, Outcome(7)), Not(Contains("7")));
    EXPECT_EQ(walk.run(0, name, Outcome("Worker-3")), "\"Worker-3\"");
    EXPECT_EQ(walk.run(0, name, Outcome("Worker-4")), "\"Worker-3\"");
    // No other live worker has it by default.
    walk.run(0, on(unnamed, Operation::start));
    EXPECT_THAT(walk.could(0, on(0, Operation::name), Outcome("Worker-3")),
                Not(Contains("\"Worker-3\"")));
}

TEST(WorkerModel, KilledWorkerIsDeadWithOrWithoutARecord) {
    Walk walk = walk_of_workers();
    walk.run(0, start);
    EXPECT_EQ(walk.run(0, on(child, Operation::stop)), "null");
    EXPECT_EQ(walk.run(0, on(child, Operation::resume)), "null");
    EXPECT_EQ(walk.run(0, join), "blocked");
    walk.run(child, run);
    walk.kill(child);
    EXPECT_EQ(walk.finish(child), "null");
    EXPECT_EQ(walk.finish(0), "null");

    Walk other = walk_of_workers();
    other.run(0, start);
    EXPECT_EQ(other.run(0, on(child, Operation::kill)), "null");
    EXPECT_EQ(other.run(0, join), "null");
}

TEST(WorkersModel, GEN_10_worker_that_cannot_be_made) {
    Walk walk({.workers = {{.id = 0}, {.id = 1, .parent = 0, .misuse = WorkerMisuse::target}}});
    for (const Operation operation : {Operation::name, Operation::start, Operation::is_alive})
        EXPECT_THAT(walk.could(0, on(1, operation)),
                    UnorderedElementsAre("ValueError", "TypeError"));
}

TEST(WorkersModel, WORKER_27_worker_whose_argument_is_spoilt_stays_unstarted) {
    Walk walk({.workers = {{.id = 0}, {.id = 1, .parent = 0, .misuse = WorkerMisuse::spoilt}}});
    EXPECT_EQ(walk.run(0, on(1, Operation::is_alive)), "false");
    EXPECT_EQ(walk.run(0, on(1, Operation::start)), "ValueError");
    EXPECT_EQ(walk.run(0, on(1, Operation::is_alive)), "false");
    EXPECT_EQ(walk.run(0, on(1, Operation::join)), "RuntimeError");
    EXPECT_EQ(walk.run(0, on(1, Operation::start)), "ValueError");
}

}  // namespace
}  // namespace conformance::model
