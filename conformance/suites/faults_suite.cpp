// Faults: locks, conditions, events, barriers and queues after the end or death of a worker.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/suites/calls.hpp"

namespace conformance {
namespace {

using namespace calls;

constexpr TimeLimit brief = TimeLimit::milliseconds(30);

/// Starts a worker, and kills it when it sleeps.
void start_and_kill(const Script& main, const Script& victim) {
    main.start(victim);
    main.await_blocked(victim);
    main.kill(victim);
    main.join(victim);
}

/// A worker that takes a lock and then ends, or is killed in its sleep.
struct DeadHolder {
    DeadHolder(ScenarioBuilder& scenario, Id lock, bool is_killed) {
        const Script main = scenario.main();
        const Script holder = scenario.worker();
        acquired = holder.acquire(lock);
        main.start(holder);
        if (is_killed) {
            const Id taken = scenario.add(Type::Event);
            holder.set(taken);
            holder.wait(scenario.add(Type::Event));
            main.wait(taken);
            main.kill(holder);
        }
        main.join(holder);
    }
    Id acquired;
};

void expect_lock_stays_taken(Type type, bool is_killed) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id lock = scenario.add(type);
    const DeadHolder holder(scenario, lock, is_killed);
    const Id timed = main.acquire(lock, brief);
    const Id look = main.try_acquire(lock);
    const Script other = scenario.worker();
    const Id others_look = other.try_acquire(lock);
    const Id release = other.release(lock);
    main.start(other);
    main.join(other);
    const Id repaired = main.acquire(lock, patience);
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id call : {timed, look, others_look})
        expect(*run, call, Value(false));
    expect_at_least(run->duration(timed), brief.count());
    expect(*run, release, Value());
    expect(*run, repaired, Value(true));
}

TEST(Faults, FAULT_1_lock_of_an_ended_worker_stays_taken_until_another_releases_it) {
    for (const Type type : {Type::Lock, Type::Semaphore, Type::BoundedSemaphore})
        expect_lock_stays_taken(type, false);
}

TEST(Faults, FAULT_1_lock_of_a_killed_worker_stays_taken_until_another_releases_it) {
    if (workers_are_threads()) return;
    for (const Type type : {Type::Lock, Type::Semaphore, Type::BoundedSemaphore})
        expect_lock_stays_taken(type, true);
}

void expect_owned_lock_stays_held(Type type, bool is_killed) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id lock = scenario.add(type);
    const DeadHolder holder(scenario, lock, is_killed);
    const Id timed = main.acquire(lock, brief);
    const Id release = main.release(lock);
    std::vector<Id> looks;
    std::vector<Id> releases = {release};
    // New workers, of which one may well have the identifier of the ended one.
    for (const Script& heir : scenario.workers(6)) {
        looks.push_back(heir.try_acquire(lock));
        releases.push_back(heir.release(lock));
        main.start(heir);
        main.join(heir);
    }
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, holder.acquired, Value(true));
    expect(*run, timed, Value(false));
    expect_at_least(run->duration(timed), brief.count());
    for (const Id look : looks)
        expect(*run, look, Value(false));
    for (const Id call : releases)
        expect(*run, call, ErrorKind::RuntimeError);
}

TEST(Faults, FAULT_2_lock_owned_by_an_ended_worker_stays_held) {
    for (const Type type : {Type::RLock, Type::Condition})
        expect_owned_lock_stays_held(type, false);
}

TEST(Faults, FAULT_2_lock_owned_by_a_killed_worker_stays_held) {
    if (workers_are_threads()) return;
    for (const Type type : {Type::RLock, Type::Condition})
        expect_owned_lock_stays_held(type, true);
}

TEST(Faults, FAULT_3_exception_that_leaves_a_guarded_block_releases_the_lock) {
    for (const Type type : {Type::Lock, Type::RLock, Type::Semaphore, Type::Condition}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id lock = scenario.add(type);
        const Script worker = scenario.worker();
        const Id block = worker.with(lock, "raise");
        main.start(worker);
        main.join(worker);
        const Id acquire = main.acquire(lock, patience);
        const auto run = conform(scenario, {.times = 5});
        if (!run) return;
        expect(*run, block, ErrorKind::Other);
        expect(*run, acquire, Value(true));
    }
}

TEST(Faults, FAULT_4_notifications_to_a_dead_worker_return_and_are_lost) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id condition = scenario.add(Type::Condition);
    const Script victim = scenario.worker();
    victim.acquire(condition);
    victim.wait(condition);
    start_and_kill(main, victim);
    const Id acquire = main.acquire(condition, patience);
    const std::vector<Id> notifications = {main.notify(condition), main.notify_all(condition),
                                           main.notify(condition, 5)};
    main.release(condition);
    const Id again = main.acquire(condition, patience);
    const Id timed = main.wait(condition, brief);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, acquire, Value(true));
    for (const Id notification : notifications)
        expect(*run, notification, Value());
    expect(*run, again, Value(true));
    expect(*run, timed, Value(false));
}

TEST(Faults, FAULT_5_notify_all_wakes_the_live_waiters_beside_a_dead_one) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id sent = scenario.add(Type::Cell);
    const Id condition = scenario.add(Type::Condition);
    const Script first = scenario.worker();
    const Script victim = scenario.worker();
    const Script last = scenario.worker();
    victim.acquire(condition);
    victim.wait(condition);
    std::vector<Id> waits;
    for (const Script& live : {first, last}) {
        live.acquire(condition);
        waits.push_back(live.wait_for(condition, sent, 1));
        live.release(condition);
    }
    main.start(first);
    main.await_blocked(first);
    main.start(victim);
    main.await_blocked(victim);
    main.start(last);
    main.await_blocked(last);
    main.kill(victim);
    main.join(victim);
    const Id acquire = main.acquire(condition, patience);
    main.write(sent, 1);
    const Id notification = main.notify_all(condition);
    main.release(condition);
    main.join(first);
    main.join(last);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, acquire, Value(true));
    expect(*run, notification, Value());
    for (const Id wait : waits)
        expect(*run, wait, Value(true));
}

TEST(Faults, FAULT_6_event_works_on_when_a_waiter_was_killed) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id event = scenario.add(Type::Event);
    const Script first = scenario.worker();
    const Script victim = scenario.worker();
    const Script last = scenario.worker();
    std::vector<Id> waits;
    for (const Script& worker : {first, victim, last}) {
        waits.push_back(worker.wait(event));
        main.start(worker);
        main.await_blocked(worker);
    }
    main.kill(victim);
    main.join(victim);
    const Id before = main.is_set(event);
    const Id set = main.set(event);
    const Id after = main.is_set(event);
    main.join(first);
    main.join(last);
    const Id clear = main.clear(event);
    const Id timed = main.wait(event, brief);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, before, Value(false));
    expect(*run, set, Value());
    expect(*run, after, Value(true));
    expect(*run, waits[0], Value(true));
    expect(*run, waits[2], Value(true));
    expect(*run, clear, Value());
    expect(*run, timed, Value(false));
}

TEST(Faults, FAULT_7_incomplete_barrier_with_a_dead_waiter_breaks_in_time) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id barrier = scenario.add(Type::Barrier, {3});
    const Script victim = scenario.worker();
    victim.wait(barrier);
    start_and_kill(main, victim);
    const Id timed = main.wait(barrier, brief);
    const Id broken = main.broken(barrier);
    const Id reset = main.reset(barrier);
    const Id whole = main.broken(barrier);
    const Id abort = main.abort(barrier);
    const Id broken_again = main.broken(barrier);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, timed, ErrorKind::BrokenBarrierError);
    expect(*run, broken, Value(true));
    expect(*run, reset, Value());
    expect(*run, whole, Value(false));
    expect(*run, abort, Value());
    expect(*run, broken_again, Value(true));
}

TEST(Faults, FAULT_7_barrier_can_be_used_after_the_reset) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id barrier = scenario.add(Type::Barrier, {2});
    const Script victim = scenario.worker();
    const Script other = scenario.worker();
    victim.wait(barrier);
    start_and_kill(main, victim);
    const Id reset = main.reset(barrier);
    main.start(other);
    const Id wait = main.wait(barrier, patience);
    main.join(other);
    const Id others_wait = other.wait(barrier, patience);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, reset, Value());
    expect_any_of(*run, wait, {Value(0), Value(1)});
    expect_any_of(*run, others_wait, {Value(0), Value(1)});
}

TEST(Faults, FAULT_7_wait_that_would_complete_a_dead_generation_returns) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id barrier = scenario.add(Type::Barrier, {2});
    const Script victim = scenario.worker();
    victim.wait(barrier);
    start_and_kill(main, victim);
    const Id wait = main.wait(barrier, brief);
    const auto run = conform(scenario);
    if (run) expect_any_of(*run, wait, {Value(0), Value(1), ErrorKind::BrokenBarrierError});
}

TEST(Faults, FAULT_22_timed_join_of_a_stopped_worker_returns_and_it_is_alive) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id running = scenario.add(Type::Event);
    const Id finish = scenario.add(Type::Event);
    const Script worker = scenario.worker();
    worker.set(running);
    worker.wait(finish);
    main.start(worker);
    main.wait(running);
    main.call(worker.id(), Operation::stop);
    const Id timed = main.join(worker, brief);
    const Id alive = main.is_alive(worker);
    main.call(worker.id(), Operation::resume);
    main.set(finish);
    const Id join = main.join(worker);
    const Id in_the_end = main.is_alive(worker);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, timed, Value());
    expect_at_least(run->duration(timed), brief.count());
    expect(*run, alive, Value(true));
    expect(*run, join, Value());
    expect(*run, in_the_end, Value(false));
}

TEST(Faults, FAULT_25_started_worker_keeps_a_primitive_that_its_creator_drops) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<Id> gets;
    for (std::int64_t i = 0; i < 8; ++i) {
        const Id queue = scenario.add(Type::Queue);
        const Id lock = scenario.add(Type::Lock);
        const Script worker = scenario.worker();
        main.put(queue, i);
        main.start(worker);
        main.drop(queue);
        main.drop(lock);
        worker.acquire(lock);
        gets.push_back(worker.get(queue, patience));
        worker.release(lock);
    }
    scenario.join_all();
    const auto run = conform(scenario, {.times = 20, .perturbation = 20});
    if (!run) return;
    for (std::size_t i = 0; i < gets.size(); ++i)
        expect(*run, gets[i], Value(static_cast<std::int64_t>(i)));
}

}  // namespace
}  // namespace conformance
