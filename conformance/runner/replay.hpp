#pragma once
/// \file
/// Runs a scenario that was saved.

#include <filesystem>
#include <ostream>

#include "conformance/engine/test_context.hpp"
#include "conformance/runner/exit_code.hpp"

namespace conformance::runner {

/// Runs it so many times, and writes about the first that does not conform, and how many did. Throws
/// UsageError if the file holds no scenario, and UnusableDriver.
[[nodiscard]] ExitCode replay(TestContext& context, const std::filesystem::path& file, int times,
                              std::ostream& out);

}  // namespace conformance::runner
