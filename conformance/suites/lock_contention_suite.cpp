/// \file
/// Lock with several workers at once: requirements LOCK-12 to LOCK-15.

#include "conformance/suites/shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

TEST(Lock, LOCK_12_guarded_updates_are_not_lost) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Id cell = scenario.add(Type::Cell);
    for (const Script& worker : scenario.workers(3)) {
        for (int round = 0; round < 12; ++round) {
            worker.acquire(lock);
            worker.add(cell);
            worker.release(lock);
        }
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    const Id total = scenario.main().read(cell);
    expect_outcome(conform(scenario, races), total, Value(36));
}

TEST(Lock, LOCK_12_timed_acquires_exclude_each_other_too) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Id cell = scenario.add(Type::Cell);
    const std::vector<Script> workers = scenario.workers(3);
    for (int round = 0; round < 8; ++round) {
        for (const Script& worker : workers) {
            // so long a limit that it never passes: a worker without the lock must not touch the cell
            worker.acquire(lock, TimeLimit::milliseconds(60'000));
            worker.add(cell);
            worker.release(lock);
        }
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    const Id total = scenario.main().read(cell);
    expect_outcome(conform(scenario, races), total, Value(24));
}

// Whoever gets the lock says so and ends; the main worker releases for it.
TEST(Lock, LOCK_13_each_release_lets_one_blocked_worker_proceed) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Id passed = scenario.add(Type::Semaphore, {0});
    const Script main = scenario.main();
    main.acquire(lock);
    for (const Script& worker : scenario.workers(3)) {
        worker.acquire(lock);
        worker.release(passed);
        start_blocked(main, worker);
    }
    std::vector<Id> surplus;
    for (int round = 0; round < 3; ++round) {
        main.release(lock);
        main.acquire(passed, ample);
        surplus.push_back(main.acquire(passed, brief));
        main.locked(lock);
    }
    scenario.join_all();
    main.release(lock);
    main.locked(lock);
    expect_count(conform(scenario), surplus, Value(false), 3);
}

TEST(Lock, LOCK_13_no_wake_up_is_lost) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    for (const Script& worker : scenario.workers(4)) {
        for (int round = 0; round < 10; ++round) {
            worker.acquire(lock);
            worker.release(lock);
        }
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    scenario.main().locked(lock);
    conform(scenario, races);
}

// The release comes about when the limit of one waiter passes: it must not be spent on that one. The
// last release frees the lock in case the hasty worker did get it.
TEST(Lock, LOCK_13_waiter_that_gives_up_takes_no_wake_up_along) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    const Script hasty = scenario.worker();
    const Script patient = scenario.worker();
    hasty.acquire(lock, TimeLimit::milliseconds(2));
    patient.acquire(lock);
    main.acquire(lock);
    main.start(hasty);
    main.start(patient);
    main.acquire(lock, TimeLimit::milliseconds(2));
    main.release(lock);
    main.join(hasty);
    main.release(lock);
    main.join(patient);
    conform(scenario, some_races);
}

TEST(Lock, LOCK_14_lock_stays_held_when_its_holder_has_ended) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    const Script holder = scenario.worker();
    const Script helper = scenario.worker();
    holder.acquire(lock);
    helper.try_acquire(lock);
    helper.release(lock);
    run_through(main, holder);
    main.locked(lock);
    main.try_acquire(lock);
    main.acquire(lock, brief);
    run_through(main, helper);
    main.locked(lock);
    main.try_acquire(lock);
    main.try_acquire(lock);
    conform(scenario);
}

TEST(Lock, LOCK_14_blocked_worker_stays_blocked_when_the_holder_ends) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Id go = scenario.add(Type::Event);
    const Script main = scenario.main();
    const Script holder = scenario.worker();
    const Script waiter = scenario.worker();
    holder.acquire(lock);
    holder.wait(go);
    waiter.acquire(lock);
    waiter.release(lock);
    start_blocked(main, holder);
    start_blocked(main, waiter);
    main.set(go);
    main.join(holder);
    pause(scenario, main);
    main.release(lock);
    main.join(waiter);
    main.locked(lock);
    conform(scenario);
}

TEST(Lock, LOCK_15_one_of_concurrent_releases_succeeds) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    std::vector<Id> releases;
    for (const Script& worker : scenario.workers(3))
        releases.push_back(worker.release(lock));
    scenario.align();
    main.acquire(lock);
    scenario.start_all();
    scenario.join_all();
    main.locked(lock);
    main.try_acquire(lock);
    main.try_acquire(lock);
    const auto run = conform(scenario, races);
    expect_count(run, releases, Value(), 1);
    expect_count(run, releases, ErrorKind::RuntimeError, 2);
}

}  // namespace
}  // namespace conformance
