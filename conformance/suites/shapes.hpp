#pragma once
/// \file
/// What the suites of the primitives share: time limits, steps that scenarios are made of, and what a
/// test may look at beyond the models.
///
///     shapes::start_blocked(main, waiter);
///     shapes::pause(scenario, main);
///     main.release(lock);
///     const auto run = conform(scenario);
///     shapes::expect_lasted(run, timed, shapes::brief);
///
/// Limits that a correct implementation never reaches are `ample`: reached, they end the scenario
/// instead of hanging it.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/engine/conform.hpp"

namespace conformance::shapes {

inline constexpr TimeLimit at_once = TimeLimit::nanoseconds(0);
inline constexpr TimeLimit brief = TimeLimit::milliseconds(20);
inline constexpr TimeLimit ample = TimeLimit::milliseconds(5000);
inline constexpr std::array negative{TimeLimit::nanoseconds(-1), TimeLimit::milliseconds(-500),
                                     TimeLimit::milliseconds(-100'000)};
/// What a call that should look only once may be given, where a negative limit says so too.
inline constexpr std::array single_look{at_once, negative[0], negative[1], negative[2]};

/// For scenarios without await_blocked, of which only some interleavings show a fault.
inline constexpr Runs races{.times = 200, .perturbation = 30};
inline constexpr Runs some_races{.times = 50, .perturbation = 30};

/// A worker from its beginning to its end.
inline void run_through(Script main, Script worker) {
    main.start(worker);
    main.join(worker);
}
/// Goes on when the worker sleeps.
inline void start_blocked(Script main, Script worker) {
    main.start(worker);
    main.await_blocked(worker);
}
/// A little time: for what should not happen, to happen.
inline void pause(ScenarioBuilder& scenario, Script script) {
    script.wait(scenario.add(Type::Event), brief);
}
/// Non-blocking, and yet with a time limit.
inline Id try_acquire_within(Script script, Id lock, TimeLimit limit) {
    return script.call(lock, Operation::acquire, {false}, limit);
}

/// Another worker looks whether it gets the lock, which it should not.
inline Id another_is_refused(ScenarioBuilder& scenario, Id lock) {
    const Script other = scenario.worker();
    const Id attempt = other.try_acquire(lock);
    run_through(scenario.main(), other);
    return attempt;
}
/// Another worker gets the lock without blocking, and gives it back.
inline Id another_takes(ScenarioBuilder& scenario, Id lock) {
    const Script other = scenario.worker();
    const Id attempt = other.try_acquire(lock);
    other.release(lock);
    run_through(scenario.main(), other);
    return attempt;
}

inline void expect_outcome(const std::optional<Conformed>& run, Id call, const Outcome& expected) {
    if (!run) return;
    EXPECT_TRUE(run->responded(call)) << "call " << call << " is pending";
    EXPECT_EQ(to_string(run->outcome(call)), to_string(expected)) << "call " << call;
}
/// That a call never ended, as the judge has found right.
inline void expect_pending(const std::optional<Conformed>& run, Id call) {
    if (run) EXPECT_FALSE(run->responded(call)) << "call " << call;
}
/// That a call took its time limit, or all but a millisecond of it.
inline void expect_lasted(const std::optional<Conformed>& run, Id call, TimeLimit limit) {
    if (!run) return;
    ASSERT_TRUE(run->responded(call)) << "call " << call << " is pending";
    EXPECT_GE(run->duration(call), limit.count() - 1'000'000) << "call " << call;
}
/// That a call ended only after another had begun.
inline void expect_ends_after_begin(const std::optional<Conformed>& run, Id call, Id other) {
    if (!run) return;
    ASSERT_TRUE(run->responded(call)) << "call " << call << " is pending";
    EXPECT_GE(*run->entry(call).responded, run->entry(other).invoked)
        << "call " << call << " did not wait for call " << other;
}
inline void expect_count(const std::optional<Conformed>& run, const std::vector<Id>& calls,
                         const Outcome& outcome, std::ptrdiff_t expected) {
    if (!run) return;
    EXPECT_EQ(
        std::ranges::count_if(
            calls, [&](Id call) { return run->responded(call) && run->outcome(call) == outcome; }),
        expected)
        << "calls that ended with " << to_string(outcome);
}

/// That one run of many, at least, has the call return `value`. For what is so most of the time, but no
/// single run has to show: a worker that sleeps may do so a moment before it waits where it shall wait.
inline void expect_sooner_or_later(const ScenarioBuilder& scenario, Id call, const Value& value) {
    constexpr int most_runs = 100;
    for (int i = 0; i < most_runs; ++i) {
        const auto run = conform(scenario);
        if (!run || (run->responded(call) && run->outcome(call) == Outcome(value))) return;
    }
    ADD_FAILURE() << "In none of " << most_runs << " runs did it return "
                  << to_string(Outcome(value));
}

/// That no object of this type can be made with any of these as its only argument.
inline void is_no_type_to_make(Type type, const List& arguments) {
    ScenarioBuilder scenario;
    std::vector<Id> attempts;
    for (const Value& argument : arguments)
        attempts.push_back(scenario.main().create(scenario.add(type, List{argument})));
    expect_count(conform(scenario), attempts, ErrorKind::TypeError, std::ssize(attempts));
}

/// That the calls ended with these outcomes, in any order, each as often as it is named.
inline void expect_outcomes(const std::optional<Conformed>& run, const std::vector<Id>& calls,
                            const std::vector<Outcome>& expected) {
    if (!run) return;
    std::multiset<std::string> seen;
    for (const Id call : calls)
        seen.insert(run->responded(call) ? to_string(run->outcome(call)) : "pending");
    std::multiset<std::string> wanted;
    for (const Outcome& outcome : expected)
        wanted.insert(to_string(outcome));
    EXPECT_EQ(seen, wanted);
}

}  // namespace conformance::shapes
