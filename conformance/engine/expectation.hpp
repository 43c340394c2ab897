#pragma once
/// \file
/// What is known beforehand of a test's verdict.

#include <cstdint>
#include <string>

namespace conformance {

enum class Expected : std::uint8_t {
    success,
    failure,  ///< the test must fail: a success is an error of whoever expects otherwise
    either,   ///< known to be flaky: it may fail, or be left undecided
    wedging   ///< not to be run, since it would wedge the machine
};

struct Expectation {
    Expected outcome = Expected::success;
    std::string reason{};
};

}  // namespace conformance
