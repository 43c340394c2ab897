#pragma once
/// \file
/// Random scenarios, by RapidCheck.
///
///     const Scenario scenario = generate(Family::lock, child_seed(root, test, i), 40);
///
/// The same arguments give the same scenario. Blocks for milliseconds at most.

#include <cstdint>

#include "conformance/properties/family.hpp"
#include "spec/scenario/scenario.hpp"

namespace conformance::properties {

/// A scenario of 1 to 4 workers with up to a dozen calls each. `size` from 0 to 100: the larger, the
/// more calls. By the models every call can return in every run, but for one scenario of about thirty
/// that may get stuck on purpose.
[[nodiscard]] Scenario generate(Family family, std::uint64_t seed, int size);

/// A scenario of 1 to 3 workers with a few calls in all (small_draft.hpp), which needs no shrinking.
/// `has_rounds`: each worker repeats its calls; set_rounds says how often. By the models every call can
/// return in every run. Of families that have_small_scenarios.
[[nodiscard]] Scenario generate_small(Family family, std::uint64_t seed, bool has_rounds);

}  // namespace conformance::properties
