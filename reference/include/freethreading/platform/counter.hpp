#pragma once
/// \file
/// The counter under Semaphore and BoundedSemaphore: one word of tokens and a sign that somebody
/// may be asleep. Internal.
///
/// Whoever takes a token after having slept leaves the sign set and, if tokens are left, wakes one
/// more; so a release wakes one sleeper at most and still none is forgotten. As in OwnedLock, no
/// count of sleepers exists that a killed one could spoil.

#include <cstdint>
#include <memory>

#include "freethreading/platform/object.hpp"
#include "freethreading/platform/patience.hpp"
#include "freethreading/platform/word.hpp"
#include "freethreading/timeout.hpp"

namespace freethreading::platform {

inline constexpr std::int64_t largest_counter_value = 2147483647;

class Counter : public Object {
  public:
    Counter(std::uint32_t value, std::uint32_t limit) : word_(value), limit_(limit) {}

    /// Throws ValueError unless 0 <= value <= 2147483647.
    [[nodiscard]] static std::shared_ptr<Counter> make(std::int64_t value, bool bounded);
    [[nodiscard]] static std::shared_ptr<Counter> from(std::shared_ptr<Object> object);

    /// Blocks until it took a token or `deadline`; whether it took one.
    [[nodiscard]] bool acquire(Deadline deadline) { return take() || acquire_slowly(deadline); }
    /// Adds a token. Throws ValueError, and changes nothing, at the limit.
    void release() {
        // With the sign of sleepers the word is beyond any limit.
        std::uint32_t seen = word_.load();
        while (seen < limit_) {
            if (word_.compare_exchange(seen, seen + 1)) return;
        }
        release_otherwise(seen);
    }

  private:
    static constexpr std::uint32_t sleepers = 0x8000'0000;

    [[nodiscard]] bool take() {
        std::uint32_t seen = word_.load();
        while ((seen & ~sleepers) != 0) {
            if (word_.compare_exchange(seen, seen - 1)) return true;
            // Whoever was outrun leaves the cache line alone for a moment: together they are four times
            // as fast. (A release is not held up: somebody may wait for it.)
            Patience::pause_for(Patience::shortest_pause);
            seen = word_.load();
        }
        return false;
    }
    [[nodiscard]] bool acquire_slowly(Deadline deadline);
    void release_otherwise(std::uint32_t seen);

    Word word_;
    std::uint32_t limit_;
};

/// What `acquire(blocking, timeout)` means for semaphores: a negative time-out is a poll (GEN-5).
/// Throws ValueError for a time-out of zero or more together with `blocking == false`.
[[nodiscard]] inline Deadline counter_deadline(bool blocking, Timeout timeout) {
    if (blocking) return Deadline::after(timeout);
    if (!timeout.is_none() && !timeout.is_negative())
        freethreading::detail::reject_timeout_of_poll();
    return Deadline::at(0);
}

}  // namespace freethreading::platform
