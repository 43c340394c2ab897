#pragma once
/// \file
/// The lock under Lock, RLock and Condition: one word that names its owner, and how often the owner
/// took it. Internal.
///
/// Source: the three-state futex mutex (Drepper, "Futexes Are Tricky", 2011) with the owner's
/// context in the place of "locked". Only one step differs where somebody waits: whoever slept
/// leaves `contended` set, since it cannot know whether others sleep. So no count of sleepers is
/// kept that a killed one could spoil.

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

    /// Blocks until the lock is held or `deadline`; whether it is held.
    [[nodiscard]] bool acquire(Deadline deadline) {
        const ContextId mine = this_context_id();
        std::uint32_t seen = 0;
        if (!word_.compare_exchange(seen, mine) && !acquire_held(mine, seen, deadline))
            return false;
        if (reentrant_) ++depth_;
        return true;
    }
    /// Throws RuntimeError if the lock is free or, being reentrant, somebody else's.
    void release() {
        std::uint32_t seen = this_context_id();
        if (reentrant_ && !undo_one(seen)) return;
        // The common case: mine, and nobody waits.
        if (!word_.compare_exchange(seen, 0)) release_otherwise(seen);
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

    [[nodiscard]] bool acquire_held(ContextId mine, std::uint32_t seen, Deadline deadline);
    [[nodiscard]] bool acquire_slowly(ContextId mine, Deadline deadline);
    [[nodiscard]] bool undo_one(ContextId mine);
    void release_otherwise(std::uint32_t seen);

    Word word_;  // 0: free; otherwise the owner's id, and `contended` if somebody may be asleep
    std::uint32_t depth_ =
        0;  // if reentrant: how often the owner took it; only the owner may touch it
    bool reentrant_;
};

/// What `acquire(blocking, timeout)` means for these locks: a negative time-out is unlimited
/// (GEN-5). Throws ValueError for a time-out of zero or more together with `blocking == false`.
[[nodiscard]] Deadline lock_deadline(bool blocking, Timeout timeout);

}  // namespace freethreading::platform
