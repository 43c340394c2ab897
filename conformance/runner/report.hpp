#pragma once
/// \file
/// The results as lines of JSON: a header, a line per test (in a merged report: per requirement,
/// variant and backend), the comparison of the backends, a footer. Without the footer they are
/// incomplete.

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "conformance/engine/greeting.hpp"
#include "conformance/engine/test_verdict.hpp"
#include "conformance/runner/exit_code.hpp"
#include "conformance/runner/suite_version.hpp"

namespace conformance::runner {

struct Merged;

using Counts = std::array<int, number_of_verdicts>;

class Report {
  public:
    struct Header {
        std::string suite{suite_version};
        std::string driver{};
        std::string backend{};
        std::string variant{};
        Greeting greeting{};
        std::uint64_t seed = 0;
        double time_scale = 1;
        double effort = 1;
        int all_tests = 0;  ///< of the suite
    };
    /// With an empty path nothing is written. Throws UsageError if the file cannot be made.
    Report(const std::filesystem::path& file, Header header);

    /// The first time it writes the header. `tests`: how many are to be run.
    void begin(int tests);
    /// Written through at once, so that it is there if this program dies. Where that fails a sentence on standard
    /// error says so at once, and the tests go on.
    void add(const TestRecord& record);
    /// Before the footer comes the comparison of the backends: only one was run. Throws UsageError if something could
    /// not be written, this or what came before.
    void finish(const Counts& counts, ExitCode code);

  private:
    [[nodiscard]] std::string complaint() const;
    void write(const std::string& lines);

    std::filesystem::path path_;
    std::ofstream file_;
    Header header_;
    bool has_begun_ = false;
};

/// Throws UsageError if the file cannot be written.
void write_merged_report(const std::filesystem::path& file, const Merged& merged);

}  // namespace conformance::runner
