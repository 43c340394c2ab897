#pragma once
/// \file
/// What a driver says of itself, and the error if it cannot be used.

#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace conformance {

/// What a driver said of itself.
struct Greeting {
    int protocol = 0;
    std::string implementation{};
    std::string version{};
    std::string language{};
    std::vector<std::string> backends{};
    std::set<std::string> capabilities{};
};

/// The driver cannot be used at all: missing, not executable, dies before it greets, speaks another
/// version, or does not offer the backend. `what()` is one sentence that names the rule.
class UnusableDriver : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace conformance
