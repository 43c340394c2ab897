#pragma once
/// \file
/// Small parts of a scenario, picked at random, which may show the same fault.
///
///     for (std::uint64_t seed = 0; !found; ++seed)
///         found = search(session, excerpt(failing, seed, {}), ...);
///
/// Pure.

#include <cstdint>
#include <optional>

#include "spec/scenario/scenario.hpp"

namespace conformance::properties {

inline constexpr int most_workers_of_excerpt = 3;
inline constexpr int most_calls_of_excerpt = 6;

/// The same calls in rounds, where calls that seldom meet have more chances; nothing if it has rounds already, or
/// cannot have any. By the model it does not get stuck.
[[nodiscard]] std::optional<Scenario> in_rounds(const Scenario& scenario, std::uint64_t seed);

/// Some workers with some of their calls, in their order; half of the time, if it can be, with rounds,
/// and else without. By the model it does not get stuck. It may have no calls at all.
[[nodiscard]] Scenario excerpt(const Scenario& scenario, std::uint64_t seed);

}  // namespace conformance::properties
