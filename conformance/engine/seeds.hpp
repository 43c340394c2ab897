#pragma once
/// \file
/// One root seed, from which all others follow.
///
///     scenario.seed = child_seed(root, "Lock.LOCK_1_excludes", 3);

#include <cstdint>
#include <string_view>

#include "spec/scenario/value.hpp"

namespace conformance {

/// Of 53 bits, which every language that reads JSON can hold.
[[nodiscard]] constexpr std::uint64_t child_seed(std::uint64_t root, std::string_view test,
                                                 std::uint64_t iteration) {
    std::uint64_t hash = root;
    for (const char c : test)
        hash = hash_of_both(hash, static_cast<unsigned char>(c));
    return hash_of_both(hash, iteration) >> 11;
}

}  // namespace conformance
