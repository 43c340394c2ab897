#pragma once
/// \file
/// The file of what is known of one implementation on one backend; expectations.schema.json beside it
/// describes the format.
///
///     {"version": 1, "implementation": "my library", "backend": "threading",
///      "failures": [{"id": "BSEM-3", "reason": "the counter is not atomic", "link": "BSEM-3"}],
///      "flaky":    [{"id": "Event.EVENT_7_*", "at_most": 2, "reason": "...", "link": "EVENT-7"}],
///      "wedging":  []}
///
/// An entry names a requirement, which stands for all of its tests, a test, or by `*` several tests, and
/// then at most how many. Each test of `failures` must fail.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "conformance/engine/expectation.hpp"
#include "conformance/engine/requirements.hpp"
#include "conformance/runner/test_index.hpp"

namespace conformance::runner {

struct ExpectationEntry {
    Expected outcome = Expected::failure;
    std::string id{};  ///< as it is written
    int at_most = 0;   ///< 0: none is given
    std::string reason{};
    std::string link{};
    std::vector<std::string> tests{};  ///< for which it stands
};

struct Expectations {
    std::filesystem::path file{};
    std::string implementation{};
    std::string backend{};
    std::vector<ExpectationEntry> entries{};

    [[nodiscard]] std::map<std::string, Expectation> by_test() const;
};

/// Throws SuiteError: for what is no such file, is of another backend, names what does not exist, or a
/// test twice.
[[nodiscard]] Expectations read_expectations(const std::filesystem::path& file,
                                             const std::string& backend,
                                             const Requirements& requirements,
                                             const TestIndex& index);

/// Throws SuiteError if they are of another implementation than this.
void require_implementation(const Expectations& expectations, const std::string& implementation);

}  // namespace conformance::runner
