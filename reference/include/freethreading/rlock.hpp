#pragma once
/// \file
/// Mutual exclusion that its holder may enter again.
///
///     void countdown(freethreading::RLock rlock, int n) {
///         const std::scoped_lock guard(rlock);
///         if (n > 0) countdown(rlock, n - 1);
///     }
///
/// The holder is a thread of execution. One that ends or is killed leaves the lock held for ever:
/// nobody inherits it. Fulfils RLOCK-6, RLOCK-8, FAULT-2.
///
/// Memory ordering: what a worker did before its last `release` happens before what the next holder
/// does after its first `acquire`.

#include <memory>
#include <utility>

#include "freethreading/platform/owned_lock.hpp"
#include "freethreading/portable_buffer.hpp"
#include "freethreading/timeout.hpp"

namespace freethreading {

/// A handle: copies refer to the same lock, also in other workers. Fulfils GEN-12.
class RLock {
  public:
    /// A free lock. Throws ResourceError if there is no memory for it. Fulfils RLOCK-1.
    RLock() : state_(platform::OwnedLock::make(true)) {}

    /// Takes the lock once more; returns whether it did. At once for the holder, to any depth up to
    /// 4294967295 (then RuntimeError). Others wait as long as `timeout` says; none or negative
    /// means for ever, zero not at all. Without `blocking`, `timeout` must be none. Throws
    /// ValueError for `acquire(false, t)` with t >= 0. Fulfils RLOCK-1, RLOCK-2, RLOCK-3, GEN-4,
    /// GEN-5.
    [[nodiscard]] bool acquire(bool blocking = true, Timeout timeout = {}) const {
        return state_->acquire(platform::lock_deadline(blocking, timeout));
    }
    [[nodiscard]] bool acquire(Timeout timeout) const { return acquire(true, timeout); }

    /// Undoes one `acquire`; the last one frees the lock and lets one waiting worker proceed. Never
    /// blocks. Throws RuntimeError, and changes nothing, unless the caller holds the lock. Fulfils
    /// RLOCK-4, RLOCK-5.
    void release() const { state_->release(); }

    /// For std::scoped_lock and std::unique_lock. Misuse of `unlock` inside their destructors ends
    /// the program; `with` raises instead. Fulfils RLOCK-7.
    void lock() const { static_cast<void>(acquire()); }
    [[nodiscard]] bool try_lock() const { return acquire(false); }
    void unlock() const { release(); }

    /// For transport to another worker.
    explicit RLock(PortableInput& input)
        : state_(platform::OwnedLock::from(input.reference(), true)) {}
    void save(PortableOutput& output) const { output.reference(state_); }

  private:
    friend class Condition;
    explicit RLock(std::shared_ptr<platform::OwnedLock> state) : state_(std::move(state)) {}
    std::shared_ptr<platform::OwnedLock> state_;
};

}  // namespace freethreading
