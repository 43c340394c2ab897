#pragma once
/// \file
/// Finds a small scenario that shows the same failure, where a failure shows in some runs only.
///
///     const Shrunk smallest = shrink(failing, fails, {});
///     if (smallest.is_confirmed) print(to_code(smallest.scenario));
///
/// Delta debugging (Zeller and Hildebrandt, TSE 2002) with repeated runs. RapidCheck runs a candidate
/// once, and takes silence for correctness.

#include <chrono>
#include <cstdint>
#include <functional>

#include "spec/scenario/scenario.hpp"

namespace conformance::properties {

/// In seconds. A round that takes longer waits for time limits: not what rounds are for.
inline constexpr double longest_round = 1e-3;

struct ShrinkBudget {
    std::chrono::milliseconds time{60'000};  ///< a run that has begun, a hang say, is not cut short
    int runs_to_measure = 4000;              ///< at most, until the given scenario failed again
    int runs_per_candidate = 400;            ///< at most; fewer where the failure shows often
    /// Once it is small enough, for the rest.
    std::chrono::milliseconds time_when_small{8'000};
    /// With more than that left, candidates are tried again in more runs: parts fail less often than the
    /// whole.
    std::size_t workers_wanted = 3;
    std::size_t calls_wanted = 6;
};

struct Shrunk {
    Scenario scenario{};
    /// Whether it failed again, in fresh runs. If not it is the scenario that was given.
    bool is_confirmed = false;
    int candidates = 0;
    int runs = 0;
};

/// Runs a scenario once, and says whether it fails.
using Attempt = std::function<bool(const Scenario&)>;
/// Whether a failing run of the first scenario fails with the calls of the second alone, a part of it
/// (projection.hpp). Runs nothing; a guess, by which candidates are tried in another order.
using FailsOnPaper = std::function<bool(const Scenario& failing, const Scenario& part)>;

/// Every run is given another seed. Candidates that may get stuck by the
/// model are left out unless the given scenario may as well, or get a time limit where they wait for
/// a signal; those that use a Cell unguarded are left out. A smaller scenario counts only if it fails, and then
/// fails again in other runs. Throws what `fails` and `fails_on_paper` throw.
[[nodiscard]] Shrunk shrink(const Scenario& failing, const Attempt& fails, ShrinkBudget budget,
                            const FailsOnPaper& fails_on_paper = {});

}  // namespace conformance::properties
