#include "spec/model/queue.hpp"

#include "spec/model/model_testing.hpp"

namespace conformance::model {
namespace {

const Call get = on(10, Operation::get);

Call put(Value item, bool block = true, TimeLimit limit = {}) {
    return on(10, Operation::put, {std::move(item), block}, limit);
}
Call get_with(bool block, TimeLimit limit = {}) {
    return on(10, Operation::get, {block}, limit);
}

TEST(QueueModel, FirstInFirstOut) {
    Walk walk = walk_with(Type::Queue);
    EXPECT_EQ(walk.run(0, put(1)), "null");
    EXPECT_EQ(walk.run(1, put({})), "null");
    EXPECT_EQ(walk.run(0, on(10, Operation::qsize)), "2");
    EXPECT_EQ(walk.run(0, on(10, Operation::empty)), "false");
    EXPECT_EQ(walk.run(0, on(10, Operation::full)), "false");
    EXPECT_EQ(walk.run(1, get), "1");
    EXPECT_EQ(walk.run(1, on(10, Operation::get_nowait)), "null");
    EXPECT_EQ(walk.run(1, on(10, Operation::empty)), "true");
    EXPECT_EQ(walk.run(1, get), "blocked");
}

TEST(QueueModel, EmptyWithoutBlockingOrWhenTimeIsUp) {
    Walk walk = walk_with(Type::Queue);
    EXPECT_EQ(walk.run(0, on(10, Operation::get_nowait)), "Empty");
    EXPECT_EQ(walk.run(0, get_with(false)), "Empty");
    EXPECT_EQ(walk.run(0, get_with(true, at_once)), "Empty");
    EXPECT_EQ(walk.run(0, get_with(true, later)), "blocked");
    walk.let_time_pass(0);
    EXPECT_EQ(walk.finish(0), "Empty");
}

TEST(QueueModel, FullAtItsCapacity) {
    Walk walk = walk_with(Type::Queue, {1});
    walk.run(0, put("first"));
    EXPECT_EQ(walk.run(0, on(10, Operation::full)), "true");
    EXPECT_EQ(walk.run(0, on(10, Operation::put_nowait, {2})), "Full");
    EXPECT_EQ(walk.run(0, put(2, false)), "Full");
    EXPECT_EQ(walk.run(0, put(2, true, at_once)), "Full");
    EXPECT_EQ(walk.run(0, put(2, true, later)), "blocked");
    EXPECT_EQ(walk.run(1, get), "\"first\"");
    EXPECT_EQ(walk.finish(0), "null");
}

TEST(QueueModel, NegativeTimeLimitsAreRefusedUnlessItDoesNotBlock) {
    Walk walk = walk_with(Type::Queue, {1});
    EXPECT_EQ(walk.run(0, put(1, true, negative)), "ValueError");
    EXPECT_EQ(walk.run(0, put(1, false, negative)), "null");
    EXPECT_EQ(walk.run(0, get_with(true, negative)), "ValueError");
    EXPECT_EQ(walk.run(0, get_with(false, negative)), "1");
    EXPECT_EQ(walk.run(0, get_with(true, nan)), "ValueError");
    EXPECT_THAT(walk.could(0, get_with(false, nan)), UnorderedElementsAre("ValueError", "Empty"));
}

TEST(QueueModel, JoinWaitsForAllWork) {
    Walk walk = walk_with(Type::Queue);
    EXPECT_EQ(walk.run(0, on(10, Operation::join)), "null");
    EXPECT_EQ(walk.run(0, on(10, Operation::task_done)), "ValueError");
    walk.run(0, put(1));
    EXPECT_EQ(walk.run(1, on(10, Operation::join)), "blocked");
    walk.run(0, get);
    EXPECT_TRUE(walk.is_blocked(1));
    EXPECT_EQ(walk.run(0, on(10, Operation::task_done)), "null");
    EXPECT_EQ(walk.finish(1), "null");
}

TEST(QueueModel, BadMaxsizeIsRefused) {
    Walk walk = walk_before(Type::Queue, {largest_count + 1});
    EXPECT_EQ(walk.run(0, on(10, Operation::create)), "ValueError");
    Walk unlimited = walk_with(Type::Queue, {-5});
    EXPECT_EQ(unlimited.run(0, put(1)), "null");
    EXPECT_EQ(unlimited.run(0, on(10, Operation::full)), "false");
}

TEST(SimpleQueueModel, FirstInFirstOut) {
    Walk walk = walk_with(Type::SimpleQueue);
    EXPECT_EQ(walk.run(0, on(10, Operation::empty)), "true");
    EXPECT_EQ(walk.run(1, get), "blocked");
    EXPECT_EQ(walk.run(0, on(10, Operation::put, {1})), "null");
    EXPECT_EQ(walk.run(0, on(10, Operation::put, {2})), "null");
    EXPECT_EQ(walk.finish(1), "1");
    EXPECT_EQ(walk.run(0, on(10, Operation::empty)), "false");
    EXPECT_EQ(walk.run(0, get), "2");
}

TEST(CellModel, IsARegister) {
    Walk walk = walk_with(Type::Cell, {5});
    EXPECT_EQ(walk.run(0, on(10, Operation::read)), "5");
    EXPECT_EQ(walk.run(0, on(10, Operation::add, {2})), "7");
    EXPECT_EQ(walk.run(1, on(10, Operation::write, {-1})), "null");
    EXPECT_EQ(walk.run(0, on(10, Operation::read)), "-1");
}

TEST(CellModel, LosesAnAdditionThatOverlapsAnother) {
    Walk walk = walk_with(Type::Cell);
    walk.begin(0, on(10, Operation::add, {1}));
    walk.take(0, "...");
    EXPECT_EQ(walk.run(1, on(10, Operation::add, {1})), "1");
    EXPECT_EQ(walk.finish(0), "1");
    EXPECT_EQ(walk.run(0, on(10, Operation::read)), "1");
}

TEST(QueueModel, QUEUE_19_item_that_cannot_be_transferred_changes_nothing) {
    Walk walk = walk_with(Type::Queue, {1});
    EXPECT_EQ(walk.run(0, on(10, Operation::put, {Value(List{1, Opaque::transfer})})),
              "ValueError");
    EXPECT_EQ(walk.run(0, on(10, Operation::qsize)), "0");
    EXPECT_EQ(walk.run(0, on(10, Operation::task_done)), "ValueError");
}

TEST(QueueModel, QUEUE_20_item_that_cannot_be_rebuilt_is_taken) {
    Walk walk = walk_with(Type::Queue);
    EXPECT_EQ(walk.run(0, on(10, Operation::put, {Opaque::rebuild})), "null");
    EXPECT_EQ(walk.run(0, on(10, Operation::put, {2})), "null");
    EXPECT_EQ(walk.run(0, on(10, Operation::get)), "Other");
    EXPECT_EQ(walk.run(0, on(10, Operation::get)), "2");
}

TEST(SimpleQueueModel, SQUEUE_7_and_SQUEUE_8_opaque_items) {
    Walk walk = walk_with(Type::SimpleQueue);
    EXPECT_EQ(walk.run(0, on(10, Operation::put, {Opaque::transfer})), "ValueError");
    EXPECT_EQ(walk.run(0, on(10, Operation::empty)), "true");
    EXPECT_EQ(walk.run(0, on(10, Operation::put, {Opaque::rebuild})), "null");
    EXPECT_EQ(walk.run(0, on(10, Operation::get)), "Other");
    EXPECT_EQ(walk.run(0, on(10, Operation::empty)), "true");
}

}  // namespace
}  // namespace conformance::model
