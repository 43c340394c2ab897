// AsyncResult: what apply_async, map_async and starmap_async give.

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/suites/calls.hpp"

namespace conformance {
namespace {

using namespace calls;

Id wait(const Script& script, Id result, TimeLimit limit = {}) {
    return script.call(result, Operation::wait, {}, limit);
}

TEST(AsyncResult, ARES_1_result_is_ready_when_its_outcome_is_there) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const Id result = sleep_async(main, pool, 200);
    const Id early = ready(main, result);
    get(main, result);
    const std::vector<Id> late = {ready(main, result), ready(main, result)};
    expect_in_some_run(scenario, [&](const Conformed& run) {
        for (const Id look : late)
            expect(run, look, Value(true));
        return came_to(run, early, Value(false));
    });
}

TEST(AsyncResult, ARES_1_failed_result_is_ready_too) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const Id single = main.apply_async(pool, "fail", {"ValueError"});
    const Id whole = map_async(main, pool, "fail", {"ValueError", "ValueError"}, 1);
    wait(main, single);
    wait(main, whole);
    const std::vector<Id> looks = {ready(main, single), ready(main, whole)};
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id look : looks)
        expect(*run, look, Value(true));
}

TEST(AsyncResult, ARES_1_map_that_failed_early_is_not_ready_before_its_last_chunk) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    // The first item does not fit the function and fails at once.
    const Id result = map_async(main, pool, "sleep", {"at once", 40 * millisecond}, 1);
    const Id done = wait(main, result);
    const Id outcome = get(main, result);
    const auto run = conform(scenario);
    if (!run) return;
    expect_at_least(elapsed(*run, call_of(*run, result), done), 40 * millisecond);
    expect(*run, outcome, ErrorKind::TypeError);
}

TEST(AsyncResult, ARES_2_successful_raises_before_the_result_is_ready) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const Id result = sleep_async(main, pool, 200);
    const Id early = successful(main, result);
    get(main, result);
    const Id late = successful(main, result);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        expect(run, late, Value(true));
        return came_to(run, early, ErrorKind::ValueError);
    });
}

TEST(AsyncResult, ARES_2_successful_tells_whether_the_task_returned) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const std::vector<Id> good = {main.apply_async(pool, "square", {2}),
                                  map_async(main, pool, "square", numbers(5))};
    const std::vector<Id> bad = {main.apply_async(pool, "fail", {"Empty"}),
                                 map_async(main, pool, "square", {1, "two", 3}, 1)};
    std::vector<Id> good_looks;
    std::vector<Id> bad_looks;
    for (std::size_t i = 0; i < good.size(); ++i) {
        wait(main, good[i]);
        wait(main, bad[i]);
        good_looks.push_back(successful(main, good[i]));
        bad_looks.push_back(successful(main, bad[i]));
    }
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id look : good_looks)
        expect(*run, look, Value(true));
    for (const Id look : bad_looks)
        expect(*run, look, Value(false));
}

TEST(AsyncResult, ARES_3_get_blocks_until_the_outcome_is_there) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const Id result = sleep_async(main, pool, 40);
    const Id outcome = get(main, result);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, outcome, Value());
    expect_at_least(elapsed(*run, call_of(*run, result), outcome), 40 * millisecond);
}

TEST(AsyncResult, ARES_3_get_may_be_repeated_also_after_the_pool_is_gone) {
    for (const Operation end : {Operation::close, Operation::terminate}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {2});
        const Id value = main.apply_async(pool, "concat", {"text", " of a task"});
        const Id error = main.apply_async(pool, "fail", {"Full"});
        const Id list = map_async(main, pool, "square", numbers(20));
        const std::vector<Outcome> expected = {Value("text of a task"), ErrorKind::Full,
                                               Value(squares(20))};
        std::vector<Id> gets;
        const auto get_all = [&] {
            for (const Id result : {value, error, list})
                gets.push_back(get(main, result));
        };
        get_all();
        get_all();
        main.call(pool, end);
        get_all();
        main.join(pool);
        get_all();
        const auto run = conform(scenario);
        if (!run) return;
        for (std::size_t i = 0; i < gets.size(); ++i)
            expect(*run, gets[i], expected[i % expected.size()]);
    }
}

TEST(AsyncResult, ARES_4_late_result_makes_get_raise_at_its_time_limit) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const Id result = sleep_async(main, pool, 300);
    const Id timed = get(main, result, TimeLimit::milliseconds(30));
    const Id later = get(main, result);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        expect(run, later, Value());
        if (!came_to(run, timed, ErrorKind::TimeoutError)) return false;
        expect_at_least(run.duration(timed), 30 * millisecond);
        return true;
    });
}

TEST(AsyncResult, ARES_4_get_without_time_looks_once) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const Id result = sleep_async(main, pool, 200);
    const std::vector<Id> early = {get(main, result, TimeLimit::milliseconds(0)),
                                   get(main, result, TimeLimit::milliseconds(-1)),
                                   get(main, result, TimeLimit::milliseconds(-5000))};
    wait(main, result);
    const std::vector<Id> late = {get(main, result, TimeLimit::milliseconds(0)),
                                  get(main, result, TimeLimit::milliseconds(-1))};
    expect_in_some_run(scenario, [&](const Conformed& run) {
        for (const Id outcome : late)
            expect(run, outcome, Value());
        return std::ranges::all_of(
            early, [&](Id outcome) { return came_to(run, outcome, ErrorKind::TimeoutError); });
    });
}

TEST(AsyncResult, ARES_5_wait_returns_nothing_in_every_case) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const Id slow = sleep_async(main, pool, 100);
    const Id bad = main.apply_async(pool, "fail", {"ValueError"});
    const Id bad_map = map_async(main, pool, "fail", {"ValueError"});
    const std::vector<Id> waits = {wait(main, slow, TimeLimit::milliseconds(10)),
                                   wait(main, slow, TimeLimit::milliseconds(0)),
                                   wait(main, slow, TimeLimit::milliseconds(-1)),
                                   wait(main, bad),
                                   wait(main, bad, TimeLimit::milliseconds(10)),
                                   wait(main, bad_map),
                                   wait(main, slow)};
    const Id look = ready(main, slow);
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id call : waits)
        expect(*run, call, Value());
    expect(*run, look, Value(true));
}

TEST(AsyncResult, ARES_5_timed_wait_of_a_late_result_takes_its_time) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const Id result = sleep_async(main, pool, 300);
    const Id timed = wait(main, result, TimeLimit::milliseconds(30));
    const Id look = ready(main, result);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        if (!came_to(run, look, Value(false))) return false;
        expect_at_least(run.duration(timed), 30 * millisecond);
        return true;
    });
}

}  // namespace
}  // namespace conformance
