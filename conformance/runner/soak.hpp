#pragma once
/// \file
/// Tests over and over, each time from another seed, until the time is up: for hours on machines that
/// are busy with other work.

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "conformance/engine/test_context.hpp"
#include "conformance/runner/exit_code.hpp"
#include "conformance/runner/test_index.hpp"

namespace conformance::runner {

struct SoakOptions {
    double seconds = 0;
    std::uint64_t seed = 0;  ///< from which those of the rounds follow
    double seconds_between_lines = 10;
};

/// The tests that the filter of GoogleTest names, or if it names none, of the stress tests and
/// properties. In this order, again and again.
[[nodiscard]] std::vector<std::string> tests_to_soak(const TestIndex& index);

/// Runs the tests by GoogleTest, whose own output is left out. Writes a line of progress now and then,
/// and each failure as it comes, with its seed; `conform` has saved it. Blocks until the time is up
/// and the present test has ended. Throws SuiteError if there are no tests.
[[nodiscard]] ExitCode soak(TestContext& context, const std::vector<std::string>& tests,
                            const SoakOptions& options, std::ostream& out);

}  // namespace conformance::runner
