#include "spec/model/event.hpp"

#include "spec/model/model_testing.hpp"

namespace conformance::model {
namespace {

const Call wait = on(10, Operation::wait);
const Call set = on(10, Operation::set);
const Call clear = on(10, Operation::clear);

TEST(EventModel, IsAFlag) {
    Walk walk = walk_with(Type::Event);
    EXPECT_EQ(walk.run(0, on(10, Operation::is_set)), "false");
    EXPECT_EQ(walk.run(0, set), "null");
    EXPECT_EQ(walk.run(0, set), "null");
    EXPECT_EQ(walk.run(0, on(10, Operation::is_set)), "true");
    for (const TimeLimit limit : {TimeLimit(), at_once, negative, later})
        EXPECT_EQ(walk.run(0, on(10, Operation::wait, {}, limit)), "true");
    EXPECT_EQ(walk.run(0, clear), "null");
    EXPECT_EQ(walk.run(0, on(10, Operation::is_set)), "false");
    EXPECT_EQ(walk.run(0, wait), "blocked");
}

TEST(EventModel, WhoHasArrivedIsReleasedEvenIfClearFollows) {
    Walk walk = walk_with(Type::Event);
    EXPECT_EQ(walk.run(1, on(10, Operation::wait, {}, later)), "blocked");
    EXPECT_EQ(walk.run(2, wait), "blocked");
    walk.run(0, set);
    walk.run(0, clear);
    EXPECT_EQ(walk.run(3, wait), "blocked");
    walk.let_time_pass(1);
    EXPECT_THAT(walk.offers(1), ElementsAre("true"));
    EXPECT_EQ(walk.finish(2), "true");
    EXPECT_TRUE(walk.is_blocked(3));
}

TEST(EventModel, TimedWaitsGiveUp) {
    Walk walk = walk_with(Type::Event);
    EXPECT_EQ(walk.run(0, on(10, Operation::wait, {}, at_once)), "false");
    EXPECT_EQ(walk.run(0, on(10, Operation::wait, {}, negative)), "false");
    EXPECT_EQ(walk.run(0, on(10, Operation::wait, {}, later)), "blocked");
    walk.let_time_pass(0);
    EXPECT_EQ(walk.finish(0), "false");
    EXPECT_EQ(walk.state(), walk.world().initial());
    EXPECT_EQ(walk.run(0, on(10, Operation::wait, {}, nan)), "ValueError");
}

}  // namespace
}  // namespace conformance::model
