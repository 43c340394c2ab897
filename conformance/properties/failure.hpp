#pragma once
/// \file
/// A run that does not conform, made small.
///
///     JudgedRun run = run_and_judge(session, scenario);
///     if (is_failure(run)) std::cout << to_code(minimize(session, std::move(run), {}).smallest.scenario);
///
/// A scenario that fails often is shrunk. One that fails seldom, or has many workers or rounds, is not
/// worth that: each step would take as many runs as finding it took. Of such a one small excerpts
/// are tried, once and in rounds, until one of them fails as well; and that is shrunk.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "conformance/engine/judge.hpp"
#include "conformance/engine/session.hpp"
#include "conformance/properties/shrink.hpp"

namespace conformance::properties {

/// A run, and what was found in it.
struct JudgedRun {
    Scenario scenario{};
    RunResult result{};
    Judgement judgement{};
};

/// Throws UnusableDriver, as all below.
[[nodiscard]] JudgedRun run_and_judge(Session& session, Scenario scenario);
/// Whether the implementation, or the driver, is at fault.
[[nodiscard]] bool is_failure(const JudgedRun& run);

struct Failure {
    JudgedRun original{};
    Shrunk shrunk{};
    JudgedRun smallest{};  ///< a failing run of the shrunk scenario
    double seconds_to_find = 0;
    double seconds_to_shrink = 0;
};

/// `original` has failed. The budget's time is that of all that is done.
[[nodiscard]] Failure minimize(Session& session, JudgedRun original, const ShrinkBudget& budget);

/// Aligned workers wait for each other (rule 5.5 of the driver protocol): whether the main worker starts
/// them all before it does anything else that may wait for one.
[[nodiscard]] bool can_be_aligned(const Scenario& scenario);

/// Spinning alone before every call (rule 5.6), as a perturbation.
inline constexpr int jitter = 100;
/// In fewer rounds than that nothing rare shows.
inline constexpr std::int64_t least_rounds = 40;
/// How many rounds fit logs of so many slots, and what is judged within a second.
[[nodiscard]] std::int64_t most_rounds(const Scenario& scenario, int slots);

/// The seed of a run, from which its perturbation and alignment follow as well.
void vary(Scenario& scenario, int run);

/// How often a small scenario is run in search of a failure.
struct Search {
    std::chrono::milliseconds time{150};  ///< of one without rounds
    int runs = 60;                        ///< at most, of one without rounds
    std::chrono::milliseconds time_of_rounds{300};
};

/// Runs a scenario over and over, one with rounds with as many of them as fit the time and the logs.
/// The first run of which `wanted` holds. `wanted` sees every run, and `goes_on` is asked after each.
[[nodiscard]] std::optional<JudgedRun> search(Session& session, const Scenario& scenario,
                                              const Search& limits,
                                              const std::function<bool(const JudgedRun&)>& wanted);

}  // namespace conformance::properties
