/// \file
/// Event: requirements EVENT-1 to EVENT-7.

#include "conformance/suites/shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

TEST(Event, EVENT_1_new_event_is_not_set) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    for (const Script& worker : {main, other}) {
        worker.is_set(event);
        worker.wait(event, at_once);
    }
    run_through(main, other);
    main.set(event);
    const Script late = scenario.worker();
    for (const Script& worker : {main, late}) {
        worker.is_set(event);
        worker.wait(event);
    }
    run_through(main, late);
    conform(scenario);
}

TEST(Event, EVENT_2_set_and_clear_may_be_repeated) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    const Script main = scenario.main();
    main.clear(event);
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 3; ++i)
            main.set(event);
        main.is_set(event);
        main.wait(event);
        main.clear(event);  // once, after several sets
        main.is_set(event);
        main.wait(event, at_once);
        main.clear(event);
        main.clear(event);
        main.wait(event, brief);
        main.set(event);  // once, after several clears
        main.wait(event, at_once);
        main.clear(event);
    }
    conform(scenario);
}

TEST(Event, EVENT_2_waits_block_again_after_clear) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    const Script main = scenario.main();
    main.set(event);
    main.set(event);
    main.wait(event);
    main.clear(event);
    std::vector<std::pair<Id, Id>> wait_and_set;
    for (int round = 0; round < 2; ++round) {
        const Script other = scenario.worker();
        const Id wait = other.wait(event);
        start_blocked(main, other);
        pause(scenario, main);
        wait_and_set.emplace_back(wait, main.set(event));
        main.join(other);
        main.clear(event);
    }
    const auto run = conform(scenario);
    for (const auto& [wait, set] : wait_and_set)
        expect_ends_after_begin(run, wait, set);
}

TEST(Event, EVENT_3_wait_on_a_set_event_returns_true_whatever_its_limit) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    main.set(event);
    for (const Script& worker : {main, other}) {
        for (const TimeLimit limit :
             {TimeLimit(), at_once, brief, negative[0], negative[1], negative[2]})
            worker.wait(event, limit);
        worker.is_set(event);
    }
    run_through(main, other);
    conform(scenario);
}

TEST(Event, EVENT_4_wait_on_an_event_that_is_not_set_returns_false) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    std::vector<Id> timed;
    for (const Script& worker : {main, other}) {
        for (const TimeLimit limit : single_look)
            worker.wait(event, limit);
        timed.push_back(worker.wait(event, brief));
        worker.is_set(event);
    }
    run_through(main, other);
    const auto run = conform(scenario);
    expect_count(run, timed, Value(false), 2);
    for (const Id call : timed)
        expect_lasted(run, call, brief);
}

TEST(Event, EVENT_4_waiter_that_gave_up_does_not_disturb_the_others) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    const Script main = scenario.main();
    const Script hasty = scenario.worker();
    const Script patient = scenario.worker();
    hasty.wait(event, brief);
    const Id wait = patient.wait(event);
    main.start(hasty);
    start_blocked(main, patient);
    main.join(hasty);
    main.set(event);
    main.join(patient);
    expect_outcome(conform(scenario), wait, Value(true));
}

TEST(Event, EVENT_5_wait_blocks_until_another_worker_sets) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    const Script main = scenario.main();
    const Script waiting = scenario.worker();
    const Script setting = scenario.worker();
    const Id wait = waiting.wait(event);
    const Id set = setting.set(event);
    start_blocked(main, waiting);
    pause(scenario, main);
    run_through(main, setting);
    main.join(waiting);
    const auto run = conform(scenario);
    expect_ends_after_begin(run, wait, set);
    expect_outcome(run, wait, Value(true));
}

TEST(Event, EVENT_5_set_at_the_moment_of_wait_is_not_missed) {
    ScenarioBuilder scenario;
    std::vector<Id> events;
    for (int i = 0; i < 10; ++i)
        events.push_back(scenario.add(Type::Event));
    const std::vector<Script> workers = scenario.workers(2);
    for (const Id event : events) {
        workers[0].wait(event);
        workers[1].set(event);
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    conform(scenario, races);
}

// Each waits for the other, in turn: a set that is missed stops both.
TEST(Event, EVENT_5_two_workers_wake_each_other_in_turn) {
    ScenarioBuilder scenario;
    const Id ping = scenario.add(Type::Event);
    const Id pong = scenario.add(Type::Event);
    const std::vector<Script> workers = scenario.workers(2);
    for (int round = 0; round < 10; ++round) {
        workers[0].set(ping);
        workers[0].wait(pong);
        workers[0].clear(pong);
        workers[1].wait(ping);
        workers[1].clear(ping);
        workers[1].set(pong);
    }
    scenario.start_all();
    scenario.join_all();
    conform(scenario, some_races);
}

TEST(Event, EVENT_5_wait_blocks_for_ever_without_a_set) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    const Script main = scenario.main();
    main.set(event);
    main.clear(event);
    const Id wait = main.wait(event);
    expect_pending(conform(scenario), wait);
}

TEST(Event, EVENT_6_one_set_releases_all_and_later_waits_pass) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    const Script main = scenario.main();
    std::vector<Id> waits;
    for (const Script& worker : scenario.workers(5)) {
        waits.push_back(worker.wait(event));
        waits.push_back(worker.wait(event));
        start_blocked(main, worker);
    }
    main.set(event);
    scenario.join_all();
    const Script late = scenario.worker();
    waits.push_back(late.wait(event));
    waits.push_back(late.wait(event, at_once));
    run_through(main, late);
    main.clear(event);
    main.wait(event, at_once);
    expect_count(conform(scenario), waits, Value(true), 12);
}

TEST(Event, EVENT_6_set_reaches_workers_on_their_way_to_sleep) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    std::vector<Id> waits;
    for (const Script& worker : scenario.workers(3))
        waits.push_back(worker.wait(event));
    const Script setting = scenario.worker();
    setting.set(event);
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    expect_count(conform(scenario, races), waits, Value(true), 3);
}

// That a worker waits shows only in that it sleeps, twice, with some time in between.
TEST(Event, EVENT_7_set_releases_those_who_wait_although_clear_follows) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    const Script main = scenario.main();
    const std::vector<Script> workers = scenario.workers(3);
    std::vector<Id> waits;
    for (const Script& worker : workers) {
        waits.push_back(worker.wait(event, ample));
        start_blocked(main, worker);
    }
    pause(scenario, main);
    for (const Script& worker : workers)
        main.await_blocked(worker);
    main.set(event);
    main.clear(event);
    scenario.join_all();
    main.is_set(event);
    for (int attempt = 0; attempt < 10; ++attempt) {
        const auto run = conform(scenario);
        if (!run) return;
        expect_count(run, waits, Value(true), 3);
        if (::testing::Test::HasFailure()) return;
    }
}

TEST(Event, EVENT_7_wait_without_a_limit_never_returns_false) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    const std::vector<Script> workers = scenario.workers(3);
    std::vector<Id> waits;
    for (int round = 0; round < 4; ++round) {
        waits.push_back(workers[0].wait(event));
        waits.push_back(workers[1].wait(event));
        workers[2].set(event);
        workers[2].clear(event);
    }
    workers[2].set(event);  // for those who came too late
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    expect_count(conform(scenario, races), waits, Value(true), 8);
}

}  // namespace
}  // namespace conformance
