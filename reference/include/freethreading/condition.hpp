#pragma once
/// \file
/// Waiting, inside a guarded block, until another worker says that something changed.
///
///     void consumer(freethreading::Condition condition, freethreading::Queue<int> queue) {
///         const std::scoped_lock guard(condition);
///         condition.wait_for([&] { return !queue.empty(); });
///         std::cout << queue.get();
///     }
///
/// Memory ordering: that of the lock; besides, what the notifier did before `notify` happens before
/// what the woken worker does after its `wait` returned true.

#include <chrono>
#include <cstdint>
#include <memory>

#include "freethreading/lock.hpp"
#include "freethreading/platform/context.hpp"
#include "freethreading/platform/object.hpp"
#include "freethreading/platform/owned_lock.hpp"
#include "freethreading/platform/transaction.hpp"
#include "freethreading/portable_buffer.hpp"
#include "freethreading/rlock.hpp"
#include "freethreading/timeout.hpp"

namespace freethreading {

/// A handle: copies refer to the same condition and lock, also in other workers. Fulfils GEN-12.
class Condition {
  public:
    /// With a reentrant lock of its own. Throws ResourceError if there is no memory. Fulfils
    /// COND-1.
    Condition() : Condition(RLock()) {}
    /// Over a lock that is used elsewhere too, by other conditions perhaps. Nothing but a Lock or
    /// RLock converts. Fulfils COND-2, COND-3, COND-25.
    explicit Condition(const Lock& lock);
    explicit Condition(const RLock& lock);

    /// As for the lock itself: `acquire` returns whether it got it, a negative time-out is
    /// unlimited; `release` throws RuntimeError if nobody holds it. Fulfils COND-4, COND-5, COND-6.
    [[nodiscard]] bool acquire(bool blocking = true, Timeout timeout = {}) const {
        return lock_->acquire(platform::lock_deadline(blocking, timeout));
    }
    [[nodiscard]] bool acquire(Timeout timeout) const { return acquire(true, timeout); }
    void release() const { lock_->release(); }
    void lock() const { static_cast<void>(acquire()); }
    [[nodiscard]] bool try_lock() const { return acquire(false); }
    void unlock() const { release(); }

    /// Frees the lock, whatever its depth, sleeps until notified or `timeout` has passed (none: for
    /// ever; zero or negative: not at all), takes the lock again, as deep as before, however long
    /// that takes, and returns whether it was notified. Never returns true unnotified. Throws
    /// RuntimeError unless the caller holds the lock. Fulfils COND-7, COND-9 to COND-13, COND-18 to
    /// COND-20, COND-26, COND-27.
    bool wait(Timeout timeout = {}) const { return wait_until(Deadline::after(timeout)); }

    /// Waits until `predicate()` is true, or `timeout` has passed in all; returns the predicate's
    /// last value. The predicate runs with the lock held, and what it throws leaves the lock held.
    /// Throws RuntimeError unless the caller holds the lock or the predicate is true at once.
    /// Fulfils COND-8, COND-21 to COND-24.
    template <class Predicate>
    auto wait_for(Predicate predicate, Timeout timeout = {}) const {
        const Deadline deadline = Deadline::after(timeout);
        auto result = predicate();
        while (!result) {
            require_held();
            if (deadline.expired()) break;
            wait_until(deadline);
            result = predicate();
        }
        return result;
    }

    /// Wakes `n` of the workers that wait at this moment, or all if there are fewer; none if n <=
    /// 0. They proceed once the lock is free. A notification that finds nobody is lost. Never
    /// blocks for longer than other calls take on the same condition, also when waiters were
    /// killed. Throws RuntimeError unless the caller holds the lock. Fulfils COND-14 to COND-17,
    /// COND-19, FAULT-4, FAULT-5.
    void notify(std::int64_t n = 1) const;
    void notify_all() const;

    /// For transport to another worker.
    explicit Condition(PortableInput& input);
    void save(PortableOutput& output) const;

  private:
    // Waiters in order of arrival. A waiter's place is in its context, which outlives its process.
    struct State : platform::Object {
        platform::InternalLock lock;
        platform::Context* first = nullptr;
        platform::Context* last = nullptr;
    };
    static void append(platform::Transaction& transaction, State& state, platform::Context& waiter);
    static void remove(platform::Transaction& transaction, State& state, platform::Context& waiter);
    static void waiter_died(platform::Context& dead, void* state);
    void require_held() const;
    void leave_queue(platform::Context& waiter) const;
    bool wait_until(Deadline deadline) const;

    std::shared_ptr<State> state_;
    std::shared_ptr<platform::OwnedLock> lock_;
};

}  // namespace freethreading
