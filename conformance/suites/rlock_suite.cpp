/// \file
/// RLock: requirements RLOCK-1 to RLOCK-8.

#include "conformance/suites/shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

void acquire_times(Script worker, Id lock, int count) {
    for (int i = 0; i < count; ++i)
        worker.acquire(lock);
}
void release_times(Script worker, Id lock, int count) {
    for (int i = 0; i < count; ++i)
        worker.release(lock);
}

TEST(RLock, RLOCK_1_owner_acquires_again_in_every_form) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Script main = scenario.main();
    main.acquire(lock);
    main.acquire(lock);
    main.acquire(lock, at_once);
    main.acquire(lock, brief);
    for (const TimeLimit limit : negative)
        main.acquire(lock, limit);
    main.try_acquire(lock);
    release_times(main, lock, 7);
    another_is_refused(scenario, lock);
    main.release(lock);
    another_takes(scenario, lock);
    conform(scenario);
}

TEST(RLock, RLOCK_1_free_lock_is_taken_by_every_form) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Script main = scenario.main();
    for (const TimeLimit limit : {TimeLimit(), at_once, brief, negative[0], negative[2]}) {
        main.acquire(lock, limit);
        another_is_refused(scenario, lock);
        main.release(lock);
        another_takes(scenario, lock);
    }
    main.try_acquire(lock);
    another_is_refused(scenario, lock);
    main.release(lock);
    another_takes(scenario, lock);
    conform(scenario);
}

TEST(RLock, RLOCK_1_depth_of_a_thousand) {
    constexpr int depth = 1000;
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Script main = scenario.main();
    acquire_times(main, lock, depth);
    release_times(main, lock, depth - 1);
    another_is_refused(scenario, lock);
    main.release(lock);
    another_takes(scenario, lock);
    conform(scenario);
}

TEST(RLock, RLOCK_2_others_are_refused_until_the_last_release) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Script main = scenario.main();
    std::vector<Id> timed;
    acquire_times(main, lock, 3);
    for (int depth = 3; depth > 0; --depth) {
        const Script other = scenario.worker();
        other.try_acquire(lock);
        other.acquire(lock, at_once);
        timed.push_back(other.acquire(lock, brief));
        run_through(main, other);
        main.release(lock);
    }
    another_takes(scenario, lock);
    const auto run = conform(scenario);
    for (const Id call : timed)
        expect_lasted(run, call, brief);
}

void blocks_until_the_last_release(const std::vector<TimeLimit>& limits) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Script main = scenario.main();
    std::vector<std::pair<Id, Id>> acquire_and_last_release;
    for (const TimeLimit limit : limits) {
        const Script other = scenario.worker();
        const Id blocked = other.acquire(lock, limit);
        other.release(lock);
        acquire_times(main, lock, 2);
        start_blocked(main, other);
        main.release(lock);
        pause(scenario, main);
        acquire_and_last_release.emplace_back(blocked, main.release(lock));
        main.join(other);
    }
    const auto run = conform(scenario);
    for (const auto& [acquire, release] : acquire_and_last_release)
        expect_ends_after_begin(run, acquire, release);
}

TEST(RLock, RLOCK_2_acquire_without_a_limit_blocks_until_the_last_release) {
    blocks_until_the_last_release({TimeLimit()});
}

TEST(RLock, RLOCK_2_acquire_with_a_negative_limit_blocks_until_the_last_release) {
    blocks_until_the_last_release({negative.begin(), negative.end()});
}

TEST(RLock, RLOCK_2_acquire_blocks_while_the_lock_is_never_released) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    const Id blocked = other.acquire(lock);
    acquire_times(main, lock, 2);
    main.start(other);
    main.release(lock);
    expect_pending(conform(scenario), blocked);
}

TEST(RLock, RLOCK_2_nested_guarded_updates_are_not_lost) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Id cell = scenario.add(Type::Cell);
    for (const Script& worker : scenario.workers(3)) {
        for (int round = 0; round < 6; ++round) {
            worker.acquire(lock);
            worker.try_acquire(lock);
            worker.release(lock);
            worker.add(cell);
            worker.release(lock);
        }
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    const Id total = scenario.main().read(cell);
    expect_outcome(conform(scenario, races), total, Value(18));
}

TEST(RLock, RLOCK_3_non_blocking_acquire_with_a_limit_raises_on_a_free_lock) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    for (const TimeLimit limit : {at_once, brief, ample})
        try_acquire_within(scenario.main(), lock, limit);
    another_takes(scenario, lock);
    conform(scenario);
}

TEST(RLock, RLOCK_3_non_blocking_acquire_with_a_limit_raises_for_owner_and_others) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    acquire_times(main, lock, 2);
    for (const TimeLimit limit : {at_once, brief, ample}) {
        try_acquire_within(main, lock, limit);
        try_acquire_within(other, lock, limit);
    }
    run_through(main, other);
    main.release(lock);
    another_is_refused(scenario, lock);
    main.release(lock);  // as deep as before
    another_takes(scenario, lock);
    conform(scenario);
}

TEST(RLock, RLOCK_4_release_of_a_free_lock_raises) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Script main = scenario.main();
    release_times(main, lock, 2);
    main.acquire(lock);
    another_is_refused(scenario, lock);
    main.release(lock);
    another_takes(scenario, lock);
    conform(scenario);
}

TEST(RLock, RLOCK_4_one_release_too_many_raises_at_every_depth) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Script main = scenario.main();
    for (const int depth : {1, 2, 5}) {
        acquire_times(main, lock, depth);
        release_times(main, lock, depth + 1);
        main.release(lock);
        another_takes(scenario, lock);
    }
    acquire_times(main, lock, 2);
    main.release(lock);
    another_is_refused(scenario, lock);
    conform(scenario);
}

TEST(RLock, RLOCK_4_guarded_block_that_released_its_lock_ends_with_the_error) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Script main = scenario.main();
    main.with(lock, "release");
    another_takes(scenario, lock);
    main.acquire(lock);
    main.with(lock, "release");  // from depth 2 to 0, without error
    another_takes(scenario, lock);
    main.release(lock);
    conform(scenario);
}

TEST(RLock, RLOCK_5_release_by_another_worker_raises_and_changes_nothing) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    acquire_times(main, lock, 2);
    release_times(other, lock, 3);
    other.try_acquire(lock);
    run_through(main, other);
    main.acquire(lock, at_once);
    release_times(main, lock, 2);
    another_is_refused(scenario, lock);
    main.release(lock);
    another_takes(scenario, lock);
    conform(scenario);
}

TEST(RLock, RLOCK_5_former_owner_cannot_release_what_another_owns) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Id taken = scenario.add(Type::Event);
    const Id go = scenario.add(Type::Event);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    main.acquire(lock);
    main.release(lock);
    other.acquire(lock);
    other.set(taken);
    other.wait(go);
    other.acquire(lock, at_once);
    release_times(other, lock, 2);
    main.start(other);
    main.wait(taken);
    main.release(lock);
    main.try_acquire(lock);
    main.set(go);
    main.join(other);
    main.try_acquire(lock);
    conform(scenario);
}

TEST(RLock, RLOCK_6_new_worker_does_not_own_what_its_creator_owns) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    acquire_times(main, lock, 2);
    other.try_acquire(lock);
    const Id timed = other.acquire(lock, brief);
    run_through(main, other);
    release_times(main, lock, 2);
    another_takes(scenario, lock);
    expect_lasted(conform(scenario), timed, brief);
}

TEST(RLock, RLOCK_6_workers_of_a_worker_do_not_own_its_lock) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Script parent = scenario.worker();
    const Script child = scenario.worker({}, {}, parent.id());
    parent.acquire(lock);
    child.try_acquire(lock);
    run_through(parent, child);
    parent.acquire(lock, at_once);
    release_times(parent, lock, 2);
    run_through(scenario.main(), parent);
    another_takes(scenario, lock);
    conform(scenario);
}

TEST(RLock, RLOCK_7_guarded_block_releases_one_level_on_every_exit) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Script main = scenario.main();
    acquire_times(main, lock, 2);
    for (const char* body : {"nothing", "raise", "nothing", "raise"}) {
        main.with(lock, body);
        another_is_refused(scenario, lock);
    }
    main.release(lock);
    another_is_refused(scenario, lock);
    main.release(lock);
    another_takes(scenario, lock);
    conform(scenario);
}

TEST(RLock, RLOCK_7_outermost_guarded_block_frees_the_lock_on_every_exit) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Script main = scenario.main();
    main.with(lock, "nothing");
    another_takes(scenario, lock);
    main.with(lock, "raise");
    another_takes(scenario, lock);
    const Script other = scenario.worker();
    other.with(lock, "nothing");
    main.acquire(lock);
    start_blocked(main, other);
    pause(scenario, main);
    main.release(lock);
    main.join(other);
    conform(scenario);
}

// Many younger workers, one after the other: some system identifiers come again.
TEST(RLock, RLOCK_8_lock_of_an_ended_owner_stays_held_for_younger_workers) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Script main = scenario.main();
    const Script owner = scenario.worker();
    acquire_times(owner, lock, 2);
    run_through(main, owner);
    for (int i = 0; i < 20; ++i) {
        const Script younger = scenario.worker();
        younger.try_acquire(lock);
        younger.release(lock);
        younger.try_acquire(lock);
        run_through(main, younger);
    }
    conform(scenario);
}

TEST(RLock, RLOCK_8_lock_of_an_ended_owner_stays_held_for_older_workers) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Id ended = scenario.add(Type::Event);
    const Script main = scenario.main();
    const Script older = scenario.worker();
    const Script owner = scenario.worker();
    older.wait(ended);
    older.release(lock);
    older.acquire(lock, brief);
    owner.acquire(lock);
    start_blocked(main, older);
    run_through(main, owner);
    main.try_acquire(lock);
    main.release(lock);
    main.acquire(lock, brief);
    main.set(ended);
    main.join(older);
    main.try_acquire(lock);
    conform(scenario);
}

}  // namespace
}  // namespace conformance
