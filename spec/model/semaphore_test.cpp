#include "spec/model/semaphore.hpp"

#include "spec/model/model_testing.hpp"

namespace conformance::model {
namespace {

const Call acquire = on(10, Operation::acquire);
const Call release = on(10, Operation::release);

TEST(SemaphoreModel, GrantsItsTokens) {
    Walk walk = walk_with(Type::Semaphore, {2});
    EXPECT_EQ(walk.run(0, acquire), "true");
    EXPECT_EQ(walk.run(0, acquire), "true");
    EXPECT_EQ(walk.run(0, acquire), "blocked");
    EXPECT_EQ(walk.run(1, release), "null");
    EXPECT_EQ(walk.finish(0), "true");
}

TEST(SemaphoreModel, HasOneTokenByDefault) {
    Walk walk = walk_with(Type::Semaphore);
    EXPECT_EQ(walk.run(0, acquire), "true");
    EXPECT_EQ(walk.run(0, acquire), "blocked");
}

TEST(SemaphoreModel, NegativeTimeLimitIsASingleLook) {
    Walk walk = walk_with(Type::Semaphore, {0});
    for (const TimeLimit limit : {at_once, negative})
        EXPECT_EQ(walk.run(0, on(10, Operation::acquire, {true}, limit)), "false");
    EXPECT_EQ(walk.run(0, on(10, Operation::acquire, {false})), "false");
    EXPECT_EQ(walk.run(0, on(10, Operation::acquire, {true}, later)), "blocked");
    walk.let_time_pass(0);
    EXPECT_EQ(walk.finish(0), "false");
}

TEST(SemaphoreModel, RefusesContradictoryArguments) {
    Walk walk = walk_with(Type::Semaphore);
    EXPECT_EQ(walk.run(0, on(10, Operation::acquire, {false}, at_once)), "ValueError");
    EXPECT_EQ(walk.run(0, on(10, Operation::acquire, {true}, nan)), "ValueError");
    EXPECT_THAT(walk.could(0, on(10, Operation::acquire, {false}, negative)),
                UnorderedElementsAre("ValueError", "true"));
}

TEST(SemaphoreModel, ReleasesBeyondItsFirstValue) {
    Walk walk = walk_with(Type::Semaphore, {0});
    EXPECT_EQ(walk.run(0, release), "null");
    EXPECT_EQ(walk.run(0, on(10, Operation::with, {"release"})), "true");
    EXPECT_EQ(walk.run(0, acquire), "true");
    EXPECT_EQ(walk.run(0, acquire), "true");
    EXPECT_EQ(walk.run(0, acquire), "blocked");
}

TEST(SemaphoreModel, HasALargestCount) {
    Walk walk = walk_with(Type::Semaphore, {largest_count});
    EXPECT_EQ(walk.run(0, release), "ValueError");
    EXPECT_EQ(walk.run(0, acquire), "true");
    EXPECT_EQ(walk.run(0, release), "null");
}

TEST(SemaphoreModel, BadValuesAreRefusedWhenItIsMade) {
    for (const std::int64_t value : {std::int64_t{-1}, largest_count + 1}) {
        for (const Type type : {Type::Semaphore, Type::BoundedSemaphore}) {
            Walk walk = walk_before(type, {value});
            EXPECT_EQ(walk.run(0, acquire), "blocked") << "before it is made";
            EXPECT_EQ(walk.run(0, on(10, Operation::create)), "ValueError");
            EXPECT_EQ(walk.run(0, acquire, Outcome(ErrorKind::Other)), "Other");
        }
    }
    Walk walk = walk_before(Type::Semaphore, {0});
    EXPECT_EQ(walk.run(0, on(10, Operation::create)), "null");
    EXPECT_EQ(walk.run(0, acquire), "blocked");
}

TEST(BoundedSemaphoreModel, NeverExceedsItsFirstValue) {
    Walk walk = walk_with(Type::BoundedSemaphore, {2});
    EXPECT_EQ(walk.run(0, release), "ValueError");
    walk.run(0, acquire);
    walk.run(0, acquire);
    EXPECT_EQ(walk.run(1, release), "null");
    EXPECT_EQ(walk.run(2, release), "null");
    EXPECT_EQ(walk.run(0, release), "ValueError");
}

TEST(BoundedSemaphoreModel, SurplusReleaseMakesTheBlockFail) {
    Walk walk = walk_with(Type::BoundedSemaphore);
    EXPECT_EQ(walk.run(0, on(10, Operation::with, {"release"})), "ValueError");
    EXPECT_EQ(walk.run(0, on(10, Operation::with, {"raise"})), "Other");
    EXPECT_EQ(walk.run(0, acquire), "true");
    EXPECT_EQ(walk.run(0, acquire), "blocked");
}

TEST(BoundedSemaphoreModel, OfNothing) {
    Walk walk = walk_with(Type::BoundedSemaphore, {0});
    EXPECT_EQ(walk.run(0, acquire), "blocked");
    EXPECT_EQ(walk.run(1, release), "ValueError");
}

}  // namespace
}  // namespace conformance::model
