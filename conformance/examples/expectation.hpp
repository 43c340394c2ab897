/// What an example must print, read from its `.expected` file: spec/examples/README.md describes
/// them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "program_run.hpp"

namespace freethreading::conformance {

struct Expectation {
    struct Line {
        std::string text;   ///< With its patterns.
        std::string where;  ///< File and line of the expectation.
    };
    struct Order {
        std::size_t earlier;  ///< Indices of lines.
        std::size_t later;
        bool directly;  ///< Nothing may come between them.
    };

    std::vector<Line> output;
    std::vector<Order> orders;
    std::string error_output;
    std::optional<std::string> error_excerpt;  ///< Set: standard error need only contain this.
    int exit_status = 0;
};

/// Reads what is expected on one backend. Throws std::invalid_argument that says what is malformed
/// and where, for either backend, and std::system_error if the file cannot be read.
Expectation read_expectation(const std::filesystem::path& file, std::string_view backend);

/// What is not as expected, a line each; empty if all is.
std::string describe_mismatches(const Expectation& expectation, const ProgramRun& run);

}  // namespace freethreading::conformance
