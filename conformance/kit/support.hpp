#pragma once
/// \file
/// Whether a driver can run a scenario, found out before anything of it runs.

#include <cstddef>
#include <optional>
#include <string>

#include "conformance/kit/capabilities.hpp"
#include "spec/scenario/scenario.hpp"

namespace conformance::kit {

/// What is missing, as the answer `unsupported` names it; nothing if all is there. Throws
/// DriverFault if the scenario is larger than the driver, which has so many lanes.
[[nodiscard]] std::optional<std::string> missing_for(const Scenario& scenario,
                                                     const Capabilities& capabilities,
                                                     std::size_t lanes);

}  // namespace conformance::kit
