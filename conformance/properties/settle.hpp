#pragma once
/// \file
/// Edits a scenario until no run of it gets stuck, as far as the model shows.
///
///     settle(scenario, seed);
///     stuck_calls(scenario, 30, seed);  // none

#include <cstdint>

#include "spec/scenario/scenario.hpp"

namespace conformance::properties {

/// Gives calls that may block for ever a short time limit, or removes them where they take none.
void settle(Scenario& scenario, std::uint64_t seed);

}  // namespace conformance::properties
