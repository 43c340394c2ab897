#pragma once
/// \file
/// `--merge` and `--compare`: reads reports, says what they come to, and writes what was asked for.

#include "conformance/runner/exit_code.hpp"
#include "conformance/runner/options.hpp"
#include "conformance/runner/test_index.hpp"

namespace conformance::runner {

/// Throws UsageError and ReportError. Nothing is written unless all reports can be read.
[[nodiscard]] ExitCode judge_reports(const Options& options, const Requirements& requirements,
                                     const TestIndex& index);

}  // namespace conformance::runner
