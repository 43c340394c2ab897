// WorkerPool: its workers, initializers, single tasks.

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/suites/calls.hpp"

namespace conformance {
namespace {

using namespace calls;

/// Whether all of these tasks run at the same time, with one more beside them: that one is done
/// while they are not.
struct AtTheSameTime {
    AtTheSameTime(const Script& main, Id pool, int workers) {
        for (int i = 1; i < workers; ++i)
            slow.push_back(sleep_async(main, pool, 300));
        get(main, main.apply_async(pool, "echo", {1}));
        for (const Id result : slow)
            looks.push_back(ready(main, result));
    }
    [[nodiscard]] bool shown(const Conformed& run) const {
        return std::ranges::all_of(looks,
                                   [&](Id look) { return came_to(run, look, Value(false)); });
    }
    std::vector<Id> slow;
    std::vector<Id> looks;
};

TEST(WorkerPool, POOL_1_as_many_tasks_as_workers_run_at_the_same_time) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {4});
    const AtTheSameTime tasks(main, pool, 4);
    expect_in_some_run(scenario, [&](const Conformed& run) { return tasks.shown(run); });
}

TEST(WorkerPool, POOL_1_no_more_tasks_than_workers_run_at_the_same_time) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    std::vector<Id> results;
    for (int i = 0; i < 6; ++i)
        results.push_back(sleep_async(main, pool, 100));
    Id last_get = 0;
    for (const Id result : results)
        last_get = get(main, result);
    const auto run = conform(scenario);
    if (run) expect_at_least(elapsed(*run, call_of(*run, results[0]), last_get), 300 * millisecond);
}

TEST(WorkerPool, POOL_1_pool_without_a_number_runs_tasks) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool);
    const Id result = main.apply(pool, "square", {3});
    const auto run = conform(scenario);
    if (run) expect(*run, result, Value(9));
}

TEST(WorkerPool, POOL_2_number_of_workers_below_one_raises) {
    for (const std::int64_t workers : {0, -1, -1000}) {
        ScenarioBuilder scenario;
        const Id pool = scenario.add(Type::WorkerPool, {workers});
        const Id create = scenario.main().create(pool);
        const auto run = conform(scenario);
        if (!run) return;
        expect(*run, create, ErrorKind::ValueError);
    }
}

TEST(WorkerPool, POOL_3_every_task_sees_what_the_initializer_did) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {4, "set_mark", List{7}});
    const Id marks = starmap(main, pool, "get_mark", List(20, Value(List{})), 1);
    const auto run = conform(scenario);
    if (run) expect(*run, marks, Value(List(20, Value(7))));
}

TEST(WorkerPool, POOL_3_initializer_runs_once_and_not_before_every_task) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1, "set_mark", List{7}});
    main.apply(pool, "set_mark", {8});
    const std::vector<Id> marks = {main.apply(pool, "get_mark"), main.apply(pool, "get_mark")};
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id mark : marks)
        expect(*run, mark, Value(8));
}

TEST(WorkerPool, POOL_3_first_task_waits_for_the_initializer) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2, "sleep", List{30 * millisecond}});
    const Id create = main.create(pool);
    const Id first = main.apply(pool, "square", {2});
    const auto run = conform(scenario);
    if (run) expect_at_least(elapsed(*run, create, first), 30 * millisecond);
}

TEST(WorkerPool, POOL_4_failing_initializer_breaks_pending_and_new_results) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2, "fail", List{"ValueError"}});
    std::vector<Id> results;
    for (int i = 0; i < 4; ++i)
        results.push_back(main.apply_async(pool, "square", {i}));
    results.push_back(map_async(main, pool, "square", numbers(4)));
    results.push_back(starmap_async(main, pool, "square", {List{1}, List{2}}));
    std::vector<Id> gets;
    for (const Id result : results)
        gets.push_back(get(main, result, patience));
    gets.push_back(get(main, main.apply_async(pool, "square", {5}), patience));
    gets.push_back(next(main, imap(main, pool, "square", numbers(3)), patience));
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id outcome : gets)
        expect(*run, outcome, ErrorKind::BrokenWorkerPool);
}

TEST(WorkerPool, POOL_5_apply_gives_values_of_every_kind_back) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const std::vector<Value> values = {Value(),
                                       true,
                                       -1,
                                       std::numeric_limits<std::int64_t>::max(),
                                       std::numeric_limits<std::int64_t>::min(),
                                       "",
                                       "\xC3\xA4 \xE6\x9D\xB1",
                                       Bytes{std::string("\0\xff", 2)},
                                       std::string(1000, 'x'),
                                       List{1, "two", List{Value(), false}}};
    std::vector<Id> applies;
    for (const Value& value : values)
        applies.push_back(main.apply(pool, "echo", {value}));
    const Id several = main.apply(pool, "concat", {"a", "b", "c"});
    const auto run = conform(scenario);
    if (!run) return;
    for (std::size_t i = 0; i < values.size(); ++i)
        expect(*run, applies[i], values[i]);
    expect(*run, several, Value("abc"));
}

TEST(WorkerPool, POOL_5_apply_raises_what_the_task_raised) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const std::vector<ErrorKind> kinds = {ErrorKind::ValueError, ErrorKind::RuntimeError,
                                          ErrorKind::Empty,      ErrorKind::Full,
                                          ErrorKind::TypeError,  ErrorKind::TimeoutError};
    std::vector<Id> applies;
    for (const ErrorKind kind : kinds)
        applies.push_back(main.apply(pool, "fail", {to_string(kind)}));
    const Id afterwards = main.apply(pool, "square", {4});
    const auto run = conform(scenario);
    if (!run) return;
    for (std::size_t i = 0; i < kinds.size(); ++i)
        expect(*run, applies[i], kinds[i]);
    expect(*run, afterwards, Value(16));
}

TEST(WorkerPool, POOL_5_apply_blocks_until_the_task_is_done) {
    ScenarioBuilder scenario;
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const Id apply = scenario.main().apply(pool, "sleep", {30 * millisecond});
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, apply, Value());
    expect_at_least(run->duration(apply), 30 * millisecond);
}

TEST(WorkerPool, POOL_5_call_that_does_not_fit_is_an_error_of_the_task) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const Id result = main.apply_async(pool, "add", {1});
    const Id outcome = get(main, result);
    const Id afterwards = main.apply(pool, "add", {1, 2});
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, call_of(*run, result), Value());
    expect(*run, outcome, ErrorKind::TypeError);
    expect(*run, afterwards, Value(3));
}

TEST(WorkerPool, POOL_7_single_worker_keeps_the_order_of_submission) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    std::vector<Id> looks;
    for (int i = 0; i < 20; ++i) {
        // A second worker would be the first to be free again, and look at its own mark.
        sleep_async(main, pool, 2);
        main.apply_async(pool, "set_mark", {i});
        sleep_async(main, pool, 2);
        looks.push_back(main.apply_async(pool, "get_mark"));
    }
    for (Id& look : looks)
        look = get(main, look);
    const auto run = conform(scenario, {.times = 5, .perturbation = 20});
    if (!run) return;
    for (std::size_t i = 0; i < looks.size(); ++i)
        expect(*run, looks[i], Value(i));
}

TEST(WorkerPool, POOL_7_maps_and_single_tasks_share_the_order_of_submission) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    map_async(main, pool, "set_mark", {1, 2, 3}, 1);
    const Id first = main.apply_async(pool, "get_mark");
    main.apply_async(pool, "set_mark", {4});
    const Id second = starmap_async(main, pool, "get_mark", {List{}, List{}}, 1);
    const Id first_get = get(main, first);
    const Id second_get = get(main, second);
    const auto run = conform(scenario, {.times = 5, .perturbation = 20});
    if (!run) return;
    expect(*run, first_get, Value(3));
    expect(*run, second_get, Value(List{4, 4}));
}

TEST(WorkerPool, POOL_27_error_of_a_foreign_class_arrives_and_the_pool_stays_usable) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const Id foreign = get(main, main.apply_async(pool, "fail", {"Other"}), patience);
    const Id afterwards = get(main, main.apply_async(pool, "square", {5}), patience);
    const auto run = conform(scenario);
    if (!run) return;
    expect_any_of(*run, foreign, {ErrorKind::Other, ErrorKind::RuntimeError});
    expect(*run, afterwards, Value(25));
}

TEST(WorkerPool, POOL_28_pool_keeps_all_its_workers_whatever_tasks_raise) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    std::vector<Id> failures;
    for (int i = 0; i < 6; ++i)
        failures.push_back(get(main, main.apply_async(pool, "fail", {"Other"}), patience));
    const AtTheSameTime tasks(main, pool, 2);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        for (const Id failure : failures)
            expect_any_of(run, failure, {ErrorKind::Other, ErrorKind::RuntimeError});
        return tasks.shown(run);
    });
}

TEST(WorkerPool, POOL_29_task_that_starts_a_worker_raises) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const Id start = main.apply(pool, "start_worker");
    const Id afterwards = main.apply(pool, "square", {6});
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, start, ErrorKind::RuntimeError);
    expect(*run, afterwards, Value(36));
}

}  // namespace
}  // namespace conformance
