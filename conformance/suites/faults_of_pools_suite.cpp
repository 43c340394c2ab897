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

/// Main has its pool's worker die while no task is there.
void let_an_idle_worker_die(ScenarioBuilder& scenario, Id pool) {
    const Script main = scenario.main();
    main.apply(pool, "die_after", {20 * millisecond});
    main.wait(scenario.add(Type::Event), TimeLimit::milliseconds(100));
}

TEST(Faults, FAULT_15_pool_works_on_or_breaks_when_an_idle_worker_dies) {
    if (workers_are_threads()) return;
    for (const std::int64_t workers : {1, 2}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {workers});
        let_an_idle_worker_die(scenario, pool);
        std::vector<Id> later = {main.apply(pool, "square", {3})};
        for (int i = 0; i < 3; ++i)
            later.push_back(get(main, main.apply_async(pool, "square", {3}), patience));
        const Id whole = map(main, pool, "square", numbers(5));
        const Id end = terminate(main, pool);
        const Id join = main.join(pool);
        const auto run = conform(scenario);
        if (!run) return;
        for (const Id call : later)
            expect_any_of(*run, call, {Value(9), ErrorKind::BrokenWorkerPool});
        expect_any_of(*run, whole, {Value(squares(5)), ErrorKind::BrokenWorkerPool});
        expect(*run, end, Value());
        expect(*run, join, Value());
    }
}

TEST(Faults, FAULT_15_idle_worker_dies_again_and_again) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    std::vector<Id> later;
    for (int i = 0; i < 3; ++i) {
        let_an_idle_worker_die(scenario, pool);
        later.push_back(main.apply(pool, "square", {3}));
    }
    const Id end = close(main, pool);
    const Id join = main.join(pool);
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id call : later)
        expect_any_of(*run, call, {Value(9), ErrorKind::BrokenWorkerPool});
    expect(*run, end, Value());
    expect(*run, join, Value());
}

TEST(Faults, FAULT_15_deaths_at_odd_moments_leave_a_pool_that_can_be_ended) {
    if (workers_are_threads()) return;
    for (const std::int64_t time :
         {std::int64_t{1}, millisecond / 5, millisecond, 3 * millisecond}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {2});
        const Id deadly = main.apply_async(pool, "die_after", {time});
        std::vector<Id> others;
        for (int i = 0; i < 20; ++i)
            others.push_back(main.apply_async(pool, "square", {i}));
        const Id whole = map_async(main, pool, "square", numbers(50), 1);
        const Id iterator = imap(main, pool, "square", numbers(5));
        get(main, deadly, patience);
        for (Id& other : others)
            other = get(main, other, patience);
        get(main, whole, patience);
        next(main, iterator, patience);
        const Id end = terminate(main, pool);
        const Id join = main.join(pool);
        const auto run = conform(scenario, {.times = 3, .perturbation = 20});
        if (!run) return;
        for (std::size_t i = 0; i < others.size(); ++i)
            expect_any_of(*run, others[i], {Value(i * i), ErrorKind::BrokenWorkerPool});
        expect(*run, end, Value());
        expect(*run, join, Value());
    }
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
    for (const Operation end : {Operation::close, Operation::terminate}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {1});
        const Id cell = scenario.add(Type::Cell);
        std::vector<Id> outcomes;
        for (const char* const action : {"raise", "raise_foreign", "raise"})
            outcomes.push_back(
                get(main, apply_async_with(main, pool, "square", {3}, callback(action, cell)),
                    patience));
        outcomes.push_back(get(main, main.apply_async(pool, "square", {3}), patience));
        const Id count = main.read(cell);
        const Id ended = main.call(pool, end);
        const Id join = main.join(pool);
        const auto run = conform(scenario);
        if (!run) return;
        for (const Id outcome : outcomes)
            expect(*run, outcome, Value(9));
        EXPECT_FALSE(run->output().empty()) << "the exceptions were not reported";
        expect(*run, count, Value(3));
        expect(*run, ended, Value());
        expect(*run, join, Value());
    }
}

TEST(Faults, FAULT_19_callback_of_a_future_that_raises_does_no_harm) {
    for (const bool is_done : {true, false}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
        const Id cell = scenario.add(Type::Cell);
        const Id future = submit_sleep(main, executor, is_done ? 0 : 50);
        if (is_done) main.result(future);
        const Id adding = add_done_callback(main, future, callback("raise_foreign", cell));
        std::vector<Id> later;
        for (int i = 0; i < 3; ++i)
            later.push_back(main.result(main.submit(executor, "square", {3}), patience));
        const Id end = shutdown(main, executor);
        const Id count = main.read(cell);
        const auto run = conform(scenario);
        if (!run) return;
        expect(*run, adding, Value());
        for (const Id result : later)
            expect(*run, result, Value(9));
        expect(*run, end, Value());
        if (is_done) {
            expect(*run, count, Value(1));
            EXPECT_FALSE(run->output().empty()) << "the exception was not reported";
        } else {
            expect_any_of(*run, count, {Value(0), Value(1)});
        }
    }
}

TEST(Faults, FAULT_20_callers_are_released_when_another_thread_terminates_the_pool) {
    using Wait = Id (*)(const Script&, Id);
    constexpr Wait waits[] = {
        [](const Script& main, Id pool) { return main.apply(pool, "square", {1}); },
        [](const Script& main, Id pool) { return map(main, pool, "square", numbers(3)); },
        [](const Script& main, Id pool) {
            return starmap(main, pool, "add", {List{1, 2}, List{3, 4}}, 1);
        }};
    for (const Wait wait : waits) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {1});
        sleep_async(main, pool, 250);
        const Id later = terminate_later(main, pool);
        const Id released = wait(main, pool);
        expect_in_some_run(scenario, [&](const Conformed& run) {
            expect(run, later, Value());
            return came_to(run, released, ErrorKind::BrokenWorkerPool);
        });
    }
}

TEST(Faults, FAULT_20_get_and_next_are_released_too) {
    using Wait = Id (*)(const Script&, Id);
    constexpr Wait waits[] = {[](const Script& main, Id pool) {
                                  const Id result = main.apply_async(pool, "square", {1});
                                  terminate_later(main, pool);
                                  return get(main, result);
                              },
                              [](const Script& main, Id pool) {
                                  const Id result = map_async(main, pool, "square", numbers(9), 2);
                                  terminate_later(main, pool);
                                  return get(main, result, patience);
                              },
                              [](const Script& main, Id pool) {
                                  const Id result = imap(main, pool, "square", numbers(3));
                                  terminate_later(main, pool);
                                  return next(main, result);
                              }};
    for (const Wait wait : waits) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {1});
        sleep_async(main, pool, 250);
        const Id released = wait(main, pool);
        const Id join = main.join(pool);
        expect_in_some_run(scenario, [&](const Conformed& run) {
            expect(run, join, Value());
            return came_to(run, released, ErrorKind::BrokenWorkerPool);
        });
    }
}

}  // namespace
}  // namespace conformance
