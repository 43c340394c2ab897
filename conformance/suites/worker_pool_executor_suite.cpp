// WorkerPoolExecutor: its workers, initializers, submit, shutdown.

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/suites/calls.hpp"

namespace conformance {
namespace {

using namespace calls;

TEST(WorkerPoolExecutor, EXEC_1_executor_without_a_number_runs_tasks) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor);
    const Id result = main.result(main.submit(executor, "square", {3}));
    const auto run = conform(scenario);
    if (run) expect(*run, result, Value(9));
}

TEST(WorkerPoolExecutor, EXEC_2_number_of_workers_below_one_raises) {
    for (const std::int64_t workers : {0, -1, -1000}) {
        ScenarioBuilder scenario;
        const Id executor = scenario.add(Type::WorkerPoolExecutor, {workers});
        const Id create = scenario.main().create(executor);
        const auto run = conform(scenario);
        if (!run) return;
        expect(*run, create, ErrorKind::ValueError);
    }
}

TEST(WorkerPoolExecutor, EXEC_5_every_task_sees_what_the_initializer_did) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {3, "set_mark", List{7}});
    std::vector<Id> marks;
    for (int i = 0; i < 12; ++i)
        marks.push_back(main.submit(executor, "get_mark"));
    for (Id& mark : marks)
        mark = main.result(mark);
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id mark : marks)
        expect(*run, mark, Value(7));
}

TEST(WorkerPoolExecutor, EXEC_5_initializer_runs_once_and_not_before_every_task) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1, "set_mark", List{7}});
    const Id before = main.submit(executor, "get_mark");
    main.submit(executor, "set_mark", {8});
    const Id after = main.submit(executor, "get_mark");
    const Id first = main.result(before);
    const Id second = main.result(after);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, first, Value(7));
    expect(*run, second, Value(8));
}

TEST(WorkerPoolExecutor, EXEC_5_first_task_waits_for_the_initializer) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor =
        scenario.add(Type::WorkerPoolExecutor, {2, "sleep", List{30 * millisecond}});
    const Id create = main.create(executor);
    const Id result = main.result(main.submit(executor, "square", {3}));
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, result, Value(9));
    expect_at_least(elapsed(*run, create, result), 30 * millisecond);
}

TEST(WorkerPoolExecutor, EXEC_6_failing_initializer_breaks_the_executor_for_good) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1, "fail", List{"ValueError"}});
    const Id first = main.submit(executor, "square", {1});
    const Id pending = main.result(first, patience);
    const Id again = exception(main, first, patience);
    const Id later = main.submit(executor, "square", {2});
    const Id later_map = executor_map(main, executor, "square", {Value(numbers(3))});
    shutdown(main, executor);
    const Id after_shutdown = main.submit(executor, "square", {3});
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, pending, ErrorKind::BrokenWorkerPool);
    expect(*run, again, Value("BrokenWorkerPool"));
    for (const Id object : {later, later_map, after_shutdown})
        expect(*run, call_of(*run, object), ErrorKind::BrokenWorkerPool);
}

TEST(WorkerPoolExecutor, EXEC_7_submit_passes_arguments_on) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {2});
    const std::vector<Id> results = {main.result(main.submit(executor, "add", {1, 2})),
                                     main.result(main.submit(executor, "concat", {"a", "b", "c"})),
                                     main.result(main.submit(executor, "echo", {Value()}))};
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, results[0], Value(3));
    expect(*run, results[1], Value("abc"));
    expect(*run, results[2], Value());
}

TEST(WorkerPoolExecutor, EXEC_7_submit_does_not_wait_for_a_free_worker) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Id slow = submit_sleep(main, executor, 300);
    for (int i = 0; i < 20; ++i)
        main.submit(executor, "square", {i});
    const Id look = done(main, slow);
    expect_in_some_run(scenario,
                       [&](const Conformed& run) { return came_to(run, look, Value(false)); });
}

TEST(WorkerPoolExecutor, EXEC_7_single_worker_keeps_the_order_of_submission) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    std::vector<Id> looks;
    for (int i = 0; i < 20; ++i) {
        main.submit(executor, "set_mark", {i});
        looks.push_back(main.submit(executor, "get_mark"));
    }
    for (Id& look : looks)
        look = main.result(look);
    const auto run = conform(scenario, {.times = 5, .perturbation = 20});
    if (!run) return;
    for (std::size_t i = 0; i < looks.size(); ++i)
        expect(*run, looks[i], Value(i));
}

TEST(WorkerPoolExecutor, EXEC_14_no_more_tasks_than_workers_run_at_the_same_time) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {2});
    std::vector<Id> futures;
    for (int i = 0; i < 6; ++i)
        futures.push_back(submit_sleep(main, executor, 20));
    Id last = 0;
    for (const Id future : futures)
        last = main.result(future);
    const auto run = conform(scenario);
    if (run) expect_at_least(elapsed(*run, call_of(*run, futures[0]), last), 60 * millisecond);
}

TEST(WorkerPoolExecutor, EXEC_14_there_are_no_workers_before_the_first_submission) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {2});
    const Id before = active_count(main);
    std::vector<Id> counts;
    for (int i = 0; i < 4; ++i) {
        submit_sleep(main, executor, 20);
        counts.push_back(active_count(main));
    }
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, before, Value(1));
    for (const Id count : counts)
        EXPECT_LE(run->outcome(count).value().as_int(), 1 + 2);
}

TEST(WorkerPoolExecutor, EXEC_15_shutdown_waits_for_all_tasks_and_may_be_repeated) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const std::vector<Id> futures = {submit_sleep(main, executor, 30),
                                     submit_sleep(main, executor, 30),
                                     main.submit(executor, "square", {3})};
    const Id first = shutdown(main, executor);
    const Id second = shutdown(main, executor);
    std::vector<Id> looks;
    for (const Id future : futures)
        looks.push_back(done(main, future));
    const Id value = main.result(futures.back());
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, first, Value());
    expect(*run, second, Value());
    expect_at_least(elapsed(*run, call_of(*run, futures[0]), first), 60 * millisecond);
    for (const Id look : looks)
        expect(*run, look, Value(true));
    expect(*run, value, Value(9));
}

TEST(WorkerPoolExecutor, EXEC_15_shutdown_without_waiting_leaves_tasks_to_be_done) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Id slow = submit_sleep(main, executor, 200);
    const Id queued = main.submit(executor, "square", {4});
    const Id last = main.submit(executor, "square", {5});
    shutdown(main, executor, false);
    const Id look = done(main, slow);
    const Id value = main.result(queued);
    const Id last_value = main.result(last);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        expect(run, value, Value(16));
        expect(run, last_value, Value(25));
        return came_to(run, look, Value(false));
    });
}

TEST(WorkerPoolExecutor, EXEC_15_executor_without_tasks_can_be_shut_down) {
    for (const bool waits : {true, false}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id executor = scenario.add(Type::WorkerPoolExecutor, {2});
        const Id end = shutdown(main, executor, waits);
        const Id late = main.submit(executor, "square", {1});
        const auto run = conform(scenario);
        if (!run) return;
        expect(*run, end, Value());
        expect(*run, call_of(*run, late), ErrorKind::RuntimeError);
    }
}

TEST(WorkerPoolExecutor, EXEC_16_cancelling_shutdown_spares_few_queued_tasks) {
    constexpr std::size_t workers = 2;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {workers});
    std::vector<Id> looks;
    std::vector<Id> outcomes;
    std::vector<Id> futures;
    for (int i = 0; i < 8; ++i)
        futures.push_back(submit_sleep(main, executor, 100));
    shutdown(main, executor, true, true);
    for (const Id future : futures) {
        looks.push_back(cancelled(main, future));
        outcomes.push_back(main.result(future));
    }
    expect_in_some_run(scenario, [&](const Conformed& run) {
        std::size_t spared = 0;
        for (std::size_t i = 0; i < looks.size(); ++i) {
            const bool is_spared = came_to(run, looks[i], Value(false));
            if (is_spared) {
                expect(run, outcomes[i], Value());
            } else {
                expect(run, outcomes[i], ErrorKind::CancelledError);
            }
            spared += is_spared ? 1 : 0;
        }
        return spared <= workers + 1;
    });
}

TEST(WorkerPoolExecutor, EXEC_17_submit_and_map_after_shutdown_raise) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {2});
    main.result(main.submit(executor, "square", {1}));
    shutdown(main, executor);
    const Id late = main.submit(executor, "square", {2});
    const Id late_map = executor_map(main, executor, "square", {Value(numbers(3))});
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, call_of(*run, late), ErrorKind::RuntimeError);
    expect(*run, call_of(*run, late_map), ErrorKind::RuntimeError);
}

TEST(WorkerPoolExecutor, EXEC_17_map_of_an_empty_input_after_shutdown_delivers_nothing) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {2});
    shutdown(main, executor);
    const Id results = executor_map(main, executor, "square", {Value(List{})});
    const Id end = next(main, results);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, call_of(*run, results), Value());
    expect(*run, end, end_of_iteration());
}

TEST(WorkerPoolExecutor, EXEC_18_end_of_a_guarded_block_waits_for_all_tasks) {
    for (const bool raises : {false, true}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
        const Id first = submit_sleep(main, executor, 30);
        const Id second = main.submit(executor, "square", {3});
        const Id block = main.with(executor, raises ? "raise" : "nothing");
        const std::vector<Id> looks = {done(main, first), done(main, second)};
        const Id result = main.result(second);
        const auto run = conform(scenario);
        if (!run) return;
        expect(*run, block, raises ? Outcome(ErrorKind::Other) : Outcome(Value(true)));
        expect_at_least(elapsed(*run, call_of(*run, first), block), 30 * millisecond);
        for (const Id look : looks)
            expect(*run, look, Value(true));
        expect(*run, result, Value(9));
    }
}

TEST(WorkerPoolExecutor, EXEC_18_executor_of_an_ended_guarded_block_refuses_submissions) {
    for (const bool raises : {false, true}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
        const Id block = main.with(executor, raises ? "raise" : "nothing");
        const Id late = main.submit(executor, "square", {4});
        const auto run = conform(scenario);
        if (!run) return;
        expect(*run, block, raises ? Outcome(ErrorKind::Other) : Outcome(Value(true)));
        expect(*run, call_of(*run, late), ErrorKind::RuntimeError);
    }
}

TEST(WorkerPoolExecutor, EXEC_19_guarded_block_yields_the_executor_itself) {
    not_testable("a scenario cannot use what a guarded block yields");
}

TEST(WorkerPoolExecutor, EXEC_21_death_of_a_worker_breaks_the_executor) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Id deadly = main.result(main.submit(executor, "die"), patience);
    const Id later = main.submit(executor, "square", {2});
    const Id later_map = executor_map(main, executor, "square", {Value(numbers(3))});
    const Id end = shutdown(main, executor);
    const Id after_shutdown = main.submit(executor, "square", {3});
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, deadly, ErrorKind::BrokenWorkerPool);
    expect(*run, end, Value());
    for (const Id object : {later, later_map, after_shutdown})
        expect(*run, call_of(*run, object), ErrorKind::BrokenWorkerPool);
}

TEST(WorkerPoolExecutor, EXEC_21_death_after_shutdown_is_noticed_too) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    submit_sleep(main, executor, 30);
    const Id deadly = main.submit(executor, "die");
    const Id queued = main.submit(executor, "square", {2});
    shutdown(main, executor, false);
    const Id first = main.result(deadly, patience);
    const Id second = main.result(queued, patience);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, first, ErrorKind::BrokenWorkerPool);
    expect_of_either(*run, queued, second, ErrorKind::BrokenWorkerPool);
}

TEST(WorkerPoolExecutor, EXEC_23_error_of_a_foreign_class_arrives_and_the_executor_stays_usable) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Id foreign = main.result(main.submit(executor, "fail", {"Other"}), patience);
    const Id afterwards = main.result(main.submit(executor, "square", {5}), patience);
    const auto run = conform(scenario);
    if (!run) return;
    expect_any_of(*run, foreign, {ErrorKind::Other, ErrorKind::RuntimeError});
    expect(*run, afterwards, Value(25));
}

TEST(WorkerPoolExecutor, EXEC_24_tasks_may_start_workers) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {2});
    const std::vector<Id> futures = {main.submit(executor, "start_worker"),
                                     main.submit(executor, "start_worker")};
    const std::vector<Id> results = {main.result(futures[0]), main.result(futures[1])};
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id result : results)
        expect(*run, result, Value());
}

}  // namespace
}  // namespace conformance
