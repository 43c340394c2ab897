#pragma once
/// \file
/// Lock, RLock, Semaphore and Condition, by what Boost.Interprocess has for them.

// What Boost asserts, such as that an unlock has worked, is an error that the scenario can see.
#define BOOST_ENABLE_ASSERT_HANDLER

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

template <class Mutex>
class LockOver {
  public:
    bool acquire(bool blocking, Timeout timeout) {
        const bool is_limited = timeout && !timeout->is_negative();
        if (!blocking && is_limited) throw std::invalid_argument("try_lock takes no time");
        if (!blocking) return mutex_->try_lock();
        if (is_limited) return mutex_->timed_lock(deadline(*timeout));
        mutex_->lock();
        return true;
    }
    void release() { mutex_->unlock(); }
    [[nodiscard]] Mutex& mutex() const { return *mutex_; }

  private:
    Shared<Mutex> mutex_{};
};
using Lock = LockOver<interprocess::interprocess_mutex>;
using RLock = LockOver<interprocess::interprocess_recursive_mutex>;

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
        return held([&](auto& lock) {
            if (timeout) return changed_->timed_wait(lock, deadline(*timeout));
            changed_->wait(lock);
            return true;
        });
    }
    template <std::predicate Predicate>
    bool wait_for(const Predicate& predicate, Timeout timeout) {
        return held([&](auto& lock) {
            if (timeout) return changed_->timed_wait(lock, deadline(*timeout), predicate);
            changed_->wait(lock, predicate);
            return true;
        });
    }
    void notify(Count auto n) {
        for (; n > 0; --n)
            changed_->notify_one();
    }
    void notify_all() { changed_->notify_all(); }

  private:
    /// What the caller holds, as Boost wants to see it.
    bool held(const auto& wait) {
        interprocess::scoped_lock lock(lock_.mutex(), interprocess::accept_ownership);
        struct Keep {
            decltype(lock)& held;
            ~Keep() { held.release(); }
        } const keep{lock};
        return wait(lock);
    }
    Lock lock_;
    Shared<interprocess::interprocess_condition> changed_{};
};

}  // namespace boost_interprocess
