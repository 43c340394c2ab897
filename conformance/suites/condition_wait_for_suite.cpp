/// \file
/// Condition: depth across waits, and wait_for. Requirements COND-8, COND-20 to COND-24.

#include "conformance/suites/condition_shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

/// Depth 3, of which the lock may be refused to others until the third release.
void check_depth_of_three(ScenarioBuilder& scenario, Id condition) {
    const Script main = scenario.main();
    for (int i = 0; i < 3; ++i) {
        another_is_refused(scenario, condition);
        main.release(condition);
    }
    another_takes(scenario, condition);
}

TEST(Condition, COND_8_wait_for_without_the_lock_returns_if_its_predicate_is_true) {
    ScenarioBuilder scenario;
    const Id cell = scenario.add(Type::Cell, {5});
    const Script main = scenario.main();
    for (const Id condition : conditions_over_every_lock(scenario)) {
        main.wait_for(condition, cell, 5);
        main.wait_for(condition, cell, 1, ample);
        main.wait_for(condition, cell, 0, at_once);
        another_takes(scenario, condition);
    }
    conform(scenario);
}

void wait_for_more_without_the_lock(const std::vector<TimeLimit>& limits) {
    ScenarioBuilder scenario;
    const Id cell = scenario.add(Type::Cell, {5});
    const Script main = scenario.main();
    for (const Id condition : conditions_over_every_lock(scenario)) {
        for (const TimeLimit limit : limits)
            main.wait_for(condition, cell, 6, limit);
        another_takes(scenario, condition);
    }
    conform(scenario);
}

TEST(Condition, COND_8_wait_for_without_the_lock_raises_if_its_predicate_is_false) {
    wait_for_more_without_the_lock({TimeLimit(), ample});
}

TEST(Condition, COND_8_wait_for_without_the_lock_raises_also_if_there_is_no_time) {
    wait_for_more_without_the_lock({at_once});
}

TEST(Condition, COND_20_timed_out_wait_restores_the_depth) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const Id condition : conditions_over_reentrant_locks(scenario)) {
        for (const TimeLimit limit : {at_once, brief}) {
            for (int i = 0; i < 3; ++i)
                main.acquire(condition);
            main.wait(condition, limit);
            check_depth_of_three(scenario, condition);
        }
    }
    conform(scenario);
}

TEST(Condition, COND_20_notified_wait_gives_up_and_restores_all_levels) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const Id condition : conditions_over_reentrant_locks(scenario)) {
        const Id notified = scenario.add(Type::Event);
        const Script other = scenario.worker();
        other.acquire(condition);  // possible only while the main worker waits
        other.acquire(condition);
        other.notify(condition);
        other.set(notified);
        other.release(condition);
        other.release(condition);
        for (int i = 0; i < 3; ++i)
            main.acquire(condition);
        main.start(other);
        main.wait(condition);
        main.is_set(notified);
        main.join(other);
        check_depth_of_three(scenario, condition);
    }
    conform(scenario);
}

TEST(Condition, COND_20_levels_taken_through_the_rlock_count_too) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::RLock);
    const Id condition = scenario.add(Type::Condition, {lock});
    const Id cell = scenario.add(Type::Cell);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    other.acquire(lock);
    other.add(cell);
    other.notify_all(condition);
    other.release(lock);
    main.acquire(lock);
    main.acquire(condition);
    main.acquire(lock);
    main.start(other);
    main.wait_for(condition, cell, 1);
    main.join(other);
    check_depth_of_three(scenario, condition);
    conform(scenario);
}

TEST(Condition, COND_21_wait_for_returns_true_once_its_predicate_is_true) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const Id condition : conditions_over_every_lock(scenario)) {
        const Id cell = scenario.add(Type::Cell);
        const Id ready = scenario.add(Type::Semaphore, {0});
        const Script worker = scenario.worker();
        worker.acquire(condition);
        worker.release(ready);
        worker.wait_for(condition, cell, 3);
        worker.read(cell);
        worker.release(condition);
        main.start(worker);
        main.acquire(ready);
        for (int i = 0; i < 3; ++i) {
            main.acquire(condition);
            main.add(cell);
            main.notify(condition);
            main.release(condition);
        }
        main.join(worker);
    }
    conform(scenario);
}

TEST(Condition, COND_21_wait_for_returns_false_after_its_limit) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<Id> timed;
    for (const Id condition : conditions_over_every_lock(scenario)) {
        const Id cell = scenario.add(Type::Cell);
        main.acquire(condition);
        timed.push_back(main.wait_for(condition, cell, 1, brief));
        another_is_refused(scenario, condition);
        main.release(condition);
    }
    const auto run = conform(scenario);
    expect_count(run, timed, Value(false), 3);
    for (const Id call : timed)
        expect_lasted(run, call, brief);
}

// Nobody notifies; the predicate has become true all the same, and is asked a last time.
TEST(Condition, COND_21_wait_for_asks_once_more_when_its_limit_has_passed) {
    ScenarioBuilder scenario;
    const Id condition = scenario.add(Type::Condition);
    const Id cell = scenario.add(Type::Cell);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    other.acquire(condition);
    other.write(cell, 1);
    other.release(condition);
    main.acquire(condition);
    main.start(other);
    main.wait_for(condition, cell, 1, TimeLimit::milliseconds(100));
    main.release(condition);
    main.join(other);
    conform(scenario);
}

// The notifications go on for 400 ms at least, in steps shorter than the limit. A wait that begins its
// limit anew with each of them lasts longer; the others end long before. Of three runs one has to show it.
TEST(Condition, COND_22_notifications_do_not_extend_the_limit_of_wait_for) {
    ScenarioBuilder scenario;
    const Id condition = scenario.add(Type::Condition);
    const Id cell = scenario.add(Type::Cell);
    const Id never_set = scenario.add(Type::Event);
    const Id ready = scenario.add(Type::Semaphore, {0});
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    worker.acquire(condition);
    worker.release(ready);
    const TimeLimit limit = TimeLimit::milliseconds(30);
    const Id wait = worker.wait_for(condition, cell, 1, limit);
    worker.release(condition);
    main.start(worker);
    main.acquire(ready);
    Id last = 0;
    for (int i = 0; i < 40; ++i) {
        main.acquire(condition);
        last = main.notify_all(condition);
        main.release(condition);
        main.wait(never_set, TimeLimit::milliseconds(10));
    }
    main.join(worker);
    for (int attempt = 0; attempt < 3; ++attempt) {
        const auto run = conform(scenario);
        if (!run) return;
        expect_lasted(run, wait, limit);
        expect_outcome(run, wait, Value(false));
        if (!run->responded(wait)) return;
        if (*run->entry(wait).responded < run->entry(last).invoked) return;
    }
    ADD_FAILURE() << "wait_for went on for as long as it was notified";
}

TEST(Condition, COND_22_fruitless_notifications_do_not_shorten_the_limit_of_wait_for) {
    ScenarioBuilder scenario;
    const Id condition = scenario.add(Type::Condition, {scenario.add(Type::Lock)});
    const Id cell = scenario.add(Type::Cell);
    const Id ready = scenario.add(Type::Semaphore, {0});
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    worker.acquire(condition);
    worker.release(ready);
    const Id wait = worker.wait_for(condition, cell, 1, TimeLimit::milliseconds(40));
    worker.release(condition);
    main.start(worker);
    main.acquire(ready);
    for (int i = 0; i < 3; ++i)
        notify_all(main, condition);
    main.join(worker);
    expect_lasted(conform(scenario), wait, TimeLimit::milliseconds(40));
}

TEST(Condition, COND_23_wait_for_with_an_expired_limit_asks_its_predicate) {
    ScenarioBuilder scenario;
    const Id cell = scenario.add(Type::Cell, {2});
    const Script main = scenario.main();
    std::vector<Id> satisfied;
    std::vector<Id> unsatisfied;
    for (const Id condition : conditions_over_every_lock(scenario)) {
        main.acquire(condition);
        for (const TimeLimit limit : single_look) {
            satisfied.push_back(main.wait_for(condition, cell, 2, limit));
            unsatisfied.push_back(main.wait_for(condition, cell, 3, limit));
        }
        another_is_refused(scenario, condition);
        main.release(condition);
        another_takes(scenario, condition);
    }
    const auto run = conform(scenario);
    expect_count(run, satisfied, Value(true), std::ssize(satisfied));
    expect_count(run, unsatisfied, Value(false), std::ssize(unsatisfied));
}

// Predicates that run without the lock read the cell while somebody adds to it: a race detector
// sees that. An exception of a predicate no scenario can express.
TEST(Condition, COND_24_predicate_runs_with_the_lock_held) {
    ScenarioBuilder scenario;
    const Id condition = scenario.add(Type::Condition);
    const Id cell = scenario.add(Type::Cell);
    for (const Script& worker : scenario.workers(2)) {
        worker.acquire(condition);
        worker.wait_for(condition, cell, 6);
        worker.add(cell);
        worker.release(condition);
    }
    for (const Script& worker : scenario.workers(2)) {
        for (int round = 0; round < 3; ++round) {
            worker.acquire(condition);
            worker.add(cell);
            worker.notify_all(condition);
            worker.release(condition);
        }
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    const Id total = scenario.main().read(cell);
    expect_outcome(conform(scenario, races), total, Value(8));
}

// Whoever could change the Cell after the predicate has looked at it, and before its worker waits, would
// notify nobody: each waits for the other then.
TEST(Condition, COND_24_nothing_changes_between_the_predicate_and_the_wait) {
    ScenarioBuilder scenario;
    const Id condition = scenario.add(Type::Condition);
    const Id asked = scenario.add(Type::Cell);
    const Id answered = scenario.add(Type::Cell);
    const Script asking = scenario.worker();
    const Script answering = scenario.worker();
    asking.acquire(condition);
    answering.acquire(condition);
    for (int round = 1; round <= 20; ++round) {
        asking.add(asked);
        asking.notify_all(condition);
        asking.wait_for(condition, answered, round);
        answering.wait_for(condition, asked, round);
        answering.add(answered);
        answering.notify_all(condition);
    }
    asking.release(condition);
    answering.release(condition);
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    conform(scenario, races);
}

// Others sleep until they get the lock, and have it as soon as it is let go, be it for a moment.
TEST(Condition, COND_24_lock_is_not_let_go_for_the_predicate) {
    ScenarioBuilder scenario;
    const Id condition = scenario.add(Type::Condition);
    const Id cell = scenario.add(Type::Cell, {1});
    const Script holder = scenario.main();
    holder.acquire(condition);
    for (const Script& other : scenario.workers(2)) {
        other.acquire(condition);
        other.release(condition);
        start_blocked(holder, other);
    }
    for (int look = 0; look < 200; ++look)
        holder.wait_for(condition, cell, 1);
    holder.release(condition);
    scenario.join_all();
    conform(scenario, some_races);
}

TEST(Condition, COND_24_lock_is_held_when_wait_for_returns) {
    ScenarioBuilder scenario;
    const Id cell = scenario.add(Type::Cell, {1});
    const Script main = scenario.main();
    for (const Id condition : conditions_over_every_lock(scenario)) {
        main.acquire(condition);
        main.wait_for(condition, cell, 1);
        another_is_refused(scenario, condition);
        main.wait_for(condition, cell, 2, brief);
        another_is_refused(scenario, condition);
        main.release(condition);
        another_takes(scenario, condition);
    }
    conform(scenario);
}

}  // namespace
}  // namespace conformance
