/// \file
/// General rules but for time limits: requirements GEN-2, GEN-12 and GEN-15.

#include "conformance/suites/shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

TEST(General, GEN_2_every_worker_has_the_backend_under_test) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script other = scenario.worker();
    const Script child = scenario.worker({}, {}, other.id());
    std::vector<Id> calls;
    for (const Script& worker : {main, other, child})
        calls.push_back(worker.call(no_object, Operation::get_backend));
    run_through(other, child);
    calls.push_back(other.call(no_object, Operation::get_backend));
    run_through(main, other);
    calls.push_back(main.call(no_object, Operation::get_backend));
    expect_count(conform(scenario), calls, Value(backend_under_test()), 5);
}

TEST(General, GEN_2_backend_stays_the_same_while_the_api_is_used) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    std::vector<Id> calls;
    for (const Script& worker : scenario.workers(3)) {
        calls.push_back(worker.call(no_object, Operation::get_backend));
        worker.acquire(lock);
        worker.put(queue, worker.id());
        worker.release(lock);
        calls.push_back(worker.call(no_object, Operation::get_backend));
    }
    scenario.align();
    scenario.start_all();
    calls.push_back(main.call(no_object, Operation::get_backend));
    scenario.join_all();
    calls.push_back(main.call(no_object, Operation::get_backend));
    expect_count(conform(scenario, {.times = 5}), calls, Value(backend_under_test()), 8);
}

// What the main worker does to an object shows in the other one, and the other way round.
TEST(General, GEN_12_locks_and_semaphores_are_the_same_objects_in_a_worker) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Id rlock = scenario.add(Type::RLock);
    const Id semaphore = scenario.add(Type::Semaphore, {2});
    const Id bounded = scenario.add(Type::BoundedSemaphore, {2});
    const Id condition = scenario.add(Type::Condition, {lock});
    const Script main = scenario.main();
    const Script other = scenario.worker();
    for (const Id object : {lock, rlock, semaphore, bounded}) {
        main.acquire(object);
        other.try_acquire(object);
        other.try_acquire(object);
    }
    other.locked(lock);
    other.try_acquire(condition);
    other.release(lock);
    other.try_acquire(condition);
    run_through(main, other);
    main.locked(lock);
    main.try_acquire(lock);
    main.release(rlock);
    for (const Id object : {semaphore, bounded}) {
        main.try_acquire(object);
        main.release(object);
        main.try_acquire(object);
    }
    conform(scenario);
}

TEST(General, GEN_12_events_barriers_and_queues_are_the_same_objects_in_a_worker) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    const Id answer = scenario.add(Type::Event);
    const Id barrier = scenario.add(Type::Barrier, {2});
    const Id queue = scenario.add(Type::Queue, {2});
    const Id simple_queue = scenario.add(Type::SimpleQueue);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    main.set(event);
    main.put(queue, "a");
    main.put(simple_queue, "b");
    main.start(other);
    other.is_set(event);
    other.qsize(queue);
    other.get(queue);
    other.put(queue, "c");
    other.put(queue, "d");
    other.get(simple_queue);
    other.put(simple_queue, "e");
    other.wait(barrier);
    other.clear(event);
    other.set(answer);
    main.wait(barrier);
    main.wait(answer);
    main.is_set(event);
    main.full(queue);
    main.get(queue);
    main.get(queue);
    main.task_done(queue);
    main.get(simple_queue);
    main.join(other);
    conform(scenario);
}

TEST(General, GEN_12_objects_reach_the_workers_of_a_worker) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Id semaphore = scenario.add(Type::Semaphore, {0});
    const Id event = scenario.add(Type::Event);
    const Id queue = scenario.add(Type::Queue);
    const Id condition = scenario.add(Type::Condition);
    const Script main = scenario.main();
    const Script parent = scenario.worker();
    const Script child = scenario.worker({}, {}, parent.id());
    main.acquire(lock);
    main.acquire(condition);
    child.locked(lock);
    child.release(lock);
    child.try_acquire(condition);
    child.release(semaphore);
    child.set(event);
    child.put(queue, 1);
    run_through(parent, child);
    run_through(main, parent);
    main.locked(lock);
    main.try_acquire(semaphore);
    main.is_set(event);
    main.get_nowait(queue);
    main.notify(condition);
    conform(scenario);
}

TEST(General, GEN_15_started_worker_keeps_its_primitives_alive) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    std::vector<Id> objects;
    std::vector<Id> acquires;
    for (const Type type :
         {Type::Lock, Type::RLock, Type::Semaphore, Type::BoundedSemaphore, Type::Condition}) {
        objects.push_back(scenario.add(type));
        acquires.push_back(worker.acquire(objects.back()));
        worker.release(objects.back());
    }
    objects.push_back(scenario.add(Type::Event));
    main.set(objects.back());
    const Id wait = worker.wait(objects.back());
    objects.push_back(scenario.add(Type::Barrier, {1}));
    const Id pass = worker.wait(objects.back());
    std::vector<Id> gets;
    for (const Type type : {Type::Queue, Type::SimpleQueue}) {
        objects.push_back(scenario.add(type));
        main.put(objects.back(), "kept");
        gets.push_back(worker.get(objects.back()));
    }
    main.start(worker);
    for (const Id object : objects)
        main.drop(object);
    main.join(worker);
    const auto run = conform(scenario, {.times = 20, .perturbation = 20});
    if (!run) return;
    for (const Id acquire : acquires)
        EXPECT_EQ(run->outcome(acquire), Outcome(true));
    EXPECT_EQ(run->outcome(wait), Outcome(true));
    EXPECT_EQ(run->outcome(pass), Outcome(0));
    for (const Id get : gets)
        EXPECT_EQ(run->outcome(get), Outcome("kept"));
}

}  // namespace
}  // namespace conformance
