// WorkerPool: the callbacks of its asynchronous calls.

#include <gtest/gtest.h>

#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/suites/calls.hpp"

namespace conformance {
namespace {

using namespace calls;

/// Asynchronous calls with callbacks that are called with what is expected, each with a Cell of its
/// own that is read when the result is ready.
struct CalledBack {
    CalledBack(ScenarioBuilder& scenario, Id pool) {
        const auto add = [&](const auto& submit) {
            const Id cell = scenario.add(Type::Cell);
            gets.push_back(get(scenario.main(), submit(scenario.main(), cell)));
            counts.push_back(scenario.main().read(cell));
        };
        const auto wrong = [](Id cell) {
            return callback("expect", cell, "this must not be called");
        };
        add([&](const Script& main, Id cell) {
            return apply_async_with(main, pool, "square", {7}, callback("expect", cell, 49),
                                    wrong(cell));
        });
        add([&](const Script& main, Id cell) {
            return apply_async_with(main, pool, "fail", {"Full"}, wrong(cell),
                                    callback("expect", cell, "Full"));
        });
        add([&](const Script& main, Id cell) {
            return map_async_with(main, pool, Operation::map_async, "square", numbers(20),
                                  callback("expect", cell, squares(20)), wrong(cell));
        });
        add([&](const Script& main, Id cell) {
            return map_async_with(main, pool, Operation::map_async, "square", {1, "two", 3},
                                  wrong(cell), callback("expect", cell, "TypeError"));
        });
        add([&](const Script& main, Id cell) {
            return map_async_with(main, pool, Operation::starmap_async, "add",
                                  {List{1, 2}, List{3, 4}}, callback("expect", cell, List{3, 7}),
                                  wrong(cell));
        });
    }
    std::vector<Id> gets;
    std::vector<Id> counts;
};

TEST(WorkerPool, POOL_14_callback_is_called_once_before_the_result_is_ready) {
    for (const std::int64_t workers : {1, 3}) {
        ScenarioBuilder scenario;
        const CalledBack called(scenario, scenario.add(Type::WorkerPool, {workers}));
        const auto run = conform(scenario, {.times = 3, .perturbation = 20});
        if (!run) return;
        for (const Id count : called.counts)
            expect(*run, count, Value(1));
        expect(*run, called.gets[1], ErrorKind::Full);
        expect(*run, called.gets[2], Value(squares(20)));
    }
}

TEST(WorkerPool, POOL_14_ready_and_wait_come_after_the_callback) {
    for (const Operation look : {Operation::wait, Operation::get}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {2});
        std::vector<Id> counts;
        for (int i = 0; i < 10; ++i) {
            const Id cell = scenario.add(Type::Cell);
            const Id result =
                apply_async_with(main, pool, "echo", {i}, callback("expect", cell, i));
            main.call(result, look);
            counts.push_back(main.read(cell));
        }
        const auto run = conform(scenario, {.times = 3, .perturbation = 20});
        if (!run) return;
        for (const Id count : counts)
            expect(*run, count, Value(1));
    }
}

TEST(WorkerPool, POOL_14_one_of_the_two_callbacks_may_be_left_out) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const Id cell = scenario.add(Type::Cell);
    const Id good =
        get(main, apply_async_with(main, pool, "square", {3}, {}, callback("add", cell)));
    const Id bad =
        get(main, apply_async_with(main, pool, "fail", {"Empty"}, callback("add", cell)));
    const Id count = main.read(cell);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, good, Value(9));
    expect(*run, bad, ErrorKind::Empty);
    expect(*run, count, Value(0));
}

TEST(WorkerPool, POOL_16_callbacks_run_in_the_process_of_the_creator) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const Id cell = scenario.add(Type::Cell);
    get(main, apply_async_with(main, pool, "square", {3}, callback("home", cell)));
    const Id of_callback = main.read(cell);
    get(main, apply_async_with(main, pool, "fail", {"Empty"}, {}, callback("home", cell)));
    const Id of_error_callback = main.read(cell);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, of_callback, Value(1));
    expect(*run, of_error_callback, Value(2));
}

TEST(WorkerPool, POOL_17_callback_that_raises_does_no_harm) {
    for (const char* const action : {"raise", "raise_foreign"}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {2});
        const Id cell = scenario.add(Type::Cell);
        const Id good = get(
            main, apply_async_with(main, pool, "square", {3}, callback(action, cell)), patience);
        const Id bad =
            get(main, apply_async_with(main, pool, "fail", {"Empty"}, {}, callback(action, cell)),
                patience);
        const Id whole = get(main,
                             map_async_with(main, pool, Operation::map_async, "square", numbers(3),
                                            callback(action, cell)),
                             patience);
        const Id later = main.apply(pool, "square", {4});
        const Id count = main.read(cell);
        const auto run = conform(scenario);
        if (!run) return;
        expect(*run, good, Value(9));
        EXPECT_FALSE(run->output().empty()) << "the exceptions were not reported";
        expect(*run, bad, ErrorKind::Empty);
        expect(*run, whole, Value(squares(3)));
        expect(*run, later, Value(16));
        expect(*run, count, Value(3));
    }
}

TEST(WorkerPool, POOL_18_callback_may_submit_tasks) {
    for (const std::int64_t workers : {1, 3}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {workers});
        const Id cell = scenario.add(Type::Cell);
        const Id first = get(
            main, apply_async_with(main, pool, "square", {7}, callback("submit", cell)), patience);
        close(main, pool);
        const Id join = main.join(pool);
        const Id count = main.read(cell);
        expect_in_some_run(scenario, [&](const Conformed& run) {
            expect(run, first, Value(49));
            expect(run, join, Value());
            // Whether join waits for the callback of the second task, too, is open.
            expect_any_of(run, count, {Value(0), Value(1)});
            return came_to(run, count, Value(1));
        });
    }
}

}  // namespace
}  // namespace conformance
