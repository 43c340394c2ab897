/// \file
/// Data races: requirement RACE-1. Every operation of a type by several workers at once, for a race detector
/// to watch. Nothing here waits for a worker to sleep, which would order what should race.

#include "conformance/suites/shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

/// Begins the workers' calls together, ends when all have ended, many times over.
void race(ScenarioBuilder& scenario) {
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    conform(scenario, some_races);
}

TEST(DataRaces, RACE_1_lock_and_what_it_guards) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Id cell = scenario.add(Type::Cell);
    for (const Script& worker : scenario.workers(3)) {
        for (int round = 0; round < 3; ++round) {
            worker.acquire(lock);
            worker.add(cell);
            worker.release(lock);
            worker.locked(lock);
            worker.acquire(lock, TimeLimit::milliseconds(60'000));
            worker.read(cell);
            worker.release(lock);
            worker.with(lock, "raise");
        }
    }
    race(scenario);
}

TEST(DataRaces, RACE_1_rlock_and_what_it_guards) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Id cell = scenario.add(Type::Cell);
    for (const Script& worker : scenario.workers(3)) {
        for (int round = 0; round < 3; ++round) {
            worker.acquire(lock);
            worker.with(lock, "nothing");
            worker.acquire(lock, at_once);
            worker.release(lock);
            worker.add(cell);
            worker.release(lock);
            worker.release(lock);  // an error, whoever owns it now
        }
    }
    race(scenario);
}

TEST(DataRaces, RACE_1_semaphores_and_what_they_guard) {
    ScenarioBuilder scenario;
    for (const Type type : {Type::Semaphore, Type::BoundedSemaphore}) {
        const Id semaphore = scenario.add(type, {1});
        const Id cell = scenario.add(Type::Cell);
        const std::vector<Script> workers = scenario.workers(2);
        for (int round = 0; round < 4; ++round) {
            for (const Script& worker : workers) {
                worker.acquire(semaphore);
                worker.add(cell);
                worker.release(semaphore);
                worker.with(semaphore, "nothing");
            }
        }
    }
    race(scenario);
}

TEST(DataRaces, RACE_1_semaphore_as_a_signal) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(Type::Semaphore, {0});
    const Id cell = scenario.add(Type::Cell);
    const std::vector<Script> workers = scenario.workers(2);
    workers[0].write(cell, 7);
    workers[0].release(semaphore);
    workers[1].acquire(semaphore);
    workers[1].read(cell);
    race(scenario);
}

TEST(DataRaces, RACE_1_condition_and_what_it_guards) {
    ScenarioBuilder scenario;
    const Id condition = scenario.add(Type::Condition, {scenario.add(Type::Lock)});
    const Id cell = scenario.add(Type::Cell);
    const std::vector<Script> workers = scenario.workers(3);
    for (int round = 1; round <= 3; ++round) {
        for (const Script& worker : workers) {
            worker.acquire(condition);
            worker.add(cell);
            worker.notify_all(condition);
            worker.wait_for(condition, cell, 3 * round);
            worker.wait(condition, TimeLimit::milliseconds(1));
            worker.notify(condition);
            worker.release(condition);
        }
    }
    race(scenario);
}

TEST(DataRaces, RACE_1_event_as_a_signal) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    const Id cell = scenario.add(Type::Cell);
    const std::vector<Script> workers = scenario.workers(3);
    workers[0].write(cell, 7);
    workers[0].set(event);
    workers[0].set(event);
    for (const Script& worker : {workers[1], workers[2]}) {
        worker.is_set(event);
        worker.wait(event, at_once);
        worker.wait(event);
        worker.read(cell);
    }
    race(scenario);
}

TEST(DataRaces, RACE_1_event_that_is_set_and_cleared) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    for (const Script& worker : scenario.workers(3)) {
        for (int round = 0; round < 4; ++round) {
            worker.set(event);
            worker.is_set(event);
            worker.clear(event);
            worker.wait(event, TimeLimit::milliseconds(1));
        }
    }
    race(scenario);
}

TEST(DataRaces, RACE_1_barrier_between_writing_and_reading) {
    ScenarioBuilder scenario;
    const Id counted_by_action = scenario.add(Type::Cell);
    const Id barrier = scenario.add(Type::Barrier, {3, "add"});
    const std::vector<Script> workers = scenario.workers(3);
    std::vector<Id> cells;
    for (const Script& worker : workers) {
        cells.push_back(scenario.add(Type::Cell));
        worker.write(cells.back(), worker.id());
    }
    for (const Script& worker : workers) {
        worker.wait(barrier);
        for (const Id cell : cells)
            worker.read(cell);
        worker.read(counted_by_action);
        worker.n_waiting(barrier);
        worker.broken(barrier);
        worker.wait(barrier);
    }
    race(scenario);
}

TEST(DataRaces, RACE_1_barrier_that_is_broken_and_reset) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {2});
    const std::vector<Script> workers = scenario.workers(3);
    for (int round = 0; round < 3; ++round) {
        for (const Script& worker : {workers[0], workers[1]}) {
            worker.wait(barrier, TimeLimit::milliseconds(2));
            worker.n_waiting(barrier);
        }
        workers[2].abort(barrier);
        workers[2].broken(barrier);
        workers[2].reset(barrier);
    }
    race(scenario);
}

TEST(DataRaces, RACE_1_queue_and_what_it_hands_over) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue, {2});
    const Id cell = scenario.add(Type::Cell);
    const std::vector<Script> workers = scenario.workers(3);
    workers[0].write(cell, 7);
    for (std::size_t i = 0; i < 8; ++i) {
        const Script& consumer = workers[1 + i % 2];
        workers[0].put(queue, std::string(100, "abcdefgh"[i]));
        consumer.get(queue);
        consumer.task_done(queue);
        consumer.qsize(queue);
    }
    const Id small = scenario.add(Type::Queue, {1});
    for (const Script& worker : workers) {
        worker.put_nowait(small, List{Value(1), Value("two")});
        worker.empty(small);
        worker.full(small);
        worker.get_nowait(small);
        worker.put(small, Value(), TimeLimit::milliseconds(1));
        worker.get(small, TimeLimit::milliseconds(1));
    }
    workers[1].read(cell);  // after an item that was put after the writing
    race(scenario);
}

TEST(DataRaces, RACE_1_queue_that_is_joined) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Id cell = scenario.add(Type::Cell);
    const std::vector<Script> workers = scenario.workers(2);
    scenario.main().put(queue, 1);
    workers[0].write(cell, 7);
    workers[0].task_done(queue);
    workers[1].join(queue);
    workers[1].read(cell);
    race(scenario);
}

TEST(DataRaces, RACE_1_simple_queue_and_what_it_hands_over) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::SimpleQueue);
    const Id cell = scenario.add(Type::Cell);
    const std::vector<Script> workers = scenario.workers(3);
    workers[0].write(cell, 7);
    for (std::size_t i = 0; i < 8; ++i) {
        const Script& consumer = workers[1 + i % 2];
        workers[0].put(queue, std::string(100, "abcdefgh"[i]));
        consumer.get(queue);
        consumer.empty(queue);
    }
    workers[1].read(cell);
    race(scenario);
}

TEST(DataRaces, RACE_1_start_and_join_order_what_workers_do) {
    ScenarioBuilder scenario;
    const Id cell = scenario.add(Type::Cell);
    const Script main = scenario.main();
    const Script first = scenario.worker();
    const Script child = scenario.worker({}, {}, first.id());
    const Script second = scenario.worker();
    main.write(cell, 1);
    first.add(cell);
    run_through(first, child);
    child.add(cell);
    first.read(cell);
    second.add(cell);
    run_through(main, first);
    main.add(cell);
    run_through(main, second);
    main.read(cell);
    conform(scenario, some_races);
}

TEST(DataRaces, RACE_1_primitives_used_by_all_workers_at_once) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Id semaphore = scenario.add(Type::Semaphore, {2});
    const Id barrier = scenario.add(Type::Barrier, {3});
    const Id event = scenario.add(Type::Event);
    const Id queue = scenario.add(Type::Queue);
    for (const Script& worker : scenario.workers(3)) {
        worker.with(lock, "nothing");
        worker.put(queue, worker.id());
        worker.wait(barrier);
        worker.acquire(semaphore);
        worker.get(queue);
        worker.release(semaphore);
        worker.set(event);
        worker.wait(event);
    }
    race(scenario);
}

}  // namespace
}  // namespace conformance
