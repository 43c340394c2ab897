/// \file
/// Condition: waiting and being notified. Requirements COND-11 to COND-19 and COND-26.

#include "conformance/suites/condition_shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

TEST(Condition, COND_11_wait_gives_up_the_lock_and_takes_it_again_when_notified) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<Id> waits;
    for (const Id condition : conditions_over_every_lock(scenario)) {
        const Id ready = scenario.add(Type::Semaphore, {0});
        const Script worker = scenario.worker();
        const Script prober = scenario.worker({}, {}, worker.id());
        worker.acquire(condition);
        worker.release(ready);
        waits.push_back(worker.wait(condition));
        prober.try_acquire(condition);
        run_through(worker, prober);
        worker.release(condition);
        main.start(worker);
        main.acquire(ready);
        main.acquire(condition, ample);
        main.notify(condition);
        main.release(condition);
        main.join(worker);
        another_takes(scenario, condition);
    }
    expect_count(conform(scenario), waits, Value(true), 3);
}

TEST(Condition, COND_11_wait_blocks_until_it_is_notified) {
    ScenarioBuilder scenario;
    const Id condition = scenario.add(Type::Condition);
    const Script main = scenario.main();
    const Waiter waiter = start_waiting(scenario, condition);
    main.await_blocked(waiter.script);
    main.acquire(condition);
    pause(scenario, main);
    main.release(condition);
    pause(scenario, main);
    main.acquire(condition);
    const Id notify = main.notify(condition);
    main.release(condition);
    main.join(waiter.script);
    const auto run = conform(scenario);
    expect_ends_after_begin(run, waiter.wait, notify);
}

// The notifier waits only for the lock, so the waiter may be anywhere between releasing it and sleep.
TEST(Condition, COND_11_notification_right_after_the_lock_was_given_up_arrives) {
    for (const Type type : {Type::Lock, Type::RLock}) {
        ScenarioBuilder scenario;
        const Id condition = scenario.add(Type::Condition, {scenario.add(type)});
        const Script main = scenario.main();
        for (int round = 0; round < 3; ++round) {
            const Waiter waiter = start_waiting(scenario, condition);
            notify(main, condition, 1);
            main.join(waiter.script);
        }
        conform(scenario, some_races);
    }
}

TEST(Condition, COND_12_wait_without_notification_returns_false_with_the_lock_held) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<Id> timed;
    for (const Id condition : conditions_over_every_lock(scenario)) {
        main.acquire(condition);
        for (const TimeLimit limit : single_look) {
            main.wait(condition, limit);
            another_is_refused(scenario, condition);
        }
        timed.push_back(main.wait(condition, brief));
        another_is_refused(scenario, condition);
        main.release(condition);
        another_takes(scenario, condition);
    }
    const auto run = conform(scenario);
    expect_count(run, timed, Value(false), 3);
    for (const Id call : timed)
        expect_lasted(run, call, brief);
}

TEST(Condition, COND_12_timed_wait_gives_up_the_lock_meanwhile) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const Id condition : conditions_over_every_lock(scenario)) {
        const Waiter waiter = start_waiting(scenario, condition, TimeLimit::milliseconds(40));
        main.acquire(condition);
        main.release(condition);
        main.join(waiter.script);
    }
    conform(scenario);
}

TEST(Condition, COND_13_timed_out_wait_returns_only_with_the_lock) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const Id condition : conditions_over_every_lock(scenario)) {
        const Waiter waiter = start_waiting(scenario, condition, TimeLimit::milliseconds(5));
        main.acquire(condition);
        pause(scenario, main);
        main.release(condition);
        main.join(waiter.script);
    }
    conform(scenario);
}

TEST(Condition, COND_13_notified_wait_returns_only_with_the_lock) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<std::pair<Id, Id>> wait_and_release;
    for (const Id condition : conditions_over_every_lock(scenario)) {
        const Waiter waiter = start_waiting(scenario, condition, ample);
        main.acquire(condition);
        main.notify_all(condition);
        pause(scenario, main);
        wait_and_release.emplace_back(waiter.wait, main.release(condition));
        main.join(waiter.script);
    }
    const auto run = conform(scenario);
    for (const auto& [wait, release] : wait_and_release)
        expect_ends_after_begin(run, wait, release);
}

/// Workers that wait, and of each a token of `woken` when it goes on.
struct Group {
    std::vector<Id> waits;
    Id woken;
};
Group start_group(ScenarioBuilder& scenario, Id condition, int size) {
    Group group{{}, scenario.add(Type::Semaphore, {0})};
    for (int i = 0; i < size; ++i) {
        const Waiter waiter = start_waiting(scenario, condition);
        waiter.script.release(group.woken);
        group.waits.push_back(waiter.wait);
    }
    return group;
}
/// That so many of the group went on, and no more; the others follow by a last notification.
void expect_woken(ScenarioBuilder& scenario, Id condition, const Group& group, int woken) {
    const Script main = scenario.main();
    for (int i = 0; i < woken; ++i)
        main.acquire(group.woken, ample);
    const Id one_more = main.acquire(group.woken, brief);
    notify_all(main, condition);
    scenario.join_all();
    const auto run = conform(scenario);
    expect_outcome(run, one_more, Value(false));
    expect_count(run, group.waits, Value(true), std::ssize(group.waits));
}

TEST(Condition, COND_14_notify_wakes_as_many_as_it_says) {
    for (const int n : {1, 2}) {
        ScenarioBuilder scenario;
        const Id condition = scenario.add(Type::Condition);
        const Group group = start_group(scenario, condition, 4);
        notify(scenario.main(), condition, n);
        expect_woken(scenario, condition, group, n);
    }
}

TEST(Condition, COND_14_notifications_of_one_critical_section_add_up) {
    ScenarioBuilder scenario;
    const Id condition = scenario.add(Type::Condition, {scenario.add(Type::Lock)});
    const Script main = scenario.main();
    const Group group = start_group(scenario, condition, 4);
    main.acquire(condition);
    main.notify(condition, 1);
    main.notify(condition, 2);
    main.release(condition);
    expect_woken(scenario, condition, group, 3);
}

TEST(Condition, COND_14_surplus_is_not_remembered) {
    ScenarioBuilder scenario;
    const Id condition = scenario.add(Type::Condition);
    const Script main = scenario.main();
    const Group group = start_group(scenario, condition, 2);
    notify(main, condition, 5);
    scenario.join_all();
    std::vector<Id> later{wait_in_vain(main, condition)};
    const Script other = scenario.worker();
    later.push_back(wait_in_vain(other, condition));
    run_through(main, other);
    const auto run = conform(scenario);
    expect_count(run, group.waits, Value(true), 2);
    expect_count(run, later, Value(false), 2);
}

TEST(Condition, COND_14_notify_of_nobody_wakes_nobody) {
    ScenarioBuilder scenario;
    const Id condition = scenario.add(Type::Condition);
    const Script main = scenario.main();
    const Group group = start_group(scenario, condition, 2);
    for (const int n : {0, -1, -5})
        notify(main, condition, n);
    expect_woken(scenario, condition, group, 0);
}

TEST(Condition, COND_15_notifications_without_waiters_are_lost) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<Id> later;
    for (const Id condition : conditions_over_every_lock(scenario)) {
        main.acquire(condition);
        main.notify(condition);
        main.notify(condition, 3);
        main.notify_all(condition);
        later.push_back(main.wait(condition, brief));
        main.notify_all(condition);
        main.release(condition);
        const Script other = scenario.worker();
        later.push_back(wait_in_vain(other, condition));
        run_through(main, other);
    }
    expect_count(conform(scenario), later, Value(false), 6);
}

TEST(Condition, COND_16_notify_all_wakes_everybody) {
    for (const int size : {1, 2, 5}) {
        ScenarioBuilder scenario;
        const Id condition = scenario.add(Type::Condition);
        const Group group = start_group(scenario, condition, size);
        notify_all(scenario.main(), condition);
        expect_woken(scenario, condition, group, size);
    }
}

// Those who waited last have hardly given up the lock when they are notified.
TEST(Condition, COND_16_notify_all_reaches_waiters_on_their_way_to_sleep) {
    ScenarioBuilder scenario;
    const Id condition = scenario.add(Type::Condition);
    const Id ready = scenario.add(Type::Semaphore, {0});
    const Script main = scenario.main();
    for (int i = 0; i < 3; ++i)
        make_waiter(scenario, condition, ready);
    scenario.align();
    scenario.start_all();
    for (int i = 0; i < 3; ++i)
        main.acquire(ready);
    notify_all(main, condition);
    scenario.join_all();
    conform(scenario, races);
}

TEST(Condition, COND_17_notified_worker_goes_on_only_after_the_notifier_released_the_lock) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<Id> too_early;
    for (const Id condition : conditions_over_every_lock(scenario)) {
        const Id woken = scenario.add(Type::Event);
        const Id ready = scenario.add(Type::Semaphore, {0});
        const Script worker = scenario.worker();
        worker.acquire(condition);
        worker.release(ready);
        worker.wait(condition);
        worker.set(woken);
        worker.release(condition);
        main.start(worker);
        main.acquire(ready);
        main.acquire(condition);
        main.notify(condition);
        too_early.push_back(main.wait(woken, brief));
        main.release(condition);
        main.wait(woken);
        main.join(worker);
    }
    expect_count(conform(scenario), too_early, Value(false), 3);
}

TEST(Condition, COND_18_notifier_cannot_take_its_own_notification) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<Id> own;
    std::vector<Id> notified;
    for (const Id condition : conditions_over_every_lock(scenario)) {
        notified.push_back(start_waiting(scenario, condition).wait);
        main.acquire(condition);
        main.notify(condition);
        own.push_back(main.wait(condition, brief));
        main.release(condition);
    }
    scenario.join_all();
    const auto run = conform(scenario, {.times = 10});
    expect_count(run, own, Value(false), 3);
    expect_count(run, notified, Value(true), 3);
}

// The late ones get the lock as soon as the notifier gives it up, at the same time as the notified.
TEST(Condition, COND_18_later_waiters_cannot_take_a_notification) {
    ScenarioBuilder scenario;
    const Id condition = scenario.add(Type::Condition);
    const Script main = scenario.main();
    const Waiter early = start_waiting(scenario, condition);
    main.acquire(condition);
    main.notify(condition);
    std::vector<Id> late;
    for (const Script& worker : scenario.workers(2)) {
        late.push_back(wait_in_vain(worker, condition, TimeLimit::milliseconds(10)));
        main.start(worker);
    }
    main.release(condition);
    scenario.join_all();
    const auto run = conform(scenario, some_races);
    expect_outcome(run, early.wait, Value(true));
    expect_count(run, late, Value(false), 2);
}

TEST(Condition, COND_19_no_notification_is_spent_on_a_wait_that_returned) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const Id condition : conditions_over_every_lock(scenario)) {
        const Waiter hasty = start_waiting(scenario, condition, TimeLimit::milliseconds(5));
        const Waiter patient = start_waiting(scenario, condition);
        main.join(hasty.script);
        notify(main, condition, 1);
        main.join(patient.script);
    }
    conform(scenario);
}

// One of the two has to tell that it was notified: the one that is late for the lock, or the other.
TEST(Condition, COND_19_notification_after_a_deadline_reaches_one_of_the_waiters) {
    ScenarioBuilder scenario;
    const Id condition = scenario.add(Type::Condition);
    const Script main = scenario.main();
    start_waiting(scenario, condition, TimeLimit::milliseconds(5));
    start_waiting(scenario, condition, TimeLimit::milliseconds(300));
    main.acquire(condition);
    pause(scenario, main);
    main.notify(condition);
    main.release(condition);
    scenario.join_all();
    conform(scenario, {.times = 5});
}

TEST(Condition, COND_19_notification_at_the_deadline_is_not_lost) {
    ScenarioBuilder scenario;
    const Id condition = scenario.add(Type::Condition);
    const Script main = scenario.main();
    start_waiting(scenario, condition, TimeLimit::milliseconds(2));
    start_waiting(scenario, condition, TimeLimit::milliseconds(40));
    main.wait(scenario.add(Type::Event), TimeLimit::milliseconds(1));
    notify(main, condition, 1);
    scenario.join_all();
    conform(scenario, some_races);
}

TEST(Condition, COND_26_wait_does_not_return_true_by_itself) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Id condition = scenario.add(Type::Condition, {lock});
    const Id sibling = scenario.add(Type::Condition, {lock});
    std::vector<Id> waits;
    for (const Script& worker : scenario.workers(2)) {
        for (int round = 0; round < 3; ++round)
            waits.push_back(wait_in_vain(worker, condition, TimeLimit::milliseconds(2)));
    }
    const Script disturbing = scenario.worker();
    for (int round = 0; round < 6; ++round)
        notify_all(disturbing, sibling);
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    expect_count(conform(scenario, some_races), waits, Value(false), 6);
}

TEST(Condition, COND_26_wait_without_limit_and_notification_blocks_for_ever) {
    ScenarioBuilder scenario;
    const Id condition = scenario.add(Type::Condition);
    const Script main = scenario.main();
    const Waiter waiter = start_waiting(scenario, condition);
    main.acquire(condition);
    main.release(condition);
    main.join(waiter.script);
    expect_pending(conform(scenario), waiter.wait);
}

}  // namespace
}  // namespace conformance
