#pragma once
/// \file
/// RLocks that are wrong.

#include <atomic>
#include <chrono>
#include <cstdint>

#include "conformance/mutants/hidden.hpp"
#include "conformance/mutants/mutant.hpp"
#include "conformance/mutants/worker_liveness.hpp"
#include "freethreading/freethreading.hpp"

namespace conformance::mutants {

namespace ft = freethreading;

class MutantRLock : public WithHidden<ft::RLock, Numbers> {
    using Base = WithHidden<ft::RLock, Numbers>;

  public:
    using Base::Base;
    MutantRLock() = default;

    [[nodiscard]] bool acquire(bool blocking = true, ft::Timeout timeout = {}) const {
        if (!take(blocking, timeout)) return false;
        ++depth();
        owner() = me();
        return true;
    }
    [[nodiscard]] bool acquire(ft::Timeout timeout) const { return acquire(true, timeout); }

    void release() const {
        const bool is_mine = depth() > 0 && owner() == me();
        if (present<"rlock_first_release_frees_every_level", "RLOCK-2", "RLOCK-* COND-*">() &&
            is_mine) {
            for (; depth() > 0; --depth())
                Base::release();
            return;
        }
        if (present<"rlock_release_of_a_free_lock_is_ignored", "RLOCK-4">() && depth() == 0) return;
        if (present<"rlock_release_by_a_stranger_is_ignored", "RLOCK-5", "RLOCK-6 RLOCK-8">() &&
            depth() > 0 && !is_mine)
            return;
        if (is_mine) --depth();
        Base::release();
    }

    void lock() const { static_cast<void>(acquire()); }
    [[nodiscard]] bool try_lock() const { return acquire(false); }
    void unlock() const { release(); }

  private:
    static std::int64_t me() { return static_cast<std::int64_t>(ft::get_ident()); }
    [[nodiscard]] std::atomic<std::int64_t>& owner() const { return hidden<Numbers>().first(); }
    [[nodiscard]] std::atomic<std::int64_t>& depth() const { return hidden<Numbers>().second(); }

    [[nodiscard]] bool take(bool blocking, ft::Timeout timeout) const {
        const bool is_mine = depth() > 0 && owner() == me();
        if (present<"rlock_second_acquire_by_its_owner_returns_false", "RLOCK-1", "RLOCK-*">() &&
            is_mine && !blocking)
            return false;
        if (present<"rlock_third_level_is_refused", "RLOCK-1", "RLOCK-*">() && is_mine &&
            depth() >= 2)
            return false;
        if (present<"rlock_excludes_nobody", "RLOCK-2 RLOCK-6", "RLOCK-*">() && !is_mine &&
            depth() > 0)
            return true;
        if (present<"rlock_try_acquire_blocks", "RLOCK-2", "RLOCK-*">() && !blocking &&
            timeout.is_none())
            return Base::acquire();
        if (present<"rlock_timed_acquire_gives_up_at_half_time", "RLOCK-2", "RLOCK-*">() &&
            blocking && timeout.nanoseconds() > 0)
            return Base::acquire(std::chrono::nanoseconds(*timeout.nanoseconds() / 2));
        if (present<"rlock_untimed_acquire_gives_up_after_a_while", "RLOCK-2", "RLOCK-*">() &&
            blocking && timeout.is_none() && !is_mine)
            return Base::acquire(std::chrono::milliseconds(100));
        if (present<"rlock_acquire_with_a_negative_limit_looks_once", "RLOCK-2">() && blocking &&
            timeout.is_negative())
            return Base::acquire(false);
        if (present<"rlock_try_acquire_by_its_owner_ignores_a_limit", "RLOCK-3">() && !blocking &&
            !timeout.is_none() && is_mine)
            return Base::acquire(false);
        return Base::acquire(blocking, timeout) || inherits(timeout);
    }
    /// Takes over, once its time is up, what a dead one holds.
    [[nodiscard]] bool inherits(ft::Timeout timeout) const {
        return present<"rlock_of_a_dead_owner_is_free", "FAULT-2 RLOCK-8">() &&
               timeout.nanoseconds() > 0 && depth() > 0 && is_gone(owner());
    }
};

}  // namespace conformance::mutants
