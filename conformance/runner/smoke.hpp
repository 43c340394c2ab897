#pragma once
/// \file
/// A handful of checks of a driver, before anybody judges its implementation by it.

#include <string>
#include <vector>

#include "conformance/engine/session.hpp"

namespace conformance::runner {

struct SmokeCheck {
    std::string what{};          ///< that was checked
    std::string fault{};         ///< empty: none
    bool blames_driver = false;  ///< else it may be the implementation's
    bool is_supported = true;
};

/// Some milliseconds, if all is well. Throws UnusableDriver.
[[nodiscard]] std::vector<SmokeCheck> smoke(Session& session);

/// Starts another driver, to see whether it ends as it must.
[[nodiscard]] SmokeCheck smoke_ending(const SessionOptions& options);

}  // namespace conformance::runner
