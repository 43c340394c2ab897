#pragma once
/// \file
/// The one thing all synchronisation rests on: a 32-bit atomic word on which a thread can sleep.
/// Internal.
///
/// No other part of the library makes a blocking system call to synchronise, so replacing this
/// class (by a controlled scheduler, say) replaces all waiting. Source: futex(2),
/// `FUTEX_WAIT_BITSET` with an absolute `CLOCK_MONOTONIC` deadline.

#include <atomic>
#include <cstdint>

#include "freethreading/timeout.hpp"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FREETHREADING_THREAD_SANITIZER 1
#endif
#elif defined(__SANITIZE_THREAD__)
#define FREETHREADING_THREAD_SANITIZER 1
#endif

namespace freethreading::platform {

#ifdef FREETHREADING_THREAD_SANITIZER
// A race detector sees one process only. What thread A of this process did before it released a
// word happens before what thread B of this process does after it acquires another one, if a second
// process passed the message on - and that the detector cannot know. So, where workers are
// processes, every release and acquire also goes through one object of this process.
void announce_release();
void announce_acquire();
#else
inline void announce_release() {}
inline void announce_acquire() {}
#endif

/// A word with acquire/release operations and sleeping. Memory ordering: what happens before an
/// operation that writes the word is visible after an operation that reads the written value, in
/// every process.
class Word {
  public:
    constexpr Word() = default;
    constexpr explicit Word(std::uint32_t value) : value_(value) {}
    Word(const Word&) = delete;
    Word& operator=(const Word&) = delete;

    [[nodiscard]] std::uint32_t load() const {
        const auto value = value_.load(std::memory_order_acquire);
        announce_acquire();
        return value;
    }
    void store(std::uint32_t value) {
        announce_release();
        value_.store(value, std::memory_order_release);
    }
    std::uint32_t exchange(std::uint32_t value) {
        announce_release();
        const auto old = value_.exchange(value, std::memory_order_acq_rel);
        announce_acquire();
        return old;
    }
    std::uint32_t fetch_add(std::uint32_t value) {
        announce_release();
        const auto old = value_.fetch_add(value, std::memory_order_acq_rel);
        announce_acquire();
        return old;
    }
    /// On failure `expected` holds the value found.
    bool compare_exchange(std::uint32_t& expected, std::uint32_t desired) {
        announce_release();
        const bool done = value_.compare_exchange_strong(
            expected, desired, std::memory_order_acq_rel, std::memory_order_acquire);
        announce_acquire();
        return done;
    }

    /// Sleeps while the word holds `expected`, until woken or `deadline`. May return for no reason.
    /// False: the deadline has passed.
    bool wait(std::uint32_t expected, Deadline deadline = Deadline::never());
    /// Wakes up to `count` sleepers, in whatever process.
    void wake(int count);
    void wake_all();

  private:
    std::atomic<std::uint32_t> value_ = 0;
};
static_assert(sizeof(Word) == 4 && std::atomic<std::uint32_t>::is_always_lock_free);

}  // namespace freethreading::platform
