// WorkerPool: map, starmap and their asynchronous forms.

#include <gtest/gtest.h>

#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/suites/calls.hpp"

namespace conformance {
namespace {

using namespace calls;

/// The largest prime below 10^12: finding out takes a while.
constexpr std::int64_t slow_prime = 999'999'999'989;

List pairs(std::int64_t count) {
    List list;
    for (std::int64_t i = 0; i < count; ++i)
        list.emplace_back(List{i, 1});
    return list;
}
List successors(std::int64_t count) {
    List list;
    for (std::int64_t i = 0; i < count; ++i)
        list.emplace_back(i + 1);
    return list;
}

TEST(WorkerPool, POOL_8_map_keeps_the_order_of_the_input) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {4});
    const Id results = map(main, pool, "square", numbers(100), 1);
    const Id spread = starmap(main, pool, "add", pairs(100), 1);
    const auto run = conform(scenario, {.times = 10});
    if (!run) return;
    expect(*run, results, Value(squares(100)));
    expect(*run, spread, Value(successors(100)));
}

TEST(WorkerPool, POOL_8_early_items_that_are_slow_keep_their_places) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {3});
    const Id results =
        map(main, pool, "is_prime", {slow_prime, 4, slow_prime, 7, 8, slow_prime, 9}, 1);
    const auto run = conform(scenario);
    if (run) expect(*run, results, Value(List{true, false, true, true, false, true, false}));
}

TEST(WorkerPool, POOL_8_empty_input_gives_an_empty_list) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const Id results = map(main, pool, "square", {});
    const Id spread = starmap(main, pool, "add", {});
    const Id afterwards = map(main, pool, "square", {2});
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, results, Value(List{}));
    expect(*run, spread, Value(List{}));
    expect(*run, afterwards, Value(List{4}));
}

TEST(WorkerPool, POOL_9_map_passes_an_item_whole_and_starmap_spreads_it) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const List lists = {List{1, 2}, List{"three"}, List{}};
    const Id whole = map(main, pool, "echo", lists);
    const Id spread = starmap(main, pool, "concat", {List{"a", "b"}, List{"c", "d"}});
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, whole, Value(lists));
    expect(*run, spread, Value(List{"ab", "cd"}));
}

TEST(WorkerPool, POOL_9_items_of_different_lengths_are_spread) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const Id spread = starmap(main, pool, "concat", {List{"a", "b"}, List{}, List{"c"}});
    const auto run = conform(scenario);
    if (run) expect(*run, spread, Value(List{"ab", "", "c"}));
}

TEST(WorkerPool, POOL_9_item_that_cannot_be_spread_is_an_error_of_its_task) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const Id result = starmap_async(main, pool, "add", {List{1, 2}, 3, List{4, 5}});
    const Id outcome = get(main, result);
    const Id afterwards = starmap(main, pool, "add", {List{1, 2}, List{4, 5}});
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, call_of(*run, result), Value());
    expect(*run, outcome, ErrorKind::TypeError);
    expect(*run, afterwards, Value(List{3, 9}));
}

TEST(WorkerPool, POOL_10_chunk_size_changes_nothing_in_the_results) {
    for (const Value& chunk_size : {Value(), Value(1), Value(2), Value(3), Value(7), Value(10),
                                    Value(11), Value(1'000'000)}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {3});
        const Id results = map(main, pool, "square", numbers(10), chunk_size);
        const Id spread = starmap(main, pool, "add", pairs(10), chunk_size);
        const Id async = get(main, map_async(main, pool, "square", numbers(10), chunk_size));
        const auto run = conform(scenario);
        if (!run) return;
        expect(*run, results, Value(squares(10)));
        expect(*run, spread, Value(successors(10)));
        expect(*run, async, Value(squares(10)));
    }
}

TEST(WorkerPool, POOL_11_chunk_size_below_one_raises) {
    for (const std::int64_t chunk_size : {0, -1, -1000}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {2});
        const Id results = map(main, pool, "square", numbers(4), chunk_size);
        const Id spread = starmap(main, pool, "add", pairs(4), chunk_size);
        const Id async = map_async(main, pool, "square", numbers(4), chunk_size);
        const Id async_spread = starmap_async(main, pool, "add", pairs(4), chunk_size);
        const Id afterwards = map(main, pool, "square", numbers(4));
        const auto run = conform(scenario);
        if (!run) return;
        for (const Id call : {results, spread, call_of(*run, async), call_of(*run, async_spread)})
            expect(*run, call, ErrorKind::ValueError);
        expect(*run, afterwards, Value(squares(4)));
    }
}

TEST(WorkerPool, POOL_12_map_raises_one_of_the_exceptions_of_its_items) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const std::vector<Id> failures = {
        map(main, pool, "fail", {"ValueError", "RuntimeError", "Empty"}, 1),
        map(main, pool, "fail", {"ValueError", "RuntimeError", "Empty"}, 2),
        get(main, map_async(main, pool, "fail", {"ValueError", "RuntimeError"}, 1))};
    const Id one_of_many = map(main, pool, "square", {1, 2, "three", 4}, 1);
    const Id afterwards = map(main, pool, "square", numbers(4));
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id failure : failures)
        expect_any_of(*run, failure,
                      {ErrorKind::ValueError, ErrorKind::RuntimeError, ErrorKind::Empty});
    expect(*run, one_of_many, ErrorKind::TypeError);
    expect(*run, afterwards, Value(squares(4)));
}

TEST(WorkerPool, POOL_12_map_that_fails_early_waits_for_the_last_chunk) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    // The first item does not fit the function and fails at once.
    const Id results = map(main, pool, "sleep", {"at once", 40 * millisecond}, 1);
    const Id spread = starmap(main, pool, "sleep", {List{"at once"}, List{40 * millisecond}}, 1);
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id call : {results, spread}) {
        expect(*run, call, ErrorKind::TypeError);
        expect_at_least(run->duration(call), 40 * millisecond);
    }
}

TEST(WorkerPool, POOL_13_imap_delivers_while_its_input_is_not_used_up) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const Id iterator = imap(main, pool, "sleep", List(50, Value(20 * millisecond)));
    const Id first = next(main, iterator);
    const Id early = next(main, iterator, TimeLimit::milliseconds(0));
    terminate(main, pool);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        expect(run, first, item(Value()));
        return came_to(run, early, ErrorKind::TimeoutError);
    });
}

TEST(WorkerPool, POOL_15_map_async_of_an_empty_input_is_ready_from_the_beginning) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    sleep_async(main, pool, 50);
    const Id result = map_async(main, pool, "square", {});
    const Id spread = starmap_async(main, pool, "add", {});
    const std::vector<Id> looks = {ready(main, result), ready(main, spread),
                                   successful(main, result), successful(main, spread)};
    const std::vector<Id> gets = {get(main, result, TimeLimit::milliseconds(0)), get(main, spread)};
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id look : looks)
        expect(*run, look, Value(true));
    for (const Id outcome : gets)
        expect(*run, outcome, Value(List{}));
}

}  // namespace
}  // namespace conformance
