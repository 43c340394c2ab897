#pragma once
/// \file
/// Reads what report.hpp writes of a run.

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <vector>

#include "conformance/runner/report.hpp"

namespace conformance::runner {

/// Reports that nobody can make anything of; `what()` is one sentence. Nothing is said of the
/// implementation: the exit status is that of an error of the suite.
class ReportError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The report of one process.
struct RunReport {
    std::filesystem::path file{};
    bool has_begun = false;  ///< else the process ended before it wrote the header
    Report::Header header{};
    int tests = 0;  ///< to be run
    std::vector<TestRecord> records{};
    std::optional<ExitCode> exit{};  ///< none: it has no footer
};

/// Throws UsageError if the file cannot be read, and ReportError for what the runner never writes: a
/// malformed line, another version, a footer that contradicts the lines before it, a merged report. A
/// last line that breaks off is none of these: its writer was killed.
[[nodiscard]] RunReport read_report(const std::filesystem::path& file);

}  // namespace conformance::runner
