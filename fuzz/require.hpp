#pragma once
/// \file
/// What a fuzz target does when it has found something.
///
///     require(decoded == value, "a value that was encoded is decoded as another");
///
/// Ends the program by SIGABRT, for that is what a fuzzing engine takes for a finding.

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace fuzz {

[[noreturn]] inline void fail(std::string_view what) {
    std::fprintf(stderr, "finding: %.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
}

inline void require(bool holds, std::string_view what) {
    if (!holds) fail(what);
}

}  // namespace fuzz
