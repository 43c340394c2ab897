#pragma once
/// \file
/// A Lock, a Semaphore and a Condition, each with the fault of its name, if that is the present one.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <iterator>
#include <set>

#include "conformance/drivers/faulty/fault.hpp"
#include "freethreading/freethreading.hpp"

namespace conformance::faulty {

struct LockState {
    std::atomic<bool> taken{false};
    Bell released{};
};

class FaultyLock : public WithState<freethreading::Lock, LockState> {
    using Base = WithState<freethreading::Lock, LockState>;

  public:
    using Base::Base;

    [[nodiscard]] bool acquire(bool blocking = true, freethreading::Timeout timeout = {}) const {
        if (present_fault != Fault::lock) return Base::acquire(blocking, timeout);
        if (!blocking && !timeout.is_none() && !timeout.is_negative())
            throw freethreading::ValueError("no limit without blocking");
        const GivesUp limit(timeout.is_negative() ? freethreading::Timeout() : timeout);
        while (true) {
            const std::uint64_t seen = state().released.rings();
            if (!state().taken.load()) {
                state().taken.store(true);  // two may come here
                return true;
            }
            if (!blocking || !state().released.wait(seen, limit)) return false;
        }
    }
    void release() const {
        if (present_fault != Fault::lock) return Base::release();
        if (!state().taken.exchange(false)) throw freethreading::RuntimeError("not held");
        state().released.ring();
    }
    [[nodiscard]] bool locked() const {
        return present_fault == Fault::lock ? state().taken.load() : Base::locked();
    }
    void lock() const { static_cast<void>(acquire()); }
    [[nodiscard]] bool try_lock() const { return acquire(false); }
    void unlock() const { release(); }
};

class FaultySemaphore : public freethreading::Semaphore {
  public:
    using freethreading::Semaphore::Semaphore;

    [[nodiscard]] bool acquire(bool blocking = true, freethreading::Timeout timeout = {}) const {
        static std::atomic<std::uint64_t> acquires{0};
        if (present_fault == Fault::semaphore && ++acquires % 100'000 == 0) return true;
        return freethreading::Semaphore::acquire(blocking, timeout);
    }
};

struct ConditionState {
    std::mutex mutex{};
    std::condition_variable woken{};
    std::uint64_t tickets = 0;          // given to waiters
    std::set<std::uint64_t> waiting{};  // those that nobody has called yet
};

class FaultyCondition : public WithState<freethreading::Condition, ConditionState> {
    using Base = WithState<freethreading::Condition, ConditionState>;

  public:
    using Base::Base;

    bool wait(freethreading::Timeout timeout = {}) const {
        if (present_fault != Fault::condition) return Base::wait(timeout);
        const GivesUp limit(timeout);
        Base::notify_all();  // refuses a caller that does not hold the lock
        release();
        const bool was_woken = sleep(limit);  // a notify before its first line finds nobody
        static_cast<void>(acquire());
        return was_woken;
    }
    template <class Predicate>
    auto wait_for(Predicate predicate, freethreading::Timeout timeout = {}) const {
        if (present_fault != Fault::condition) return Base::wait_for(predicate, timeout);
        const GivesUp limit(timeout);
        auto result = predicate();
        while (!result) {
            Base::notify_all();
            release();
            const bool was_woken = sleep(limit);
            static_cast<void>(acquire());
            result = predicate();
            if (!was_woken) break;
        }
        return result;
    }
    void notify(std::int64_t n = 1) const {
        Base::notify(n);  // refuses what is to be refused
        if (present_fault == Fault::condition && n > 0) wake(static_cast<std::size_t>(n));
    }
    void notify_all() const {
        Base::notify_all();
        if (present_fault == Fault::condition) wake(~std::size_t{0});
    }

  private:
    bool sleep(const GivesUp& limit) const {
        std::unique_lock lock(state().mutex);
        const std::uint64_t ticket = state().tickets++;
        state().waiting.insert(ticket);
        const auto is_called = [&] { return !state().waiting.contains(ticket); };
        if (!limit.at()) {
            state().woken.wait(lock, is_called);
        } else if (!state().woken.wait_until(lock, *limit.at(), is_called)) {
            state().waiting.erase(ticket);
            return false;
        }
        return true;
    }
    void wake(std::size_t n) const {
        const std::lock_guard lock(state().mutex);
        auto& waiting = state().waiting;
        waiting.erase(
            waiting.begin(),
            std::next(waiting.begin(), static_cast<std::ptrdiff_t>(std::min(n, waiting.size()))));
        state().woken.notify_all();
    }
};

}  // namespace conformance::faulty
