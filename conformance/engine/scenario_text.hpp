#pragma once
/// \file
/// A scenario as C++ that one can paste into a test. Pure.

#include <string>

#include "spec/scenario/scenario.hpp"

namespace conformance {

/// Statements that build the scenario in a ScenarioBuilder named `scenario`.
[[nodiscard]] std::string to_code(const Scenario& scenario);
/// An expression: `7`, `"one"`, `Value()`, `Value(List{7, "one"})`.
[[nodiscard]] std::string to_code(const Value& value);

}  // namespace conformance
