#pragma once
/// \file
/// Semaphores that are wrong, bounded ones as well.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "conformance/mutants/hidden.hpp"
#include "conformance/mutants/mutant.hpp"
#include "freethreading/freethreading.hpp"

namespace conformance::mutants {

namespace ft = freethreading;

/// The first number is the count, as far as nobody is in the midst of a call; the second is the bound.
template <class Reference>
class MutantSemaphoreOf : public WithHidden<Reference, Numbers> {
    using Base = WithHidden<Reference, Numbers>;
    static constexpr bool is_bounded = std::is_same_v<Reference, ft::BoundedSemaphore>;

  public:
    using Base::Base;
    explicit MutantSemaphoreOf(ft::Integer value = 1) : Base(altered(value)) {
        count() = value;
        bound() = value;
    }

    [[nodiscard]] bool acquire(bool blocking = true, ft::Timeout timeout = {}) const {
        const bool is_taken = take(blocking, timeout);
        if (is_taken) --count();
        return is_taken;
    }
    [[nodiscard]] bool acquire(ft::Timeout timeout) const { return acquire(true, timeout); }

    void release() const {
        if constexpr (is_bounded) {
            const bool is_full = count() >= bound();
            if (present<"bounded_semaphore_surplus_release_is_ignored",
                        "BSEM-1 BSEM-3 BSEM-4 BSEM-5 DOC-8">() &&
                is_full)
                return;
            if (present<"bounded_semaphore_lets_the_count_exceed_the_bound_by_one", "BSEM-1",
                        "BSEM-*">() &&
                count() == bound()) {
                ++count();
                return;
            }
            if (present<"bounded_semaphore_with_no_tokens_has_no_bound", "BSEM-4">() &&
                bound() == 0)
                return;
            if (present<"bounded_semaphore_failing_release_takes_a_token", "BSEM-1", "BSEM-*">() &&
                is_full)
                static_cast<void>(Base::acquire(false));
        } else {
            if (present<"semaphore_count_stops_at_its_first_value", "SEM-8", "SEM-*">() &&
                count() >= bound())
                return;
            if (present<"semaphore_count_above_the_largest_is_ignored", "SEM-9">() &&
                count() == largest)
                return;
            if (present<"semaphore_is_released_only_by_who_acquired", "SEM-10", "SEM-*">() &&
                last_taker != me())
                throw ft::RuntimeError("another worker took the token");
            if (present<"semaphore_release_adds_two_tokens", "SEM-8", "SEM-*">()) Base::release();
            if (present<"semaphore_loses_every_fourth_token", "SEM-11", "SEM-*">() &&
                ++releases % 4 == 0)
                return;
        }
        ++count();
        Base::release();
    }

    void lock() const { static_cast<void>(acquire()); }
    [[nodiscard]] bool try_lock() const { return acquire(false); }
    void unlock() const { release(); }

  private:
    static constexpr std::int64_t largest = std::numeric_limits<std::int32_t>::max();
    inline static std::atomic<int> releases{0};
    inline static std::atomic<int> acquires{0};
    inline static thread_local std::int64_t last_taker = 0;

    static std::int64_t me() { return static_cast<std::int64_t>(ft::get_ident()); }
    [[nodiscard]] std::atomic<std::int64_t>& count() const {
        return this->template hidden<Numbers>().first();
    }
    [[nodiscard]] std::atomic<std::int64_t>& bound() const {
        return this->template hidden<Numbers>().second();
    }

    static ft::Integer altered(ft::Integer value) {
        if constexpr (!is_bounded) {
            if (present<"semaphore_has_one_token_more", "SEM-1", "SEM-*">() && value >= 0 &&
                value < largest)
                return value + 1;
            if (present<"semaphore_of_a_negative_value_has_no_tokens", "SEM-2">() && value < 0)
                return 0;
            if (present<"semaphore_of_a_value_too_large_has_the_largest", "SEM-3">() &&
                value > largest)
                return largest;
            if (present<"semaphore_of_a_large_value_is_refused", "SEM-3", "SEM-9">() &&
                value > 1'000'000)
                throw ft::ValueError("too many tokens");
        }
        return value;
    }

    [[nodiscard]] bool take(bool blocking, ft::Timeout timeout) const {
        if constexpr (is_bounded) {
            if (present<"bounded_semaphore_grants_a_token_that_is_not_there", "BSEM-4",
                        "BSEM-* SEM-*">() &&
                count() == 0 && bound() == 0 && timeout.is_none())
                return true;
            return Base::acquire(blocking, timeout);
        } else {
            if (present<"semaphore_acquire_takes_two_tokens", "SEM-5", "SEM-*">() &&
                Base::acquire(blocking, timeout))
                return Base::acquire(false) || true;
            if (present<"semaphore_untimed_acquire_gives_up_after_a_while", "SEM-5", "SEM-*">() &&
                blocking && timeout.is_none())
                return Base::acquire(std::chrono::milliseconds(100));
            if (present<"semaphore_acquire_with_a_negative_limit_blocks", "SEM-6", "SEM-*">() &&
                blocking && timeout.is_negative())
                return Base::acquire();
            if (present<"semaphore_acquire_that_gave_up_takes_a_later_token", "SEM-6", "SEM-*">()) {
                if (Base::acquire(blocking, timeout)) {
                    if (owed.exchange(false)) static_cast<void>(Base::acquire(false));
                    return true;
                }
                owed = blocking;
                return false;
            }
            if (present<"semaphore_try_acquire_ignores_a_limit", "SEM-7">() && !blocking &&
                !timeout.is_none())
                return Base::acquire(false);
            if (present<"semaphore_refused_acquire_takes_a_token", "SEM-7">() && !blocking &&
                timeout.nanoseconds() >= 0)
                static_cast<void>(Base::acquire(false));
            if (present<"semaphore_admits_one_more_now_and_then", "SEM-13", "SEM-*">() &&
                ++acquires % 500 == 0)
                return true;
            if (!Base::acquire(blocking, timeout)) return false;
            last_taker = me();
            return true;
        }
    }
    inline static std::atomic<bool> owed{false};
};

using MutantSemaphore = MutantSemaphoreOf<ft::Semaphore>;
using MutantBoundedSemaphore = MutantSemaphoreOf<ft::BoundedSemaphore>;

}  // namespace conformance::mutants
