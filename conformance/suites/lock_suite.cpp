/// \file
/// Lock: requirements LOCK-1 to LOCK-15.

#include "conformance/suites/shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

TEST(Lock, LOCK_1_new_lock_is_free_and_release_frees_it) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    for (int round = 0; round < 3; ++round) {
        main.locked(lock);
        main.acquire(lock);
        main.locked(lock);
        main.release(lock);
    }
    main.locked(lock);
    another_takes(scenario, lock);
    conform(scenario);
}

TEST(Lock, LOCK_1_every_form_of_acquire_takes_a_free_lock) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    for (const TimeLimit limit :
         {TimeLimit(), at_once, brief, negative[0], negative[1], negative[2]}) {
        main.acquire(lock, limit);
        another_is_refused(scenario, lock);
        main.release(lock);
    }
    main.try_acquire(lock);
    another_is_refused(scenario, lock);
    main.release(lock);
    main.locked(lock);
    conform(scenario);
}

TEST(Lock, LOCK_2_held_lock_refuses_other_workers_at_once) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    main.acquire(lock);
    for (int round = 0; round < 3; ++round) {
        other.try_acquire(lock);
        other.acquire(lock, at_once);
    }
    run_through(main, other);
    main.locked(lock);
    main.release(lock);
    another_takes(scenario, lock);
    conform(scenario);
}

TEST(Lock, LOCK_2_held_lock_refuses_its_holder_at_once) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    main.acquire(lock);
    main.try_acquire(lock);
    main.acquire(lock, at_once);
    main.release(lock);
    main.locked(lock);
    main.try_acquire(lock);
    main.locked(lock);
    conform(scenario);
}

TEST(Lock, LOCK_3_timed_acquire_gives_up_after_its_limit_and_changes_nothing) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    main.acquire(lock);
    const Id first = other.acquire(lock, brief);
    const Id second = other.acquire(lock, TimeLimit::milliseconds(35));
    run_through(main, other);
    main.locked(lock);
    main.release(lock);
    main.locked(lock);
    another_takes(scenario, lock);
    another_takes(scenario, lock);
    const auto run = conform(scenario);
    expect_lasted(run, first, brief);
    expect_lasted(run, second, TimeLimit::milliseconds(35));
}

// A waiter that gave up and is still counted would be handed the release meant for the other one.
TEST(Lock, LOCK_3_waiter_that_gave_up_does_not_swallow_a_release) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    const Script hasty = scenario.worker();
    const Script patient = scenario.worker();
    hasty.acquire(lock, brief);
    patient.acquire(lock);
    patient.release(lock);
    main.acquire(lock);
    main.start(hasty);
    start_blocked(main, patient);
    main.join(hasty);
    main.release(lock);
    main.join(patient);
    main.locked(lock);
    conform(scenario);
}

void blocks_until_released(const std::vector<TimeLimit>& limits) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    for (const TimeLimit limit : limits) {
        const Script other = scenario.worker();
        other.acquire(lock, limit);
        other.locked(lock);
        other.release(lock);
        main.acquire(lock);
        start_blocked(main, other);
        pause(scenario, main);
        main.release(lock);
        main.join(other);
        main.locked(lock);
    }
    conform(scenario);
}

TEST(Lock, LOCK_4_acquire_without_a_limit_blocks_until_release) {
    blocks_until_released({TimeLimit()});
}

TEST(Lock, LOCK_4_acquire_with_a_negative_limit_blocks_until_release) {
    blocks_until_released({negative.begin(), negative.end()});
}

TEST(Lock, LOCK_4_acquire_blocks_while_the_lock_is_never_released) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    main.acquire(lock);
    for (const TimeLimit limit : {TimeLimit(), negative[0]}) {
        const Script other = scenario.worker();
        other.acquire(lock, limit);
        main.start(other);
    }
    conform(scenario);
}

TEST(Lock, LOCK_5_non_blocking_acquire_with_a_limit_raises_on_a_free_lock) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    for (const TimeLimit limit : {at_once, TimeLimit::nanoseconds(1), brief, ample}) {
        try_acquire_within(main, lock, limit);
        main.locked(lock);
    }
    another_takes(scenario, lock);
    conform(scenario);
}

TEST(Lock, LOCK_5_non_blocking_acquire_with_a_limit_raises_on_a_held_lock) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    main.acquire(lock);
    for (const TimeLimit limit : {at_once, brief, ample}) {
        try_acquire_within(main, lock, limit);
        try_acquire_within(other, lock, limit);
    }
    run_through(main, other);
    main.locked(lock);
    main.release(lock);
    another_takes(scenario, lock);
    conform(scenario);
}

TEST(Lock, LOCK_6_timed_second_acquire_by_the_holder_fails) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    main.acquire(lock);
    const Id second = main.acquire(lock, brief);
    main.locked(lock);
    main.release(lock);
    main.locked(lock);  // one release is enough
    another_takes(scenario, lock);
    expect_lasted(conform(scenario), second, brief);
}

TEST(Lock, LOCK_6_untimed_second_acquire_by_the_holder_blocks_until_another_releases) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    const Script holder = scenario.worker();
    holder.acquire(lock);
    holder.acquire(lock);
    holder.locked(lock);
    holder.release(lock);
    start_blocked(main, holder);
    pause(scenario, main);
    main.release(lock);
    main.join(holder);
    main.locked(lock);
    conform(scenario);
}

TEST(Lock, LOCK_6_untimed_second_acquire_by_the_holder_blocks_for_ever) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    main.acquire(lock);
    main.acquire(lock);
    conform(scenario);
}

// Releases that only count up would let two workers in afterwards.
TEST(Lock, LOCK_7_release_of_a_free_lock_raises_and_leaves_one_free_lock) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    main.release(lock);
    main.release(lock);
    main.locked(lock);
    main.try_acquire(lock);
    main.try_acquire(lock);
    main.release(lock);
    main.release(lock);
    another_takes(scenario, lock);
    const Script other = scenario.worker();
    other.release(lock);
    run_through(main, other);
    main.locked(lock);
    conform(scenario);
}

TEST(Lock, LOCK_7_guarded_block_that_released_its_lock_ends_with_the_error) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    main.with(lock, "release");
    main.locked(lock);
    main.with(lock, "nothing");
    main.try_acquire(lock);
    main.try_acquire(lock);
    conform(scenario);
}

TEST(Lock, LOCK_8_another_worker_releases_and_the_former_holder_finds_the_lock_free) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    main.acquire(lock);
    other.release(lock);
    other.locked(lock);
    run_through(main, other);
    main.release(lock);
    main.locked(lock);
    another_takes(scenario, lock);
    conform(scenario);
}

TEST(Lock, LOCK_8_former_holder_may_release_what_a_third_worker_holds) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    const Script second = scenario.worker();
    main.acquire(lock);
    second.release(lock);
    second.acquire(lock);
    run_through(main, second);
    main.locked(lock);
    main.release(lock);
    main.locked(lock);
    main.acquire(lock, brief);
    conform(scenario);
}

TEST(Lock, LOCK_9_locked_tells_every_worker_the_same) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    const auto another_asks = [&] {
        const Script other = scenario.worker();
        other.locked(lock);
        run_through(main, other);
    };
    another_asks();
    main.acquire(lock);
    main.locked(lock);
    another_asks();
    main.release(lock);
    another_asks();
    const Script holder = scenario.worker();
    holder.acquire(lock);
    holder.locked(lock);
    run_through(main, holder);
    main.locked(lock);
    another_asks();
    main.release(lock);
    main.locked(lock);
    conform(scenario);
}

TEST(Lock, LOCK_10_locked_never_makes_an_acquire_fail) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const std::vector<Script> workers = scenario.workers(3);
    std::vector<Id> attempts;
    for (int round = 0; round < 10; ++round) {
        attempts.push_back(workers[0].try_acquire(lock));
        workers[0].release(lock);
        workers[1].locked(lock);
        workers[2].locked(lock);
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    expect_count(conform(scenario, races), attempts, Value(true), 10);
}

TEST(Lock, LOCK_10_observers_of_a_free_lock_all_see_it_free) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    // Long enough to overlap: workers that start together are apart by some microseconds.
    for (const Script& worker : scenario.workers(3)) {
        for (int round = 0; round < 400; ++round)
            worker.locked(lock);
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    conform(scenario, some_races);
}

TEST(Lock, LOCK_11_guarded_block_releases_on_every_exit) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script main = scenario.main();
    main.with(lock, "nothing");
    main.locked(lock);
    main.with(lock, "raise");
    main.locked(lock);
    main.with(lock, "nothing");
    another_takes(scenario, lock);
    conform(scenario);
}

TEST(Lock, LOCK_11_guarded_block_waits_for_the_lock) {
    for (const char* body : {"nothing", "raise"}) {
        ScenarioBuilder scenario;
        const Id lock = scenario.add(Type::Lock);
        const Script main = scenario.main();
        const Script other = scenario.worker();
        other.with(lock, body);
        main.acquire(lock);
        start_blocked(main, other);
        pause(scenario, main);
        main.release(lock);
        main.join(other);
        main.locked(lock);
        conform(scenario);
    }
}

}  // namespace
}  // namespace conformance
