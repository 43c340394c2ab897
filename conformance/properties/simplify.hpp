#pragma once
/// \file
/// All simpler scenarios next to one: what a shrinker tries.
///
///     for (const Scenario& simpler : simplifications(scenario)) ...
///
/// Pure.

#include <cstddef>
#include <vector>

#include "spec/scenario/scenario.hpp"

namespace conformance::properties {

/// The boldest first: without a worker, without an object, without half of a worker's calls and so
/// on down to one call or a pair of them, then with fewer rounds, then with simpler arguments. Nothing refers to what is
/// gone. A scenario is never simpler than itself, so that taking one after the other comes to an end.
[[nodiscard]] std::vector<Scenario> simplifications(const Scenario& scenario);

/// Without calls and objects that are of no use any more, and without what refers to nothing.
[[nodiscard]] Scenario tidied(Scenario scenario);

/// The calls that do something, without the starts and joins of workers.
[[nodiscard]] std::size_t number_of_calls(const Scenario& scenario);
/// The workers that make such calls.
[[nodiscard]] std::size_t number_of_workers(const Scenario& scenario);

}  // namespace conformance::properties
