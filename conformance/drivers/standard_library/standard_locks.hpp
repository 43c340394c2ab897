#pragma once
/// \file
/// Lock, RLock, Semaphore and Condition, by what the standard library has for them.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <concepts>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <semaphore>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <variant>

namespace standard_library {

using namespace std::chrono_literals;
/// Nothing: no limit.
using Timeout = std::optional<std::chrono::nanoseconds>;

[[noreturn]] inline void refuse() {
    throw std::system_error(std::make_error_code(std::errc::operation_not_permitted));
}
inline void require_sensible(bool blocking, Timeout timeout) {
    if (!blocking && timeout && *timeout >= 0ns)
        throw std::invalid_argument("try_lock takes no time");
}
/// A count, and not just something that the compiler would make one of.
template <class T>
concept Count = std::integral<T> && !std::same_as<T, bool>;

/// std::timed_mutex belongs to the thread that locked it, so this is a semaphore: any worker may
/// release it.
class Lock {
  public:
    bool acquire(bool blocking, Timeout timeout) {
        require_sensible(blocking, timeout);
        std::binary_semaphore& free = state_->free;
        if (!blocking) {
            if (!free.try_acquire()) return false;
        } else if (timeout && *timeout >= 0ns) {
            if (!free.try_acquire_for(*timeout)) return false;
        } else {
            free.acquire();
        }
        state_->holder = std::this_thread::get_id();
        return true;
    }
    void release() {
        if (state_->holder.exchange({}) == std::thread::id()) refuse();
        state_->free.release();
    }
    [[nodiscard]] bool is_mine() const { return state_->holder == std::this_thread::get_id(); }

  private:
    struct State {
        std::binary_semaphore free{1};
        std::atomic<std::thread::id> holder{};
    };
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

class RLock {
  public:
    bool acquire(bool blocking, Timeout timeout) {
        require_sensible(blocking, timeout);
        std::recursive_timed_mutex& mutex = state_->mutex;
        if (!blocking) {
            if (!mutex.try_lock()) return false;
        } else if (timeout && *timeout >= 0ns) {
            if (!mutex.try_lock_for(*timeout)) return false;
        } else {
            mutex.lock();
        }
        state_->owner = std::this_thread::get_id();
        ++state_->depth;
        return true;
    }
    void release() {
        if (!is_mine()) refuse();
        if (--state_->depth == 0) state_->owner = std::thread::id();
        state_->mutex.unlock();
    }
    [[nodiscard]] bool is_mine() const { return state_->owner == std::this_thread::get_id(); }

  private:
    struct State {
        std::recursive_timed_mutex mutex;
        std::atomic<std::thread::id> owner{};
        int depth = 0;
    };
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

class Semaphore {
  public:
    explicit Semaphore(Count auto value) : tokens_(std::make_shared<Tokens>(checked(value))) {}
    bool acquire(bool blocking, Timeout timeout) {
        require_sensible(blocking, timeout);
        if (!blocking) return tokens_->try_acquire();
        if (timeout) return tokens_->try_acquire_for(std::max(*timeout, 0ns));
        tokens_->acquire();
        return true;
    }
    void release() { tokens_->release(); }

  private:
    using Tokens = std::counting_semaphore<>;
    static std::ptrdiff_t checked(std::ptrdiff_t value) {
        if (value < 0 || value > Tokens::max()) throw std::invalid_argument("no count of tokens");
        return value;
    }
    std::shared_ptr<Tokens> tokens_;
};

class Condition {
  public:
    Condition() : Condition(RLock()) {}
    explicit Condition(const std::same_as<Lock> auto& lock) : lock_(lock) {}
    explicit Condition(const std::same_as<RLock> auto& lock) : lock_(lock) {}

    bool acquire(bool blocking, Timeout timeout) {
        return std::visit([&](auto& lock) { return lock.acquire(blocking, timeout); }, lock_);
    }
    void release() {
        std::visit([](auto& lock) { lock.release(); }, lock_);
    }
    bool wait(Timeout timeout) {
        require_mine();
        Waiting waiting{*this};
        if (timeout)
            return changed_->wait_for(waiting, std::max(*timeout, 0ns)) ==
                   std::cv_status::no_timeout;
        changed_->wait(waiting);
        return true;
    }
    template <std::predicate Predicate>
    bool wait_for(const Predicate& predicate, Timeout timeout) {
        Waiting waiting{*this};
        if (timeout) return changed_->wait_for(waiting, std::max(*timeout, 0ns), predicate);
        changed_->wait(waiting, predicate);
        return true;
    }
    void notify(Count auto n) {
        require_mine();
        for (; n > 0; --n)
            changed_->notify_one();
    }
    void notify_all() {
        require_mine();
        changed_->notify_all();
    }

  private:
    /// What std::condition_variable_any unlocks and locks.
    struct Waiting {
        Condition& condition;
        void lock() { condition.acquire(true, std::nullopt); }
        void unlock() {
            condition.require_mine();
            condition.release();
        }
    };
    void require_mine() const {
        if (!std::visit([](const auto& lock) { return lock.is_mine(); }, lock_)) refuse();
    }
    std::variant<Lock, RLock> lock_;
    std::shared_ptr<std::condition_variable_any> changed_ =
        std::make_shared<std::condition_variable_any>();
};

}  // namespace standard_library
