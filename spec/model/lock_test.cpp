#include "spec/model/lock.hpp"

#include "spec/model/model_testing.hpp"

namespace conformance::model {
namespace {

const Call acquire = on(10, Operation::acquire);
const Call release = on(10, Operation::release);

Call acquire_with(bool blocking, TimeLimit limit) {
    return on(10, Operation::acquire, {blocking}, limit);
}

TEST(LockModel, IsFreeAtFirstAndHeldOnce) {
    Walk walk = walk_with(Type::Lock);
    EXPECT_EQ(walk.run(0, on(10, Operation::locked)), "false");
    EXPECT_EQ(walk.run(0, acquire), "true");
    EXPECT_EQ(walk.run(1, on(10, Operation::locked)), "true");
    EXPECT_EQ(walk.run(0, acquire), "blocked");
    EXPECT_EQ(walk.run(1, acquire), "blocked");
    EXPECT_EQ(walk.run(0, release), "null");
    EXPECT_EQ(walk.finish(1), "true");
}

TEST(LockModel, HeldRefusesWithoutBlockingOrWhenTimeIsUp) {
    Walk walk = walk_with(Type::Lock);
    walk.run(0, acquire);
    EXPECT_EQ(walk.run(1, acquire_with(false, {})), "false");
    EXPECT_EQ(walk.run(1, acquire_with(false, negative)), "false");
    EXPECT_EQ(walk.run(1, acquire_with(true, at_once)), "false");
    walk.begin(1, acquire_with(true, later));
    EXPECT_TRUE(walk.is_blocked(1));
    walk.let_time_pass(1);
    EXPECT_THAT(walk.offers(1), ElementsAre("false"));
    walk.run(0, release);
    EXPECT_THAT(walk.offers(1), ElementsAre("true"));
}

TEST(LockModel, NegativeTimeLimitIsNone) {
    Walk walk = walk_with(Type::Lock);
    walk.run(0, acquire);
    walk.begin(1, acquire_with(true, negative));
    walk.let_time_pass(1);
    EXPECT_TRUE(walk.is_blocked(1));
    EXPECT_TRUE(walk.world().time_limit(acquire_with(true, negative)).is_none());
}

TEST(LockModel, ContradictoryArgumentsAreRefused) {
    Walk walk = walk_with(Type::Lock);
    for (const TimeLimit limit : {at_once, later, TimeLimit::infinite(), nan})
        EXPECT_EQ(walk.run(0, acquire_with(false, limit)), "ValueError");
    EXPECT_EQ(walk.run(0, acquire_with(true, nan)), "ValueError");
    EXPECT_EQ(walk.run(0, on(10, Operation::locked)), "false");
}

TEST(LockModel, AnyWorkerReleasesOnce) {
    Walk walk = walk_with(Type::Lock);
    EXPECT_EQ(walk.run(0, release), "RuntimeError");
    walk.run(0, acquire);
    EXPECT_EQ(walk.run(1, release), "null");
    EXPECT_EQ(walk.run(0, release), "RuntimeError");
}

TEST(LockModel, GuardedBlock) {
    Walk walk = walk_with(Type::Lock);
    EXPECT_EQ(walk.run(0, on(10, Operation::with, {"nothing"})), "true");
    EXPECT_EQ(walk.run(0, on(10, Operation::with, {"raise"})), "Other");
    EXPECT_EQ(walk.run(0, on(10, Operation::with, {"release"})), "RuntimeError");
    EXPECT_EQ(walk.run(0, on(10, Operation::locked)), "false");
    walk.run(1, acquire);
    EXPECT_EQ(walk.run(0, on(10, Operation::with, {"nothing"})), "blocked");
}

TEST(LockModel, SurplusReleaseInABlockMayHitAnotherHolder) {
    Walk walk = walk_with(Type::Lock);
    walk.begin(0, on(10, Operation::with, {"release"}));
    walk.take(0, "...");
    walk.take(0, "...");
    EXPECT_EQ(walk.run(1, acquire), "true");
    EXPECT_EQ(walk.finish(0), "true");
    EXPECT_EQ(walk.run(1, release), "RuntimeError");
}

TEST(LockModel, EitherErrorLeavesABlockThatFailsTwice) {
    Walk walk = walk_with(Type::Lock);
    walk.begin(0, on(10, Operation::with, {"raise"}));
    walk.take(0, "...");
    walk.run(1, release);
    EXPECT_THAT(walk.offers(0), UnorderedElementsAre("Other", "RuntimeError"));
}

}  // namespace
}  // namespace conformance::model
