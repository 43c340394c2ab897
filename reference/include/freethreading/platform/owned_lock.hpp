#pragma once
/// \file
/// The lock under Lock, RLock and Condition: one word that names its owner, and how often the owner
/// took it. Internal.
///
/// Source: the three-state futex mutex (Drepper, "Futexes Are Tricky", 2011) with the owner's
/// context in the place of "locked". Only one step differs where somebody waits: whoever slept
/// leaves `contended` set, since it cannot know whether others sleep. So no count of sleepers is
/// kept that a killed one could spoil.

#include <atomic>
#include <cstdint>
#include <memory>

#include "freethreading/platform/context.hpp"
#include "freethreading/platform/object.hpp"
#include "freethreading/platform/word.hpp"
#include "freethreading/timeout.hpp"

namespace freethreading::platform {

class Transaction;

class OwnedLock : public Object {
  public:
    explicit OwnedLock(bool reentrant) : reentrant_(reentrant) {}

    /// A new lock of this process's.
    [[nodiscard]] static std::shared_ptr<OwnedLock> make(bool reentrant);
    /// The lock behind a reference. Throws ValueError if it is of the other kind, or no lock.
    [[nodiscard]] static std::shared_ptr<OwnedLock> from(std::shared_ptr<Object> object,
                                                         bool reentrant);

    /// Blocks until the lock is held or `deadline`; whether it is held. Throws RuntimeError if the
    /// owner took it 4294967295 times.
    [[nodiscard]] bool acquire(Deadline deadline) {
        const ContextId mine = this_context_id();
        // Looked at first: an exchange in vain costs as much as one that takes the lock.
        if (reentrant_ && (word_.load() & ~contended) == mine) {
            repeat();
            return true;
        }
        std::uint32_t seen = 0;
        return word_.compare_exchange(seen, mine) || acquire_slowly(mine, deadline);
    }
    /// Throws RuntimeError if the lock is free or, being reentrant, somebody else's.
    void release() {
        const ContextId mine = this_context_id();
        // Whose they are is not known yet; without any there is no need to look.
        if (repetitions_.load(std::memory_order_relaxed) != 0) return undo_repetition(mine);
        std::uint32_t seen = mine;
        // The common case: mine, and nobody waits.
        if (!word_.compare_exchange(seen, 0)) release_otherwise(mine, seen);
    }
    [[nodiscard]] bool held() const { return word_.load() != 0; }
    [[nodiscard]] bool held_by_this_context() const;
    [[nodiscard]] bool reentrant() const { return reentrant_; }

    /// For Condition::wait: frees the lock, and says how often it had been taken. Whoever sleeps is
    /// woken after the commit. Throws RuntimeError if it is not, or no more, this context's: then the
    /// transaction has to be given up.
    [[nodiscard]] std::uint32_t release_all(Transaction& transaction);
    /// Blocks until the lock is held again, as often as before.
    void acquire_again(std::uint32_t depth);

  private:
    static constexpr std::uint32_t contended = 0x8000'0000;

    static constexpr std::uint32_t most_repetitions = 0xffff'fffe;

    void repeat() {
        const std::uint32_t before = repetitions_.load(std::memory_order_relaxed);
        if (before == most_repetitions) reject_repetition();
        repetitions_.store(before + 1, std::memory_order_relaxed);
    }
    void undo_repetition(ContextId mine) {
        const std::uint32_t seen = word_.load();
        if ((seen & ~contended) != mine) return release_otherwise(mine, seen);
        repetitions_.store(repetitions_.load(std::memory_order_relaxed) - 1,
                           std::memory_order_relaxed);
    }
    [[noreturn]] static void reject_repetition();
    [[nodiscard]] bool acquire_slowly(ContextId mine, Deadline deadline);
    void release_otherwise(ContextId mine, std::uint32_t seen);

    Word word_;  // 0: free; otherwise the owner's id, and `contended` if somebody may be asleep
    // If reentrant: how often the owner took it after the first time. Only the owner changes it, and only
    // the owner's look says more than that it may be somebody's; so no order is needed.
    std::atomic<std::uint32_t> repetitions_ = 0;
    bool reentrant_;
};

/// What `acquire(blocking, timeout)` means for these locks: a negative time-out is unlimited
/// (GEN-5). Throws ValueError for a time-out of zero or more together with `blocking == false`.
[[nodiscard]] inline Deadline lock_deadline(bool blocking, Timeout timeout) {
    if (blocking) return timeout.is_negative() ? Deadline::never() : Deadline::after(timeout);
    if (!timeout.is_none() && !timeout.is_negative())
        freethreading::detail::reject_timeout_of_poll();
    return Deadline::at(0);
}

}  // namespace freethreading::platform
