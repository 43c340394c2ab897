#pragma once
/// \file
/// Mutual exclusion between workers.
///
///     void critical(freethreading::Lock lock, freethreading::Queue<int> numbers) {
///         const std::scoped_lock guard(lock);
///         numbers.put(numbers.get() + 1);
///     }
///
/// A lock belongs to no worker: whoever holds it, any worker may release it, and a worker that ends
/// or is killed leaves it held. Waiting workers proceed in no particular order. Fulfils LOCK-8,
/// LOCK-13, LOCK-14, FAULT-1.
///
/// Memory ordering: what a worker did before `release` happens before what the next holder does
/// after its `acquire`.

#include <memory>
#include <utility>

#include "freethreading/platform/owned_lock.hpp"
#include "freethreading/portable_buffer.hpp"
#include "freethreading/timeout.hpp"

namespace freethreading {

/// A handle: copies refer to the same lock, also in other workers. Fulfils GEN-12.
class Lock {
  public:
    /// A free lock. Throws ResourceError if there is no memory for it. Fulfils LOCK-1.
    Lock() : state_(platform::OwnedLock::make(false)) {}

    /// Takes the lock; returns whether it did. Not reentrant: the holder's own second call waits
    /// like anybody's. With `blocking`, waits as long as `timeout` says; none or negative means for
    /// ever, zero not at all. Without, `timeout` must be none. Throws ValueError for
    /// `acquire(false, t)` with t >= 0. Fulfils LOCK-1 to LOCK-6, LOCK-12, GEN-4, GEN-5.
    [[nodiscard]] bool acquire(bool blocking = true, Timeout timeout = {}) const {
        return state_->acquire(platform::lock_deadline(blocking, timeout));
    }
    [[nodiscard]] bool acquire(Timeout timeout) const { return acquire(true, timeout); }

    /// Frees the lock and lets one waiting worker proceed. Never blocks. Throws RuntimeError if the
    /// lock is free; of two calls for one `acquire` exactly one succeeds. Fulfils LOCK-7, LOCK-8,
    /// LOCK-15.
    void release() const { state_->release(); }

    /// Whether any worker holds the lock at this moment. Pure observation. Fulfils LOCK-9, LOCK-10.
    [[nodiscard]] bool locked() const { return state_->held(); }

    /// For std::scoped_lock and std::unique_lock. Misuse of `unlock` inside their destructors ends
    /// the program; `with` raises instead.
    void lock() const { static_cast<void>(acquire()); }
    [[nodiscard]] bool try_lock() const { return acquire(false); }
    void unlock() const { release(); }

    /// For transport to another worker.
    explicit Lock(PortableInput& input)
        : state_(platform::OwnedLock::from(input.reference(), false)) {}
    void save(PortableOutput& output) const { output.reference(state_); }

  private:
    friend class Condition;
    explicit Lock(std::shared_ptr<platform::OwnedLock> state) : state_(std::move(state)) {}
    std::shared_ptr<platform::OwnedLock> state_;
};

}  // namespace freethreading
