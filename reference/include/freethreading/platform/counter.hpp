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
    [[nodiscard]] bool acquire(Deadline deadline);
    /// Adds a token. Throws ValueError, and changes nothing, at the limit.
    void release();

  private:
    Word word_;
    std::uint32_t limit_;
};

/// What `acquire(blocking, timeout)` means for semaphores: a negative time-out is a poll (GEN-5).
/// Throws ValueError for a time-out of zero or more together with `blocking == false`.
[[nodiscard]] Deadline counter_deadline(bool blocking, Timeout timeout);

}  // namespace freethreading::platform
