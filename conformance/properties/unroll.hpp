#pragma once
/// \file
/// A scenario with rounds, written out as one without: for the models, which know of no rounds.
///
///     for (const Id call : stuck_calls(unrolled(scenario, 4), runs, seed))
///         limit(call_before_unrolling(scenario, call));
///
/// Pure.

#include <cstdint>

#include "spec/scenario/scenario.hpp"

namespace conformance::properties {

/// How many rounds a scenario has before somebody sets them: more than the models walk through.
inline constexpr std::int64_t few_rounds = 8;

/// Each worker makes the calls of its first `most_rounds` rounds, or of fewer if it has fewer.
[[nodiscard]] Scenario unrolled(const Scenario& scenario, std::int64_t most_rounds);

/// The call of `scenario` from which a call of the unrolled one comes.
[[nodiscard]] Id call_before_unrolling(const Scenario& scenario, Id call);

/// How many rounds the worker with the most of them makes.
[[nodiscard]] std::int64_t number_of_rounds(const Scenario& scenario);

/// Every worker that repeats its calls makes so many rounds instead.
void set_rounds(Scenario& scenario, std::int64_t rounds);

}  // namespace conformance::properties
