/// \file
/// Barrier: time limits, abort, reset and n_waiting. Requirements BARRIER-11 to BARRIER-17.
///
/// `n_waiting` after await_blocked is what proves that a worker has arrived.

#include "conformance/suites/shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

constexpr std::int64_t millisecond_in_ns = 1'000'000;
constexpr std::int64_t an_hour = 3'600'000 * millisecond_in_ns;

/// Starts a worker that waits at the barrier; returns its wait.
Id start_waiting_at(ScenarioBuilder& scenario, Id barrier, TimeLimit limit = {}) {
    const Script worker = scenario.worker();
    const Id wait = worker.wait(barrier, limit);
    start_blocked(scenario.main(), worker);
    scenario.main().n_waiting(barrier);
    return wait;
}
void look(Script script, Id barrier) {
    script.n_waiting(barrier);
    script.broken(barrier);
}
/// Another worker and the main one pass a barrier of two parties.
void pass_in_twos(ScenarioBuilder& scenario, Id barrier) {
    const Script main = scenario.main();
    const Script other = scenario.worker();
    other.wait(barrier, ample);
    main.start(other);
    main.wait(barrier, ample);
    main.join(other);
    look(main, barrier);
}

TEST(Barrier, BARRIER_11_wait_that_nobody_joins_breaks_the_barrier) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {2});
    const Script main = scenario.main();
    const Id wait = main.wait(barrier, brief);
    look(main, barrier);
    const auto run = conform(scenario);
    expect_outcome(run, wait, ErrorKind::BrokenBarrierError);
    expect_lasted(run, wait, brief);
}

TEST(Barrier, BARRIER_11_time_limit_of_one_breaks_the_barrier_for_all) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {4});
    const Script main = scenario.main();
    std::vector<Id> waits;
    waits.push_back(start_waiting_at(scenario, barrier));
    waits.push_back(start_waiting_at(scenario, barrier, ample));
    waits.push_back(main.wait(barrier, brief));
    look(main, barrier);
    scenario.join_all();
    look(main, barrier);
    const auto run = conform(scenario);
    expect_count(run, waits, ErrorKind::BrokenBarrierError, 3);
    expect_lasted(run, waits.back(), brief);
}

TEST(Barrier, BARRIER_11_limit_that_passes_while_workers_arrive_leaves_nobody_behind) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {3});
    const std::vector<Script> workers = scenario.workers(2);
    workers[0].wait(barrier, TimeLimit::milliseconds(1));
    workers[1].wait(barrier);
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    look(scenario.main(), barrier);
    conform(scenario, races);
}

TEST(Barrier, BARRIER_12_single_look_breaks_an_incomplete_barrier) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<Id> waits;
    for (const TimeLimit limit : single_look) {
        const Id barrier = scenario.add(Type::Barrier, {3});
        waits.push_back(start_waiting_at(scenario, barrier));
        waits.push_back(main.wait(barrier, limit));
        look(main, barrier);
    }
    scenario.join_all();
    expect_count(conform(scenario), waits, ErrorKind::BrokenBarrierError, 8);
}

TEST(Barrier, BARRIER_12_last_arrival_passes_with_any_limit) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const TimeLimit limit : single_look) {
        const Id barrier = scenario.add(Type::Barrier, {3});
        start_waiting_at(scenario, barrier);
        start_waiting_at(scenario, barrier);
        main.wait(barrier, limit);
        look(main, barrier);
    }
    scenario.join_all();
    conform(scenario);
}

TEST(Barrier, BARRIER_13_limit_of_the_constructor_applies_to_a_wait_without_one) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<Id> waits;
    for (const std::int64_t limit :
         {20 * millisecond_in_ns, std::int64_t{0}, std::int64_t{-1}, -1000 * millisecond_in_ns}) {
        const Id barrier = scenario.add(Type::Barrier, {2, Value(), limit});
        waits.push_back(main.wait(barrier));
        look(main, barrier);
    }
    const auto run = conform(scenario);
    expect_count(run, waits, ErrorKind::BrokenBarrierError, 4);
    expect_lasted(run, waits.front(), brief);
}

TEST(Barrier, BARRIER_13_shorter_limit_of_a_wait_replaces_that_of_the_constructor) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<Id> waits;
    for (const TimeLimit limit : {brief, at_once, negative[0]}) {
        const Id barrier = scenario.add(Type::Barrier, {2, Value(), an_hour});
        waits.push_back(main.wait(barrier, limit));
        look(main, barrier);
    }
    const auto run = conform(scenario);
    expect_count(run, waits, ErrorKind::BrokenBarrierError, 3);
    expect_lasted(run, waits.front(), brief);
}

TEST(Barrier, BARRIER_13_longer_limit_of_a_wait_replaces_that_of_the_constructor) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const std::int64_t limit : {10 * millisecond_in_ns, std::int64_t{0}, std::int64_t{-1}}) {
        const Id barrier = scenario.add(Type::Barrier, {2, Value(), limit});
        start_waiting_at(scenario, barrier, ample);
        pause(scenario, main);
        look(main, barrier);
        main.wait(barrier);
        look(main, barrier);
    }
    scenario.join_all();
    conform(scenario);
}

TEST(Barrier, BARRIER_14_broken_barrier_refuses_every_wait_until_it_is_reset) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {1});
    const Script main = scenario.main();
    const Script other = scenario.worker();
    std::vector<Id> refused;
    main.abort(barrier);
    for (const Script& worker : {main, other}) {
        for (const TimeLimit limit : {TimeLimit(), at_once, ample, negative[0], TimeLimit()})
            refused.push_back(worker.wait(barrier, limit));
        look(worker, barrier);
    }
    run_through(main, other);
    main.reset(barrier);
    main.wait(barrier);
    main.wait(barrier, at_once);
    look(main, barrier);
    expect_count(conform(scenario), refused, ErrorKind::BrokenBarrierError, 10);
}

TEST(Barrier, BARRIER_14_arrivals_at_a_broken_barrier_do_not_count) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {2});
    const Script main = scenario.main();
    main.wait(barrier, at_once);
    main.wait(barrier);
    main.wait(barrier);
    main.wait(barrier);
    look(main, barrier);
    main.reset(barrier);
    look(main, barrier);
    pass_in_twos(scenario, barrier);
    conform(scenario);
}

TEST(Barrier, BARRIER_15_abort_dismisses_those_who_wait_and_those_who_come) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {3});
    const Script main = scenario.main();
    std::vector<Id> waits;
    waits.push_back(start_waiting_at(scenario, barrier));
    waits.push_back(start_waiting_at(scenario, barrier, ample));
    main.abort(barrier);
    look(main, barrier);
    main.abort(barrier);
    waits.push_back(main.wait(barrier));
    scenario.join_all();
    look(main, barrier);
    expect_count(conform(scenario), waits, ErrorKind::BrokenBarrierError, 3);
}

TEST(Barrier, BARRIER_15_any_worker_may_abort) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {2});
    const Script main = scenario.main();
    std::vector<Id> waits{start_waiting_at(scenario, barrier)};
    const Script aborting = scenario.worker();
    aborting.abort(barrier);
    aborting.abort(barrier);
    waits.push_back(aborting.wait(barrier, ample));
    aborting.abort(barrier);
    main.start(aborting);
    scenario.join_all();
    waits.push_back(main.wait(barrier));
    look(main, barrier);
    expect_count(conform(scenario), waits, ErrorKind::BrokenBarrierError, 3);
}

TEST(Barrier, BARRIER_15_abort_reaches_workers_on_their_way_to_sleep) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {4});
    std::vector<Id> waits;
    for (const Script& worker : scenario.workers(2))
        waits.push_back(worker.wait(barrier));
    const Script aborting = scenario.worker();
    aborting.abort(barrier);
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    look(scenario.main(), barrier);
    expect_count(conform(scenario, races), waits, ErrorKind::BrokenBarrierError, 2);
}

TEST(Barrier, BARRIER_16_reset_dismisses_those_who_wait_and_leaves_a_working_barrier) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {2});
    const Id larger = scenario.add(Type::Barrier, {4});
    const Script main = scenario.main();
    std::vector<Id> waits;
    waits.push_back(start_waiting_at(scenario, barrier));
    waits.push_back(start_waiting_at(scenario, larger));
    waits.push_back(start_waiting_at(scenario, larger, ample));
    main.reset(barrier);
    look(main, barrier);
    main.reset(larger);
    look(main, larger);
    pass_in_twos(scenario, barrier);
    pass_in_twos(scenario, barrier);
    conform(scenario);
}

TEST(Barrier, BARRIER_16_reset_of_an_idle_or_broken_barrier) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {2});
    const Script main = scenario.main();
    main.reset(barrier);
    look(main, barrier);
    pass_in_twos(scenario, barrier);
    main.reset(barrier);
    main.abort(barrier);
    main.reset(barrier);
    look(main, barrier);
    pass_in_twos(scenario, barrier);
    main.wait(barrier, at_once);
    main.reset(barrier);
    main.reset(barrier);
    pass_in_twos(scenario, barrier);
    conform(scenario);
}

// Those who were dismissed leave while the next generation arrives.
TEST(Barrier, BARRIER_16_old_generation_leaves_while_the_next_one_comes) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {2});
    const std::vector<Script> workers = scenario.workers(3);
    for (int round = 0; round < 3; ++round) {
        workers[0].wait(barrier, brief);
        workers[1].wait(barrier, brief);
        workers[2].reset(barrier);
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    scenario.main().reset(barrier);
    look(scenario.main(), barrier);
    conform(scenario, some_races);
}

TEST(Barrier, BARRIER_17_n_waiting_counts_those_who_wait) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {4});
    const Script main = scenario.main();
    for (int round = 0; round < 2; ++round) {
        main.n_waiting(barrier);
        for (int i = 0; i < 3; ++i)
            start_waiting_at(scenario, barrier);
        main.wait(barrier);
        main.n_waiting(barrier);
    }
    scenario.join_all();
    main.n_waiting(barrier);
    conform(scenario);
}

TEST(Barrier, BARRIER_17_n_waiting_tells_of_workers_that_are_blocked) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {4});
    const Script main = scenario.main();
    for (int i = 0; i < 3; ++i)
        start_waiting_at(scenario, barrier);
    main.parties(barrier);
    const Id look = main.n_waiting(barrier);
    main.wait(barrier);
    scenario.join_all();
    expect_sooner_or_later(scenario, look, 3);
}

TEST(Barrier, BARRIER_17_nobody_waits_at_a_broken_barrier) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {3});
    const Script main = scenario.main();
    start_waiting_at(scenario, barrier);
    start_waiting_at(scenario, barrier);
    main.abort(barrier);
    main.n_waiting(barrier);
    scenario.join_all();
    main.n_waiting(barrier);
    main.reset(barrier);
    main.n_waiting(barrier);
    start_waiting_at(scenario, barrier, brief);
    main.wait(barrier, brief);
    main.n_waiting(barrier);
    conform(scenario);
}

}  // namespace
}  // namespace conformance
