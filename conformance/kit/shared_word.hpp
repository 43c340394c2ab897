#pragma once
/// \file
/// A word in shared memory that workers, threads or processes, may sleep on.
///
/// Sequentially consistent, but for the alignment, which says so. Source: futex(2).

#include <atomic>
#include <cstdint>
#include <optional>

namespace conformance::kit {

using SharedWord = std::atomic<std::uint32_t>;
static_assert(SharedWord::is_always_lock_free);

/// Sleeps until somebody wakes, unless the word no longer has the value `seen`. May return without a
/// reason.
void sleep_on(SharedWord& word, std::uint32_t seen,
              std::optional<std::int64_t> nanoseconds = std::nullopt);
void wake_all(SharedWord& word);

}  // namespace conformance::kit
