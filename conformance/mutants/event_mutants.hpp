#pragma once
/// \file
/// Events that are wrong.

#include <atomic>
#include <chrono>
#include <thread>

#include "conformance/mutants/hidden.hpp"
#include "conformance/mutants/mutant.hpp"
#include "freethreading/freethreading.hpp"

namespace conformance::mutants {

namespace ft = freethreading;

/// The first number: how many wait, or whether it is set.
class MutantEvent : public WithHidden<ft::Event, Numbers> {
    using Base = WithHidden<ft::Event, Numbers>;

  public:
    using Base::Base;
    MutantEvent() {
        if (present<"event_is_made_set", "EVENT-1", "EVENT-*">()) Base::set();
    }

    void set() const {
        if (present<"event_set_twice_is_clear", "EVENT-2", "EVENT-*">() && Base::is_set())
            return Base::clear();
        Base::set();
        if (present<"race_in_event_wait", "RACE-1">())
            hidden<Numbers>().first().store(1, std::memory_order_relaxed);
        if (present<"event_set_waits_until_those_it_wakes_have_gone", "FAULT-6", "EVENT-*",
                    "multiprocessing">())
            await_absence(hidden<Numbers>().first());
    }

    void clear() const {
        if (present<"event_clear_does_nothing", "EVENT-2", "EVENT-*">()) return;
        if (present<"race_in_event_wait", "RACE-1">())
            hidden<Numbers>().first().store(0, std::memory_order_relaxed);
        Base::clear();
    }

    [[nodiscard]] bool is_set() const {
        if (present<"event_is_set_clears_it", "EVENT-1", "EVENT-*">() && Base::is_set()) {
            Base::clear();
            return true;
        }
        return Base::is_set();
    }

    bool wait(ft::Timeout timeout = {}) const {
        // As it should be, but for what was done before it was set.
        if (present<"race_in_event_wait", "RACE-1">() &&
            hidden<Numbers>().first().load(std::memory_order_relaxed) == 1)
            return true;
        const bool is_bounded = !timeout.is_none();
        if (present<"event_wait_without_time_returns_false_on_a_set_event", "EVENT-3",
                    "EVENT-*">() &&
            is_bounded && timeout.nanoseconds() <= 0)
            return false;
        if (present<"event_wait_that_gives_up_returns_true", "EVENT-4", "EVENT-*">() && is_bounded)
            return Base::wait(timeout) || true;
        if (present<"event_wait_gives_up_at_half_time", "EVENT-4", "EVENT-*">() &&
            timeout.nanoseconds() > 0)
            return Base::wait(std::chrono::nanoseconds(*timeout.nanoseconds() / 2));
        if (present<"event_wait_with_a_negative_limit_blocks", "EVENT-4", "EVENT-3">() &&
            timeout.is_negative() && is_bounded)
            return Base::wait();
        if (present<"event_untimed_wait_gives_up_after_a_while", "EVENT-5", "EVENT-*">() &&
            !is_bounded)
            return Base::wait(std::chrono::milliseconds(100));
        if (present<"event_wait_clears_it", "EVENT-6", "EVENT-*">()) {
            const bool was_set = Base::wait(timeout);
            if (was_set) Base::clear();
            return was_set;
        }
        if (present<"event_waiter_looks_again_when_it_is_woken", "EVENT-7", "EVENT-6">()) {
            // As a condition variable and a flag would have it: a set that a clear follows is missed.
            while (!Base::is_set()) {
                if (!Base::wait(timeout)) return false;
                std::this_thread::yield();
            }
            return true;
        }
        const Presence presence(hidden<Numbers>().first());
        return Base::wait(timeout);
    }
};

}  // namespace conformance::mutants
