/// \file
/// Histories made by hand: what `check` must say of blocking, time limits, deaths and several steps.

#include "conformance/checker/check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <vector>

#include "conformance/checker/certificate.hpp"
#include "conformance/checker/depth_first.hpp"
#include "conformance/checker/tests/test_models.hpp"

namespace conformance::checker {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

constexpr TestOperation acquire{Kind::acquire};
constexpr TestOperation release{Kind::release};
constexpr TestOperation get{Kind::get};
constexpr TestOperation set{Kind::set};
constexpr TestOperation clear{Kind::clear};
constexpr TestOperation wait{Kind::wait};
constexpr TestOperation notify{Kind::notify};
constexpr TestOperation put(int value) {
    return {Kind::put, value};
}

/// Both searches, and the certificate.
template <Model M>
Verdict<M> judge(const M& model, const TestHistory& history) {
    Verdict<M> verdict = check(model, history);
    EXPECT_EQ(check_depth_first(model, history).judgement, verdict.judgement);
    if (verdict.judgement == Judgement::linearizable) {
        EXPECT_EQ(fault_of<M>(verdict.certificate, model, history), "");
    }
    return verdict;
}
template <Model M>
bool is_linearizable(const M& model, const TestHistory& history) {
    return judge(model, history).judgement == Judgement::linearizable;
}
/// The violation, which must be one.
template <Model M>
Violation<M> violation(const M& model, const TestHistory& history) {
    const Verdict<M> verdict = judge(model, history);
    EXPECT_EQ(verdict.judgement, Judgement::violation);
    return verdict.violation.value_or(Violation<M>{});
}

TEST(Check, explains_an_empty_history) {
    EXPECT_TRUE(is_linearizable(LockModel(), {}));
}

TEST(Check, the_certificate_is_the_order_of_the_steps) {
    const auto verdict = judge(QueueModel(), {{1, get, 1, 8, 7}, {2, put(7), 2, 9, yes}});
    EXPECT_THAT(verdict.certificate,
                ElementsAre(CertificateStep{.call = 1}, CertificateStep{.call = 0}));
}

TEST(Check, order_in_time_counts) {
    EXPECT_TRUE(is_linearizable(
        QueueModel(),
        {{1, put(1), 1, 5, yes}, {2, put(2), 2, 6, yes}, {3, get, 7, 8, 2}, {3, get, 9, 10, 1}}));
    const auto found = violation(
        QueueModel(),
        {{1, put(1), 1, 2, yes}, {2, put(2), 3, 4, yes}, {3, get, 7, 8, 2}, {3, get, 9, 10, 1}});
    EXPECT_EQ(found.call, 2U);
    EXPECT_FALSE(found.hangs);
    EXPECT_EQ(found.event, 5U);
    EXPECT_THAT(found.allowed, ElementsAre(1));
    EXPECT_THAT(found.prefix, ElementsAre(CertificateStep{.call = 0}, CertificateStep{.call = 1}));
    ASSERT_EQ(found.reached.size(), 1U);
    EXPECT_THAT(found.reached[0].state, ElementsAre(1, 2));
}

TEST(Check, calls_that_touch_are_concurrent) {
    EXPECT_TRUE(is_linearizable(QueueModel(), {{1, get, 1, 5, 7}, {2, put(7), 5, 9, yes}}));
    EXPECT_FALSE(is_linearizable(QueueModel(), {{1, get, 1, 5, 7}, {2, put(7), 6, 9, yes}}));
}

TEST(Check, calls_of_one_worker_follow_one_another_even_if_they_touch) {
    EXPECT_FALSE(is_linearizable(QueueModel(), {{1, get, 1, 5, 7}, {1, put(7), 5, 9, yes}}));
    EXPECT_FALSE(is_linearizable(
        QueueModel(), {{1, put(1), 5, 5, yes}, {1, put(2), 5, 5, yes}, {2, get, 6, 7, 2}}));
}

TEST(Check, blames_the_wrong_result_not_the_call_that_needs_the_right_one) {
    // The second get found the queue empty, so the first had the value, and says later that it had
    // another.
    const auto found = violation(
        QueueModel(), {{1, put(1), 1, 2, yes}, {2, get, 3, 9, 5}, {3, get, 4, 8, timed_out, 4}});
    EXPECT_EQ(found.call, 1U);
    EXPECT_THAT(found.allowed, ElementsAre(1));
    EXPECT_THAT(found.prefix, ElementsAre(CertificateStep{.call = 0}, CertificateStep{.call = 1},
                                          CertificateStep{.call = 2, .time_is_up = true}));
}

TEST(Check, names_what_several_explanations_allow) {
    const auto found = violation(
        QueueModel(), {{1, put(1), 1, 5, yes}, {2, put(2), 1, 5, yes}, {3, get, 6, 7, 3}});
    EXPECT_THAT(found.allowed, UnorderedElementsAre(1, 2));
    EXPECT_EQ(found.reached.size(), 2U);
}

TEST(Check, a_blocked_call_may_hang) {
    EXPECT_TRUE(is_linearizable(LockModel(), {{1, acquire, 1, 2, yes}, {2, acquire, 3}}));
    EXPECT_TRUE(is_linearizable(QueueModel(), {{1, get, 1}}));
}

TEST(Check, a_lost_wake_up_is_a_violation) {
    const auto found =
        violation(LockModel(), {{1, acquire, 1, 2, yes}, {2, acquire, 3}, {1, release, 4, 5, yes}});
    EXPECT_EQ(found.call, 1U);
    EXPECT_TRUE(found.hangs);
    EXPECT_EQ(found.event, 5U);
    EXPECT_THAT(found.allowed, ElementsAre(yes));
    ASSERT_EQ(found.reached.size(), 1U);
    EXPECT_FALSE(found.reached[0].blocked);
}

TEST(Check, one_of_two_that_wait_for_one_thing_must_go_on) {
    EXPECT_TRUE(is_linearizable(
        SemaphoreModel(0), {{1, acquire, 1, 5, yes}, {2, acquire, 1}, {3, release, 2, 3, yes}}));
    EXPECT_FALSE(is_linearizable(SemaphoreModel(0),
                                 {{1, acquire, 1}, {2, acquire, 1}, {3, release, 2, 3, yes}}));
}

TEST(Check, a_call_that_hangs_has_no_effect) {
    // That the queue is empty can only be because the get that hangs had the value.
    const auto found = violation(
        QueueModel(), {{1, put(1), 1, 2, yes}, {2, get, 3}, {3, get, 4, 5, timed_out, 4}});
    EXPECT_TRUE(found.hangs);
    EXPECT_EQ(found.call, 1U);
    EXPECT_THAT(found.allowed, ElementsAre(1));
}

TEST(Check, a_deadlock_that_the_model_has_is_none_of_the_implementations) {
    const TestOperation acquire_first{.kind = Kind::acquire, .key = 0};
    const TestOperation acquire_second{.kind = Kind::acquire, .key = 1};
    EXPECT_TRUE(is_linearizable(TwoLocksModel(), {{1, acquire_first, 1, 2, yes},
                                                  {2, acquire_second, 1, 2, yes},
                                                  {1, acquire_second, 3},
                                                  {2, acquire_first, 3}}));
}

TEST(Check, a_deadlock_that_the_model_does_not_have_is_a_violation) {
    const TestOperation acquire_first{.kind = Kind::acquire, .key = 0};
    const TestOperation acquire_second{.kind = Kind::acquire, .key = 1};
    const auto found =
        violation(TwoLocksModel(),
                  {{1, acquire_first, 1, 2, yes}, {1, acquire_second, 3}, {2, acquire_first, 3}});
    EXPECT_TRUE(found.hangs);
    EXPECT_EQ(found.call, 1U);
}

TEST(Check, nobody_gives_up_before_the_deadline) {
    const auto history = [](std::int64_t responded) {
        return TestHistory{{1, acquire, 1, 2, yes}, {2, acquire, 3, responded, no, 10}};
    };
    EXPECT_FALSE(is_linearizable(LockModel(), history(9)));
    EXPECT_TRUE(is_linearizable(LockModel(), history(10)));
    EXPECT_TRUE(is_linearizable(LockModel(), history(1'000'000)));
}

TEST(Check, nobody_gives_up_unless_blocked_at_some_moment_from_the_deadline_on) {
    const auto history = [](std::int64_t release_begins, std::int64_t release_ends) {
        return TestHistory{{1, acquire, 1, 2, yes},
                           {2, acquire, 3, 20, no, 10},
                           {1, release, release_begins, release_ends, yes}};
    };
    EXPECT_FALSE(is_linearizable(LockModel(), history(5, 9)));
    EXPECT_TRUE(is_linearizable(LockModel(), history(5, 10)));
    EXPECT_TRUE(is_linearizable(LockModel(), history(30, 40)));
}

TEST(Check, a_try_may_fail_at_once) {
    EXPECT_TRUE(is_linearizable(LockModel(), {{1, acquire, 1, 2, yes}, {2, acquire, 3, 3, no, 3}}));
    EXPECT_FALSE(is_linearizable(LockModel(), {{2, acquire, 3, 4, no, 3}}));
}

TEST(Check, a_call_with_a_deadline_must_not_hang) {
    const auto found =
        violation(LockModel(), {{1, acquire, 1, 2, yes}, {2, acquire, 3, std::nullopt, {}, 10}});
    EXPECT_TRUE(found.hangs);
    EXPECT_THAT(found.allowed, ElementsAre(no));
}

TEST(Check, a_killed_call_took_effect_or_not) {
    const Interval<TestOperation, TestOutcome> killed{
        .worker = 1, .operation = acquire, .invoked = 1, .killed = true};
    EXPECT_TRUE(is_linearizable(LockModel(), {killed}));
    EXPECT_TRUE(is_linearizable(LockModel(), {killed, {2, acquire, 3, 4, yes}}));
    EXPECT_TRUE(is_linearizable(LockModel(), {killed, {2, acquire, 3}}));
    EXPECT_TRUE(is_linearizable(LockModel(), {killed, {2, acquire, 3, 4, no, 3}}));
    // But it did not undo itself.
    EXPECT_FALSE(
        is_linearizable(LockModel(), {killed, {2, acquire, 3, 4, no, 3}, {3, acquire, 5, 6, yes}}));
}

TEST(Check, killed_calls_without_effect_cost_nothing) {
    TestHistory history;
    for (int i = 0; i < 40; ++i) {
        history.push_back(
            {.worker = 10 + i, .operation = {Kind::read}, .invoked = i, .killed = true});
        history.push_back({1, {Kind::write, i}, 100 + 2 * i, 101 + 2 * i, yes});
    }
    EXPECT_LT(check(RegisterModel(), history).steps, 1000U);
}

TEST(Check, killed_calls_that_were_overwritten_are_forgotten) {
    TestHistory history;
    for (int i = 0; i < 12; ++i) {
        history.push_back(
            {.worker = 10 + i, .operation = {Kind::write, i % 2}, .invoked = i, .killed = true});
        history.push_back({1, {Kind::write, 2}, 100 + 4 * i, 101 + 4 * i, yes});
        history.push_back({1, {Kind::read}, 102 + 4 * i, 103 + 4 * i, 2});
    }
    EXPECT_EQ(check(RegisterModel(), history, {.configurations = 20'000}).judgement,
              Judgement::linearizable);
}

TEST(Check, a_set_event_releases_those_who_wait_even_if_it_is_cleared_at_once) {
    const TestHistory history = {{1, wait, 1, 9, yes},
                                 {2, set, 3, 4, yes},
                                 {2, clear, 5, 6, yes},
                                 {2, {Kind::read}, 7, 8, no}};
    EXPECT_TRUE(is_linearizable(EventModel(), history));
    // One who began to wait afterwards is not released; one who may have begun before may hang,
    // because nobody saw it beginning.
    EXPECT_FALSE(is_linearizable(
        EventModel(), {{2, set, 3, 4, yes}, {2, clear, 5, 6, yes}, {1, wait, 7, 9, yes}}));
    EXPECT_TRUE(
        is_linearizable(EventModel(), {{1, wait, 1}, {2, set, 3, 4, yes}, {2, clear, 5, 6, yes}}));
    EXPECT_FALSE(is_linearizable(EventModel(), {{1, wait, 1}, {2, set, 3, 4, yes}}));
}

TEST(Check, a_notification_lost_is_a_violation) {
    // Worker 2 has the lock only because worker 1 waits, so worker 1 is there to be notified.
    const TestHistory lost = {{1, acquire, 1, 2, yes},
                              {1, wait, 3},
                              {2, acquire, 4, 5, yes},
                              {2, notify, 6, 7, yes},
                              {2, release, 8, 9, yes}};
    const auto found = violation(ConditionModel(), lost);
    EXPECT_TRUE(found.hangs);
    EXPECT_EQ(found.call, 1U);
    TestHistory arrived = lost;
    arrived[1].responded = 12;
    arrived[1].outcome = yes;
    EXPECT_EQ(judge(ConditionModel(), arrived).certificate.size(), 6U) << "waiting takes two steps";
    arrived[1].responded = 8;
    EXPECT_TRUE(is_linearizable(ConditionModel(), arrived));
    arrived[1].responded = 7;
    EXPECT_FALSE(is_linearizable(ConditionModel(), arrived)) << "the lock is not free before 8";
}

TEST(Check, a_notification_wakes_one_only) {
    const auto history = [](TestOutcome second, std::optional<std::int64_t> deadline) {
        return TestHistory{{1, acquire, 1, 2, yes},   {1, wait, 3, 20, yes},
                           {2, acquire, 4, 5, yes},   {2, wait, 6, 21, second, deadline},
                           {3, acquire, 7, 8, yes},   {3, notify, 9, 10, yes},
                           {3, release, 11, 12, yes}, {1, release, 22, 23, yes},
                           {2, release, 24, 25, yes}};
    };
    EXPECT_FALSE(is_linearizable(ConditionModel(), history(yes, {})));
    TestHistory one = history(no, 15);
    one[3].responded = 30;  // it needs the lock back first
    one[8] = {2, release, 31, 32, yes};
    EXPECT_TRUE(is_linearizable(ConditionModel(), one));
    one[3].deadline = 31;
    EXPECT_FALSE(is_linearizable(ConditionModel(), one));
}

TEST(Check, says_unknown_when_the_budget_runs_out) {
    TestHistory history;
    for (int i = 0; i < 12; ++i)
        history.push_back({i, put(i), 1, 100, yes});
    history.push_back({20, get, 101, 102, 99});
    const QueueModel model(20);
    EXPECT_EQ(check(model, history, {.steps = 1000}).judgement, Judgement::unknown);
    EXPECT_EQ(check(model, history, {.configurations = 1000}).judgement, Judgement::unknown);
    EXPECT_EQ(check(model, history, {.time = std::chrono::milliseconds(1)}).judgement,
              Judgement::unknown);
    EXPECT_EQ(check_depth_first(model, history, {.steps = 1000}).judgement, Judgement::unknown);
}

TEST(Check, rejects_a_response_before_the_invocation) {
    EXPECT_THROW((void)check_optimistically(LockModel(), TestHistory{{1, acquire, 2, 1, yes}}),
                 std::invalid_argument);
    EXPECT_THROW((void)check(LockModel(), TestHistory{{1, acquire, 2, 1, yes}}),
                 std::invalid_argument);
}

TEST(Check, a_long_history_is_linear_and_is_explained_to_its_end) {
    TestHistory history;
    for (int i = 0; i < 40'000; ++i) {
        const std::int64_t time = 4L * i;
        history.push_back({1, put(i), time, time + 3, yes});
        history.push_back({2, get, time + 1, time + 6, i});
    }
    const auto verdict = check(QueueModel(), history);
    EXPECT_EQ(verdict.certificate.size(), history.size());
    EXPECT_EQ(fault_of<QueueModel>(verdict.certificate, QueueModel(), history), "");
    EXPECT_LT(verdict.steps, 10 * history.size());
    history[50'001].outcome = -5;
    const auto found = check(QueueModel(), history);
    ASSERT_TRUE(found.violation);
    EXPECT_EQ(found.violation->call, 50'001U);
    EXPECT_THAT(found.violation->allowed, Contains(25'000));
}

TEST(Certificate, has_to_be_right_in_every_respect) {
    const TestHistory history = {{1, put(7), 1, 2, yes}, {2, get, 3, 9, 7}, {3, get, 4}};
    const Certificate good = {{.call = 0}, {.call = 1}};
    const auto fault = [&](const Certificate& certificate, const TestHistory& calls) {
        return fault_of<QueueModel>(certificate, QueueModel(), calls);
    };
    EXPECT_EQ(fault(good, history), "");
    EXPECT_EQ(fault({{.call = 1}, {.call = 0}}, history),
              "a step before the invocation or after a response");
    EXPECT_EQ(fault({{.call = 0}}, history), "a call responded uncompleted");
    EXPECT_EQ(fault({{.call = 0}, {.call = 1}, {.call = 1}}, history), "a step after completion");
    EXPECT_EQ(fault({{.call = 7}}, history), "there is no such call");
    EXPECT_EQ(fault({{.call = 0, .stage = 1}}, history), "another stage than the model's");
    EXPECT_EQ(fault({{.call = 0, .choice = 1}}, history), "a step that the model does not allow");
    TestHistory other = history;
    other[1].outcome = 8;
    EXPECT_EQ(fault(good, other), "another outcome");
    other = history;
    other[1].responded.reset();
    EXPECT_EQ(fault(good, other), "a call completed that never responded");
    EXPECT_EQ(fault({{.call = 0}}, other), "a call hangs although it could proceed");
    other = {{1, put(1), 5, 5, yes}, {1, put(2), 5, 5, yes}};
    EXPECT_EQ(fault({{.call = 1}, {.call = 0}}, other), "a worker's calls out of order");
}

TEST(Certificate, of_a_violation_has_to_be_right_too) {
    const TestHistory history = {{1, put(7), 1, 2, yes}, {2, get, 3, 9, 8}};
    const auto found = check(QueueModel(), history);
    ASSERT_TRUE(found.violation);
    const Violation<QueueModel> good = *found.violation;
    const auto fault = [&](const Violation<QueueModel>& violation, const TestHistory& calls) {
        return fault_of<QueueModel>(violation, QueueModel(), calls);
    };
    EXPECT_EQ(fault(good, history), "");
    Violation<QueueModel> other = good;
    other.call = 7;
    EXPECT_EQ(fault(other, history), "there is no such call");
    other = good;
    other.hangs = true;
    EXPECT_EQ(fault(other, history), "a call is said to hang that responded or was killed");
    other = good;
    other.event = 4;
    EXPECT_EQ(fault(other, history), "the blamed response came before what explains it");
    other = good;
    other.prefix = {{.call = 0}, {.call = 0}};
    EXPECT_EQ(fault(other, history), "of what came before: a step after completion");
    TestHistory right = history;
    right[1].outcome = 7;
    EXPECT_EQ(fault(good, right), "the blamed response is allowed there");
    TestHistory pending = history;
    pending[1].responded.reset();
    EXPECT_EQ(fault(good, pending), "a response is blamed that there is not");
    const auto hangs = check(QueueModel(), pending);
    ASSERT_TRUE(hangs.violation && hangs.violation->hangs);
    EXPECT_EQ(fault(*hangs.violation, pending), "");
    other = *hangs.violation;
    other.prefix.clear();
    pending.erase(pending.begin());
    other.call = 0;
    other.event = 1;
    EXPECT_EQ(fault(other, pending), "the call that hangs is blocked");
}

}  // namespace
}  // namespace conformance::checker
