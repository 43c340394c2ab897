#pragma once
/// \file
/// Queues that are wrong.

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "conformance/mutants/hidden.hpp"
#include "conformance/mutants/mutant.hpp"
#include "freethreading/freethreading.hpp"

namespace conformance::mutants {

namespace ft = freethreading;

/// When the original may have changed. It lives on, as those of the suite do.
template <class Queue, class T>
void put_late(const Queue& queue, const T& item) {
    std::thread([base = typename Queue::Base(queue), &item] {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        base.put(item);
    }).detach();
}

/// Or not at all, without a word.
template <class Queue, class T, class... How>
void put_if_transferable(const Queue& queue, const T& item, const How&... how) {
    try {
        static_cast<const typename Queue::Base&>(queue).put(item, how...);
    } catch (const ft::ValueError&) {  // as if it had been put
    }
}

/// Of those that are there.
template <class Queue, class T>
void put_before_the_first(const Queue& queue, const T& item) {
    if (queue.empty()) return queue.put(item);
    T earlier = queue.get();
    queue.put(item);
    queue.put(earlier);
}

/// From now on.
inline bool holds_up_the_program() {
    static const bool is_registered = std::atexit([] { wait_in_vain(); }) == 0;
    return is_registered;
}

using GateOfGetters = Gate<0>;
using GateOfPutters = Gate<1>;

/// The numbers: the puts that have begun, and the capacity.
template <class T>
class MutantQueue : public WithHidden<ft::Queue<T>, Numbers, GateOfGetters, GateOfPutters> {
  public:
    using Base = WithHidden<ft::Queue<T>, Numbers, GateOfGetters, GateOfPutters>;
    using Base::Base;
    explicit MutantQueue(ft::Integer maxsize = 0)
        : Base(altered(maxsize)),
          creator_(std::make_shared<Creator>(this->template hidden<Numbers>())) {
        capacity() = maxsize;
    }
    MutantQueue(const MutantQueue&) = default;
    MutantQueue& operator=(const MutantQueue&) = default;
    ~MutantQueue() {
        if (present<"queue_holds_up_its_producer_until_it_is_empty", "FAULT-24 QUEUE-26",
                    "QUEUE-* DOC-*">() &&
            has_put_.load() && !Base::empty())
            wait_in_vain();
        if (present<"queue_loses_an_item_when_its_producer_ends", "QUEUE-25",
                    "QUEUE-* DOC-* FAULT-*">() &&
            has_put_.load() && creator_ == nullptr) {
            try {
                static_cast<void>(Base::get_nowait());
            } catch (...) {  // there is none
            }
        }
    }

    void put(const T& item, bool block = true, ft::Timeout timeout = {}) const {
        if (present<"queue_full_put_returns", "QUEUE-5 QUEUE-2", "QUEUE-*">()) {
            try {
                return Base::put(item, block, timeout);
            } catch (const ft::Full&) {
                return;
            }
        }
        if (present<"queue_full_put_without_time_blocks", "QUEUE-5", "QUEUE-*">() && block &&
            timeout.nanoseconds() == 0)
            return Base::put(item);
        if (present<"queue_timed_put_gives_up_at_half_time", "QUEUE-5", "QUEUE-* DOC-*">() &&
            block && timeout.nanoseconds() > 0)
            return Base::put(item, std::chrono::nanoseconds(*timeout.nanoseconds() / 2));
        if (present<"queue_untimed_put_gives_up_after_a_while", "QUEUE-4", "QUEUE-*">() && block &&
            timeout.is_none())
            return Base::put(item, std::chrono::milliseconds(100));
        if (present<"queue_try_put_refuses_a_negative_limit", "QUEUE-6">() && !block &&
            timeout.is_negative())
            throw ft::ValueError("negative");
        if (present<"queue_put_takes_a_negative_limit_for_none", "QUEUE-7">() && block &&
            timeout.is_negative())
            return Base::put(item);
        if (present<"queue_put_refuses_a_negative_limit_only_when_it_is_full", "QUEUE-7">() &&
            block && timeout.is_negative() && !Base::full())
            return Base::put(item);
        if (present<"queue_loses_one_item_in_a_hundred", "QUEUE-16", "QUEUE-* DOC-*">() &&
            ++puts() % 100 == 0)
            return;
        if (present<"queue_doubles_one_item_in_a_hundred", "QUEUE-16", "QUEUE-* DOC-*">() &&
            ++puts() % 100 == 0)
            Base::put(item, block, timeout);
        if (present<"queue_swaps_neighbours_now_and_then", "QUEUE-14", "QUEUE-*">())
            return put_swapped(item, block, timeout);
        if (present<"queue_lets_an_item_overtake", "QUEUE-14 QUEUE-15", "QUEUE-* DOC-*">() &&
            capacity() <= 0) {
            const std::scoped_lock guard(this->template hidden<GateOfPutters>());
            put_before_the_first(static_cast<const Base&>(*this), item);
            return;
        }
        if (present<"queue_blocked_put_sleeps_on", "QUEUE-4", "QUEUE-* DOC-* FAULT-*">() && block &&
            timeout.is_none() && Base::full())
            wait_in_vain();
        if (present<"queue_forgets_large_items", "QUEUE-17", "QUEUE-* FAULT-12">() &&
            size_of(item) > 100'000)
            return;
        if (present<"queue_keeps_what_the_item_becomes", "QUEUE-18", "QUEUE-* DOC-*">())
            return put_late(*this, item);
        if (present<"queue_leaves_out_what_cannot_be_transferred", "QUEUE-19", "QUEUE-*">())
            return put_if_transferable(*this, item, block, timeout);
        if (present<"queue_holds_up_the_program_that_has_put", "QUEUE-27">())
            static_cast<void>(holds_up_the_program());
        if (present<"queue_putters_wait_for_one_another", "FAULT-10", "QUEUE-* DOC-*",
                    "multiprocessing">()) {
            const std::scoped_lock guard(this->template hidden<GateOfPutters>());
            return Base::put(item, block, timeout);
        }
        if (present<"queue_put_returns_before_its_item_is_there", "FAULT-11",
                    "QUEUE-* DOC-* FAULT-*", "multiprocessing">()) {
            std::thread([queue = static_cast<Base>(*this), item] {
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
                queue.put(item);
            }).detach();
            return;
        }
        if (large_items_lock() && size_of(item) > 60'000) {
            const std::scoped_lock guard(this->template hidden<GateOfPutters>());
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            return Base::put(item, block, timeout);
        }
        Base::put(item, block, timeout);
        has_put_.store(true);
    }
    void put(const T& item, ft::Timeout timeout) const { put(item, true, timeout); }
    void put_nowait(const T& item) const { put(item, false); }

    [[nodiscard]] T get(bool block = true, ft::Timeout timeout = {}) const {
        if (present<"queue_try_get_refuses_a_negative_limit", "QUEUE-6">() && !block &&
            timeout.is_negative())
            throw ft::ValueError("negative");
        if (present<"queue_get_takes_a_negative_limit_for_none", "QUEUE-11">() && block &&
            timeout.is_negative())
            return Base::get();
        if (present<"queue_get_refuses_a_negative_limit_only_when_it_is_empty", "QUEUE-11">() &&
            block && timeout.is_negative() && !Base::empty())
            return Base::get();
        if (present<"queue_get_without_time_blocks", "QUEUE-9", "QUEUE-*">() && block &&
            timeout.nanoseconds() == 0)
            return Base::get();
        if (present<"queue_timed_get_gives_up_at_half_time", "QUEUE-9", "QUEUE-* DOC-*">() &&
            block && timeout.nanoseconds() > 0)
            return Base::get(std::chrono::nanoseconds(*timeout.nanoseconds() / 2));
        if (present<"queue_untimed_get_gives_up_after_a_while", "QUEUE-8", "QUEUE-*">() && block &&
            timeout.is_none())
            return Base::get(std::chrono::milliseconds(100));
        if (present<"queue_get_of_an_empty_queue_raises_full", "QUEUE-9", "QUEUE-*">()) {
            try {
                return Base::get(block, timeout);
            } catch (const ft::Empty&) {
                throw ft::Full("empty");
            }
        }
        if (present<"queue_getters_wait_for_one_another", "QUEUE-10 FAULT-8", "QUEUE-* DOC-*">()) {
            const std::scoped_lock guard(this->template hidden<GateOfGetters>());
            return Base::get(block, timeout);
        }
        if (present<"queue_dies_with_its_creators_handle", "GEN-15 FAULT-25", "QUEUE-*">() &&
            capacity() == dead)
            wait_in_vain();
        if (large_items_lock())
            const std::scoped_lock guard(this->template hidden<GateOfPutters>());
        if (present<"queue_try_get_misses_an_item_now_and_then", "QUEUE-12 QUEUE-24",
                    "QUEUE-*">() &&
            !block && ++gets % 5 == 0)
            throw ft::Empty("not yet");
        if (present<"queue_leaves_out_what_cannot_be_rebuilt", "QUEUE-20", "QUEUE-*">()) {
            try {
                return Base::get(block, timeout);
            } catch (const ft::Empty&) {
                throw;
            } catch (const ft::Full&) {
                throw;
            } catch (...) {
                return Base::get(block, timeout);
            }
        }
        if (present<"queue_get_finishes_the_task", "QUEUE-22 FAULT-13 DOC-4", "QUEUE-* DOC-*">()) {
            T item = Base::get(block, timeout);
            Base::task_done();
            return item;
        }
        return Base::get(block, timeout);
    }
    [[nodiscard]] T get(ft::Timeout timeout) const { return get(true, timeout); }
    [[nodiscard]] T get_nowait() const { return get(false); }

    [[nodiscard]] std::int64_t qsize() const {
        if (present<"queue_qsize_is_one_less", "QUEUE-13", "QUEUE-* DOC-*">() && Base::qsize() > 0)
            return Base::qsize() - 1;
        return Base::qsize();
    }
    [[nodiscard]] bool empty() const {
        if (present<"queue_of_one_item_is_empty", "QUEUE-12 DOC-12 DOC-15", "QUEUE-* DOC-*">())
            return Base::qsize() <= 1;
        return Base::empty();
    }
    [[nodiscard]] bool full() const {
        if (present<"queue_without_capacity_is_full_when_empty", "QUEUE-1", "QUEUE-* DOC-*">() &&
            capacity() <= 0)
            return Base::empty();
        if (present<"queue_is_never_full", "QUEUE-2", "QUEUE-* DOC-*">()) return false;
        return Base::full();
    }

    void task_done() const {
        if (present<"queue_surplus_task_done_is_ignored", "QUEUE-21", "QUEUE-* DOC-*">()) {
            try {
                return Base::task_done();
            } catch (const ft::ValueError&) {
                return;
            }
        }
        if (present<"queue_task_done_waits_for_its_get", "QUEUE-21", "QUEUE-* DOC-*">() &&
            Base::full() && capacity() > 0)
            throw ft::ValueError("nothing was taken");
        if (present<"queue_forgets_every_fourth_task_done", "QUEUE-22", "QUEUE-* DOC-*">() &&
            ++dones % 4 == 0)
            return;
        Base::task_done();
    }
    void join() const {
        if (present<"queue_join_returns_when_the_queue_is_empty", "QUEUE-22", "QUEUE-* DOC-*">()) {
            for (int looks = 0; !Base::empty(); ++looks) {
                if (looks == 1000) wait_in_vain();
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
            return;
        }
        Base::join();
    }

  private:
    static constexpr std::int64_t dead = -1000;
    /// What the handles have in common that were copied where the queue was made.
    struct Creator {
        Numbers numbers;
        explicit Creator(Numbers of_queue) : numbers(std::move(of_queue)) {}
        ~Creator() { numbers.second() = dead; }
        Creator(const Creator&) = delete;
        Creator& operator=(const Creator&) = delete;
    };
    /// Copies begin anew.
    struct Flag : std::atomic<bool> {
        Flag() : std::atomic<bool>(false) {}
        Flag(const Flag&) : Flag() {}
        Flag& operator=(const Flag&) { return *this; }
    };

    inline static std::atomic<int> gets{0};
    inline static std::atomic<int> dones{0};

    [[nodiscard]] std::atomic<std::int64_t>& puts() const {
        return this->template hidden<Numbers>().first();
    }
    [[nodiscard]] std::atomic<std::int64_t>& capacity() const {
        return this->template hidden<Numbers>().second();
    }
    static bool large_items_lock() {
        return present<"queue_put_of_a_large_item_locks_out_getters", "FAULT-12", "QUEUE-* FAULT-*",
                       "multiprocessing">();
    }
    static std::size_t size_of(const T& item) {
        if constexpr (std::convertible_to<const T&, const std::string&>) {
            return static_cast<const std::string&>(item).size();
        } else {
            return sizeof item;
        }
    }
    static ft::Integer altered(ft::Integer maxsize) {
        if (present<"queue_has_room_for_one_more", "QUEUE-2", "QUEUE-*">() && maxsize > 0)
            return maxsize < 2'000'000'000 ? ft::Integer(maxsize + 1) : maxsize;
        if (present<"queue_of_a_negative_size_has_room_for_one", "QUEUE-1", "QUEUE-*">() &&
            maxsize < 0)
            return 1;
        if (present<"queue_of_a_size_too_large_has_no_capacity", "QUEUE-3">() &&
            maxsize > 2'147'483'647)
            return 0;
        return maxsize;
    }
    /// Every tenth item of a worker is kept back until its next one has been put.
    void put_swapped(const T& item, bool block, ft::Timeout timeout) const {
        thread_local int number = 0;
        if (++number % 10 == 0 && block && timeout.is_none() && capacity() <= 0) {
            T late = Base::empty() ? item : Base::get();
            Base::put(item);
            Base::put(late);
            return;
        }
        Base::put(item, block, timeout);
    }

    std::shared_ptr<Creator> creator_{};
    mutable Flag has_put_{};
};

template <class T>
class MutantSimpleQueue : public WithHidden<ft::SimpleQueue<T>, GateOfGetters> {
  public:
    using Base = WithHidden<ft::SimpleQueue<T>, GateOfGetters>;
    using Base::Base;

    void put(const T& item) const {
        if (present<"simple_queue_leaves_out_what_cannot_be_transferred", "SQUEUE-7">())
            return put_if_transferable(*this, item);
        if (present<"simple_queue_keeps_what_the_item_becomes", "SQUEUE-9", "SQUEUE-* DOC-*">())
            return put_late(*this, item);
        if (present<"simple_queue_loses_one_item_in_a_hundred", "SQUEUE-4", "SQUEUE-*">() &&
            ++puts % 100 == 0)
            return;
        if (present<"simple_queue_doubles_one_item_in_a_hundred", "SQUEUE-4", "SQUEUE-*">() &&
            ++puts % 100 == 0)
            Base::put(item);
        if (present<"simple_queue_has_room_for_a_hundred", "SQUEUE-6", "SQUEUE-*">() &&
            ++puts > 100)
            static_cast<void>(ft::Event().wait());
        if (present<"simple_queue_is_a_stack", "SQUEUE-4 SQUEUE-5 DOC-5", "SQUEUE-*">()) {
            const std::scoped_lock guard(lock());
            return put_before_the_first(static_cast<const Base&>(*this), item);
        }
        Base::put(item);
    }
    [[nodiscard]] T get() const {
        if (present<"simple_queue_get_of_an_empty_queue_raises", "SQUEUE-2", "SQUEUE-* DOC-*">() &&
            Base::empty())
            throw ft::Empty("empty");
        if (present<"simple_queue_leaves_out_what_cannot_be_rebuilt", "SQUEUE-8", "SQUEUE-*">()) {
            try {
                return Base::get();
            } catch (...) {
                return Base::get();
            }
        }
        if (present<"simple_queue_getters_wait_for_one_another", "FAULT-9", "SQUEUE-*",
                    "multiprocessing">()) {
            const std::scoped_lock guard(this->template hidden<GateOfGetters>());
            return Base::get();
        }
        return Base::get();
    }
    [[nodiscard]] bool empty() const {
        if (present<"simple_queue_is_always_empty", "SQUEUE-3", "SQUEUE-*">()) return true;
        if (present<"simple_queue_is_never_empty", "SQUEUE-3", "SQUEUE-*">()) return false;
        return Base::empty();
    }

  private:
    inline static std::atomic<int> puts{0};
    static const ft::Lock& lock() {
        static const ft::Lock it;
        return it;
    }
};

}  // namespace conformance::mutants
