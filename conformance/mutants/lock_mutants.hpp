#pragma once
/// \file
/// Locks that are wrong.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>

#include "conformance/mutants/hidden.hpp"
#include "conformance/mutants/mutant.hpp"
#include "conformance/mutants/worker_liveness.hpp"
#include "freethreading/freethreading.hpp"

namespace conformance::mutants {

namespace ft = freethreading;

class MutantLock : public WithHidden<ft::Lock, Numbers, Tokens> {
    using Base = WithHidden<ft::Lock, Numbers, Tokens>;

  public:
    using Base::Base;
    MutantLock() {
        if (present<"lock_is_made_held", "LOCK-1 DOC-6", "LOCK-*">())
            static_cast<void>(Base::acquire(false));
    }

    [[nodiscard]] bool acquire(bool blocking = true, ft::Timeout timeout = {}) const {
        const bool is_taken = take(blocking, timeout) || inherits();
        if (is_taken) {
            holder() = me();
            free_when_this_thread_ends();
        }
        return is_taken;
    }
    [[nodiscard]] bool acquire(ft::Timeout timeout) const { return acquire(true, timeout); }

    void release() const {
        nobody_holds_it();
        if (present<"lock_release_of_a_free_lock_is_ignored", "LOCK-7 LOCK-15",
                    "LOCK-8 LOCK-13">() &&
            !Base::locked())
            return;
        if (present<"lock_failing_release_takes_the_lock", "LOCK-7", "LOCK-*">() &&
            Base::acquire(false))
            throw ft::RuntimeError("the lock is free");
        if (present<"lock_is_released_by_its_holder_only", "LOCK-8", "LOCK-*">() &&
            Base::locked() && holder() != me())
            throw ft::RuntimeError("another worker holds the lock");
        Base::release();
        if (waiters() > 0 && ++releases % 8 != 0) hidden<Tokens>().release();
    }

    [[nodiscard]] bool locked() const {
        if (present<"lock_locked_speaks_of_its_caller_only", "LOCK-9", "LOCK-*">())
            return Base::locked() && holder() == me();
        if (present<"lock_locked_takes_the_lock_for_a_moment", "LOCK-10", "LOCK-13">()) {
            if (!Base::acquire(false)) return true;
            std::this_thread::yield();  // a moment that others meet also on a busy machine
            Base::release();
            return false;
        }
        return Base::locked();
    }

    void lock() const { static_cast<void>(acquire()); }
    [[nodiscard]] bool try_lock() const { return acquire(false); }
    void unlock() const { release(); }

  private:
    static std::int64_t me() { return static_cast<std::int64_t>(ft::get_ident()); }
    [[nodiscard]] std::atomic<std::int64_t>& holder() const { return hidden<Numbers>().first(); }
    [[nodiscard]] std::atomic<std::int64_t>& waiters() const { return hidden<Numbers>().second(); }
    inline static std::atomic<int> releases{0};

    [[nodiscard]] bool take(bool blocking, ft::Timeout timeout) const {
        const bool looks_once = !blocking && timeout.is_none();
        const bool is_timed = blocking && timeout.nanoseconds() > 0;
        const bool has_no_limit = blocking && timeout.is_none();
        if (present<"lock_acquire_of_a_free_lock_returns_false", "LOCK-1", "LOCK-*">())
            return Base::acquire(blocking, timeout) && false;
        if (present<"lock_try_acquire_of_a_held_lock_returns_true", "LOCK-2", "LOCK-*">() &&
            looks_once)
            return Base::acquire(false) || true;
        if (present<"lock_try_acquire_blocks", "LOCK-2", "LOCK-*">() && looks_once)
            return Base::acquire();
        if (present<"lock_timed_acquire_gives_up_at_half_time", "LOCK-3", "LOCK-*">() && is_timed)
            return Base::acquire(std::chrono::nanoseconds(*timeout.nanoseconds() / 2));
        if (present<"lock_timed_acquire_never_gives_up", "LOCK-3 FAULT-23", "LOCK-*">() && is_timed)
            return Base::acquire();
        if (present<"lock_timed_acquire_that_gives_up_frees_the_lock", "LOCK-3", "LOCK-*">() &&
            is_timed) {
            if (Base::acquire(timeout)) return true;
            if (Base::locked()) Base::release();
            return false;
        }
        if (present<"lock_acquire_with_a_negative_limit_looks_once", "LOCK-4">() && blocking &&
            timeout.is_negative())
            return Base::acquire(false);
        if (present<"lock_acquire_without_limit_gives_up_after_a_while", "LOCK-4", "LOCK-*">() &&
            has_no_limit)
            return Base::acquire(std::chrono::milliseconds(100));
        if (present<"lock_try_acquire_ignores_a_limit", "LOCK-5">() && !blocking &&
            !timeout.is_none())
            return Base::acquire(false);
        if (present<"lock_is_reentrant", "LOCK-6 PROP-1", "LOCK-*">() && Base::locked() &&
            holder() == me())
            return true;
        if (present<"lock_is_taken_in_two_steps", "LOCK-12", "LOCK-*">()) {
            // Two may see that it is free.
            if (Base::locked() && !Base::acquire(blocking, timeout)) return false;
            static_cast<void>(Base::acquire(false));
            return true;
        }
        if (present<"lock_release_wakes_nobody_now_and_then", "LOCK-13", "LOCK-4 LOCK-12">() &&
            has_no_limit) {
            ++waiters();
            while (!Base::acquire(false))
                static_cast<void>(hidden<Tokens>().acquire());
            --waiters();
            return true;
        }
        return Base::acquire(blocking, timeout);
    }

    /// Takes over, once its time is up, what a dead one holds.
    [[nodiscard]] bool inherits() const {
        if (!present<"lock_of_a_dead_holder_is_free", "FAULT-1 LOCK-14", "LOCK-13">()) return false;
        const std::int64_t noted = holder();
        return noted != 0 && Base::locked() && is_gone(noted) && holder() == noted;
    }
    /// Who ends after a release is no dead holder.
    void nobody_holds_it() const {
        if (present<"lock_of_a_dead_holder_is_free", "FAULT-1 LOCK-14", "LOCK-13">()) holder() = 0;
    }

    /// Threads have an end of their own; that of a process is no place to do anything.
    void free_when_this_thread_ends() const {
        if (!present<"lock_is_freed_at_the_end_of_its_holder", "LOCK-14", "LOCK-*", "threading">())
            return;
        struct AtTheEnd {
            const ft::Lock lock;
            ~AtTheEnd() {
                if (lock.locked()) lock.release();
            }
        };
        thread_local std::unique_ptr<AtTheEnd> at_the_end;
        at_the_end.reset(new AtTheEnd{*this});
    }
};

}  // namespace conformance::mutants
