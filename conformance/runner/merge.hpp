#pragma once
/// \file
/// Several reports of one implementation as one: of its backends and variants, or of parts of the
/// tests. Only here is it judged whether every requirement has its verdict. Pure.

#include <string>
#include <vector>

#include "conformance/engine/greeting.hpp"
#include "conformance/runner/compare.hpp"
#include "conformance/runner/report_reading.hpp"
#include "conformance/runner/test_index.hpp"

namespace conformance::runner {

/// What is wrong beside the verdicts of tests.
struct Problem {
    ExitCode code = ExitCode::conforms;  ///< that it leads to
    std::string sentence{};
};

struct Merged {
    Greeting implementation{};
    std::vector<RunReport> reports{};
    /// In the order of the requirements, then of variants and backends. A requirement that does not
    /// apply to a backend has none there.
    std::vector<RequirementVerdict> verdicts{};
    std::vector<Comparison> comparisons{};
    std::vector<Problem> problems{};
    /// Tests that occur again. The worst counts, so that nobody mends a failure by repeating the test.
    int repetitions = 0;
    ExitCode code = ExitCode::conforms;
};

/// `index`: a requirement has its verdict when all its tests have. Throws ReportError for reports of
/// different implementations.
[[nodiscard]] Merged merge(std::vector<RunReport> reports, const Requirements& requirements,
                           const TestIndex& index);

}  // namespace conformance::runner
