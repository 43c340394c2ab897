// Future: the callbacks that are called when it is done.

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/suites/calls.hpp"

namespace conformance {
namespace {

using namespace calls;

TEST(Future, FUT_8_callback_of_a_finished_future_is_called_at_once) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Id cell = scenario.add(Type::Cell);
    const Id good = main.submit(executor, "square", {3});
    const Id bad = main.submit(executor, "fail", {"Full"});
    main.result(good);
    main.result(bad);
    std::vector<Id> reads;
    for (const Id future : {good, bad, good}) {
        const Value outcome = future == good ? Value(9) : Value("Full");
        add_done_callback(main, future, callback("expect", cell, outcome));
        reads.push_back(main.read(cell));
    }
    const auto run = conform(scenario);
    if (!run) return;
    for (std::size_t i = 0; i < reads.size(); ++i)
        expect(*run, reads[i], Value(i + 1));
}

TEST(Future, FUT_8_callback_of_a_cancelled_future_is_called_by_cancel) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id cell = scenario.add(Type::Cell);
    const BusyExecutor executor(scenario, 200, "square", {3});
    add_done_callback(main, executor.last, callback("add", cell));
    add_done_callback(main, executor.last, callback("expect", cell, "CancelledError"));
    const Id before = main.read(cell);
    const Id cancelling = cancel(main, executor.last);
    const Id after = main.read(cell);
    cancel(main, executor.last);
    const Id again = main.read(cell);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        if (!came_to(run, cancelling, Value(true))) return false;
        expect(run, before, Value(0));
        expect(run, after, Value(2));
        expect(run, again, Value(2));
        return true;
    });
}

TEST(Future, FUT_8_callback_is_called_once_when_the_task_is_done) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Id cell = scenario.add(Type::Cell);
    const Id future = submit_sleep(main, executor, 20);
    add_done_callback(main, future, callback("expect", cell, Value()));
    main.result(future);
    main.result(submit_sleep(main, executor, 50));
    shutdown(main, executor);
    const Id late = main.read(cell);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        expect_any_of(run, late, {Value(0), Value(1)});
        return came_to(run, late, Value(1));
    });
}

/// Callbacks of a future that is done already, or that will be done some time later, and what they
/// added to their Cell. The rest is for all of them to be called: shutdown waits for that.
struct CalledBack {
    CalledBack(ScenarioBuilder& scenario, bool is_done,
               const std::vector<std::string_view>& actions)
        : cell(scenario.add(Type::Cell)), last_was_called(scenario.add(Type::Event)) {
        const Script main = scenario.main();
        const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
        const Id future = submit_sleep(main, executor, is_done ? 0 : 100);
        if (is_done) main.result(future);
        for (const std::string_view action : actions)
            add_done_callback(main, future, callback(action, cell));
        add_done_callback(main, future, callback("set", last_was_called));
        wait = main.wait(last_was_called);
        results = {main.result(future), main.result(future)};
        later = main.result(main.submit(executor, "square", {3}), patience);
        shutdown(main, executor);
        sum = main.read(cell);
    }
    /// That the future and the executor are as they should be.
    void expect_no_harm(const Conformed& run) const {
        expect(run, wait, Value(true));
        for (const Id result : results)
            expect(run, result, Value());
        expect(run, later, Value(9));
    }
    Id cell;
    Id last_was_called;
    Id wait = no_object;
    std::vector<Id> results{};
    Id later = no_object;
    Id sum = no_object;
};

TEST(Future, FUT_9_callbacks_run_in_the_process_of_the_creator) {
    for (const bool is_done : {true, false}) {
        ScenarioBuilder scenario;
        const CalledBack called(scenario, is_done, {"home"});
        const auto run = conform(scenario);
        if (!run) return;
        called.expect_no_harm(*run);
        expect(*run, called.sum, Value(1));
    }
}

TEST(Future, FUT_10_exception_from_a_callback_does_no_harm) {
    for (const bool is_done : {true, false}) {
        ScenarioBuilder scenario;
        const CalledBack called(scenario, is_done, {"raise", "add", "raise"});
        expect_in_some_run(scenario, [&](const Conformed& run) {
            called.expect_no_harm(run);
            // Late callbacks may have been called by two workers at a time.
            expect_any_of(run, called.sum, {Value(1), Value(2), Value(3)});
            return came_to(run, called.sum, Value(3));
        });
    }
}

TEST(Future, FUT_11_callback_may_submit_tasks) {
    for (const bool is_done : {true, false}) {
        ScenarioBuilder scenario;
        const CalledBack called(scenario, is_done, {"submit"});
        expect_in_some_run(scenario, [&](const Conformed& run) {
            called.expect_no_harm(run);
            // The callback may come after shutdown, and its task's callback after that.
            expect_any_of(run, called.sum, {Value(0), Value(1), Value(1000)});
            return came_to(run, called.sum, Value(1));
        });
    }
}

}  // namespace
}  // namespace conformance
