#pragma once
/// \file
/// Random runs of a scenario on its model, with no implementation: whether it can get stuck.
///
///     std::mt19937_64 random(seed);
///     const Walk run = walk(scenario, random);
///     if (!run.pending.empty()) ...  // these calls blocked for ever, in this run
///
/// Pure but for the random numbers.

#include <cstdint>
#include <random>
#include <vector>

#include "spec/scenario/scenario.hpp"

namespace conformance::properties {

struct Walk {
    std::vector<Id> pending{};    ///< calls that never return
    std::vector<Id> ambiguous{};  ///< calls that may have come to something else at their time
};

/// One run in a random order. A call with a time limit gives up where nobody else can go on, and
/// sometimes before.
[[nodiscard]] Walk walk(const Scenario& scenario, std::mt19937_64& random);

/// The calls that were pending at the end of the first of `runs` runs that got stuck. Of a scenario
/// with rounds the first few are walked.
[[nodiscard]] std::vector<Id> stuck_calls(const Scenario& scenario, int runs, std::uint64_t seed);

}  // namespace conformance::properties
