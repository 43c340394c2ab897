#pragma once
/// \file
/// All runs of a scenario on its model, in every order of its steps: whether one gets stuck.
///
///     if (may_block(scenario, 10'000) == MayBlock::no) ...  // whoever hangs in it is at fault
///
/// For small scenarios, where chance (model_walk.hpp) is not enough: the orders of 3 workers of 4 calls
/// meet in some hundred positions. Pure.

#include <cstddef>
#include <cstdint>

#include "spec/scenario/scenario.hpp"

namespace conformance::properties {

enum class MayBlock : std::uint8_t { no, yes, unknown };

/// Requires a scenario without rounds, or one that is unrolled. A call with a time limit may give up at
/// any time. Returns `unknown` where more than `most_positions` would have to be looked at.
[[nodiscard]] MayBlock may_block(const Scenario& scenario, std::size_t most_positions);

}  // namespace conformance::properties
