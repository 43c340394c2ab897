// Worker: making, starting, joining, ending.

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/suites/calls.hpp"

namespace conformance {
namespace {

using namespace calls;

/// Looks whether the worker is alive, ten times in 100 ms; returns the last look.
Id watch(const Script& script, const Script& worker, Id never_set) {
    Id alive = script.is_alive(worker);
    for (int i = 0; i < 10; ++i) {
        script.wait(never_set, TimeLimit::milliseconds(10));
        alive = script.is_alive(worker);
    }
    return alive;
}

TEST(Worker, WORKER_1_name_and_daemon_flag_may_be_given_or_not) {
    ScenarioBuilder scenario;
    const std::vector<Script> workers = {scenario.worker(), scenario.worker("Named"),
                                         scenario.worker("", true), scenario.worker("Both", false)};
    std::vector<Id> calls;
    for (const Script& worker : workers)
        calls.push_back(current_worker(worker));
    scenario.start_all();
    scenario.join_all();
    const auto run = conform(scenario);
    if (!run) return;
    EXPECT_FALSE(shown_worker(*run, calls[0]).daemon);
    EXPECT_EQ(shown_worker(*run, calls[1]).name, "Named");
    EXPECT_TRUE(shown_worker(*run, calls[2]).daemon);
    EXPECT_EQ(shown_worker(*run, calls[3]).name, "Both");
    EXPECT_FALSE(shown_worker(*run, calls[3]).daemon);
}

TEST(Worker, WORKER_2_unstarted_worker_is_not_alive_not_counted_and_not_to_be_joined) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    const Id alive = main.is_alive(worker);
    const Id count = active_count(main);
    const Id children = active_children(main);
    const Id join = main.join(worker);
    const Id timed_join = main.join(worker, TimeLimit::milliseconds(0));
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, alive, Value(false));
    expect(*run, count, Value(1));
    expect(*run, children, Value(List{}));
    expect(*run, join, ErrorKind::RuntimeError);
    expect(*run, timed_join, ErrorKind::RuntimeError);
}

TEST(Worker, WORKER_2_failed_join_does_not_spoil_the_worker) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    const Id cell = scenario.add(Type::Cell);
    main.join(worker);
    main.start(worker);
    const Id join = main.join(worker);
    const Id read = main.read(cell);
    worker.write(cell, 1);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, join, Value());
    expect(*run, read, Value(1));
}

TEST(Worker, WORKER_3_worker_is_alive_from_the_return_of_start_to_its_end) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    const Id finish = scenario.add(Type::Event);
    const Id start = main.start(worker);
    const Id at_once = main.is_alive(worker);
    main.set(finish);
    main.join(worker);
    const Id at_the_end = main.is_alive(worker);
    worker.wait(finish);
    const auto run = conform(scenario, {.times = 20, .perturbation = 30});
    if (!run) return;
    expect(*run, start, Value());
    expect(*run, at_once, Value(true));
    expect(*run, at_the_end, Value(false));
}

TEST(Worker, WORKER_4_second_start_raises_while_the_worker_runs) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    const Id finish = scenario.add(Type::Event);
    const Id cell = scenario.add(Type::Cell);
    main.start(worker);
    const Id again = main.start(worker);
    main.set(finish);
    main.join(worker);
    const Id read = main.read(cell);
    worker.wait(finish);
    worker.add(cell);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, again, ErrorKind::RuntimeError);
    expect(*run, read, Value(1));
}

TEST(Worker, WORKER_4_second_start_raises_when_the_worker_has_ended) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    const Id cell = scenario.add(Type::Cell);
    main.start(worker);
    main.join(worker);
    const Id again = main.start(worker);
    const Id alive = main.is_alive(worker);
    const Id read = main.read(cell);
    worker.add(cell);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, again, ErrorKind::RuntimeError);
    expect(*run, alive, Value(false));
    expect(*run, read, Value(1));
}

TEST(Worker, WORKER_5_join_returns_nothing_and_not_before_the_end) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    const Id never = scenario.add(Type::Event);
    const Id cell = scenario.add(Type::Cell);
    const Id start = main.start(worker);
    const Id join = main.join(worker);
    const Id read = main.read(cell);
    worker.wait(never, TimeLimit::milliseconds(30));
    worker.write(cell, 1);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, join, Value());
    expect(*run, read, Value(1));
    expect_at_least(elapsed(*run, start, join), 30 * millisecond);
}

TEST(Worker, WORKER_5_join_may_be_repeated) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    main.start(worker);
    const std::vector<Id> joins = {main.join(worker), main.join(worker),
                                   main.join(worker, TimeLimit::milliseconds(20)),
                                   main.join(worker, TimeLimit::infinite())};
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id join : joins)
        expect(*run, join, Value());
}

TEST(Worker, WORKER_5_what_a_worker_wrote_is_seen_after_join) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<Id> reads;
    std::vector<Id> cells;
    for (const Script& worker : scenario.workers(4)) {
        cells.push_back(scenario.add(Type::Cell));
        worker.write(cells.back(), 7);
    }
    scenario.start_all();
    scenario.join_all();
    for (const Id cell : cells)
        reads.push_back(main.read(cell));
    const auto run = conform(scenario, {.times = 50, .perturbation = 30});
    if (!run) return;
    for (const Id read : reads)
        expect(*run, read, Value(7));
}

TEST(Worker, WORKER_6_timed_join_returns_while_the_worker_is_alive) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    const Id finish = scenario.add(Type::Event);
    main.start(worker);
    const Id timed = main.join(worker, TimeLimit::milliseconds(30));
    const Id after_timed = main.is_alive(worker);
    const Id zero = main.join(worker, TimeLimit::milliseconds(0));
    const Id negative = main.join(worker, TimeLimit::milliseconds(-1000));
    const Id after_all = main.is_alive(worker);
    main.set(finish);
    main.join(worker);
    const Id at_the_end = main.is_alive(worker);
    worker.wait(finish);
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id join : {timed, zero, negative})
        expect(*run, join, Value());
    expect_at_least(run->duration(timed), 30 * millisecond);
    expect(*run, after_timed, Value(true));
    expect(*run, after_all, Value(true));
    expect(*run, at_the_end, Value(false));
}

TEST(Worker, WORKER_7_worker_that_joins_itself_raises) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    main.start(worker);
    main.join(worker);
    const Id join = worker.join(worker);
    const Id timed = worker.join(worker, TimeLimit::milliseconds(10));
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, join, ErrorKind::RuntimeError);
    expect(*run, timed, ErrorKind::RuntimeError);
}

TEST(Worker, WORKER_7_main_worker_that_joins_itself_raises) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id join = main.join(main);
    const Id timed = main.join(main, TimeLimit::milliseconds(10));
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, join, ErrorKind::RuntimeError);
    expect(*run, timed, ErrorKind::RuntimeError);
}

TEST(Worker, WORKER_8_calls_by_another_worker_than_the_creator_raise) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    const Script stranger = scenario.worker();
    const Script unstarted = scenario.worker();
    const Id finish = scenario.add(Type::Event);
    main.is_alive(unstarted);
    main.start(worker);
    main.start(stranger);
    main.join(stranger);
    const Id alive = main.is_alive(unstarted);
    main.set(finish);
    const Id join = main.join(worker);
    worker.wait(finish);
    const std::vector<Id> calls = {stranger.is_alive(worker), stranger.join(worker),
                                   stranger.start(worker), stranger.start(unstarted)};
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id call : calls)
        expect(*run, call, ErrorKind::RuntimeError);
    expect(*run, alive, Value(false));
    expect(*run, join, Value());
}

TEST(Worker, WORKER_9_ended_worker_is_not_alive_without_a_join) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    const Id never = scenario.add(Type::Event);
    const Id last = scenario.add(Type::Event);
    worker.set(last);
    main.start(worker);
    main.wait(last);  // to begin may take it long
    const Id alive = watch(main, worker, never);
    const Id join = main.join(worker);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        expect(run, join, Value());
        return came_to(run, alive, Value(false));
    });
}

TEST(Worker, WORKER_9_killed_worker_is_not_alive_without_a_join) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    const Id never = scenario.add(Type::Event);
    main.start(worker);
    main.await_blocked(worker);
    main.kill(worker);
    const Id alive = watch(main, worker, never);
    const Id join = main.join(worker);
    const Id in_the_end = main.is_alive(worker);
    worker.wait(never);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        expect(run, join, Value());
        expect(run, in_the_end, Value(false));
        return came_to(run, alive, Value(false));
    });
}

TEST(Worker, WORKER_10_every_target_runs_exactly_once) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    // A Cell for each: how they pass on what they did is no matter of this test.
    std::vector<Id> cells;
    for (int i = 0; i < 16; ++i) {
        cells.push_back(scenario.add(Type::Cell));
        scenario.worker().add(cells.back());
    }
    scenario.start_all();
    scenario.join_all();
    for (Id& cell : cells)
        cell = main.read(cell);
    const auto run = conform(scenario, {.times = 10});
    if (!run) return;
    for (const Id read : cells)
        expect(*run, read, Value(1));
}

TEST(Worker, WORKER_10_worker_with_nothing_to_do_ends_at_once) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    main.start(worker);
    const Id join = main.join(worker);
    const Id alive = main.is_alive(worker);
    const auto run = conform(scenario, {.times = 20});
    if (!run) return;
    expect(*run, join, Value());
    expect(*run, alive, Value(false));
}

TEST(Worker, WORKER_11_arguments_of_the_wrong_kind_are_rejected) {
    not_testable("where arguments are passed one by one there is no way to write it down");
}

/// With an object of the type `source`, if one is named: those who lack it lack its errors too.
void expect_report_of(ErrorKind kind, std::optional<Type> source = {}) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker("Unlucky one");
    const Script other = scenario.worker("Lucky one");
    const Id cell = scenario.add(Type::Cell);
    if (source) scenario.add(*source, {1});
    worker.write(cell, 7);
    worker.raise(kind, "more than it could bear");
    main.start(worker);
    const Id join = main.join(worker);
    const Id alive = main.is_alive(worker);
    const Id read = main.read(cell);
    main.start(other);
    main.join(other);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, join, Value());
    expect(*run, alive, Value(false));
    expect(*run, read, Value(7));
    for (const std::string part : {"Unlucky one", "more than it could bear"})
        EXPECT_NE(run->output().find(part), std::string::npos) << run->output();
    if (kind == ErrorKind::Other) return;  // a class of the driver's own
    EXPECT_NE(run->output().find(to_string(kind)), std::string::npos) << run->output();
}

TEST(Worker, WORKER_12_exception_that_leaves_the_target_is_reported) {
    for (const ErrorKind kind : {ErrorKind::ValueError, ErrorKind::RuntimeError, ErrorKind::Other})
        expect_report_of(kind);
}

TEST(Worker, WORKER_12_error_of_a_queue_that_leaves_the_target_is_reported) {
    expect_report_of(ErrorKind::Full, Type::Queue);
}

TEST(Worker, WORKER_12_error_of_a_barrier_that_leaves_the_target_is_reported) {
    expect_report_of(ErrorKind::BrokenBarrierError, Type::Barrier);
}

TEST(Worker, WORKER_12_exception_that_leaves_the_target_of_a_daemon_is_reported) {
    ScenarioBuilder scenario;
    const Script worker = scenario.worker("Unlucky daemon", true);
    worker.raise(ErrorKind::ValueError, "more than it could bear");
    scenario.start_all();
    scenario.join_all();
    const auto run = conform(scenario);
    if (!run) return;
    for (const std::string part : {"Unlucky daemon", "ValueError", "more than it could bear"})
        EXPECT_NE(run->output().find(part), std::string::npos) << run->output();
}

}  // namespace
}  // namespace conformance
