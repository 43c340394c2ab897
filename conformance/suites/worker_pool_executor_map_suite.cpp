// WorkerPoolExecutor: map.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/suites/calls.hpp"

namespace conformance {
namespace {

using namespace calls;

/// The largest prime below 10^12: finding out takes a while.
constexpr std::int64_t slow_prime = 999'999'999'989;

void expect_all(const Conformed& run, const std::vector<Id>& calls,
                const std::vector<Outcome>& expected) {
    ASSERT_EQ(calls.size(), expected.size());
    for (std::size_t i = 0; i < calls.size(); ++i)
        expect(run, calls[i], expected[i]);
}

TEST(WorkerPoolExecutor, EXEC_8_map_keeps_the_order_of_the_input) {
    for (const std::int64_t chunk_size : {1, 3, 100}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id executor = scenario.add(Type::WorkerPoolExecutor, {4});
        const Id results = executor_map(main, executor, "square", {Value(numbers(20))}, chunk_size);
        const std::vector<Id> calls = next_to_the_end(main, results, 20);
        const auto run = conform(scenario, {.times = 5});
        if (!run) return;
        for (std::size_t i = 0; i < 20; ++i)
            expect(*run, calls[i], item(i * i));
        expect(*run, calls[20], end_of_iteration());
    }
}

TEST(WorkerPoolExecutor, EXEC_8_early_items_that_are_slow_keep_their_places) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {3});
    const Id results =
        executor_map(main, executor, "is_prime", {Value(List{slow_prime, 4, slow_prime, 6})});
    const std::vector<Id> calls = next_to_the_end(main, results, 4);
    const auto run = conform(scenario);
    if (!run) return;
    expect_all(*run, calls, {item(true), item(false), item(true), item(false), end_of_iteration()});
}

TEST(WorkerPoolExecutor, EXEC_8_map_stops_at_the_shortest_of_several_inputs) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {2});
    const Id results = executor_map(main, executor, "add", {List{1, 2, 3, 4}, List{10, 20}});
    const std::vector<Id> calls = next_to_the_end(main, results, 2);
    const Id chunked =
        executor_map(main, executor, "add", {List{1, 2, 3}, List{10, 20, 30, 40}}, 2);
    const std::vector<Id> chunked_calls = next_to_the_end(main, chunked, 3);
    const auto run = conform(scenario);
    if (!run) return;
    expect_all(*run, calls, {item(11), item(22), end_of_iteration()});
    expect_all(*run, chunked_calls, {item(11), item(22), item(33), end_of_iteration()});
}

TEST(WorkerPoolExecutor, EXEC_8_map_delivers_nothing_for_an_empty_input_or_none) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {2});
    std::vector<Id> ends;
    const std::vector<List> all_inputs = {List(), List(1, Value(List())), List(2, Value(List()))};
    for (const List& inputs : all_inputs) {
        const Id results = executor_map(main, executor, "add", inputs);
        ends.push_back(next(main, results));
        ends.push_back(next(main, results));
    }
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id end : ends)
        expect(*run, end, end_of_iteration());
}

TEST(WorkerPoolExecutor, EXEC_9_all_calls_are_submitted_before_map_returns) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {2});
    const Id results = executor_map(main, executor, "square", {Value(numbers(10))});
    shutdown(main, executor);
    const std::vector<Id> calls = next_to_the_end(main, results, 10);
    const auto run = conform(scenario);
    if (!run) return;
    for (std::size_t i = 0; i < 10; ++i)
        expect(*run, calls[i], item(i * i));
    expect(*run, calls[10], end_of_iteration());
}

TEST(WorkerPoolExecutor, EXEC_9_calls_run_although_nobody_asks_for_their_results) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    executor_map(main, executor, "set_mark", {Value(List{1, 2, 3})});
    const Id mark = main.result(main.submit(executor, "get_mark"));
    const auto run = conform(scenario);
    if (run) expect(*run, mark, Value(3));
}

TEST(WorkerPoolExecutor, EXEC_10_exception_takes_the_place_of_its_result_and_is_the_last) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {2});
    const Id results =
        executor_map(main, executor, "square", {Value(List{1, 2, "three", 4, "five"})});
    const std::vector<Id> calls = next_to_the_end(main, results, 4);
    const Id afterwards = main.result(main.submit(executor, "square", {6}));
    const auto run = conform(scenario);
    if (!run) return;
    expect_all(*run, calls,
               {item(1), item(4), ErrorKind::TypeError, end_of_iteration(), end_of_iteration()});
    expect(*run, afterwards, Value(36));
}

TEST(WorkerPoolExecutor, EXEC_10_failing_call_cancels_those_that_have_not_started) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    // The first does not fit the function and fails at once; the others would take 3600 ms.
    const Id results =
        executor_map(main, executor, "sleep",
                     {Value(List{"at once", 300 * millisecond, 300 * millisecond,
                                 1000 * millisecond, 1000 * millisecond, 1000 * millisecond})});
    const Id failure = next(main, results);
    const Id end = next(main, results);
    const Id afterwards = main.result(main.submit(executor, "square", {2}));
    expect_in_some_run(scenario, [&](const Conformed& run) {
        expect(run, failure, ErrorKind::TypeError);
        expect(run, end, end_of_iteration());
        expect(run, afterwards, Value(4));
        return elapsed(run, call_of(run, results), afterwards) < 3000 * millisecond;
    });
}

TEST(WorkerPoolExecutor, EXEC_11_chunks_before_the_failing_one_are_delivered) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {2});
    const Id results =
        executor_map(main, executor, "square", {Value(List{1, 2, 3, 4, 5, "six"})}, 2);
    const std::vector<Id> calls = next_to_the_end(main, results, 6);
    const auto run = conform(scenario);
    if (!run) return;
    for (std::size_t i = 0; i < 4; ++i)
        expect(*run, calls[i], item((i + 1) * (i + 1)));
    expect_any_of(*run, calls[4], {item(25), ErrorKind::TypeError});
    EXPECT_EQ(std::ranges::count_if(
                  calls, [&](Id call) { return came_to(*run, call, ErrorKind::TypeError); }),
              1);
    expect(*run, calls[6], end_of_iteration());
}

TEST(WorkerPoolExecutor, EXEC_12_chunk_size_below_one_raises) {
    for (const std::int64_t chunk_size : {0, -1, -1000}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id executor = scenario.add(Type::WorkerPoolExecutor, {2});
        const Id results = executor_map(main, executor, "square", {Value(numbers(4))}, chunk_size);
        const Id afterwards = main.result(main.submit(executor, "square", {2}));
        const auto run = conform(scenario);
        if (!run) return;
        expect(*run, call_of(*run, results), ErrorKind::ValueError);
        expect(*run, afterwards, Value(4));
    }
}

TEST(WorkerPoolExecutor, EXEC_13_late_result_raises_and_ends_the_iteration) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Id results = executor_map(main, executor, "sleep", {Value(List{300 * millisecond, 0})}, 1,
                                    TimeLimit::milliseconds(30));
    const Id late = next(main, results);
    const Id end = next(main, results);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        if (!came_to(run, late, ErrorKind::TimeoutError)) return false;
        expect_at_least(elapsed(run, call_of(run, results), late), 30 * millisecond);
        expect(run, end, end_of_iteration());
        return true;
    });
}

/// Whether a run has shown it, with tasks of this length: of a slow machine they ask for patience. What it has
/// shown instead becomes `seen`.
bool shows_that_time_counts_from_the_call_of_map(std::int64_t milliseconds, std::string& seen) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    main.result(main.submit(executor, "nothing"));  // the worker is there, however long that took
    // The second would be in time if the limit began anew with each result.
    const Id results =
        executor_map(main, executor, "sleep", {Value(List(2, Value(milliseconds * millisecond)))},
                     1, TimeLimit::milliseconds(milliseconds * 8 / 5));
    const Id first = next(main, results);
    const Id second = next(main, results);
    const auto run = conform(scenario);
    if (!run) return true;  // which says so itself
    seen = timeline(scenario.scenario(), run->history());
    return came_to(*run, first, item(Value())) && came_to(*run, second, ErrorKind::TimeoutError);
}

TEST(WorkerPoolExecutor, EXEC_13_time_counts_from_the_call_of_map) {
    std::string seen;
    for (const std::int64_t milliseconds : {100, 100, 200, 400, 800, 2000}) {
        if (shows_that_time_counts_from_the_call_of_map(milliseconds, seen)) return;
    }
    ADD_FAILURE() << "not shown in any run; the last was\n" << seen;
}

TEST(WorkerPoolExecutor, EXEC_13_results_that_are_done_come_after_the_deadline_too) {
    for (const std::int64_t limit : {20, 0, -1}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
        const Id results = executor_map(main, executor, "square", {Value(numbers(3))}, 1,
                                        TimeLimit::milliseconds(limit));
        // The single worker does this last, and after the deadline.
        main.result(submit_sleep(main, executor, 30));
        const std::vector<Id> calls = next_to_the_end(main, results, 3);
        const auto run = conform(scenario);
        if (!run) return;
        expect_all(*run, calls, {item(0), item(1), item(4), end_of_iteration()});
    }
}

TEST(WorkerPoolExecutor, EXEC_13_limit_of_zero_or_less_delivers_only_what_is_done) {
    for (const std::int64_t limit : {0, -1, -5000}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
        const Id slow = submit_sleep(main, executor, 200);
        const Id results = executor_map(main, executor, "square", {Value(numbers(3))}, 1,
                                        TimeLimit::milliseconds(limit));
        const Id first = next(main, results);
        const Id look = done(main, slow);
        expect_in_some_run(scenario, [&](const Conformed& run) {
            return came_to(run, first, ErrorKind::TimeoutError) && came_to(run, look, Value(false));
        });
    }
}

}  // namespace
}  // namespace conformance
