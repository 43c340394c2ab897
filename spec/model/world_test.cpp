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

TEST(World, ArgumentsOfOtherKindsThanAConstructorTakesAreATypeError) {
    const auto create = [](Type type, List arguments) {
        Walk walk = walk_before(type, std::move(arguments));
        return walk.run(0, on(10, Operation::create));
    };
    EXPECT_EQ(create(Type::Semaphore, {"two"}), "TypeError");
    EXPECT_EQ(create(Type::Semaphore, {1.5}), "TypeError");
    EXPECT_EQ(create(Type::Semaphore, {1, 2}), "TypeError");
    EXPECT_EQ(create(Type::Semaphore, {-1}), "ValueError");
    EXPECT_EQ(create(Type::Semaphore, {Value()}), "null");
    EXPECT_EQ(create(Type::Lock, {1}), "TypeError");
    EXPECT_EQ(create(Type::Barrier, {}), "TypeError");
    EXPECT_EQ(create(Type::Barrier, {2, "nothing", "inf"}), "null");
    EXPECT_EQ(create(Type::Barrier, {2, "nothing", "soon"}), "TypeError");
    EXPECT_EQ(create(Type::Condition, {77}), "TypeError");
    EXPECT_EQ(create(Type::WorkerPoolExecutor, {1, Value(), Value(), "threads"}), "TypeError");
}

TEST(World, ConditionTakesLocksOnly) {
    for (const Type type : {Type::Lock, Type::RLock, Type::Event, Type::Semaphore}) {
        Walk walk({.objects = {{.id = 10, .type = type},
                               {.id = 11, .type = Type::Condition, .arguments = {10}}},
                   .workers = {{.id = 0, .calls = {on(11, Operation::create)}}}});
        EXPECT_EQ(walk.run(0, on(11, Operation::create)),
                  type <= Type::RLock ? "null" : "TypeError");
    }
}

TEST(World, ArgumentsOfOtherKindsThanAMethodTakesAreATypeError) {
    Walk walk = walk_with(Type::SimpleQueue);
    EXPECT_EQ(walk.run(0, on(10, Operation::get, {true})), "TypeError");
    EXPECT_EQ(walk.run(0, on(10, Operation::get, {}, later)), "TypeError");
    EXPECT_EQ(walk.run(0, on(10, Operation::put, {1, true})), "TypeError");
    EXPECT_EQ(walk.run(0, on(10, Operation::empty)), "true");
    Walk held = walk_with(Type::Lock);
    EXPECT_EQ(held.run(0, on(10, Operation::acquire, {true}, TimeLimit::text())), "TypeError");
    EXPECT_EQ(held.run(0, on(10, Operation::acquire, {true}, later)), "true");
}

TEST(World, OffersTellsWhatThereHasToBeAndWhatNot) {
    Walk lock = walk_with(Type::Lock);
    EXPECT_EQ(lock.run(0, on(10, Operation::offers, {"locked"})), "true");
    EXPECT_EQ(lock.run(0, on(10, Operation::offers, {"colour"})), "open");
    EXPECT_EQ(lock.run(0, on(10, Operation::offers, {7})), "TypeError");
    Walk rlock = walk_with(Type::RLock);
    EXPECT_EQ(rlock.run(0, on(10, Operation::offers, {"locked"})), "false");
    Walk worker({.workers = {{.id = 0}, {.id = 1, .parent = 0}}});
    EXPECT_EQ(worker.run(0, on(1, Operation::offers, {"ident"})), "false");
}

TEST(World, QueueToWhichTasksPutMayShowAnything) {
    Walk walk({.objects = {{.id = 10, .type = Type::Queue},
                           {.id = 11, .type = Type::WorkerPool, .arguments = {1, "keep", List{10}}},
                           {.id = 12, .type = Type::Queue}}});
    EXPECT_EQ(walk.run(0, on(11, Operation::apply, {"put_kept", List{5}})), "null");
    EXPECT_EQ(walk.run(0, on(10, Operation::get), Value(5)), "5");
    EXPECT_EQ(walk.run(0, on(12, Operation::get), Value(5)), "blocked");
}

TEST(World, PoolThatGetsAnOpaqueInitializerIsRefused) {
    for (const List& arguments :
         {List{1, "opaque_function"}, List{1, "echo", List{Opaque::transfer}}}) {
        Walk pool = walk_before(Type::WorkerPool, arguments);
        EXPECT_THAT(pool.could(0, on(10, Operation::create)),
                    UnorderedElementsAre("ValueError", "TypeError"));
        Walk executor = walk_before(Type::WorkerPoolExecutor, arguments);
        EXPECT_THAT(executor.could(0, on(10, Operation::create)),
                    UnorderedElementsAre("null", "ValueError", "TypeError"));
    }
}

}  // namespace
}  // namespace conformance::model
