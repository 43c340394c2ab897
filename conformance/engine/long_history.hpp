#pragma once
/// \file
/// What of a long history is worth showing, and who judges it.
///
///     if (models_can_judge(scenario, history)) ...
///     for (const std::size_t place : places_around(history, {guilty})) show(history.entries[place]);
///
/// Pure.

#include <cstddef>
#include <vector>

#include "spec/scenario/history.hpp"

namespace conformance {

/// Whether the models can judge a history of rounds within seconds: few workers made it, so that few
/// calls are open at a time, nobody was killed, of whose last call nobody knows what became, and calls
/// made few objects, of which there is one for each round.
[[nodiscard]] bool models_can_judge(const Scenario& scenario, const History& history);

/// Of each worker its life and the calls just before and after the last of `entries`; the last ones
/// of all if there are none. In ascending order.
[[nodiscard]] std::vector<std::size_t> places_around(const History& history,
                                                     const std::vector<std::size_t>& entries);

}  // namespace conformance
