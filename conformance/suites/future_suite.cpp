// Future: what submit gives.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/suites/calls.hpp"

namespace conformance {
namespace {

using namespace calls;

TEST(Future, FUT_1_queued_future_is_neither_running_nor_done) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const BusyExecutor executor(scenario, 200, "square", {3});
    const Id early_running = running(main, executor.last);
    const Id early_done = done(main, executor.last);
    main.result(executor.last);
    const Id late_running = running(main, executor.last);
    const Id late_done = done(main, executor.last);
    const Id late_cancelled = cancelled(main, executor.last);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        expect(run, late_running, Value(false));
        expect(run, late_done, Value(true));
        expect(run, late_cancelled, Value(false));
        return came_to(run, early_running, Value(false)) && came_to(run, early_done, Value(false));
    });
}

TEST(Future, FUT_1_future_runs_between_pending_and_done) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Id future = submit_sleep(main, executor, 300);
    main.result(future, TimeLimit::milliseconds(50));
    const Id in_between = running(main, future);
    const Id not_done = done(main, future);
    main.result(future);
    const Id in_the_end = running(main, future);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        expect(run, in_the_end, Value(false));
        return came_to(run, in_between, Value(true)) && came_to(run, not_done, Value(false));
    });
}

TEST(Future, FUT_2_result_and_exception_may_be_asked_repeatedly) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {2});
    const Id good = main.submit(executor, "concat", {"long enough to be on the heap, ", "surely"});
    const Id bad = main.submit(executor, "fail", {"Empty"});
    std::vector<Id> values;
    std::vector<Id> errors;
    std::vector<Id> nothings;
    std::vector<Id> kinds;
    for (int i = 0; i < 3; ++i) {
        values.push_back(main.result(good));
        errors.push_back(main.result(bad));
        nothings.push_back(exception(main, good));
        kinds.push_back(exception(main, bad));
    }
    shutdown(main, executor);
    values.push_back(main.result(good));
    errors.push_back(main.result(bad));
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id value : values)
        expect(*run, value, Value("long enough to be on the heap, surely"));
    for (const Id error : errors)
        expect(*run, error, ErrorKind::Empty);
    for (const Id nothing : nothings)
        expect(*run, nothing, Value());
    for (const Id kind : kinds)
        expect(*run, kind, Value("Empty"));
}

TEST(Future, FUT_2_result_raises_what_the_task_raised) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {2});
    const std::vector<ErrorKind> kinds = {ErrorKind::ValueError, ErrorKind::RuntimeError,
                                          ErrorKind::Full, ErrorKind::TypeError,
                                          ErrorKind::TimeoutError};
    std::vector<Id> results;
    for (const ErrorKind kind : kinds)
        results.push_back(main.result(main.submit(executor, "fail", {to_string(kind)})));
    const auto run = conform(scenario);
    if (!run) return;
    for (std::size_t i = 0; i < kinds.size(); ++i)
        expect(*run, results[i], kinds[i]);
}

TEST(Future, FUT_2_result_blocks_until_the_task_is_done) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Id first = submit_sleep(main, executor, 30);
    const Id second = submit_sleep(main, executor, 30);
    const Id nothing = exception(main, first);
    const Id result = main.result(second);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, nothing, Value());
    expect(*run, result, Value());
    expect_at_least(elapsed(*run, call_of(*run, first), nothing), 30 * millisecond);
    expect_at_least(elapsed(*run, call_of(*run, first), result), 60 * millisecond);
}

TEST(Future, FUT_3_worker_survives_whatever_its_task_raises) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    std::vector<Id> failures;
    for (int i = 0; i < 3; ++i)
        failures.push_back(main.result(main.submit(executor, "fail", {"Other"}), patience));
    const Id afterwards = main.result(main.submit(executor, "square", {4}), patience);
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id failure : failures)
        expect_any_of(*run, failure, {ErrorKind::Other, ErrorKind::RuntimeError});
    expect(*run, afterwards, Value(16));
}

TEST(Future, FUT_4_unfinished_future_raises_at_the_time_limit) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Id future = submit_sleep(main, executor, 400);
    const Id result = main.result(future, TimeLimit::milliseconds(30));
    const Id error = exception(main, future, TimeLimit::milliseconds(30));
    const Id later = main.result(future);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        expect(run, later, Value());
        for (const Id call : {result, error}) {
            if (!came_to(run, call, ErrorKind::TimeoutError)) return false;
            expect_at_least(run.duration(call), 30 * millisecond);
        }
        return true;
    });
}

TEST(Future, FUT_4_limit_of_zero_or_less_looks_once) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Id future = submit_sleep(main, executor, 200);
    std::vector<Id> early;
    std::vector<Id> late;
    for (const std::int64_t limit : {0, -1, -5000}) {
        early.push_back(main.result(future, TimeLimit::milliseconds(limit)));
        early.push_back(exception(main, future, TimeLimit::milliseconds(limit)));
    }
    main.result(future);
    for (const std::int64_t limit : {0, -1, -5000}) {
        late.push_back(main.result(future, TimeLimit::milliseconds(limit)));
        late.push_back(exception(main, future, TimeLimit::milliseconds(limit)));
    }
    expect_in_some_run(scenario, [&](const Conformed& run) {
        for (const Id call : late)
            expect(run, call, Value());
        return std::ranges::all_of(
            early, [&](Id call) { return came_to(run, call, ErrorKind::TimeoutError); });
    });
}

TEST(Future, FUT_5_queued_task_can_be_cancelled) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const BusyExecutor executor(scenario, 200, "square", {3});
    const Id future = executor.last;
    const Id first = cancel(main, future);
    const Id second = cancel(main, future);
    const std::vector<Id> yes = {cancelled(main, future), done(main, future)};
    const Id no = running(main, future);
    const std::vector<Id> raising = {main.result(future), exception(main, future),
                                     main.result(future, TimeLimit::milliseconds(0))};
    expect_in_some_run(scenario, [&](const Conformed& run) {
        if (!came_to(run, first, Value(true))) return false;
        expect(run, second, Value(true));
        for (const Id call : yes)
            expect(run, call, Value(true));
        expect(run, no, Value(false));
        for (const Id call : raising)
            expect(run, call, ErrorKind::CancelledError);
        return true;
    });
}

TEST(Future, FUT_5_cancelled_task_never_runs) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const BusyExecutor executor(scenario, 100, "set_mark", {5});
    const Id cancelling = cancel(main, executor.last);
    const Id mark = main.result(main.submit(executor.executor, "get_mark"));
    expect_in_some_run(scenario, [&](const Conformed& run) {
        const bool is_cancelled = came_to(run, cancelling, Value(true));
        expect(run, mark, is_cancelled ? Value() : Value(5));
        return is_cancelled;
    });
}

TEST(Future, FUT_5_cancelling_and_starting_exclude_each_other) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Id marking = main.submit(executor, "set_mark", {5});
    const Id cancelling = cancel(main, marking);
    const Id mark = main.result(main.submit(executor, "get_mark"));
    const Id state = cancelled(main, marking);
    for (int i = 0; i < 30; ++i) {
        const auto run = conform(scenario, {.times = 2, .perturbation = 50});
        if (!run) return;
        const bool is_cancelled = came_to(*run, cancelling, Value(true));
        expect(*run, mark, is_cancelled ? Value() : Value(5));
        expect(*run, state, Value(is_cancelled));
    }
}

TEST(Future, FUT_6_running_task_cannot_be_cancelled) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Id future = submit_sleep(main, executor, 200);
    main.result(future, TimeLimit::milliseconds(50));
    const Id in_between = running(main, future);
    const Id cancelling = cancel(main, future);
    const Id state = cancelled(main, future);
    const Id result = main.result(future);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        if (!came_to(run, in_between, Value(true))) return false;
        expect(run, cancelling, Value(false));
        expect(run, state, Value(false));
        expect(run, result, Value());
        return true;
    });
}

TEST(Future, FUT_6_finished_task_cannot_be_cancelled) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Id good = main.submit(executor, "square", {3});
    const Id bad = main.submit(executor, "fail", {"Full"});
    main.result(good);
    main.result(bad);
    const std::vector<Id> no = {cancel(main, good), cancel(main, bad), cancelled(main, good),
                                cancelled(main, bad)};
    const Id value = main.result(good);
    const Id error = main.result(bad);
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id call : no)
        expect(*run, call, Value(false));
    expect(*run, value, Value(9));
    expect(*run, error, ErrorKind::Full);
}

/// Whether a run has shown it, with tasks of this length: of a slow machine they ask for patience. What it has
/// shown instead is added to `seen`.
bool shows_as_many_running_futures_as_workers(std::int64_t milliseconds, std::string& seen) {
    constexpr std::int64_t workers = 2;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {workers});
    std::vector<Id> futures;
    for (int i = 0; i < 6; ++i)
        futures.push_back(submit_sleep(main, executor, milliseconds));
    main.result(futures[0], TimeLimit::milliseconds(milliseconds * 2 / 5));
    std::vector<Id> looks;
    for (const Id future : futures)
        looks.push_back(running(main, future));
    std::vector<Id> refusals;
    for (const Id future : futures)
        refusals.push_back(cancel(main, future));
    const Id first = done(main, futures[0]);
    const auto run = conform(scenario);
    if (!run) return true;  // which says so itself
    const auto run_now =
        std::ranges::count_if(looks, [&](Id look) { return came_to(*run, look, Value(true)); });
    const auto refused =
        std::ranges::count_if(refusals, [&](Id call) { return came_to(*run, call, Value(false)); });
    const bool first_is_done = !came_to(*run, first, Value(false));
    seen += "\n" + std::to_string(run_now) + " of 6 ran and " + std::to_string(refused) +
            " could not be cancelled" + (first_is_done ? ", but the first was done by then" : "");
    const auto fits = [](std::ptrdiff_t n) { return n >= workers && n <= workers + 1; };
    return fits(run_now) && fits(refused) && !first_is_done;
}

TEST(Future, FUT_7_as_many_futures_run_as_there_are_workers_or_one_more) {
    std::string seen;
    for (const std::int64_t milliseconds : {250, 250, 500, 1000, 4000}) {
        if (shows_as_many_running_futures_as_workers(milliseconds, seen)) return;
    }
    ADD_FAILURE() << "2 workers, and in no run 2 or 3 futures that ran:" << seen;
}

}  // namespace
}  // namespace conformance
