#pragma once
/// \file
/// What a checker for one kind of object finds wrong with a history.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

namespace conformance::checker {

struct Finding {
    std::string_view rule;           ///< the rule that is broken, as a sentence
    std::vector<std::size_t> calls;  ///< the places of those who break it
};

/// The time of what never happened.
inline constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

}  // namespace conformance::checker
