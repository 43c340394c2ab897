#pragma once
/// \file
/// What a generated scenario is about.

#include <array>
#include <cstdint>
#include <string_view>

namespace conformance::properties {

enum class Family : std::uint8_t {
    lock,
    rlock,
    semaphore,
    bounded_semaphore,
    condition,
    event,
    barrier,
    queue,
    simple_queue,
    worker,
    worker_pool,
    worker_pool_executor,
    utilities,
    mixed,      ///< objects of several types, locks nested
    sequential  ///< one call after the other, of which the model foretells every outcome
};

inline constexpr std::array<std::string_view, 15> family_names{
    "lock",         "rlock",  "semaphore",   "bounded_semaphore",
    "condition",    "event",  "barrier",     "queue",
    "simple_queue", "worker", "worker_pool", "worker_pool_executor",
    "utilities",    "mixed",  "sequential"};

[[nodiscard]] constexpr std::string_view to_string(Family family) {
    return family_names[static_cast<std::size_t>(family)];
}

}  // namespace conformance::properties
