#pragma once
/// \file
/// Lock, RLock, Semaphore and Condition, by what Boost.Interprocess has for them.

// What Boost asserts, such as that an unlock has worked, is an error that the scenario can see.
#define BOOST_ENABLE_ASSERT_HANDLER

#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <boost/date_time/posix_time/posix_time_types.hpp>
#include <boost/interprocess/anonymous_shared_memory.hpp>
#include <boost/interprocess/exceptions.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <boost/interprocess/sync/interprocess_condition.hpp>
#include <boost/interprocess/sync/interprocess_mutex.hpp>
#include <boost/interprocess/sync/interprocess_recursive_mutex.hpp>
#include <boost/interprocess/sync/interprocess_semaphore.hpp>
#include <boost/interprocess/sync/scoped_lock.hpp>
#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>

namespace boost {
inline void assertion_failed(const char*, const char*, const char*, long) {
    throw interprocess::lock_exception();
}
}  // namespace boost

namespace boost_interprocess {

namespace interprocess = boost::interprocess;
namespace posix_time = boost::posix_time;
/// Nothing: no limit. Negative: in the past.
using Timeout = std::optional<posix_time::time_duration>;

[[nodiscard]] inline posix_time::ptime deadline(const posix_time::time_duration& limit) {
    if (limit.is_special()) return posix_time::pos_infin;
    return posix_time::microsec_clock::universal_time() + limit;
}
/// A count, and not just something that the compiler would make one of.
template <class T>
concept Count = std::integral<T> && !std::same_as<T, bool>;

/// A handle to an object in shared memory. It is never destroyed: its memory goes with the last
/// process that has it.
template <class T>
class Shared {
  public:
    explicit Shared(const auto&... arguments)
        : region_(std::make_shared<interprocess::mapped_region>(
              interprocess::anonymous_shared_memory(sizeof(T)))),
          object_(new(region_->get_address()) T(arguments...)) {}
    T* operator->() const { return object_; }
    T& operator*() const { return *object_; }

  private:
    std::shared_ptr<interprocess::mapped_region> region_;
    T* object_;
};

/// Whether `mutex` was locked.
template <class Mutex>
bool lock(Mutex& mutex, bool blocking, const Timeout& timeout) {
    const bool is_limited = timeout && !timeout->is_negative();
    if (!blocking && is_limited) throw std::invalid_argument("try_lock takes no time");
    if (!blocking) return mutex.try_lock();
    if (is_limited) return mutex.timed_lock(deadline(*timeout));
    mutex.lock();
    return true;
}

/// To unlock an interprocess_mutex that is not locked is undefined, so there is a note of who holds it.
class Lock {
  public:
    using Mutex = interprocess::interprocess_mutex;

    bool acquire(bool blocking, Timeout timeout) {
        if (!lock(state_->mutex, blocking, timeout)) return false;
        state_->holder = getpid();
        return true;
    }
    void release() {
        if (state_->holder.exchange(nobody) == nobody) throw interprocess::lock_exception();
        state_->mutex.unlock();
    }
    void require_mine() const {
        if (state_->holder != getpid()) throw interprocess::lock_exception();
    }
    /// Calls `wait` with what the caller holds, as Boost wants to see it, and gives up for as long.
    bool give_to(const auto& wait) {
        require_mine();
        state_->holder = nobody;
        interprocess::scoped_lock held(state_->mutex, interprocess::accept_ownership);
        struct TakeBack {
            Lock& lock;
            interprocess::scoped_lock<Mutex>& held;
            ~TakeBack() {
                lock.state_->holder = getpid();
                held.release();
            }
        } const take_back{*this, held};
        return wait(held);
    }

  private:
    static constexpr pid_t nobody = 0;
    struct State {
        Mutex mutex;
        std::atomic<pid_t> holder = nobody;
    };
    Shared<State> state_{};
};

/// Boost asserts that an unlock has worked: that of others than the owner does not.
class RLock {
  public:
    bool acquire(bool blocking, Timeout timeout) { return lock(*mutex_, blocking, timeout); }
    void release() { mutex_->unlock(); }

  private:
    Shared<interprocess::interprocess_recursive_mutex> mutex_{};
};

class Semaphore {
  public:
    explicit Semaphore(Count auto value) : tokens_(checked(value)) {}
    bool acquire(bool blocking, Timeout timeout) {
        if (!blocking && timeout && !timeout->is_negative())
            throw std::invalid_argument("try_wait takes no time");
        if (!blocking) return tokens_->try_wait();
        if (timeout) return tokens_->timed_wait(deadline(*timeout));
        tokens_->wait();
        return true;
    }
    void release() { tokens_->post(); }

  private:
    static unsigned checked(std::int64_t value) {
        if (value < 0 || value > std::numeric_limits<unsigned>::max())
            throw std::invalid_argument("no count of tokens");
        return static_cast<unsigned>(value);
    }
    Shared<interprocess::interprocess_semaphore> tokens_;
};

/// Over a Lock only: interprocess_condition takes no other mutex.
class Condition {
  public:
    explicit Condition(const std::same_as<Lock> auto& lock) : lock_(lock) {}
    bool acquire(bool blocking, Timeout timeout) { return lock_.acquire(blocking, timeout); }
    void release() { lock_.release(); }
    bool wait(Timeout timeout) {
        return lock_.give_to([&](auto& held) {
            if (timeout) return changed_->timed_wait(held, deadline(*timeout));
            changed_->wait(held);
            return true;
        });
    }
    template <std::predicate Predicate>
    bool wait_for(const Predicate& predicate, Timeout timeout) {
        if (predicate()) return true;
        return lock_.give_to([&](auto& held) {
            if (timeout) return changed_->timed_wait(held, deadline(*timeout), predicate);
            changed_->wait(held, predicate);
            return true;
        });
    }
    void notify(Count auto n) {
        lock_.require_mine();
        for (; n > 0; --n)
            changed_->notify_one();
    }
    void notify_all() {
        lock_.require_mine();
        changed_->notify_all();
    }

  private:
    Lock lock_;
    Shared<interprocess::interprocess_condition> changed_{};
};

}  // namespace boost_interprocess
