#pragma once
/// \file
/// The command line of freethreading-conformance.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "conformance/runner/command_words.hpp"

namespace conformance::runner {

struct Options {
    std::string driver{};
    std::string backend = "threading";
    std::string variant{};
    std::filesystem::path report{};
    std::filesystem::path replay{};
    std::vector<std::filesystem::path> merge{};
    std::vector<std::filesystem::path> compare{};
    std::vector<std::filesystem::path> earlier{};  ///< reports of an earlier run
    std::filesystem::path mutants{};               ///< what kill_matrix.py found out, for the page
    std::filesystem::path page{};
    std::filesystem::path junit{};
    std::filesystem::path markdown{};
    std::filesystem::path badge{};
    int times = 1;
    std::filesystem::path init{};
    std::string language = "cpp";  ///< of what `init` writes
    bool list_requirements = false;
    bool smoke = false;
    bool no_stacks = false;
    bool outcomes = false;
    bool ctest = false;  ///< tells it of tests that came to no verdict
    double time_scale = 1;
    double effort = 1;
    double duration = 0;  ///< 0: the tests are run once
    std::uint64_t seed = 0;
    std::filesystem::path requirements{};
    std::filesystem::path expectations{};
    bool update_expectations = false;
    std::filesystem::path save{};
};

/// Reads what GoogleTest has left of the command line. Returns nothing after `--help`, which it has
/// printed. Throws UsageError; if nothing says what to judge, only if `judges`.
[[nodiscard]] std::optional<Options> parse_options(int argc, char** argv, bool judges);

}  // namespace conformance::runner
