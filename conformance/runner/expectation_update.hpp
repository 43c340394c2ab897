#pragma once
/// \file
/// What has to change in the file of expectations so that it says what a run has found: a diff that
/// `patch` and `git apply --unidiff-zero` take.
///
///     --- my-library.json
///     +++ my-library.json
///     @@ -7,1 +6,0 @@
///     -    {"id": "BSEM-3", "reason": "the counter is not atomic", "link": "BSEM-3"},
///
/// A new entry has for its reason what was observed, and for its link the requirement: whoever takes it
/// over replaces them by what he knows. Of `flaky` and `wedging` no run can say that they are wrong.

#include <string>
#include <vector>

#include "conformance/engine/test_verdict.hpp"
#include "conformance/runner/expectations.hpp"

namespace conformance::runner {

/// The file as it should be: one entry in a line.
[[nodiscard]] std::string text_of(const Expectations& expectations);

/// Without entries that did not fail, and with those that are missing. `records`: of the tests that were
/// run.
[[nodiscard]] Expectations updated(const Expectations& expectations,
                                   const std::vector<TestRecord>& records, const TestIndex& index);

/// Empty if the texts are equal. `name`: of the file.
[[nodiscard]] std::string difference_of(const std::string& before, const std::string& after,
                                        const std::string& name);

/// The diff from the file as it is, or from none if `expectations` has none, to what it should be.
[[nodiscard]] std::string update_of(const Expectations& expectations,
                                    const std::vector<TestRecord>& records, const TestIndex& index);

}  // namespace conformance::runner
