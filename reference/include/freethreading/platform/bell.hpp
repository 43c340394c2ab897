#pragma once
/// \file
/// A word on which workers sleep until something that a lock guards has changed. Internal.
///
///     transaction.lock(lock_);                      // who waits
///     if (count_ > 0) { ... }
///     seen = items_.load();
///     // unlocked:
///     if (items_.rings_soon(seen)) ...              // look again; else lock, look, and
///     items_.remember_sleepers();
///     seen = items_.load();
///     // unlocked, and with Attention to it:
///     items_.wait(seen, deadline);
///
///     transaction.lock(lock_);                      // who changes it
///     transaction.write(count_, count_ + 1);
///     items_.ring(transaction, 1);
///     transaction.commit();
///
/// The lowest bit says that somebody may be asleep, so that nobody makes a system call for sleepers
/// that are not there; above it stands a number that changes with every ring.
///
/// A sleeper that was woken cannot know whether others sleep too: it has to remember them, and if there
/// is more to be had, to ring for the next.

#include <cstdint>

#include "freethreading/platform/patience.hpp"
#include "freethreading/platform/transaction.hpp"
#include "freethreading/platform/word.hpp"

namespace freethreading::platform {

class Bell : public Word {
  public:
    /// Without the lock, before sleeping: looks for a while whether it rings after `seen` was read.
    [[nodiscard]] bool rings_soon(std::uint32_t seen) const {
        return patiently([&] { return ((load() ^ seen) & ~sleepers) != 0; });
    }

    /// Under the lock: the next one to ring wakes somebody.
    void remember_sleepers() { store(load() | sleepers); }

    /// Under the lock: wakes up to `count` sleepers when the transaction is committed, if there may be
    /// any. The transaction can wake on a few words only (Transaction::wake).
    void ring(Transaction& transaction, int count) {
        const std::uint32_t seen = load();
        if ((seen & sleepers) != 0) transaction.wake(*this, count);
        store((seen + step) & ~sleepers);
    }

  private:
    static constexpr std::uint32_t sleepers = 1;
    static constexpr std::uint32_t step = 2;
};
static_assert(sizeof(Bell) == sizeof(Word));

}  // namespace freethreading::platform
