#pragma once
/// \file
/// How long the random tests are, and from which seed: CHECKER_TEST_HISTORIES, CHECKER_TEST_SEED.

#include <cstdint>
#include <cstdlib>
#include <string>

namespace conformance::checker {

[[nodiscard]] inline std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::stoull(text);
}
[[nodiscard]] inline std::uint64_t test_seed() {
    return setting("CHECKER_TEST_SEED", 20240607);
}
[[nodiscard]] inline std::uint64_t test_histories() {
    return setting("CHECKER_TEST_HISTORIES", 100'000);
}

}  // namespace conformance::checker
