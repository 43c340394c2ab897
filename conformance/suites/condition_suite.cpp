/// \file
/// Condition and its lock: requirements COND-1 to COND-7, COND-9, COND-10, COND-25 and COND-27.

#include "conformance/suites/condition_shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

TEST(Condition, COND_1_own_lock_is_reentrant) {
    ScenarioBuilder scenario;
    const Id condition = scenario.add(Type::Condition);
    const Script main = scenario.main();
    main.acquire(condition);
    main.acquire(condition, brief);
    main.try_acquire(condition);
    main.release(condition);
    main.release(condition);
    another_is_refused(scenario, condition);
    main.release(condition);
    another_takes(scenario, condition);
    conform(scenario);
}

TEST(Condition, COND_1_each_condition_has_a_lock_of_its_own) {
    ScenarioBuilder scenario;
    const Id first = scenario.add(Type::Condition);
    const Id second = scenario.add(Type::Condition);
    scenario.main().acquire(first);
    another_takes(scenario, second);
    another_is_refused(scenario, first);
    conform(scenario);
}

TEST(Condition, COND_2_condition_over_a_lock_uses_that_lock) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Id condition = scenario.add(Type::Condition, {lock});
    const Script main = scenario.main();
    main.acquire(condition);
    main.locked(lock);
    main.try_acquire(lock);
    main.try_acquire(condition);  // a Lock is not reentrant
    another_is_refused(scenario, lock);
    main.release(lock);
    another_takes(scenario, condition);
    main.acquire(lock);
    another_is_refused(scenario, condition);
    const Id wait = main.wait(condition, brief);
    main.locked(lock);
    main.release(condition);
    main.locked(lock);
    expect_lasted(conform(scenario), wait, brief);
}

TEST(Condition, COND_2_condition_over_an_rlock_shares_its_depth) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Id condition = scenario.add(Type::Condition, {lock});
    const Script main = scenario.main();
    main.acquire(lock);
    main.acquire(condition);
    main.acquire(lock);
    main.release(condition);
    another_is_refused(scenario, lock);
    main.release(condition);
    another_is_refused(scenario, condition);
    main.wait(condition, brief);
    another_is_refused(scenario, lock);
    main.release(lock);
    another_takes(scenario, condition);
    another_takes(scenario, lock);
    conform(scenario);
}

TEST(Condition, COND_3_argument_that_is_no_lock) {
    is_no_type_to_make(Type::Condition, {77, "lock", 1.5});
}

// Not another Condition: where objects are handles that is a copy of it.
TEST(Condition, COND_3_object_that_is_no_lock) {
    ScenarioBuilder scenario;
    std::vector<Id> attempts;
    for (const Type type :
         {Type::Semaphore, Type::BoundedSemaphore, Type::Barrier, Type::Event, Type::Queue}) {
        const Id object = scenario.add(type, type == Type::Barrier ? List{2} : List());
        attempts.push_back(scenario.main().create(scenario.add(Type::Condition, {object})));
    }
    expect_count(conform(scenario), attempts, ErrorKind::TypeError, 5);
}

TEST(Condition, COND_4_acquire_and_release_give_the_results_of_the_lock) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<Id> timed;
    for (const Id condition : conditions_over_every_lock(scenario)) {
        const Script other = scenario.worker();
        other.try_acquire(condition);
        other.acquire(condition, at_once);
        timed.push_back(other.acquire(condition, brief));
        main.acquire(condition);
        run_through(main, other);
        main.release(condition);
        for (const TimeLimit limit : {at_once, brief, negative[0]}) {
            main.acquire(condition, limit);
            main.release(condition);
        }
        another_takes(scenario, condition);
    }
    const auto run = conform(scenario);
    for (const Id call : timed)
        expect_lasted(run, call, brief);
}

TEST(Condition, COND_4_acquire_with_a_negative_limit_blocks) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const Id condition : conditions_over_every_lock(scenario)) {
        for (const TimeLimit limit : {TimeLimit(), negative[0], negative[2]}) {
            const Script other = scenario.worker();
            other.acquire(condition, limit);
            other.release(condition);
            main.acquire(condition);
            start_blocked(main, other);
            main.release(condition);
            main.join(other);
        }
    }
    conform(scenario);
}

TEST(Condition, COND_4_guarded_block_acts_on_the_lock) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const Id condition : conditions_over_every_lock(scenario)) {
        main.with(condition, "nothing");
        another_takes(scenario, condition);
        main.with(condition, "raise");
        another_takes(scenario, condition);
        const Script other = scenario.worker();
        other.with(condition, "nothing");
        main.acquire(condition);
        start_blocked(main, other);
        main.release(condition);
        main.join(other);
    }
    conform(scenario);
}

TEST(Condition, COND_5_non_blocking_acquire_with_a_limit_raises) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const Id condition : conditions_over_every_lock(scenario)) {
        const Script other = scenario.worker();
        for (const TimeLimit limit : {at_once, brief, ample}) {
            try_acquire_within(main, condition, limit);
            try_acquire_within(other, condition, limit);
        }
        another_takes(scenario, condition);
        main.acquire(condition);
        try_acquire_within(main, condition, at_once);
        run_through(main, other);
        main.release(condition);
        another_takes(scenario, condition);
    }
    conform(scenario);
}

TEST(Condition, COND_6_release_of_a_free_lock_raises) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const Id condition : conditions_over_every_lock(scenario)) {
        main.release(condition);
        main.acquire(condition);
        another_is_refused(scenario, condition);
        main.release(condition);
        main.release(condition);
        another_takes(scenario, condition);
        main.with(condition, "release");
        another_takes(scenario, condition);
    }
    conform(scenario);
}

/// Every form of wait and notify.
std::vector<Id> use(Script script, Id condition) {
    return {script.wait(condition),
            script.wait(condition, at_once),
            script.wait(condition, negative[1]),
            script.wait(condition, brief),
            script.notify(condition),
            script.notify(condition, 0),
            script.notify(condition, -1),
            script.notify(condition, 3),
            script.notify_all(condition)};
}

TEST(Condition, COND_7_wait_and_notify_on_a_free_lock_raise) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<Id> refused;
    for (const Id condition : conditions_over_every_lock(scenario)) {
        for (const Id call : use(main, condition))
            refused.push_back(call);
        another_takes(scenario, condition);
        main.acquire(condition);
        main.notify(condition);
        main.wait(condition, at_once);
        main.release(condition);
        for (const Id call : use(main, condition))
            refused.push_back(call);
    }
    expect_count(conform(scenario), refused, ErrorKind::RuntimeError, std::ssize(refused));
}

/// What a worker that does not hold the lock tries while the main worker holds it.
void raise_while_another_holds_the_lock(ScenarioBuilder& scenario, Id condition) {
    const Script main = scenario.main();
    const Script other = scenario.worker();
    use(other, condition);
    main.acquire(condition);
    run_through(main, other);
    another_is_refused(scenario, condition);
    main.notify(condition);
    main.wait(condition, brief);
    another_is_refused(scenario, condition);
    main.release(condition);
    another_takes(scenario, condition);
}

TEST(Condition, COND_9_wait_and_notify_by_others_than_the_owner_raise) {
    ScenarioBuilder scenario;
    for (const Id condition : conditions_over_reentrant_locks(scenario))
        raise_while_another_holds_the_lock(scenario, condition);
    conform(scenario);
}

// A notification that came through in spite of its error would wake the waiter.
TEST(Condition, COND_9_refused_notification_wakes_nobody) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const Id condition : conditions_over_reentrant_locks(scenario)) {
        const Waiter waiter = start_waiting(scenario, condition, TimeLimit::milliseconds(50));
        const Script other = scenario.worker();
        other.notify(condition);
        other.notify_all(condition);
        main.acquire(condition);
        run_through(main, other);
        main.release(condition);
        main.join(waiter.script);
    }
    conform(scenario);
}

TEST(Condition, COND_10_wait_and_notify_by_others_than_the_holder_of_a_lock_raise) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Id condition = scenario.add(Type::Condition, {lock});
    raise_while_another_holds_the_lock(scenario, condition);
    scenario.main().locked(lock);
    conform(scenario);
}

TEST(Condition, COND_10_refused_calls_leave_the_lock_with_its_holder) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Id condition = scenario.add(Type::Condition, {lock});
    const Script main = scenario.main();
    main.acquire(lock);
    for (const TimeLimit limit : {TimeLimit(), at_once, brief}) {
        const Script other = scenario.worker();
        other.wait(condition, limit);
        other.notify_all(condition);
        run_through(main, other);
        main.locked(lock);
        another_is_refused(scenario, lock);
    }
    main.release(lock);
    main.locked(lock);
    conform(scenario);
}

TEST(Condition, COND_25_conditions_over_one_lock_have_waiters_of_their_own) {
    ScenarioBuilder scenario;
    for (const Type type : {Type::Lock, Type::RLock}) {
        const Id lock = scenario.add(type);
        const Id first = scenario.add(Type::Condition, {lock});
        const Id second = scenario.add(Type::Condition, {lock});
        const Script main = scenario.main();
        const Waiter of_first = start_waiting(scenario, first);
        const Waiter of_second = start_waiting(scenario, second);
        notify(main, second, 2);
        main.join(of_second.script);
        pause(scenario, main);
        notify_all(main, first);
        main.join(of_first.script);
    }
    conform(scenario);
}

TEST(Condition, COND_25_notification_of_the_other_condition_ends_no_wait) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Id first = scenario.add(Type::Condition, {lock});
    const Id second = scenario.add(Type::Condition, {lock});
    const Waiter waiter = start_waiting(scenario, first, TimeLimit::milliseconds(40));
    notify_all(scenario.main(), second);
    scenario.main().join(waiter.script);
    const auto run = conform(scenario);
    expect_outcome(run, waiter.wait, Value(false));
    expect_lasted(run, waiter.wait, TimeLimit::milliseconds(40));
}

TEST(Condition, COND_25_holding_through_one_condition_counts_for_the_other) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const Type type : {Type::Lock, Type::RLock}) {
        const Id lock = scenario.add(type);
        const Id first = scenario.add(Type::Condition, {lock});
        const Id second = scenario.add(Type::Condition, {lock});
        main.acquire(first);
        main.notify(second);
        main.notify_all(second);
        main.wait(second, brief);
        another_is_refused(scenario, first);
        main.release(second);
        another_takes(scenario, first);
    }
    conform(scenario);
}

TEST(Condition, COND_27_release_by_another_worker_ends_the_holding) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Id condition = scenario.add(Type::Condition, {lock});
    const Script main = scenario.main();
    const Script other = scenario.worker();
    main.acquire(condition);
    other.release(lock);
    run_through(main, other);
    use(main, condition);
    main.locked(lock);
    main.acquire(condition);
    main.notify(condition);
    const Id wait = main.wait(condition, brief);
    another_is_refused(scenario, lock);
    main.release(condition);
    main.locked(lock);
    expect_lasted(conform(scenario), wait, brief);
}

TEST(Condition, COND_27_holder_after_a_foreign_release_waits_and_is_notified) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Id condition = scenario.add(Type::Condition, {lock});
    const Script main = scenario.main();
    const Script other = scenario.worker();
    main.acquire(lock);
    other.release(condition);
    other.acquire(lock);
    other.notify(condition);
    other.wait(condition, at_once);
    other.release(lock);
    run_through(main, other);
    const Waiter waiter = start_waiting(scenario, condition);
    notify(main, condition, 1);
    main.join(waiter.script);
    conform(scenario);
}

}  // namespace
}  // namespace conformance
