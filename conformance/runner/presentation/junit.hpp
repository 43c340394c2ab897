#pragma once
/// \file
/// Results as JUnit XML, which continuous integration reads: a suite for each column, a case for each
/// test, and a suite for what is wrong beside the tests. Pure.

#include <string>

#include "conformance/runner/presentation/presentation.hpp"

namespace conformance::runner {

/// Nobody takes a test for passed of which that is not known: what is inconclusive or was not run is an
/// error. What is unsupported, and failures that are expected, were skipped.
[[nodiscard]] std::string junit_xml(const Presentation& presentation);

}  // namespace conformance::runner
