#pragma once
/// \file
/// A number of tokens that workers take and return.
///
///     freethreading::Semaphore two(2);
///     freethreading::with(two, [] { /* at most two workers are here at a time */ });
///
/// Tokens belong to nobody: any worker may return one, and one that ends or is killed returns none.
/// Waiting workers proceed in no particular order. Fulfils SEM-10, SEM-13, FAULT-1.
///
/// Memory ordering: what a worker did before `release` happens before what a worker does after an
/// `acquire` that took that token or a later one.

#include <cstdint>
#include <memory>

#include "freethreading/integer.hpp"
#include "freethreading/platform/counter.hpp"
#include "freethreading/portable_buffer.hpp"
#include "freethreading/timeout.hpp"

namespace freethreading {

/// A handle: copies refer to the same semaphore, also in other workers. Fulfils GEN-12.
class Semaphore {
  public:
    /// Holds `value` tokens. Throws ValueError unless 0 <= value <= 2147483647, ResourceError if
    /// there is no memory. Fulfils SEM-1 to SEM-4.
    explicit Semaphore(Integer value = 1) : state_(platform::Counter::make(value, false)) {}

    /// Takes a token; returns whether it did. With `blocking`, waits for one as long as `timeout`
    /// says: none means for ever, zero or negative not at all. Without, `timeout` must be none.
    /// Throws ValueError for `acquire(false, t)` with t >= 0. Fulfils SEM-5, SEM-6, SEM-7, GEN-4,
    /// GEN-5.
    [[nodiscard]] bool acquire(bool blocking = true, Timeout timeout = {}) const {
        return state_->acquire(platform::counter_deadline(blocking, timeout));
    }
    [[nodiscard]] bool acquire(Timeout timeout) const { return acquire(true, timeout); }

    /// Adds a token, also beyond the initial value, and lets one waiting worker proceed. Never
    /// blocks. Throws ValueError, and changes nothing, if there are 2147483647 already. Fulfils
    /// SEM-8, SEM-9, SEM-11.
    void release() const { state_->release(); }

    /// For std::scoped_lock and std::unique_lock. Fulfils SEM-12.
    void lock() const { static_cast<void>(acquire()); }
    [[nodiscard]] bool try_lock() const { return acquire(false); }
    void unlock() const { release(); }

    /// For transport to another worker.
    explicit Semaphore(PortableInput& input) : state_(platform::Counter::from(input.reference())) {}
    void save(PortableOutput& output) const { output.reference(state_); }

  private:
    std::shared_ptr<platform::Counter> state_;
};

}  // namespace freethreading
