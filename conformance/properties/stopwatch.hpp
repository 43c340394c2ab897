#pragma once
/// \file
/// How long something takes that must not take for ever.
///
///     const Stopwatch watch;
///     while (watch.seconds() < 2) try_once();

#include <chrono>

namespace conformance::properties {

class Stopwatch {
  public:
    /// Since it was made.
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(Clock::now() - begun_).count();
    }

  private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point begun_ = Clock::now();
};

}  // namespace conformance::properties
