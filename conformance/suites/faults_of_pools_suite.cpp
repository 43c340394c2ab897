// Faults: pools and executors after the death of a worker, a failing initializer, a terminate.

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/suites/calls.hpp"

namespace conformance {
namespace {

using namespace calls;

TEST(Faults, FAULT_14_pool_can_be_ended_after_the_death_of_a_busy_worker) {
    if (workers_are_threads()) return;
    for (const Operation end : {Operation::close, Operation::terminate}) {
        for (const std::int64_t workers : {1, 3}) {
            ScenarioBuilder scenario;
            const Script main = scenario.main();
            const Id pool = scenario.add(Type::WorkerPool, {workers});
            const Id deadly = get(main, main.apply_async(pool, "die"), patience);
            const Id ended = main.call(pool, end);
            const Id join = main.join(pool);
            const auto run = conform(scenario);
            if (!run) return;
            expect(*run, deadly, ErrorKind::BrokenWorkerPool);
            expect(*run, ended, Value());
            expect(*run, join, Value());
        }
    }
}

TEST(Faults, FAULT_14_join_returns_although_the_deadly_task_was_still_queued) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    std::vector<Id> deadly;
    for (int i = 0; i < 3; ++i)
        deadly.push_back(main.apply_async(pool, "die"));
    const Id whole = starmap_async(main, pool, "die", {List{}, List{}}, 1);
    const Id harmless = main.apply_async(pool, "square", {3});
    close(main, pool);
    const Id join = main.join(pool);
    for (Id& result : deadly)
        result = get(main, result, patience);
    const Id whole_outcome = get(main, whole, patience);
    const Id value = get(main, harmless, patience);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, join, Value());
    for (const Id outcome : deadly)
        expect(*run, outcome, ErrorKind::BrokenWorkerPool);
    expect(*run, whole_outcome, ErrorKind::BrokenWorkerPool);
    expect(*run, value, Value(9));
}

TEST(Faults, FAULT_15_pool_works_on_or_breaks_when_an_idle_worker_dies) {
    not_testable("the protocol has no way to kill an idle worker of a pool");
}

TEST(Faults, FAULT_16_death_of_an_executor_worker_breaks_all_unfinished_futures) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {2});
    const Id finished = main.submit(executor, "square", {5});
    main.result(finished);
    std::vector<Id> futures = {submit_sleep(main, executor, 1500), main.submit(executor, "die")};
    for (int i = 0; i < 4; ++i)
        futures.push_back(submit_sleep(main, executor, 1500));
    std::vector<Id> outcomes;
    for (const Id future : futures)
        outcomes.push_back(main.result(future, patience));
    const Id late = main.submit(executor, "square", {6});
    const Id kept = main.result(finished);
    const Id end = shutdown(main, executor);
    const Id after_shutdown = main.submit(executor, "square", {7});
    const auto run = conform(scenario);
    if (!run) return;
    for (std::size_t i = 0; i < futures.size(); ++i)
        expect_of_either(*run, futures[i], outcomes[i], ErrorKind::BrokenWorkerPool);
    expect(*run, call_of(*run, late), ErrorKind::BrokenWorkerPool);
    expect(*run, kept, Value(25));
    expect(*run, end, Value());
    expect(*run, call_of(*run, after_shutdown), ErrorKind::BrokenWorkerPool);
}

TEST(Faults, FAULT_16_results_of_a_map_break_with_the_executor) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    main.submit(executor, "die");
    const Id results = executor_map(main, executor, "square", {Value(numbers(3))});
    const Id first = next(main, results);
    const Id end = shutdown(main, executor);
    const auto run = conform(scenario);
    if (!run) return;
    // The death may have been noticed before the call of map, or after it.
    const Outcome broken = ErrorKind::BrokenWorkerPool;
    const bool was_noticed = came_to(*run, call_of(*run, results), broken);
    if (!was_noticed) expect(*run, first, broken);
    expect(*run, end, Value());
}

TEST(Faults, FAULT_17_failing_initializer_of_a_pool_blocks_nobody) {
    for (const Operation end : {Operation::close, Operation::terminate}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {2, "fail", List{"RuntimeError"}});
        const Id single = get(main, main.apply_async(pool, "square", {1}), patience);
        const Id whole = get(main, map_async(main, pool, "square", numbers(5)), patience);
        const Id ended = main.call(pool, end);
        const Id join = main.join(pool);
        const auto run = conform(scenario);
        if (!run) return;
        expect(*run, single, ErrorKind::BrokenWorkerPool);
        expect(*run, whole, ErrorKind::BrokenWorkerPool);
        expect(*run, ended, Value());
        expect(*run, join, Value());
    }
}

TEST(Faults, FAULT_17_callers_that_wait_in_apply_and_map_are_released) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1, "fail", List{"ValueError"}});
    const Id apply = main.apply(pool, "square", {1});
    const Id whole = map(main, pool, "square", numbers(5));
    const Id first = next(main, imap(main, pool, "square", numbers(5)));
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id call : {apply, whole, first})
        expect(*run, call, ErrorKind::BrokenWorkerPool);
}

TEST(Faults, FAULT_18_callback_of_a_pool_that_raises_does_no_harm) {
    not_testable("the protocol has no callbacks of pools");
}

TEST(Faults, FAULT_19_callback_of_a_future_that_raises_does_no_harm) {
    not_testable("the callback of the protocol does not raise");
}

TEST(Faults, FAULT_20_callers_are_released_when_another_thread_terminates_the_pool) {
    if (backend_under_test() != "threading")
        return not_testable("a pool cannot be handed to another process");
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const std::vector<Script> callers = scenario.workers(3);
    const std::vector<Id> waits = {callers[0].apply(pool, "square", {1}),
                                   map(callers[1], pool, "square", numbers(3)),
                                   get(callers[2], callers[2].apply_async(pool, "square", {2}))};
    sleep_async(main, pool, 300);
    for (const Script& caller : callers) {
        main.start(caller);
        main.await_blocked(caller);
    }
    const Id end = terminate(main, pool);
    for (const Script& caller : callers)
        main.join(caller);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        expect(run, end, Value());
        return std::ranges::all_of(
            waits, [&](Id call) { return came_to(run, call, ErrorKind::BrokenWorkerPool); });
    });
}

}  // namespace
}  // namespace conformance
