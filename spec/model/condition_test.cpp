#include "spec/model/condition.hpp"

#include "spec/model/model_testing.hpp"

namespace conformance::model {
namespace {

constexpr Id lock = 9;
constexpr Id condition = 10;
constexpr Id cell = 11;

const Call acquire = on(condition, Operation::acquire);
const Call release = on(condition, Operation::release);
const Call wait = on(condition, Operation::wait);
const Call notify = on(condition, Operation::notify);
const Call notify_all = on(condition, Operation::notify_all);

Call wait_within(TimeLimit limit) {
    return on(condition, Operation::wait, {}, limit);
}
Call wait_for(std::int64_t minimum, TimeLimit limit = {}) {
    return on(condition, Operation::wait_for, {cell, minimum}, limit);
}

/// With a lock and a cell besides. The condition is over the lock if it is given.
Walk walk_over(std::optional<Type> type_of_lock) {
    return Walk({.objects = {{.id = condition,
                              .type = Type::Condition,
                              .arguments = type_of_lock ? List{lock} : List{}},
                             {.id = lock, .type = type_of_lock.value_or(Type::Lock)},
                             {.id = cell, .type = Type::Cell}}});
}
/// `worker` waits, in line.
void line_up(Walk& walk, Id worker, const Call& call = wait) {
    walk.run(worker, acquire);
    walk.begin(worker, call);
    walk.take(worker, "...");
}
/// Worker 0 notifies, and lets go of the lock.
void run_locked(Walk& walk, const Call& call) {
    EXPECT_EQ(walk.run(0, acquire), "true");
    EXPECT_EQ(walk.run(0, call), "null");
    EXPECT_EQ(walk.run(0, release), "null");
}

TEST(ConditionModel, ForwardsToItsLock) {
    Walk walk = walk_over(Type::Lock);
    EXPECT_EQ(walk.run(0, release), "RuntimeError");
    EXPECT_EQ(walk.run(0, acquire), "true");
    EXPECT_EQ(walk.run(0, on(lock, Operation::locked)), "true");
    EXPECT_EQ(walk.run(0, acquire), "blocked");
    EXPECT_EQ(walk.run(1, on(lock, Operation::release)), "null");
    EXPECT_EQ(walk.finish(0), "true");
    EXPECT_EQ(walk.run(0, on(condition, Operation::acquire, {false}, later)), "ValueError");
    walk.begin(1, on(condition, Operation::acquire, {true}, negative));
    EXPECT_TRUE(walk.is_blocked(1));
    EXPECT_EQ(walk.run(0, release), "null");
    EXPECT_EQ(walk.finish(1), "true");
}

TEST(ConditionModel, HasAReentrantLockOfItsOwn) {
    Walk walk = walk_over({});
    EXPECT_EQ(walk.run(0, acquire), "true");
    EXPECT_EQ(walk.run(0, on(condition, Operation::with, {"nothing"})), "true");
    EXPECT_EQ(walk.run(0, on(lock, Operation::locked)), "false");
}

TEST(ConditionModel, NothingGoesWithoutTheLock) {
    for (const Type type : {Type::Lock, Type::RLock}) {
        Walk walk = walk_over(type);
        for (const bool other_holds : {false, true}) {
            if (other_holds) walk.run(1, acquire);
            EXPECT_EQ(walk.run(0, wait_within(at_once)), "RuntimeError");
            EXPECT_EQ(walk.run(0, on(condition, Operation::notify, {0})), "RuntimeError");
            EXPECT_EQ(walk.run(0, notify_all), "RuntimeError");
            EXPECT_EQ(walk.run(0, wait_for(1)), "RuntimeError");
            EXPECT_EQ(walk.run(0, wait_for(0)), "true");
        }
    }
}

TEST(ConditionModel, AnotherWorkersReleaseEndsTheHolding) {
    Walk walk = walk_over(Type::Lock);
    walk.run(0, acquire);
    walk.run(1, on(lock, Operation::release));
    EXPECT_EQ(walk.run(0, notify), "RuntimeError");
    walk.run(0, acquire);
    EXPECT_EQ(walk.run(0, notify), "null");
}

TEST(ConditionModel, WaitReturnsWithTheLockAndItsDepth) {
    Walk walk = walk_over({});
    walk.run(1, acquire);
    line_up(walk, 1);
    EXPECT_TRUE(walk.is_blocked(1));
    walk.run(0, acquire);
    walk.run(0, notify);
    EXPECT_TRUE(walk.is_blocked(1)) << "until the notifier releases the lock";
    walk.run(0, release);
    EXPECT_EQ(walk.finish(1), "true");
    EXPECT_EQ(walk.run(1, release), "null");
    EXPECT_EQ(walk.run(1, release), "null");
    EXPECT_EQ(walk.run(1, release), "RuntimeError");
}

TEST(ConditionModel, NotificationsAreNotRemembered) {
    Walk walk = walk_over({});
    run_locked(walk, on(condition, Operation::notify, {5}));
    line_up(walk, 1);
    EXPECT_TRUE(walk.is_blocked(1));
    run_locked(walk, on(condition, Operation::notify, {0}));
    run_locked(walk, on(condition, Operation::notify, {-1}));
    EXPECT_TRUE(walk.is_blocked(1));
}

TEST(ConditionModel, NotifyReachesAnyWaiters) {
    Walk walk = walk_over({});
    for (const Id worker : {1, 2, 3})
        line_up(walk, worker);
    walk.run(0, acquire);
    EXPECT_EQ(walk.could(0, on(condition, Operation::notify, {0})).size(), 1U);
    EXPECT_EQ(walk.could(0, on(condition, Operation::notify, {1})).size(), 3U);
    EXPECT_EQ(walk.could(0, on(condition, Operation::notify, {2})).size(), 3U);
    EXPECT_EQ(walk.could(0, on(condition, Operation::notify, {9})).size(), 1U);
    walk.run_to(0, notify, "null");
    EXPECT_EQ(walk.could(0, notify).size(), 2U) << "one of them is notified already";
    walk.run(0, notify_all);
    walk.run(0, release);
    for (const Id worker : {1, 2, 3}) {
        EXPECT_EQ(walk.finish(worker), "true");
        EXPECT_EQ(walk.run(worker, release), "null");
    }
}

TEST(ConditionModel, TimedOutWaitLeavesTheLineAndTakesTheLock) {
    Walk walk = walk_over({});
    line_up(walk, 1, wait_within(later));
    EXPECT_TRUE(walk.is_blocked(1));
    walk.let_time_pass(1);
    walk.take(1, "...");
    walk.run(0, acquire);
    EXPECT_EQ(walk.run(0, notify), "null");
    EXPECT_TRUE(walk.is_blocked(1)) << "until it gets the lock";
    walk.run(0, release);
    EXPECT_EQ(walk.finish(1), "false");
    EXPECT_EQ(walk.run(1, release), "null");
}

TEST(ConditionModel, NotifiedWaitReturnsTrueThoughItsTimeIsUp) {
    Walk walk = walk_over({});
    line_up(walk, 1, wait_within(later));
    run_locked(walk, notify);
    walk.let_time_pass(1);
    EXPECT_THAT(walk.offers(1), ElementsAre("true"));
}

TEST(ConditionModel, SingleLookReturnsFalseWithTheLock) {
    Walk walk = walk_over({});
    walk.run(0, acquire);
    EXPECT_EQ(walk.run(0, wait_within(at_once)), "false");
    EXPECT_EQ(walk.run(0, wait_within(negative)), "false");
    EXPECT_EQ(walk.run(0, wait_within(nan)), "ValueError");
    EXPECT_EQ(walk.run(0, release), "null");
}

TEST(ConditionModel, WaitForWaitsUntilItsPredicateIsTrue) {
    Walk walk = walk_over({});
    line_up(walk, 1, wait_for(2));
    walk.take(1, "...");
    walk.run(0, on(cell, Operation::write, {1}));
    run_locked(walk, notify);
    EXPECT_EQ(walk.finish(1), "blocked") << "notified for nothing";
    EXPECT_EQ(walk.run(0, acquire), "true") << "it has given up the lock again";
    walk.run(0, on(cell, Operation::write, {2}));
    walk.run(0, notify_all);
    walk.run(0, release);
    EXPECT_EQ(walk.finish(1), "true");
    EXPECT_EQ(walk.run(1, release), "null");
}

TEST(ConditionModel, WaitForReturnsItsPredicateWhenTimeIsUp) {
    Walk walk = walk_over({});
    walk.run(1, acquire);
    walk.begin(1, wait_for(1, at_once));
    walk.take(1, "...");
    EXPECT_THAT(walk.offers(1), UnorderedElementsAre("false", "...")) << "COND-23";
    walk.take(1, "...");  // gives up the lock
    walk.take(1, "...");  // and waiting
    walk.run(0, on(cell, Operation::write, {1}));
    EXPECT_EQ(walk.finish(1), "true");
}

TEST(ConditionModel, ConditionsOverOneLockHaveLinesOfTheirOwn) {
    Walk walk({.objects = {{.id = lock, .type = Type::Lock},
                           {.id = condition, .type = Type::Condition, .arguments = {lock}},
                           {.id = 12, .type = Type::Condition, .arguments = {lock}}}});
    line_up(walk, 1);
    walk.run(0, acquire);
    EXPECT_EQ(walk.run(0, on(12, Operation::notify_all)), "null");
    walk.run(0, on(12, Operation::release));
    EXPECT_TRUE(walk.is_blocked(1));
}

}  // namespace
}  // namespace conformance::model
