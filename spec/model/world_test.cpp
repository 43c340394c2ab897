#include "spec/model/world.hpp"

#include "spec/model/model_testing.hpp"

namespace conformance::model {
namespace {

using Ids = std::vector<Id>;

Scenario scenario_of_everything() {
    Scenario scenario;
    scenario.objects = {{.id = 10, .type = Type::Lock},
                        {.id = 11, .type = Type::Condition, .arguments = {10}},
                        {.id = 12, .type = Type::Cell},
                        {.id = 13, .type = Type::Cell},
                        {.id = 14, .type = Type::Barrier, .arguments = {2, "add"}},
                        {.id = 15, .type = Type::Barrier, .arguments = {2}},
                        {.id = 16, .type = Type::WorkerPool},
                        {.id = 17, .type = Type::AsyncResult},
                        {.id = 18, .type = Type::Queue},
                        {.id = 19, .type = Type::Condition}};
    scenario.workers = {{.id = 0,
                         .calls = {on(1, Operation::start),
                                   on(16, Operation::apply_async, {"square", List{3}}, {}, 17)}},
                        {.id = 1, .parent = 0, .calls = {on(11, Operation::wait_for, {13, 1})}}};
    return scenario;
}

TEST(World, ComponentsHoldTogetherWhatDependsOnEachOther) {
    EXPECT_THAT(components(scenario_of_everything()),
                UnorderedElementsAre(Ids{0, 1}, Ids{10, 11, 13}, Ids{12, 14}, Ids{15}, Ids{16, 17},
                                     Ids{18}, Ids{19}));
    EXPECT_TRUE(components(Scenario{}).empty());
}

TEST(World, ConcernsTheCallsOfItsObjects) {
    const Scenario scenario = scenario_of_everything();
    const World workers(scenario, {0, 1});
    EXPECT_TRUE(workers.concerns(on(1, Operation::start)));
    EXPECT_TRUE(workers.concerns(on(no_object, Operation::enumerate)));
    EXPECT_FALSE(workers.concerns(on(1, Operation::await_blocked)));
    EXPECT_FALSE(workers.concerns(on(18, Operation::get)));
    const World pool(scenario, {16, 17});
    EXPECT_TRUE(pool.concerns(on(17, Operation::get)));
    EXPECT_FALSE(pool.concerns(on(no_object, Operation::enumerate)));
}

TEST(World, WhatOneDropsStaysAsItIsForOthers) {
    Walk walk(scenario_of_everything());
    EXPECT_EQ(walk.run(0, on(18, Operation::put, {7})), "null");
    EXPECT_EQ(walk.run(0, on(18, Operation::drop)), "null");
    EXPECT_EQ(walk.run(1, on(18, Operation::get)), "7");
    EXPECT_EQ(walk.run(0, on(1, Operation::drop)), "null");
}

TEST(World, ObjectsOfOneComponentAct) {
    const World world(scenario_of_everything(), {12, 14});
    const World::State initial = world.initial();
    EXPECT_EQ(initial.objects.size(), 2U);
    Walk walk(scenario_of_everything());
    for (const Id worker : {0, 1}) {
        walk.begin(worker, on(14, Operation::wait));
        walk.take(worker, "...");
    }
    EXPECT_EQ(walk.finish(1), "open");
    EXPECT_EQ(walk.run(1, on(12, Operation::read)), "1");
    EXPECT_EQ(walk.run(1, on(13, Operation::read)), "0");
}

TEST(World, EqualStatesHaveEqualHashesAndChangesShow) {
    Walk walk(scenario_of_everything());
    const World::State initial = walk.state();
    const std::size_t hash = World::hash(initial);
    const std::vector<std::pair<Call, Call>> there_and_back = {
        {on(10, Operation::acquire), on(10, Operation::release)},
        {on(12, Operation::write, {5}), on(12, Operation::write, {0})},
        {on(14, Operation::abort), on(14, Operation::reset)}};
    for (const auto& [there, back] : there_and_back) {
        walk.run(0, there);
        EXPECT_NE(walk.state(), initial);
        EXPECT_NE(World::hash(walk.state()), hash);
        walk.run(0, back);
        EXPECT_EQ(walk.state(), initial);
        EXPECT_EQ(World::hash(walk.state()), hash);
    }
}

TEST(World, OffersNothingForObjectsOfOthers) {
    const World world(scenario_of_everything(), {18});
    const Observed observed{.call = on(10, Operation::acquire)};
    Steps<World::State> steps;
    world.steps(world.initial(), {observed}, steps);
    EXPECT_TRUE(steps.empty());
}

}  // namespace
}  // namespace conformance::model
