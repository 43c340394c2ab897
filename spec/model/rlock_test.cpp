#include "spec/model/rlock.hpp"

#include "spec/model/model_testing.hpp"

namespace conformance::model {
namespace {

const Call acquire = on(10, Operation::acquire);
const Call try_acquire = on(10, Operation::acquire, {false});
const Call release = on(10, Operation::release);

TEST(RLockModel, OwnerAcquiresToAnyDepth) {
    Walk walk = walk_with(Type::RLock);
    for (int depth = 0; depth < 3; ++depth)
        EXPECT_EQ(walk.run(0, acquire), "true");
    for (int depth = 3; depth > 0; --depth) {
        EXPECT_EQ(walk.run(1, try_acquire), "false");
        EXPECT_EQ(walk.run(0, release), "null");
    }
    EXPECT_EQ(walk.run(0, release), "RuntimeError");
    EXPECT_EQ(walk.run(1, try_acquire), "true");
}

TEST(RLockModel, OnlyItsOwnerReleasesIt) {
    Walk walk = walk_with(Type::RLock);
    walk.run(0, acquire);
    EXPECT_EQ(walk.run(1, release), "RuntimeError");
    EXPECT_EQ(walk.run(1, acquire), "blocked");
    EXPECT_EQ(walk.run(0, release), "null");
    EXPECT_EQ(walk.finish(1), "true");
}

TEST(RLockModel, ContradictoryArgumentsAreRefusedForTheOwnerToo) {
    Walk walk = walk_with(Type::RLock);
    walk.run(0, acquire);
    EXPECT_EQ(walk.run(0, on(10, Operation::acquire, {false}, later)), "ValueError");
}

TEST(RLockModel, GuardedBlocksNest) {
    Walk walk = walk_with(Type::RLock);
    walk.run(0, acquire);
    EXPECT_EQ(walk.run(0, on(10, Operation::with, {"nothing"})), "true");
    EXPECT_EQ(walk.run(1, try_acquire), "false");
    // Its surplus release gives up the level outside of the block.
    EXPECT_EQ(walk.run(0, on(10, Operation::with, {"release"})), "true");
    EXPECT_EQ(walk.run(0, release), "RuntimeError");
    EXPECT_EQ(walk.run(0, on(10, Operation::with, {"release"})), "RuntimeError");
}

TEST(RLockModel, HasNoLocked) {
    Walk walk = walk_with(Type::RLock);
    EXPECT_EQ(walk.run(0, on(10, Operation::locked)), "blocked");
}

}  // namespace
}  // namespace conformance::model
