#pragma once
/// \file
/// Barriers that are wrong.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

#include "conformance/mutants/hidden.hpp"
#include "conformance/mutants/mutant.hpp"
#include "freethreading/freethreading.hpp"

namespace conformance::mutants {

namespace ft = freethreading;

/// The numbers: those that are inside of `wait`, and those that have left it.
class MutantBarrier : public WithHidden<ft::Barrier, Numbers> {
    using Base = WithHidden<ft::Barrier, Numbers>;

  public:
    using Base::Base;
    explicit MutantBarrier(ft::Integer parties, ft::Timeout default_timeout = {})
        : Base(altered(parties), altered(default_timeout)) {}
    template <ft::PortableTarget Action>
    MutantBarrier(ft::Integer parties, Action action, ft::Timeout default_timeout = {})
        : Base(present<"barrier_action_is_not_run", "BARRIER-7",
                       "BARRIER-8 BARRIER-9 BARRIER-10 DOC-9">()
                   ? Base(altered(parties), altered(default_timeout))
                   : Base(altered(parties), action, altered(default_timeout))) {}

    std::int64_t wait(ft::Timeout timeout = {}) const {
        if (present<"barrier_lets_the_next_generation_overtake", "BARRIER-6", "BARRIER-*">()) {
            if (const std::int64_t gone = left() % Base::parties(); gone != 0) return gone;
        }
        if (present<"barrier_passes_one_arrival_in_a_hundred_early", "BARRIER-6", "BARRIER-*">() &&
            ++arrivals % 100 == 0 && Base::parties() > 1)
            return 0;
        if (present<"barrier_wait_without_time_blocks", "BARRIER-12", "BARRIER-*">() &&
            !timeout.is_none() && timeout.nanoseconds() <= 0)
            return Base::wait();
        if (present<"barrier_of_one_breaks_without_time", "BARRIER-4", "BARRIER-*">() &&
            Base::parties() == 1 && !timeout.is_none() && timeout.nanoseconds() <= 0) {
            Base::abort();
            throw ft::BrokenBarrierError("no time");
        }
        if (present<"barrier_completing_arrival_without_time_breaks_it", "BARRIER-12">() &&
            Base::parties() > 1 && Base::n_waiting() == Base::parties() - 1 && !timeout.is_none() &&
            timeout.nanoseconds() <= 0) {
            Base::abort();
            throw ft::BrokenBarrierError("no time");
        }
        if (present<"barrier_time_limit_of_a_wait_counts_only_if_it_is_shorter", "BARRIER-13">() &&
            timeout.nanoseconds() > 1'000'000'000)
            return Base::wait();
        if (present<"barrier_wait_gives_up_alone", "BARRIER-11 BARRIER-9", "BARRIER-*">() &&
            timeout.nanoseconds() > 0 && Base::parties() > 1) {
            const auto end = std::chrono::steady_clock::now() +
                             std::chrono::nanoseconds(timeout.nanoseconds().value_or(0));
            while (std::chrono::steady_clock::now() < end) {
                if (Base::n_waiting() == Base::parties() - 1) return Base::wait();
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
            throw ft::BrokenBarrierError("alone");
        }
        if (present<"barrier_broken_raises_another_error", "BARRIER-14", "BARRIER-*">() &&
            Base::broken())
            throw ft::ValueError("it is broken");
        if (present<"barrier_broken_blocks", "BARRIER-14", "BARRIER-*">() && Base::broken()) {
            static_cast<void>(ft::Event().wait());
        }
        if (present<"barrier_broken_mends_itself", "BARRIER-14", "BARRIER-*">() && Base::broken())
            Base::reset();
        const Presence presence(inside());
        const auto begun = std::chrono::steady_clock::now();
        const std::int64_t index = wait_for_action(timeout);
        if (present<"barrier_time_limit_goes_for_the_action_as_well", "BARRIER-9", "BARRIER-*">() &&
            timeout.nanoseconds() > 0 &&
            std::chrono::steady_clock::now() - begun >
                std::chrono::nanoseconds(timeout.nanoseconds().value_or(0))) {
            Base::abort();
            throw ft::BrokenBarrierError("the action took too long");
        }
        ++left();
        if (present<"barrier_indexes_begin_at_one", "BARRIER-5", "BARRIER-*">()) return index + 1;
        if (present<"barrier_gives_everybody_the_same_index", "BARRIER-5 DOC-9", "BARRIER-*">())
            return 0;
        if (present<"barrier_of_one_returns_another_index", "BARRIER-4", "BARRIER-*">() &&
            Base::parties() == 1)
            return 1;
        return index;
    }

    void reset() const {
        if (present<"barrier_reset_leaves_it_broken", "BARRIER-16", "BARRIER-*">() &&
            Base::broken())
            return;
        if (present<"barrier_reset_leaves_those_who_wait", "BARRIER-16", "BARRIER-*">() &&
            Base::n_waiting() > 0)
            return;
        as_action_may([&] { Base::reset(); });
        await_those_inside();
    }
    void abort() const {
        if (present<"barrier_abort_does_not_break_an_idle_one", "BARRIER-15", "BARRIER-*">() &&
            Base::n_waiting() == 0)
            return;
        if (present<"barrier_abort_lets_those_who_wait_go_and_is_over", "BARRIER-15",
                    "BARRIER-*">())
            return Base::reset();
        if (present<"barrier_abort_of_a_broken_one_raises", "BARRIER-15", "BARRIER-*">() &&
            Base::broken())
            throw ft::RuntimeError("it is broken already");
        as_action_may([&] { Base::abort(); });
        await_those_inside();
    }

    [[nodiscard]] std::int64_t parties() const {
        if (present<"barrier_parties_counts_those_missing", "BARRIER-1", "BARRIER-*">())
            return Base::parties() - Base::n_waiting();
        return Base::parties();
    }
    [[nodiscard]] std::int64_t n_waiting() const {
        if (present<"barrier_n_waiting_is_always_zero", "BARRIER-17", "BARRIER-9">()) return 0;
        if (present<"barrier_n_waiting_of_a_broken_one_is_all", "BARRIER-17", "BARRIER-*">() &&
            Base::broken())
            return Base::parties();
        if (present<"barrier_counts_one_too_many_while_its_action_runs", "BARRIER-9",
                    "BARRIER-7">() &&
            Base::n_waiting() == Base::parties())
            return Base::parties() + 1;
        return Base::n_waiting();
    }
    [[nodiscard]] bool broken() const {
        if (present<"barrier_never_looks_broken", "BARRIER-11", "BARRIER-*">()) return false;
        return Base::broken();
    }

  private:
    inline static std::atomic<int> arrivals{0};

    std::int64_t wait_for_action(ft::Timeout timeout) const {
        try {
            return Base::wait(timeout);
        } catch (const ft::Error&) {
            throw;
        } catch (...) {
            if (present<"barrier_hides_what_its_action_raises", "BARRIER-8", "BARRIER-*">())
                return 0;
            throw;
        }
    }
    template <class Call>
    static void as_action_may(const Call& call) {
        try {
            call();
        } catch (const ft::RuntimeError&) {
            if (!present<"barrier_hears_no_misuse_by_its_action", "BARRIER-10">()) throw;
        }
    }
    void await_those_inside() const {
        if (present<"barrier_abort_and_reset_wait_until_all_have_left", "FAULT-7", "BARRIER-*",
                    "multiprocessing">())
            await_absence(inside());
    }
    [[nodiscard]] std::atomic<std::int64_t>& inside() const { return hidden<Numbers>().first(); }
    [[nodiscard]] std::atomic<std::int64_t>& left() const { return hidden<Numbers>().second(); }

    static ft::Integer altered(ft::Integer parties) {
        if (present<"barrier_of_no_parties_is_made", "BARRIER-2">() && parties <= 0) return 1;
        return parties;
    }
    static ft::Timeout altered(ft::Timeout limit) {
        if (present<"barrier_forgets_its_own_time_limit", "BARRIER-13">()) return {};
        return limit;
    }
};

}  // namespace conformance::mutants
