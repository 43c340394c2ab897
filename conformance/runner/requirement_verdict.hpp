#pragma once
/// \file
/// What comes of a requirement on one backend and in one variant: the worst that its tests found.

#include <map>
#include <string>

#include "conformance/engine/requirements.hpp"
#include "conformance/engine/test_verdict.hpp"

namespace conformance::runner {

/// The engine's order, but for `not run`: a test begins with that and leaves it at once, so there it is
/// the least; of a requirement it means that nobody knows, which is worse than `unsupported`.
[[nodiscard]] constexpr bool is_worse(TestVerdict one, TestVerdict other) {
    constexpr auto rank = [](TestVerdict verdict) {
        return verdict == TestVerdict::not_run ? 2 * static_cast<int>(TestVerdict::unsupported) + 1
                                               : 2 * static_cast<int>(verdict);
    };
    return rank(one) > rank(other);
}

struct RequirementVerdict {
    std::string requirement{};
    Level level = Level::required;
    std::string backend{};
    std::string variant{};
    std::map<std::string, TestRecord> tests{};  ///< by name; `not run` where no report has it
    TestRecord worst{};
};

}  // namespace conformance::runner
