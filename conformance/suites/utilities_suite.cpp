// get_backend, get_ident, current_worker, active_count, enumerate, active_children.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/suites/calls.hpp"

namespace conformance {
namespace {

using namespace calls;

TEST(GetBackend, UTIL_1_every_worker_sees_the_backend_in_use) {
    ScenarioBuilder scenario;
    const Script worker = scenario.worker();
    const std::vector<Id> calls = {scenario.main().call(no_object, Operation::get_backend),
                                   worker.call(no_object, Operation::get_backend)};
    scenario.start_all();
    scenario.join_all();
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id call : calls)
        expect(*run, call, Value(backend_under_test()));
}

TEST(GetIdent, UTIL_2_identifier_is_positive_and_stays_the_same) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    const Id first = get_ident(main);
    const Id inside = get_ident(worker);
    scenario.start_all();
    scenario.join_all();
    const Id second = get_ident(main);
    const Id inside_again = get_ident(worker);
    const auto run = conform(scenario);
    if (!run) return;
    EXPECT_GT(run->outcome(first).value().as_int(), 0);
    EXPECT_GT(run->outcome(inside).value().as_int(), 0);
    expect(*run, second, run->outcome(first));
    expect(*run, inside_again, run->outcome(inside));
}

TEST(GetIdent, UTIL_2_identifier_is_the_one_that_current_worker_and_the_creator_show) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker("Identified");
    const Id finish = scenario.add(Type::Event);
    const Id ready_event = scenario.add(Type::Event);
    const Id own = get_ident(main);
    const Id self = current_worker(main);
    main.start(worker);
    main.wait(ready_event);
    const Id children = active_children(main);
    const Id all = enumerate(main);
    main.set(finish);
    main.join(worker);
    const Id inside = get_ident(worker);
    const Id inside_self = current_worker(worker);
    worker.set(ready_event);
    worker.wait(finish);
    const auto run = conform(scenario);
    if (!run) return;
    const Shown main_shown = shown_worker(*run, self);
    const Shown worker_shown = shown_worker(*run, inside_self);
    expect(*run, own, Value(main_shown.ident));
    expect(*run, inside, Value(worker_shown.ident));
    EXPECT_EQ(shown_workers(*run, children), std::vector{worker_shown});
    std::vector<Shown> both = {main_shown, worker_shown};
    std::ranges::sort(both);
    EXPECT_EQ(shown_workers(*run, all), both);
}

TEST(GetIdent, UTIL_3_workers_alive_at_the_same_time_have_different_identifiers) {
    ScenarioBuilder scenario;
    const Id all_alive = scenario.add(Type::Barrier, {8});
    std::vector<Script> everybody = {scenario.main()};
    for (int i = 0; i < 6; ++i)
        everybody.push_back(scenario.worker());
    const Script grandchild = scenario.worker("", {}, everybody.back().id());
    everybody.back().start(grandchild);
    everybody.push_back(grandchild);
    scenario.start_all();
    std::vector<Id> idents;
    for (const Script& worker : everybody) {
        idents.push_back(get_ident(worker));
        worker.wait(all_alive);
    }
    everybody[6].join(grandchild);
    scenario.join_all();
    const auto run = conform(scenario, {.times = 5});
    if (!run) return;
    std::set<std::int64_t> different;
    for (const Id ident : idents)
        different.insert(run->outcome(ident).value().as_int());
    EXPECT_EQ(different.size(), idents.size());
}

TEST(CurrentWorker, UTIL_5_main_worker_has_a_fixed_name_and_is_no_daemon_and_alive) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id first = current_worker(main);
    const Id alive = main.is_alive(main);
    get_ident(scenario.worker());
    scenario.start_all();
    scenario.join_all();
    const Id second = current_worker(main);
    const auto run = conform(scenario);
    if (!run) return;
    EXPECT_FALSE(shown_worker(*run, first).name.empty());
    EXPECT_FALSE(shown_worker(*run, first).daemon);
    expect(*run, second, run->outcome(first));
    expect(*run, alive, Value(true));
}

TEST(CurrentWorker, UTIL_6_worker_sees_its_name_and_flag_at_every_call) {
    for (const bool daemon : {false, true}) {
        ScenarioBuilder scenario;
        const Script worker = scenario.worker("Given name", daemon);
        const std::vector<Id> calls = {current_worker(worker), current_worker(worker)};
        scenario.start_all();
        scenario.join_all();
        const auto run = conform(scenario);
        if (!run) return;
        EXPECT_EQ(shown_worker(*run, calls[0]).name, "Given name");
        EXPECT_EQ(shown_worker(*run, calls[0]).daemon, daemon);
        expect(*run, calls[1], run->outcome(calls[0]));
    }
}

TEST(CurrentWorker, UTIL_6_many_workers_see_each_its_own_name) {
    ScenarioBuilder scenario;
    std::vector<Id> calls;
    for (int i = 0; i < 8; ++i)
        calls.push_back(current_worker(scenario.worker("Number " + std::to_string(i))));
    scenario.start_all();
    scenario.join_all();
    scenario.align();
    const auto run = conform(scenario, {.times = 10, .perturbation = 30});
    if (!run) return;
    for (std::size_t i = 0; i < calls.size(); ++i)
        EXPECT_EQ(shown_worker(*run, calls[i]).name, "Number " + std::to_string(i));
}

TEST(CurrentWorker, UTIL_6_workers_of_pools_and_executors_have_names_and_identifiers) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {2});
    const std::vector<Id> names = {main.apply(pool, "name"),
                                   main.result(main.submit(executor, "name"))};
    const std::vector<Id> idents = {main.apply(pool, "ident"),
                                    main.result(main.submit(executor, "ident"))};
    const Id own = get_ident(main);
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id name : names)
        EXPECT_FALSE(run->outcome(name).value().as_string().empty());
    for (const Id ident : idents)
        EXPECT_NE(run->outcome(ident), run->outcome(own));
}

TEST(CurrentWorker, UTIL_7_handles_show_name_flag_and_identifier) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script plain = scenario.worker("Plain", false);
    const Script daemon = scenario.worker("Daemon", true);
    const Id finish = scenario.add(Type::Event);
    const Id all_ready = scenario.add(Type::Barrier, {3});
    scenario.start_all();
    main.wait(all_ready);
    const Id children = active_children(main);
    main.set(finish);
    scenario.join_all();
    std::vector<Id> inside;
    for (const Script& worker : {plain, daemon}) {
        inside.push_back(current_worker(worker));
        worker.wait(all_ready);
        worker.wait(finish);
    }
    const auto run = conform(scenario);
    if (!run) return;
    std::vector<Shown> expected = {shown_worker(*run, inside[0]), shown_worker(*run, inside[1])};
    std::ranges::sort(expected);
    EXPECT_EQ(shown_workers(*run, children), expected);
}

TEST(CurrentWorker, UTIL_8_start_through_ones_own_handle_raises) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    const std::vector<Id> starts = {main.start(main), worker.start(worker)};
    scenario.start_all();
    scenario.join_all();
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id start : starts)
        expect(*run, start, ErrorKind::RuntimeError);
}

TEST(ActiveCount, UTIL_9_count_is_one_without_workers_and_again_after_all_joins) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id finish = scenario.add(Type::Event);
    const Id before = active_count(main);
    for (const Script& worker : scenario.workers(5))
        worker.wait(finish);
    scenario.start_all();
    const Id meanwhile = active_count(main);
    main.set(finish);
    scenario.join_all();
    const Id after = active_count(main);
    const auto run = conform(scenario, {.times = 10});
    if (!run) return;
    expect(*run, before, Value(1));
    expect(*run, meanwhile, Value(6));
    expect(*run, after, Value(1));
}

TEST(ActiveCount, UTIL_9_count_is_the_number_of_entries_of_enumerate) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id finish = scenario.add(Type::Event);
    std::vector<Id> counts;
    std::vector<Id> lists;
    const std::vector<Script> workers = scenario.workers(4);
    for (const Script& worker : workers) {
        main.start(worker);
        counts.push_back(active_count(main));
        lists.push_back(enumerate(main));
        worker.wait(finish);
    }
    main.set(finish);
    scenario.join_all();
    const auto run = conform(scenario);
    if (!run) return;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        expect(*run, counts[i], Value(i + 2));
        EXPECT_EQ(shown_workers(*run, lists[i]).size(), i + 2);
    }
}

TEST(ActiveCount, UTIL_10_workers_of_a_pool_are_counted_and_helpers_are_not) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {3});
    std::vector<Id> results;
    for (int i = 0; i < 3; ++i)
        results.push_back(sleep_async(main, pool, 300));
    get(main, results[0], TimeLimit::milliseconds(50));
    const Id busy = active_count(main);
    const Id look = ready(main, results[2]);
    close(main, pool);
    main.join(pool);
    const Id after = active_count(main);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        EXPECT_LE(run.outcome(busy).value().as_int(), 1 + 3) << "helpers are counted";
        expect(run, after, Value(1));
        return came_to(run, busy, Value(1 + 3)) && came_to(run, look, Value(false));
    });
}

TEST(ActiveCount, UTIL_10_workers_of_an_executor_are_counted_and_helpers_are_not) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {3});
    std::vector<Id> futures;
    for (int i = 0; i < 3; ++i)
        futures.push_back(submit_sleep(main, executor, 300));
    main.result(futures[0], TimeLimit::milliseconds(50));
    const Id busy = active_count(main);
    const Id look = done(main, futures[2]);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        EXPECT_LE(run.outcome(busy).value().as_int(), 1 + 3) << "helpers are counted";
        return came_to(run, busy, Value(1 + 3)) && came_to(run, look, Value(false));
    });
}

TEST(Enumerate, UTIL_12_unstarted_and_joined_workers_are_in_neither_list) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script ended = scenario.worker("Ended");
    const Script alive = scenario.worker("Alive");
    const Script unstarted = scenario.worker("Unstarted");
    const Id finish = scenario.add(Type::Event);
    main.is_alive(unstarted);
    main.start(ended);
    main.join(ended);
    main.start(alive);
    const Id self = current_worker(main);
    const Id children = active_children(main);
    const Id all = enumerate(main);
    main.set(finish);
    main.join(alive);
    const Id no_children = active_children(main);
    const Id only_main = enumerate(main);
    alive.wait(finish);
    const auto run = conform(scenario);
    if (!run) return;
    const std::string main_name = shown_worker(*run, self).name;
    std::vector<std::string> both = {"Alive", main_name};
    std::ranges::sort(both);
    EXPECT_EQ(shown_names(*run, children), std::vector<std::string>{"Alive"});
    EXPECT_EQ(shown_names(*run, all), both);
    EXPECT_EQ(shown_names(*run, no_children), std::vector<std::string>{});
    EXPECT_EQ(shown_names(*run, only_main), std::vector<std::string>{main_name});
}

TEST(Enumerate, UTIL_12_ended_workers_disappear_without_a_join) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    const Id never = scenario.add(Type::Event);
    const Id last = scenario.add(Type::Event);
    worker.set(last);
    main.start(worker);
    main.wait(last);  // to begin may take it long
    Id all = 0;
    for (int i = 0; i < 10; ++i) {
        main.wait(never, TimeLimit::milliseconds(10));
        all = enumerate(main);
    }
    const Id children = active_children(main);
    main.join(worker);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        return shown_workers(run, all).size() == 1 && came_to(run, children, Value(List{}));
    });
}

TEST(Enumerate, UTIL_13_same_workers_in_any_order) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id finish = scenario.add(Type::Event);
    const Id self = current_worker(main);
    const std::vector<std::string> names = {"A", "B", "C"};
    for (const std::string& name : names)
        scenario.worker(name).wait(finish);
    scenario.start_all();
    const Id first = enumerate(main);
    const Id second = enumerate(main);
    main.set(finish);
    scenario.join_all();
    const auto run = conform(scenario);
    if (!run) return;
    std::vector<std::string> expected = names;
    expected.push_back(shown_worker(*run, self).name);
    std::ranges::sort(expected);
    EXPECT_EQ(shown_names(*run, first), expected);
    EXPECT_EQ(shown_names(*run, second), expected);
}

TEST(ActiveChildren, UTIL_14_main_worker_sees_its_own_children_and_no_grandchildren) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script child = scenario.worker("Child");
    const Script grandchild = scenario.worker("Grandchild", {}, child.id());
    const Id finish = scenario.add(Type::Event);
    const Id started = scenario.add(Type::Event);
    const Id self = current_worker(main);
    main.start(child);
    main.wait(started);
    const Id children = active_children(main);
    const Id all = enumerate(main);
    const Id count = active_count(main);
    main.set(finish);
    main.join(child);
    child.start(grandchild);
    child.set(started);
    child.wait(finish);
    child.join(grandchild);
    grandchild.wait(finish);
    const auto run = conform(scenario);
    if (!run) return;
    std::vector<std::string> both = {"Child", shown_worker(*run, self).name};
    std::ranges::sort(both);
    EXPECT_EQ(shown_names(*run, children), std::vector<std::string>{"Child"});
    EXPECT_EQ(shown_names(*run, all), both);
    expect(*run, count, Value(2));
}

}  // namespace
}  // namespace conformance
