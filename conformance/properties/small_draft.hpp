#pragma once
/// \file
/// Scenarios so small that they need no shrinking: up to three workers, a few calls each.
///
///     if (has_small_scenarios(family)) scenario = draft_small(family, choices, true);
///
/// What takes two calls to go wrong shows more often where nobody does anything else: such a scenario runs
/// thousands of times in the time of a few large ones, or goes through as many rounds in one run.

#include "conformance/properties/choices.hpp"
#include "conformance/properties/family.hpp"
#include "spec/scenario/scenario.hpp"

namespace conformance::properties {

/// Not of workers and utilities. Of pools and executors the main worker makes all calls: a few, on one or
/// two short tasks.
[[nodiscard]] bool has_small_scenarios(Family family);

/// At most so many calls has a small scenario, without the starts and joins of workers.
inline constexpr int most_calls_of_small = 8;

/// `has_rounds`: each worker makes its calls `few_rounds` times, until set_rounds says how often. By the models every call
/// can return in every run.
[[nodiscard]] Scenario draft_small(Family family, Choices& choices, bool has_rounds);

}  // namespace conformance::properties
