#include "spec/model/barrier.hpp"

#include "spec/model/model_testing.hpp"

namespace conformance::model {
namespace {

constexpr Id cell = 11;
const Call wait = on(10, Operation::wait);
const Call wait_later = on(10, Operation::wait, {}, later);
const Call n_waiting = on(10, Operation::n_waiting);
const Call broken = on(10, Operation::broken);
const Call abort_call = on(10, Operation::abort);
const Call reset = on(10, Operation::reset);

Walk walk_of(std::int64_t parties, Value action = {}, Value limit = {}) {
    return Walk({.objects = {{.id = 10,
                              .type = Type::Barrier,
                              .arguments = {parties, std::move(action), std::move(limit)}},
                             {.id = cell, .type = Type::Cell}}});
}
void arrive(Walk& walk, Id worker, const Call& call = wait) {
    walk.begin(worker, call);
    walk.take(worker, "...");
}

TEST(BarrierModel, OnePartyPasses) {
    Walk walk = walk_of(1);
    for (const TimeLimit limit : {TimeLimit(), at_once, negative, later})
        EXPECT_EQ(walk.run(0, on(10, Operation::wait, {}, limit)), "0");
    EXPECT_EQ(walk.run(0, on(10, Operation::parties)), "1");
    EXPECT_EQ(walk.run(0, on(10, Operation::wait, {}, nan)), "ValueError");
}

TEST(BarrierModel, EachGetsAnIndexOfItsOwn) {
    Walk walk = walk_of(2);
    EXPECT_EQ(walk.run(1, wait), "blocked");
    EXPECT_EQ(walk.run(0, n_waiting), "1");
    arrive(walk, 2, on(10, Operation::wait, {}, at_once));
    EXPECT_EQ(walk.run(0, n_waiting), "0");
    EXPECT_THAT(walk.offers(1), UnorderedElementsAre("0", "1"));
    walk.take(2, "0");
    EXPECT_THAT(walk.offers(1), ElementsAre("1"));
}

TEST(BarrierModel, GenerationsDoNotMix) {
    Walk walk = walk_of(2);
    arrive(walk, 1);
    arrive(walk, 2);
    arrive(walk, 3);
    EXPECT_TRUE(walk.is_blocked(3));
    walk.take(2, "1");
    arrive(walk, 2);
    EXPECT_THAT(walk.offers(1), ElementsAre("0"));
    EXPECT_THAT(walk.offers(2), UnorderedElementsAre("0", "1"));
}

TEST(BarrierModel, TimeLimitBreaksIt) {
    Walk walk = walk_of(3);
    arrive(walk, 1);
    arrive(walk, 2, wait_later);
    EXPECT_TRUE(walk.is_blocked(2));
    walk.let_time_pass(2);
    EXPECT_EQ(walk.finish(2), "BrokenBarrierError");
    EXPECT_EQ(walk.run(0, broken), "true");
    EXPECT_EQ(walk.run(0, n_waiting), "0");
    EXPECT_EQ(walk.run(3, wait), "BrokenBarrierError");
    EXPECT_EQ(walk.finish(1), "BrokenBarrierError");
    EXPECT_EQ(walk.run(0, reset), "null");
    EXPECT_EQ(walk.state(), walk.world().initial());
}

TEST(BarrierModel, SingleLookBreaksIt) {
    for (const TimeLimit limit : {at_once, negative}) {
        Walk walk = walk_of(2);
        arrive(walk, 1);
        arrive(walk, 2);
        walk.take(1, "0");
        EXPECT_EQ(walk.run(3, on(10, Operation::wait, {}, limit)), "BrokenBarrierError");
        EXPECT_THAT(walk.offers(2), ElementsAre("1")) << "its generation is complete";
    }
}

TEST(BarrierModel, DefaultTimeLimit) {
    const Walk walk = walk_of(2, {}, 5);
    EXPECT_EQ(walk.world().time_limit(wait), TimeLimit::nanoseconds(5));
    EXPECT_EQ(walk.world().time_limit(wait_later), later);
    Walk impatient = walk_of(2, {}, 0);
    EXPECT_EQ(impatient.run(0, wait), "BrokenBarrierError");
}

TEST(BarrierModel, AbortAndReset) {
    Walk walk = walk_of(2);
    arrive(walk, 1);
    EXPECT_EQ(walk.run(0, reset), "null");
    EXPECT_EQ(walk.run(0, broken), "false");
    EXPECT_EQ(walk.finish(1), "BrokenBarrierError");
    arrive(walk, 1);
    EXPECT_EQ(walk.run(0, abort_call), "null");
    EXPECT_EQ(walk.run(0, abort_call), "null");
    EXPECT_EQ(walk.finish(1), "BrokenBarrierError");
    EXPECT_EQ(walk.run(0, broken), "true");
}

TEST(BarrierModel, AbortMayReachThoseWhoHaveNotDeparted) {
    Walk walk = walk_of(2);
    arrive(walk, 1);
    arrive(walk, 2);
    EXPECT_THAT(walk.could(0, abort_call), ElementsAre("null", "null"));
    EXPECT_THAT(walk.could(0, reset), ElementsAre("null"));
}

TEST(BarrierModel, EverybodyStandsStillDuringTheAction) {
    Walk walk = walk_of(2, "add");
    arrive(walk, 1, wait_later);
    arrive(walk, 2);
    EXPECT_EQ(walk.run(0, n_waiting), "2");
    EXPECT_EQ(walk.run(0, broken), "false");
    walk.let_time_pass(1);
    EXPECT_TRUE(walk.is_blocked(1));
    EXPECT_EQ(walk.run(0, abort_call), "blocked");
    EXPECT_EQ(walk.run(0, reset), "blocked");
    EXPECT_EQ(walk.run(3, wait), "blocked");
    EXPECT_EQ(walk.run(0, on(cell, Operation::read)), "0");
    EXPECT_EQ(walk.finish(2), "open");
    EXPECT_EQ(walk.run(0, on(cell, Operation::read)), "1");
    EXPECT_THAT(walk.offers(1), UnorderedElementsAre("0", "1"));
}

TEST(BarrierModel, FailingActionBreaksIt) {
    const std::vector<std::pair<const char*, const char*>> table = {
        {"raise", "Other"}, {"abort", "RuntimeError"}, {"reset", "RuntimeError"}};
    for (const auto& [action, outcome] : table) {
        Walk walk = walk_of(2, action);
        arrive(walk, 1);
        EXPECT_EQ(walk.run(2, wait), outcome);
        EXPECT_EQ(walk.finish(1), "BrokenBarrierError");
        EXPECT_EQ(walk.run(0, broken), "true");
    }
    Walk walk = walk_of(1, "nothing");
    EXPECT_EQ(walk.run(0, wait), "0");
}

TEST(BarrierModel, DeathOfAWaiterMayBreakIt) {
    Walk walk = walk_of(3);
    arrive(walk, 1);
    arrive(walk, 2);
    EXPECT_TRUE(walk.is_blocked(1));
    walk.kill(1);
    EXPECT_EQ(walk.finish(1), "null");
    EXPECT_EQ(walk.finish(2), "BrokenBarrierError");
}

TEST(BarrierModel, NeedsParties) {
    for (const int parties : {0, -1}) {
        Walk walk = walk_before(Type::Barrier, {parties});
        EXPECT_EQ(walk.run(0, on(10, Operation::create)), "ValueError");
    }
}

}  // namespace
}  // namespace conformance::model
