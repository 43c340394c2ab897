#pragma once
/// \file
/// A report of the tiny suite, as the runner would write it, or with a fault.

#include <map>
#include <string>
#include <vector>

#include "conformance/runner/suite_version.hpp"

namespace conformance::runner {

struct ReportText {
    struct Line {
        std::string test{};  ///< "LOCK_1_held_lock_says_so"
        std::string verdict = "pass";
        std::string reason{};
    };
    std::string backend = "threading";
    std::string variant = "plain";
    std::string implementation = "fake";
    int report = 1;  ///< version
    std::string suite{suite_version};
    int all_tests = 8;
    std::vector<Line> lines = all_pass();
    int exit = 0;

    /// All tests, each once.
    [[nodiscard]] static std::vector<Line> all_pass();
    /// The line of requirement LOCK-`number`.
    [[nodiscard]] Line& line(int number) { return lines.at(static_cast<std::size_t>(number - 1)); }

    [[nodiscard]] std::string header() const;
    [[nodiscard]] std::string body() const;  ///< the lines of tests
    [[nodiscard]] std::string footer() const;
    [[nodiscard]] std::string text() const { return header() + body() + footer(); }
};

}  // namespace conformance::runner
