#pragma once
/// \file
/// The end of a run: what it comes to, in a few lines.

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/engine/greeting.hpp"
#include "conformance/runner/report.hpp"

namespace conformance::runner {

struct Summary {
    Counts counts{};
    ExitCode code = ExitCode::conforms;
};

/// "does not conform", say: what a run that ends so comes to.
[[nodiscard]] std::string_view conclusion(ExitCode code);

/// `to_run`: how many tests were to be run. `faults`: of the suite itself.
[[nodiscard]] Summary summarize(const std::vector<TestRecord>& records, int to_run,
                                const std::vector<std::string>& faults);

/// Counts, and every test that needs attention.
void print_summary(std::ostream& out, const Summary& summary,
                   const std::vector<TestRecord>& records, int to_run,
                   const std::vector<std::string>& faults);

}  // namespace conformance::runner
