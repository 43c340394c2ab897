/// \file
/// The near-linear checkers of barriers, events, counters and tasks.

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "conformance/checker/barrier_checker.hpp"
#include "conformance/checker/counter_checker.hpp"
#include "conformance/checker/event_checker.hpp"
#include "conformance/checker/task_checker.hpp"

namespace conformance::checker {
namespace {

std::string rule_of(const std::optional<Finding>& finding) {
    return finding ? std::string(finding->rule) : "none";
}

/// Two workers, three generations: each arrives at 10 k + worker and leaves at 10 k + 5.
std::vector<BarrierCall> three_generations() {
    std::vector<BarrierCall> calls;
    for (std::int32_t worker = 0; worker < 2; ++worker) {
        for (std::int64_t k = 0; k < 3; ++k)
            calls.push_back({worker, worker, 10 * k + worker, 10 * k + 5});
    }
    return calls;
}

TEST(BarrierChecker, allows_whole_generations) {
    EXPECT_EQ(rule_of(check_barrier(three_generations(), 2)), "none");
    // Of three workers any two may pass.
    EXPECT_EQ(
        rule_of(check_barrier(
            std::vector<BarrierCall>{{0, 0, 1, 5}, {1, 1, 2, 5}, {2, 0, 3, std::nullopt}}, 2)),
        "none");
}

TEST(BarrierChecker, finds_what_breaks_a_rule) {
    const auto rule_after = [](const auto& spoil) {
        std::vector<BarrierCall> calls = three_generations();
        spoil(calls);
        return rule_of(check_barrier(calls, 2));
    };
    EXPECT_EQ(rule_after([](auto& calls) { calls[1].index = 2; }),
              "an index is not below the number of parties");
    EXPECT_EQ(rule_after([](auto& calls) { calls[1].index = 1; }),
              "an index was given twice in one generation");
    EXPECT_EQ(rule_after([](auto& calls) { calls[1].responded = 10; }),
              "a worker passed before all had arrived");
    EXPECT_EQ(rule_after([](auto& calls) {
                  for (const std::size_t i : {2U, 5U})
                      calls[i].responded.reset();
              }),
              "all parties wait, and nobody passes");
    const std::vector<BarrierCall> early = {{0, 0, 1, 5}, {1, 1, 6, 7}, {2, 0, 8, 9}, {3, 1, 8, 9}};
    EXPECT_EQ(rule_of(check_barrier(early, 2)),
              "more workers passed than whole generations had arrived");
    const std::vector<BarrierCall> uneven = {
        {0, 0, 1, 5}, {1, 0, 2, 5}, {2, 0, 8, 9}, {3, 1, 8, 9}};
    EXPECT_EQ(rule_of(check_barrier(uneven, 2)), "an index was given more often than another");
}

TEST(EventChecker, knows_when_it_is_certain) {
    using enum EventCall::Kind;
    const EventCall sets{set, 10, 20};
    const EventCall clears{clear, 30, 40};
    const auto rule_with = [&](std::vector<EventCall> calls, EventCall sight) {
        calls.push_back(sight);
        return rule_of(check_event(calls));
    };
    EXPECT_EQ(rule_with({sets, clears}, {seen_set, 1, 9}), "an event that was clear was seen set");
    EXPECT_EQ(rule_with({sets, clears}, {seen_set, 1, 10}), "none");
    EXPECT_EQ(rule_with({sets, clears}, {seen_clear, 21, 29}),
              "an event that was set was seen clear");
    EXPECT_EQ(rule_with({sets, clears}, {seen_clear, 20, 29}), "none");
    EXPECT_EQ(rule_with({sets, clears}, {seen_clear, 21, 30}), "none");
    EXPECT_EQ(rule_with({sets, clears}, {seen_set, 41, 50}),
              "an event that was clear was seen set");
    // Of two at once either may be the last.
    EXPECT_EQ(rule_with({sets, {clear, 15, 18}}, {seen_set, 41, 50}), "none");
    EXPECT_EQ(rule_with({sets, {clear, 15, 18}}, {seen_clear, 41, 50}), "none");
    EXPECT_EQ(rule_with({sets, {set, 15, 18}}, {seen_clear, 41, 50}),
              "an event that was set was seen clear");
    // One that is pending may take effect at any time.
    EXPECT_EQ(rule_with({sets, {clear, 30, std::nullopt}}, {seen_set, 41, 50}), "none");
    EXPECT_EQ(rule_with({sets, {clear, 30, std::nullopt}}, {seen_clear, 41, 50}), "none");
    EXPECT_EQ(rule_with({sets, clears}, {seen_set, 41, std::nullopt}), "none");
}

TEST(CounterChecker, follows_the_sum_while_no_writes_overlap) {
    using enum CounterCall::Kind;
    const std::vector<CounterCall> right = {{add, 1, 8, 1, 2},    {read, 0, 8, 3, 6},
                                            {read, 0, 8, 4, 5},   {add, 2, 10, 7, 8},
                                            {write, 3, 0, 9, 10}, {read, 0, 3, 11, 12}};
    EXPECT_EQ(rule_of(check_counter(right, 7)), "none");
    std::vector<CounterCall> lost = right;
    lost[3].result = 9;
    const auto finding = check_counter(lost, 7);
    EXPECT_EQ(rule_of(finding), "an addition was lost, though no two overlapped");
    EXPECT_EQ(finding->calls, std::vector<std::size_t>{3});
    lost[2].responded = 7;  // a read that overlaps: nothing after it is certain
    EXPECT_EQ(rule_of(check_counter(lost, 7)), "none");
    // What a call sees of one that begins while it lasts, nobody knows. (A fuzzer found that it was blamed.)
    EXPECT_EQ(rule_of(check_counter(
                  std::vector<CounterCall>{{read, 0, 5, 1, 4}, {write, 5, 0, 2, 3}}, 0)),
              "none");
    EXPECT_EQ(
        rule_of(check_counter(std::vector<CounterCall>{{add, 1, 2, 1, 4}, {add, 1, 1, 2, 3}}, 0)),
        "none");
    std::vector<CounterCall> stale = right;
    stale[5].result = 10;
    EXPECT_EQ(rule_of(check_counter(stale, 7)),
              "a sum was read that is not that of all additions before");
}

TEST(TaskChecker, lets_join_return_only_when_all_may_be_finished) {
    using enum TaskCall::Kind;
    const auto rule_of_join = [](std::int64_t begin, std::int64_t end) {
        const std::vector<TaskCall> calls = {{put, 10, 20},     {put, 12, 22},
                                             {done, 30, 31},    {done, 40, 41},
                                             {put, 50, 60},     {done, 70, std::nullopt},
                                             {join, begin, end}};
        return rule_of(check_tasks(calls));
    };
    const std::string broken = "join returned although tasks were unfinished";
    EXPECT_EQ(rule_of_join(1, 2), "none");
    EXPECT_EQ(rule_of_join(20, 25), "none");
    EXPECT_EQ(rule_of_join(21, 39), broken);
    EXPECT_EQ(rule_of_join(21, 40), "none");
    EXPECT_EQ(rule_of_join(45, 46), "none");
    EXPECT_EQ(rule_of_join(61, 69), broken);
    EXPECT_EQ(rule_of_join(61, 70), "none");
    EXPECT_EQ(rule_of_join(80, 90), "none");
}

}  // namespace
}  // namespace conformance::checker
