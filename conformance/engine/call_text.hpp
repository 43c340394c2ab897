#pragma once
/// \file
/// Calls and objects in a few words, for people: `Lock#1.acquire(true, 50 ms)`. Pure.

#include <string>

#include "spec/scenario/scenario.hpp"

namespace conformance {

/// `Lock#1`, `worker 2`; nothing for no object.
[[nodiscard]] std::string name_of(const Scenario& scenario, Id object);
/// `50 ms`, `7 ns`, `infinite`, `NaN`; nothing if there is none.
[[nodiscard]] std::string to_string(TimeLimit limit);
/// Long arguments are shortened, as are long values of outcomes.
[[nodiscard]] std::string to_text(const Scenario& scenario, const Call& call);
[[nodiscard]] std::string to_text(const Outcome& outcome);

}  // namespace conformance
