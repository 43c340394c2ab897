/// \file
/// Time limits of locks, semaphores, conditions, events, barriers and queues: requirements GEN-4 to GEN-7
/// and GEN-9.

#include <limits>

#include "conformance/suites/condition_shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

constexpr TimeLimit not_given = TimeLimit();
constexpr TimeLimit beyond_the_clock =
    TimeLimit::nanoseconds(std::numeric_limits<std::int64_t>::max());
constexpr TimeLimit centuries = TimeLimit::nanoseconds(10'000'000'000LL * 900'000'000LL);
constexpr TimeLimit nan = TimeLimit::not_a_number();
constexpr std::array endless{TimeLimit::infinite(), beyond_the_clock, centuries};

/// Acquires with `limit` block until the main worker releases.
void locks_block(ScenarioBuilder& scenario, TimeLimit limit) {
    const Script main = scenario.main();
    for (const Type type : {Type::Lock, Type::RLock, Type::Condition}) {
        const Id lock = scenario.add(type);
        const Script other = scenario.worker();
        other.acquire(lock, limit);
        other.release(lock);
        main.acquire(lock);
        start_blocked(main, other);
        pause(scenario, main);
        main.release(lock);
        main.join(other);
    }
}
void semaphores_block(ScenarioBuilder& scenario, TimeLimit limit) {
    const Script main = scenario.main();
    for (const Type type : {Type::Semaphore, Type::BoundedSemaphore}) {
        const Id semaphore = scenario.add(type, {1});
        const Script other = scenario.worker();
        other.acquire(semaphore, limit);
        main.acquire(semaphore);
        start_blocked(main, other);
        pause(scenario, main);
        main.release(semaphore);
        main.join(other);
    }
}
void waits_block(ScenarioBuilder& scenario, TimeLimit limit) {
    const Script main = scenario.main();
    const Id event = scenario.add(Type::Event);
    const Id barrier = scenario.add(Type::Barrier, {2});
    const Id condition = scenario.add(Type::Condition);
    const Id cell = scenario.add(Type::Cell);
    const Script at_event = scenario.worker();
    const Script at_barrier = scenario.worker();
    const Script satisfied_later = scenario.worker();
    at_event.wait(event, limit);
    at_barrier.wait(barrier, limit);
    satisfied_later.acquire(condition);
    satisfied_later.wait_for(condition, cell, 1, limit);
    satisfied_later.release(condition);
    start_blocked(main, at_event);
    start_blocked(main, at_barrier);
    start_blocked(main, satisfied_later);
    const Waiter waiter = start_waiting(scenario, condition, limit);
    pause(scenario, main);
    main.n_waiting(barrier);
    main.set(event);
    main.wait(barrier);
    main.acquire(condition);
    main.add(cell);
    main.notify_all(condition);
    main.release(condition);
    for (const Script& worker : {at_event, at_barrier, satisfied_later, waiter.script})
        main.join(worker);
}
void queues_block(ScenarioBuilder& scenario, TimeLimit limit) {
    const Script main = scenario.main();
    const Id queue = scenario.add(Type::Queue, {1});
    const Script getting = scenario.worker();
    const Script putting = scenario.worker();
    getting.get(queue, limit);
    putting.put(queue, 2, limit);
    start_blocked(main, getting);
    pause(scenario, main);
    main.put(queue, 0);
    main.join(getting);
    main.put(queue, 1);
    start_blocked(main, putting);
    pause(scenario, main);
    main.get(queue);
    main.join(putting);
    main.get_nowait(queue);
}

/// Calls with `limit` that would block, and give up.
void semaphores_and_waits_give_up(ScenarioBuilder& scenario, TimeLimit limit) {
    const Script main = scenario.main();
    for (const Type type : {Type::Semaphore, Type::BoundedSemaphore})
        main.acquire(scenario.add(type, {0}), limit);
    main.wait(scenario.add(Type::Event), limit);
    main.wait(scenario.add(Type::Barrier, {2}), limit);
    const Id condition = scenario.add(Type::Condition);
    main.acquire(condition);
    main.wait(condition, limit);
    main.wait_for(condition, scenario.add(Type::Cell), 1, limit);
    another_is_refused(scenario, condition);
    main.release(condition);
}
/// The same calls where they need not block.
void semaphores_and_waits_succeed(ScenarioBuilder& scenario, TimeLimit limit) {
    const Script main = scenario.main();
    for (const Type type : {Type::Semaphore, Type::BoundedSemaphore})
        main.acquire(scenario.add(type, {1}), limit);
    const Id event = scenario.add(Type::Event);
    main.set(event);
    main.wait(event, limit);
    main.wait(scenario.add(Type::Barrier, {1}), limit);
    const Id condition = scenario.add(Type::Condition);
    main.acquire(condition);
    main.wait_for(condition, scenario.add(Type::Cell, {1}), 1, limit);
    main.release(condition);
}

TEST(General, GEN_4_missing_limit_means_none) {
    ScenarioBuilder scenario;
    locks_block(scenario, not_given);
    semaphores_block(scenario, not_given);
    waits_block(scenario, not_given);
    queues_block(scenario, not_given);
    conform(scenario);
}

TEST(General, GEN_4_limit_of_zero_means_a_single_look) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const Type type : {Type::Lock, Type::RLock, Type::Condition}) {
        const Id lock = scenario.add(type);
        const Script other = scenario.worker();
        other.acquire(lock, at_once);
        main.acquire(lock, at_once);
        run_through(main, other);
    }
    semaphores_and_waits_give_up(scenario, at_once);
    semaphores_and_waits_succeed(scenario, at_once);
    const Id queue = scenario.add(Type::Queue, {1});
    main.get(queue, at_once);
    main.put(queue, 1, at_once);
    main.put(queue, 2, at_once);
    main.get(queue, at_once);
    conform(scenario);
}

TEST(General, GEN_5_negative_limit_means_none_for_acquires_of_locks) {
    ScenarioBuilder scenario;
    for (const TimeLimit limit : negative)
        locks_block(scenario, limit);
    conform(scenario);
}

TEST(General, GEN_5_negative_limit_means_a_single_look_for_semaphores_and_waits) {
    ScenarioBuilder scenario;
    for (const TimeLimit limit : negative) {
        semaphores_and_waits_give_up(scenario, limit);
        semaphores_and_waits_succeed(scenario, limit);
    }
    conform(scenario);
}

TEST(General, GEN_6_endless_limit_of_locks_means_none) {
    for (const TimeLimit limit : endless) {
        ScenarioBuilder scenario;
        locks_block(scenario, limit);
        conform(scenario);
    }
}

TEST(General, GEN_6_endless_limit_of_semaphores_means_none) {
    for (const TimeLimit limit : endless) {
        ScenarioBuilder scenario;
        semaphores_block(scenario, limit);
        conform(scenario);
    }
}

TEST(General, GEN_6_endless_limit_of_waits_means_none) {
    for (const TimeLimit limit : endless) {
        ScenarioBuilder scenario;
        waits_block(scenario, limit);
        conform(scenario);
    }
}

TEST(General, GEN_6_endless_limit_of_queues_means_none) {
    for (const TimeLimit limit : endless) {
        ScenarioBuilder scenario;
        queues_block(scenario, limit);
        conform(scenario);
    }
}

TEST(General, GEN_6_endless_limit_of_calls_that_need_not_block) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const TimeLimit limit : endless) {
        for (const Type type : {Type::Lock, Type::RLock, Type::Condition}) {
            const Id lock = scenario.add(type);
            main.acquire(lock, limit);
            main.release(lock);
        }
        semaphores_and_waits_succeed(scenario, limit);
        const Id queue = scenario.add(Type::Queue, {1});
        main.put(queue, 1, limit);
        main.get(queue, limit);
    }
    conform(scenario);
}

TEST(General, GEN_7_limit_of_locks_that_is_not_a_number_raises) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<Id> refused;
    for (const Type type : {Type::Lock, Type::RLock, Type::Condition}) {
        const Id lock = scenario.add(type);
        const Script other = scenario.worker();
        refused.push_back(main.acquire(lock, nan));
        another_takes(scenario, lock);
        main.acquire(lock);
        refused.push_back(other.acquire(lock, nan));
        run_through(main, other);
        main.release(lock);
        another_takes(scenario, lock);
    }
    expect_count(conform(scenario), refused, ErrorKind::ValueError, 6);
}

TEST(General, GEN_7_limit_of_semaphores_that_is_not_a_number_raises) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<Id> refused;
    for (const Type type : {Type::Semaphore, Type::BoundedSemaphore}) {
        const Id semaphore = scenario.add(type, {1});
        refused.push_back(main.acquire(semaphore, nan));
        main.try_acquire(semaphore);
        refused.push_back(main.acquire(semaphore, nan));
        main.release(semaphore);
        main.try_acquire(semaphore);
    }
    expect_count(conform(scenario), refused, ErrorKind::ValueError, 4);
}

TEST(General, GEN_7_limit_of_waits_that_is_not_a_number_raises) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<Id> refused;
    const Id event = scenario.add(Type::Event);
    refused.push_back(main.wait(event, nan));
    main.set(event);
    refused.push_back(main.wait(event, nan));
    for (const int parties : {1, 2})
        refused.push_back(main.wait(scenario.add(Type::Barrier, {parties}), nan));
    const Id cell = scenario.add(Type::Cell, {1});
    for (const Id condition : conditions_over_every_lock(scenario)) {
        main.acquire(condition);
        refused.push_back(main.wait(condition, nan));
        for (const int minimum : {1, 2})
            refused.push_back(main.wait_for(condition, cell, minimum, nan));
        another_is_refused(scenario, condition);
        main.release(condition);
    }
    expect_count(conform(scenario), refused, ErrorKind::ValueError, 13);
}

TEST(General, GEN_7_limit_of_queues_that_is_not_a_number_raises) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue, {1});
    const Script main = scenario.main();
    std::vector<Id> refused;
    refused.push_back(main.get(queue, nan));
    refused.push_back(main.put(queue, 1, nan));
    main.qsize(queue);
    main.put(queue, 2);
    refused.push_back(main.put(queue, 3, nan));
    refused.push_back(main.get(queue, nan));
    main.get_nowait(queue);
    main.get_nowait(queue);
    expect_count(conform(scenario), refused, ErrorKind::ValueError, 4);
}

/// Calls that give up after `limit`, with the outcome that the models expect; all have lasted so long.
void give_up_after(TimeLimit limit) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<Id> timed;
    const Script other = scenario.worker();
    for (const Type type : {Type::Lock, Type::RLock, Type::Condition}) {
        const Id lock = scenario.add(type);
        main.acquire(lock);
        timed.push_back(other.acquire(lock, limit));
    }
    main.start(other);
    for (const Type type : {Type::Semaphore, Type::BoundedSemaphore})
        timed.push_back(main.acquire(scenario.add(type, {0}), limit));
    timed.push_back(main.wait(scenario.add(Type::Event), limit));
    timed.push_back(main.wait(scenario.add(Type::Barrier, {2}), limit));
    const Id condition = scenario.add(Type::Condition);
    main.acquire(condition);
    timed.push_back(main.wait(condition, limit));
    timed.push_back(main.wait_for(condition, scenario.add(Type::Cell), 1, limit));
    const Id queue = scenario.add(Type::Queue, {1});
    timed.push_back(main.get(queue, limit));
    main.put(queue, 1);
    timed.push_back(main.put(queue, 2, limit));
    main.join(other);
    const auto run = conform(scenario);
    for (const Id call : timed)
        expect_lasted(run, call, limit);
}

TEST(General, GEN_9_timed_calls_give_up_no_earlier_than_their_limit) {
    give_up_after(TimeLimit::milliseconds(10));
    give_up_after(TimeLimit::nanoseconds(25'900'000));
}

// So long that adding it to the time of day nearly always carries into the seconds.
TEST(General, GEN_9_limit_of_almost_a_second) {
    const TimeLimit limit = TimeLimit::milliseconds(990);
    ScenarioBuilder scenario;
    const std::vector<Script> workers = scenario.workers(4);
    std::vector<Id> timed;
    const Id lock = scenario.add(Type::Lock);
    scenario.main().acquire(lock);
    timed.push_back(workers[0].acquire(lock, limit));
    timed.push_back(workers[1].wait(scenario.add(Type::Event), limit));
    timed.push_back(workers[2].get(scenario.add(Type::Queue), limit));
    timed.push_back(workers[3].acquire(scenario.add(Type::Semaphore, {0}), limit));
    scenario.start_all();
    scenario.join_all();
    const auto run = conform(scenario);
    for (const Id call : timed)
        expect_lasted(run, call, limit);
}

}  // namespace
}  // namespace conformance
