#pragma once
/// \file
/// A few calls on a pool or executor and on what they result in, over and over: what rounds are for other
/// families. Each time there are other results, so that the models can tell them apart.
///
///     if (has_series(family)) scenario = draft_series(family, choices);
///
/// What takes a task that begins just now to go wrong shows seldom in a run that makes one task.

#include "conformance/properties/choices.hpp"
#include "conformance/properties/family.hpp"
#include "spec/scenario/scenario.hpp"

namespace conformance::properties {

[[nodiscard]] bool has_series(Family family);

/// The same calls of the main worker so many times.
inline constexpr int times_in_series = 40;
/// Calls that are made each time, at most.
inline constexpr int most_calls_of_series = 7;

/// By the models every call can return in every run.
[[nodiscard]] Scenario draft_series(Family family, Choices& choices);

}  // namespace conformance::properties
