#pragma once
/// \file
/// Whether a driver has come to a standstill, so that a slow machine is never taken for a hang.
///
///     IdleWatch watch;
///     while (watch.observe({now(), tree.threads(), deadline, progress}) < std::chrono::seconds(2))
///         ...
///
/// A thread moves if it used 1 ms or more of a processor within 300 ms, or was awake at two
/// observations in a row, so that it may be waiting for a processor. Less is what background threads
/// use: that of ThreadSanitizer wakes ten times a second, and is caught awake now and then.
///
/// Pure: time and threads come from the caller.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "conformance/engine/process_tree.hpp"

namespace conformance {

struct IdleLimits {
    std::chrono::nanoseconds window = std::chrono::milliseconds(300);
    std::chrono::nanoseconds background = std::chrono::milliseconds(1);
};

/// What was seen at one moment.
struct Observation {
    std::int64_t now = 0;  ///< nanoseconds
    std::vector<ThreadActivity> threads{};
    std::int64_t deadline = 0;  ///< until then somebody may wake by himself
    std::size_t progress = 0;   ///< any number that changes when something happens
};

class IdleWatch {
  public:
    explicit IdleWatch(IdleLimits limits = {}) : limits_(limits) {}

    /// Returns for how long the driver has been idle. None before the window has passed as a whole,
    /// nor while a thread is awake.
    std::chrono::nanoseconds observe(const Observation& observation);

  private:
    struct Seen {
        std::int64_t window_start = 0;
        std::int64_t run_time_at_start = 0;
        bool was_awake = false;
    };
    [[nodiscard]] bool moves(Seen& seen, const ThreadActivity& thread, std::int64_t now) const;

    IdleLimits limits_;
    std::map<pid_t, Seen> seen_;
    std::size_t progress_ = 0;
    std::optional<std::int64_t> idle_since_;
};

}  // namespace conformance
