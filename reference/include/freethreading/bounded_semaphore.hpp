#pragma once
/// \file
/// A semaphore that notices when it is released more often than it was acquired.
///
///     freethreading::BoundedSemaphore one(1);
///     one.release();   // ValueError
///
/// All that semaphore.hpp says holds here too, memory ordering included, but for `release`.

#include <cstdint>
#include <memory>

#include "freethreading/integer.hpp"
#include "freethreading/platform/counter.hpp"
#include "freethreading/portable_buffer.hpp"
#include "freethreading/timeout.hpp"

namespace freethreading {

/// A handle: copies refer to the same semaphore, also in other workers. Fulfils GEN-12.
class BoundedSemaphore {
  public:
    /// Holds `value` tokens, and never more. Throws ValueError unless 0 <= value <= 2147483647,
    /// ResourceError if there is no memory. With 0, no `acquire` and no `release` ever succeeds.
    /// Fulfils SEM-1 to SEM-4, BSEM-4.
    explicit BoundedSemaphore(Integer value = 1) : state_(platform::Counter::make(value, true)) {}

    /// As Semaphore::acquire. Fulfils SEM-5, SEM-6, SEM-7, GEN-4, GEN-5.
    [[nodiscard]] bool acquire(bool blocking = true, Timeout timeout = {}) const {
        return state_->acquire(platform::counter_deadline(blocking, timeout));
    }
    [[nodiscard]] bool acquire(Timeout timeout) const { return acquire(true, timeout); }

    /// Returns a token, whoever took it, and lets one waiting worker proceed. Never blocks.
    /// Throws ValueError, and changes nothing, if all tokens are there. Fulfils SEM-11, BSEM-1,
    /// BSEM-3, BSEM-4.
    void release() const { state_->release(); }

    /// For std::scoped_lock and std::unique_lock. Misuse of `unlock` inside their destructors ends
    /// the program; `with` raises instead (BSEM-5).
    void lock() const { static_cast<void>(acquire()); }
    [[nodiscard]] bool try_lock() const { return acquire(false); }
    void unlock() const { release(); }

    /// For transport to another worker.
    explicit BoundedSemaphore(PortableInput& input)
        : state_(platform::Counter::from(input.reference())) {}
    void save(PortableOutput& output) const { output.reference(state_); }

  private:
    std::shared_ptr<platform::Counter> state_;
};

}  // namespace freethreading
