#pragma once
/// \file
/// Why a driver cannot do its part (rules 3.5 and 3.6), as opposed to what its implementation does.

#include <exception>
#include <stdexcept>

namespace conformance::kit {

/// The driver, or the scenario, is at fault.
class DriverFault : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The implementation does not have it; `what()` names it as a capability is named.
class Unsupported : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The call does not compile with such arguments, which counts as TypeError (rule 5.20).
class RejectedByCompiler : public std::exception {
  public:
    [[nodiscard]] const char* what() const noexcept override {
        return "it does not compile with such arguments";
    }
};

}  // namespace conformance::kit
