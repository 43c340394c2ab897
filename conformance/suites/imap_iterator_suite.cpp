// ImapIterator: what imap and imap_unordered give.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/suites/calls.hpp"

namespace conformance {
namespace {

using namespace calls;

/// The largest primes below 10^12 and 10^13: finding out takes a while.
constexpr std::int64_t slow_prime = 999'999'999'989;
constexpr std::int64_t slower_prime = 9'999'999'999'971;

using Iterate = Id (*)(const Script&, Id, std::string_view, List, Value);
constexpr Iterate both_forms[] = {imap, imap_unordered};

/// Over 0, 1, ... size - 1, of which reading raises after `count` items.
Id iterate_to_an_error(const Script& script, Iterate iterate, Id pool, std::int64_t size,
                       std::int64_t chunk_size, std::int64_t count) {
    const Operation operation = iterate == imap ? Operation::imap : Operation::imap_unordered;
    return script.call_into(Type::ImapIterator, pool, operation,
                            {"square", numbers(size), chunk_size, count});
}

std::vector<std::string> sorted_outcomes(const Conformed& run, const std::vector<Id>& calls) {
    std::vector<std::string> outcomes;
    for (const Id call : calls)
        outcomes.push_back(to_string(run.outcome(call)));
    std::ranges::sort(outcomes);
    return outcomes;
}

TEST(ImapIterator, IMAP_1_imap_keeps_the_order_of_the_input) {
    for (const std::int64_t chunk_size : {1, 3, 100}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {4});
        const Id iterator = imap(main, pool, "square", numbers(20), chunk_size);
        const std::vector<Id> calls = next_to_the_end(main, iterator, 20);
        const auto run = conform(scenario, {.times = 5});
        if (!run) return;
        for (std::size_t i = 0; i < 20; ++i)
            expect(*run, calls[i], item(i * i));
        expect(*run, calls[20], end_of_iteration());
    }
}

TEST(ImapIterator, IMAP_1_early_items_that_are_slow_keep_their_places) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {3});
    const Id iterator = imap(main, pool, "is_prime", {slow_prime, 4, slow_prime, 6});
    const std::vector<Id> calls = next_to_the_end(main, iterator, 4);
    const auto run = conform(scenario);
    if (!run) return;
    for (std::size_t i = 0; i < 4; ++i)
        expect(*run, calls[i], item(i % 2 == 0));
    expect(*run, calls[4], end_of_iteration());
}

TEST(ImapIterator, IMAP_1_imap_unordered_delivers_each_result_once) {
    for (const std::int64_t chunk_size : {1, 3, 100}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {4});
        const Id iterator = imap_unordered(main, pool, "square", numbers(10), chunk_size);
        std::vector<Id> calls = next_to_the_end(main, iterator, 10);
        const Id end = calls.back();
        calls.pop_back();
        const auto run = conform(scenario, {.times = 5});
        if (!run) return;
        std::vector<std::string> expected;
        for (const Value& square : squares(10))
            expected.push_back(to_string(item(square)));
        std::ranges::sort(expected);
        EXPECT_EQ(sorted_outcomes(*run, calls), expected);
        expect(*run, end, end_of_iteration());
    }
}

TEST(ImapIterator, IMAP_1_imap_unordered_delivers_first_what_is_done_first) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const Id iterator = imap_unordered(main, pool, "is_prime", {slower_prime, 4});
    const Id first = next(main, iterator);
    const Id second = next(main, iterator);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        return came_to(run, first, item(false)) && came_to(run, second, item(true));
    });
}

TEST(ImapIterator, IMAP_1_the_end_is_signalled_every_time) {
    for (const Iterate iterate : both_forms) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {2});
        const Id iterator = iterate(main, pool, "square", {3}, 1);
        const Id only = next(main, iterator);
        const std::vector<Id> ends = {next(main, iterator), next(main, iterator),
                                      next(main, iterator, TimeLimit::milliseconds(0)),
                                      next(main, iterator, TimeLimit::milliseconds(20))};
        const auto run = conform(scenario);
        if (!run) return;
        expect(*run, only, item(9));
        for (const Id end : ends)
            expect(*run, end, end_of_iteration());
    }
}

TEST(ImapIterator, IMAP_1_empty_input_ends_at_once) {
    for (const Iterate iterate : both_forms) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {2});
        const Id iterator = iterate(main, pool, "square", {}, 1);
        const std::vector<Id> ends = {next(main, iterator), next(main, iterator)};
        const auto run = conform(scenario);
        if (!run) return;
        for (const Id end : ends)
            expect(*run, end, end_of_iteration());
    }
}

TEST(ImapIterator, IMAP_2_iteration_goes_on_after_a_failing_item) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {3});
    const Id mixed = imap(main, pool, "square", {1, "two", 3, "four"});
    const std::vector<Id> mixed_calls = next_to_the_end(main, mixed, 4);
    const Id failing = imap(main, pool, "fail", {"ValueError", "Empty", "RuntimeError"});
    const std::vector<Id> failing_calls = next_to_the_end(main, failing, 3);
    const auto run = conform(scenario);
    if (!run) return;
    const std::vector<Outcome> of_mixed = {item(1), ErrorKind::TypeError, item(9),
                                           ErrorKind::TypeError, end_of_iteration()};
    for (std::size_t i = 0; i < of_mixed.size(); ++i)
        expect(*run, mixed_calls[i], of_mixed[i]);
    const std::vector<Outcome> of_failing = {ErrorKind::ValueError, ErrorKind::Empty,
                                             ErrorKind::RuntimeError, end_of_iteration()};
    for (std::size_t i = 0; i < of_failing.size(); ++i)
        expect(*run, failing_calls[i], of_failing[i]);
}

TEST(ImapIterator, IMAP_2_imap_unordered_delivers_the_other_items_too) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {3});
    const Id iterator = imap_unordered(main, pool, "square", {1, "two", 3});
    std::vector<Id> calls = next_to_the_end(main, iterator, 3);
    const Id end = calls.back();
    calls.pop_back();
    const auto run = conform(scenario);
    if (!run) return;
    EXPECT_EQ(sorted_outcomes(*run, calls), (std::vector<std::string>{"TypeError", "[1]", "[9]"}));
    expect(*run, end, end_of_iteration());
}

TEST(ImapIterator, IMAP_3_larger_chunk_with_a_failing_item_raises_once) {
    for (const Iterate iterate : both_forms) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {2});
        const Id iterator = iterate(main, pool, "square", {1, 2, "three", 4, 5}, 2);
        std::vector<Id> calls = next_to_the_end(main, iterator, 5);
        calls.push_back(next(main, iterator));
        const Id afterwards = main.apply(pool, "square", {6});
        const auto run = conform(scenario);
        if (!run) return;
        EXPECT_EQ(std::ranges::count_if(
                      calls, [&](Id call) { return came_to(*run, call, ErrorKind::TypeError); }),
                  1);
        expect(*run, calls.back(), end_of_iteration());
        expect(*run, afterwards, Value(36));
    }
}

TEST(ImapIterator, IMAP_4_late_result_makes_next_raise_and_keeps_its_place) {
    for (const Iterate iterate : both_forms) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {1});
        sleep_async(main, pool, 250);
        const Id iterator = iterate(main, pool, "square", {2, 3}, 1);
        const Id timed = next(main, iterator, TimeLimit::milliseconds(30));
        const std::vector<Id> looks = {next(main, iterator, TimeLimit::milliseconds(0)),
                                       next(main, iterator, TimeLimit::milliseconds(-1)),
                                       next(main, iterator, TimeLimit::milliseconds(-5000))};
        const Id first = next(main, iterator);
        const Id second = next(main, iterator);
        const Id end = next(main, iterator);
        expect_in_some_run(scenario, [&](const Conformed& run) {
            if (!came_to(run, timed, ErrorKind::TimeoutError)) return false;
            expect_at_least(run.duration(timed), 30 * millisecond);
            for (const Id look : looks) {
                if (!came_to(run, look, ErrorKind::TimeoutError)) return false;
            }
            expect(run, first, item(4));
            expect(run, second, item(9));
            expect(run, end, end_of_iteration());
            return true;
        });
    }
}

TEST(ImapIterator, IMAP_4_result_that_is_there_is_delivered_whatever_the_time_limit) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const Id iterator = imap(main, pool, "square", {2, 3});
    main.apply(pool, "square", {1});
    const Id timed = next(main, iterator, patience);
    const Id unlimited = next(main, iterator, TimeLimit::infinite());
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, timed, item(4));
    expect(*run, unlimited, item(9));
}

TEST(ImapIterator, IMAP_5_chunk_size_below_one_raises_at_the_call) {
    for (const std::int64_t chunk_size : {0, -1, -1000}) {
        for (const Iterate iterate : both_forms) {
            ScenarioBuilder scenario;
            const Script main = scenario.main();
            const Id pool = scenario.add(Type::WorkerPool, {1});
            const Id iterator = iterate(main, pool, "square", numbers(3), chunk_size);
            const Id afterwards = main.apply(pool, "square", {2});
            const auto run = conform(scenario);
            if (!run) return;
            expect(*run, call_of(*run, iterator), ErrorKind::ValueError);
            expect(*run, afterwards, Value(4));
        }
    }
}

TEST(ImapIterator, IMAP_6_exception_of_the_input_follows_the_items_before_it) {
    for (const Iterate iterate : both_forms) {
        for (const std::int64_t count : {0, 1, 3}) {
            ScenarioBuilder scenario;
            const Script main = scenario.main();
            const Id pool = scenario.add(Type::WorkerPool, {1});
            const Id iterator = iterate_to_an_error(main, iterate, pool, 3, 1, count);
            std::vector<Id> calls;
            for (std::int64_t i = 0; i < count + 3; ++i)
                calls.push_back(next(main, iterator));
            const Id afterwards = main.apply(pool, "square", {6});
            const auto run = conform(scenario, {.times = 3});
            if (!run) return;
            expect(*run, call_of(*run, iterator), Value());
            for (std::int64_t i = 0; i < count + 3; ++i) {
                const Outcome expected = i < count    ? Outcome(item(i * i))
                                         : i == count ? Outcome(ErrorKind::Other)
                                                      : Outcome(end_of_iteration());
                expect(*run, calls[static_cast<std::size_t>(i)], expected);
            }
            expect(*run, afterwards, Value(36));
        }
    }
}

TEST(ImapIterator, IMAP_6_many_workers_do_not_overtake_the_input) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {4});
    const Id iterator = iterate_to_an_error(main, imap, pool, 100, 1, 50);
    std::vector<Id> calls = next_to_the_end(main, iterator, 50);
    const Id end = next(main, iterator);
    const auto run = conform(scenario, {.times = 3, .perturbation = 20});
    if (!run) return;
    for (std::size_t i = 0; i < 50; ++i)
        expect(*run, calls[i], item(i * i));
    expect(*run, calls[50], ErrorKind::Other);
    expect(*run, end, end_of_iteration());
}

TEST(ImapIterator, IMAP_6_full_chunks_before_the_exception_give_their_results) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const Id iterator = iterate_to_an_error(main, imap, pool, 9, 2, 4);
    std::vector<Id> calls = next_to_the_end(main, iterator, 4);
    const Id end = next(main, iterator);
    const auto run = conform(scenario);
    if (!run) return;
    for (std::size_t i = 0; i < 4; ++i)
        expect(*run, calls[i], item(i * i));
    expect(*run, calls[4], ErrorKind::Other);
    expect(*run, end, end_of_iteration());
}

}  // namespace
}  // namespace conformance
