#pragma once
/// \file
/// Conditions that are wrong.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

#include "conformance/mutants/hidden.hpp"
#include "conformance/mutants/lock_mutants.hpp"
#include "conformance/mutants/mutant.hpp"
#include "conformance/mutants/rlock_mutants.hpp"
#include "freethreading/freethreading.hpp"

namespace conformance::mutants {

namespace ft = freethreading;

struct Signals : Tokens {
    using Tokens::Tokens;
};
struct Acknowledgements : Tokens {
    using Tokens::Tokens;
};

/// The numbers: how many wait, and how many notifications nobody has got.
class MutantCondition : public WithHidden<ft::Condition, Numbers, Signals, Acknowledgements> {
    using Base = WithHidden<ft::Condition, Numbers, Signals, Acknowledgements>;

  public:
    using Base::Base;
    MutantCondition()
        : Base(present<"condition_has_a_lock_that_is_not_reentrant", "COND-1", "COND-*">()
                   ? Base(ft::Lock())
                   : Base(own_lock())) {}
    explicit MutantCondition(const ft::Lock& lock)
        : Base(present<"condition_over_a_lock_has_a_lock_of_its_own", "COND-2", "COND-*">()
                   ? ft::Lock()
                   : lock) {}
    explicit MutantCondition(const ft::RLock& lock) : Base(lock) {}

    [[nodiscard]] bool acquire(bool blocking = true, ft::Timeout timeout = {}) const {
        if (present<"condition_acquire_with_a_negative_limit_looks_once", "COND-4">() && blocking &&
            timeout.is_negative())
            return Base::acquire(false);
        if (present<"condition_try_acquire_ignores_a_limit", "COND-5">() && !blocking &&
            !timeout.is_none())
            return Base::acquire(false);
        return Base::acquire(blocking, timeout);
    }
    [[nodiscard]] bool acquire(ft::Timeout timeout) const { return acquire(true, timeout); }

    void release() const {
        if (present<"condition_release_of_a_free_lock_is_ignored", "COND-6">()) {
            try {
                return Base::release();
            } catch (const ft::RuntimeError&) {
                return;
            }
        }
        Base::release();
    }
    void lock() const { static_cast<void>(acquire()); }
    [[nodiscard]] bool try_lock() const { return acquire(false); }
    void unlock() const { release(); }

    bool wait(ft::Timeout timeout = {}) const {
        if (present<"condition_wait_by_a_stranger_returns", "COND-9 COND-10 COND-27", "COND-*">()) {
            try {
                Base::notify(0);
            } catch (const ft::RuntimeError&) {
                return false;
            }
        }
        if (present<"condition_wait_adds_a_level", "COND-20", "COND-*">()) {
            const bool was_woken = Base::wait(timeout);
            static_cast<void>(Base::acquire(false));
            return was_woken;
        }
        if (present<"condition_wait_that_gives_up_does_not_wait_for_the_lock", "COND-13",
                    "COND-*">() &&
            timeout.nanoseconds() > 0) {
            Base::notify(0);
            Base::release();
            static_cast<void>(ft::Event().wait(timeout));
            static_cast<void>(Base::acquire(false));
            return false;
        }
        if (present<"condition_waiter_that_gave_up_takes_a_notification", "COND-19", "COND-*">()) {
            const bool was_woken = Base::wait(timeout);
            if (!was_woken) ++spare();
            return was_woken;
        }
        const bool is_timed = timeout.nanoseconds() > 0;
        if (present<"condition_wait_without_time_needs_no_lock", "COND-7",
                    "COND-9 COND-10 COND-27">() &&
            !timeout.is_none() && !is_timed)
            return false;
        if (present<"condition_wait_that_gives_up_returns_true", "COND-12 COND-26", "COND-*">() &&
            !timeout.is_none())
            return Base::wait(timeout) || true;
        if (present<"condition_wait_gives_up_at_half_time", "COND-12", "COND-*">() && is_timed &&
            timeout.nanoseconds())
            return Base::wait(std::chrono::nanoseconds(*timeout.nanoseconds() / 2));
        if (present<"condition_wait_with_a_negative_limit_blocks", "COND-12", "COND-7">() &&
            timeout.is_negative() && !timeout.is_none())
            return Base::wait();
        if (present<"condition_wait_wakes_by_itself_after_a_while", "COND-26", "COND-*">() &&
            timeout.is_none())
            return Base::wait(std::chrono::milliseconds(50)) || true;
        if (present<"condition_remembers_a_notification_that_nobody_waits_for", "COND-15 COND-25",
                    "COND-*">() &&
            spare() > 0) {
            Base::notify(0);
            --spare();
            return true;
        }
        if (signals_are_acknowledged()) return wait_for_signal(timeout);
        const Presence presence(waiting());
        return Base::wait(timeout);
    }

    template <class Predicate>
    auto wait_for(Predicate predicate, ft::Timeout timeout = {}) const {
        if (present<"condition_wait_for_without_time_does_not_look", "COND-23", "COND-*">() &&
            has_no_time(timeout)) {
            Base::notify(0);
            return decltype(predicate())(false);
        }
        if (present<"condition_wait_for_looks_only_after_it_has_waited", "COND-8", "COND-*">()) {
            static_cast<void>(Base::wait(timeout));
            return predicate();
        }
        if (present<"condition_wait_for_starts_its_time_again_with_every_notification",
                    "COND-22">()) {
            auto result = predicate();
            while (!result && wait(timeout))
                result = predicate();
            return result ? result : predicate();
        }
        if (present<"condition_wait_for_returns_true_when_it_gives_up", "COND-21", "COND-*">()) {
            using Result = decltype(predicate());
            static_cast<void>(Base::wait_for(predicate, timeout));
            return Result(true);
        }
        if (present<"condition_wait_for_looks_without_the_lock", "COND-24", "COND-*">()) {
            return Base::wait_for(
                [&] {
                    Base::release();
                    auto result = predicate();
                    static_cast<void>(Base::acquire());
                    return result;
                },
                timeout);
        }
        return Base::wait_for(predicate, timeout);
    }

    void notify(std::int64_t n = 1) const {
        if (present<"condition_notify_of_none_needs_no_lock", "COND-7",
                    "COND-9 COND-10 COND-27">() &&
            n <= 0)
            return;
        if (present<"condition_notify_of_a_negative_number_wakes_all", "COND-14">() && n < 0)
            return Base::notify_all();
        if (present<"condition_notify_wakes_one_too_many", "COND-14", "COND-*">() && n > 0)
            return Base::notify(n + 1);
        if (present<"condition_notify_wakes_one_however_many_are_wanted", "COND-14", "COND-*">() &&
            n > 1)
            return Base::notify(1);
        if (present<"condition_every_third_notification_is_lost", "COND-14 COND-11 COND-18",
                    "COND-*">() &&
            n == 1 && ++notifications % 3 == 0)
            return Base::notify(0);
        if (present<"condition_notify_of_one_is_lost", "COND-14 DOC-7", "COND-* DOC-*">() && n == 1)
            return Base::notify(0);
        if (present<"condition_notify_by_a_stranger_is_ignored", "COND-9 COND-10 COND-27",
                    "COND-*">()) {
            try {
                return Base::notify(n);
            } catch (const ft::RuntimeError&) {
                return;
            }
        }
        if (present<"condition_waiter_that_gave_up_takes_a_notification", "COND-19", "COND-*">() &&
            spare() > 0 && n > 0) {
            --spare();
            return Base::notify(n - 1);
        }
        Base::notify(n);
        if (present<"condition_notify_lends_the_lock_to_those_it_wakes", "COND-17", "COND-*">()) {
            Base::release();
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            static_cast<void>(Base::acquire());
        }
        if (signals_are_acknowledged()) return signal(n);
        if (waiting() < n) spare() = n;
    }
    void notify_all() const {
        if (present<"condition_notify_all_wakes_two_at_most", "COND-16", "COND-*">())
            return Base::notify(2);
        Base::notify_all();
        if (signals_are_acknowledged()) signal(waiting());
    }

  private:
    inline static std::atomic<int> notifications{0};

    static ft::RLock own_lock() { return ft::RLock(); }
    [[nodiscard]] std::atomic<std::int64_t>& waiting() const { return hidden<Numbers>().first(); }
    [[nodiscard]] std::atomic<std::int64_t>& spare() const { return hidden<Numbers>().second(); }

    /// With signals, each of which its receiver acknowledges.
    bool wait_for_signal(ft::Timeout timeout) const {
        Base::notify(0);  // refuses a caller that does not hold the lock
        ++waiting();
        Base::release();
        const bool was_woken = hidden<Signals>().acquire(timeout);
        if (was_woken) hidden<Acknowledgements>().release();
        static_cast<void>(Base::acquire());
        if (!was_woken) --waiting();
        return was_woken;
    }
    void signal(std::int64_t n) const {
        for (; n > 0 && waiting() > 0; --n) {
            --waiting();
            hidden<Signals>().release();
            static_cast<void>(hidden<Acknowledgements>().acquire());
        }
    }
    static bool signals_are_acknowledged() {
        return present<"condition_notify_waits_for_those_it_wakes", "FAULT-4 FAULT-5", "COND-*",
                       "multiprocessing">();
    }
};

}  // namespace conformance::mutants
