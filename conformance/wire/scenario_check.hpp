#pragma once
/// \file
/// Whether the ids of a scenario fit together. Pure.

#include "spec/scenario/scenario.hpp"

namespace conformance {

/// Throws MalformedMessage if an id is used twice or belongs to nothing.
void check_scenario(const Scenario& scenario);

}  // namespace conformance
