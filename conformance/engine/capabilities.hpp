#pragma once
/// \file
/// What a scenario needs of a driver (rule 2.4 of the driver protocol). Pure.

#include <optional>
#include <set>
#include <string>

#include "spec/scenario/scenario.hpp"

namespace conformance {

/// Whether the driver lists `name`: "Lock", "Lock.with", "get_ident", "kill".
[[nodiscard]] bool has_capability(const std::set<std::string>& capabilities,
                                  const std::string& name);

/// Everything that the scenario needs, by such names.
[[nodiscard]] std::set<std::string> needs_of(const Scenario& scenario);

/// The first need that is not listed.
[[nodiscard]] std::optional<std::string> missing_capability(
    const Scenario& scenario, const std::set<std::string>& capabilities);

}  // namespace conformance
