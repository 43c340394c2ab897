#pragma once
/// \file
/// Whether the two backends of an implementation do the same. Pure.
///
/// Verdicts are compared and nothing else: the record of a test does not hold the outcomes of its
/// calls. Two backends that both conform may still differ where a requirement leaves a choice.

#include <ostream>
#include <string>
#include <vector>

#include "conformance/runner/requirement_verdict.hpp"

namespace conformance::runner {

/// A requirement on which they differ: the worst of the tests that both could run.
struct Difference {
    std::string requirement{};
    TestRecord threading{};
    TestRecord multiprocessing{};
};

/// Of one variant: a race detector finds what a plain program hides, so variants are not mixed.
struct Comparison {
    std::string variant{};
    std::string only{};  ///< the backend that was run, if the other was not
    int agreeing = 0;    ///< requirements
    /// Requirements that apply to both, but no test of which was judged on both: not run, or not
    /// supported, on one of them.
    int not_compared = 0;
    std::vector<Difference> differences{};
};

/// In the order of the variants' names.
[[nodiscard]] std::vector<Comparison> compare(const std::vector<RequirementVerdict>& verdicts);

/// A line for each difference, and a line that says on how many they agree or why there is nothing
/// to compare.
void print_comparison(std::ostream& out, const Comparison& comparison);

}  // namespace conformance::runner
