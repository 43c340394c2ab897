#pragma once
/// \file
/// Runs scenarios, one after the other, on a driver that is started, watched, and started anew when it
/// hangs or dies.
///
///     Session session({.command = {"./reference-driver"}, .backend = "threading"});
///     const RunResult result = session.run(scenario);
///
/// Used by one thread. A driver is killed with all its processes: it leads a session of its own, and
/// this process is their subreaper (prctl(2), PR_SET_CHILD_SUBREAPER).

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "conformance/engine/greeting.hpp"
#include "conformance/engine/run_result.hpp"
#include "spec/scenario/scenario.hpp"

namespace conformance {

struct SessionOptions {
    std::vector<std::string> command{};  ///< the driver and its arguments
    std::string backend{};
    double time_scale = 1;  ///< stretches every limit, for slow machines and sanitizers
    std::chrono::seconds longest_run{120};       ///< of one scenario, as long as anything moves
    std::chrono::milliseconds standstill{2000};  ///< nothing moves for so long: it is stuck
    /// Nothing moves for so long, and the models have it block for ever: it is stuck, and nobody is blamed.
    std::chrono::milliseconds standstill_as_it_should{500};
    int lanes = 68;
    int slots = 4096;
    bool want_stacks = true;  ///< of a driver that is stuck and should not be
};

/// What lanes have for scenarios with rounds, if those need no more. The files are sparse: only what a
/// run fills takes memory.
inline constexpr int slots_with_rounds = 1 << 17;
/// How many slots the lanes need for a scenario whose outcomes are short, but for values of its own.
[[nodiscard]] int slots_of(const Scenario& scenario);

class Session {
  public:
    /// Starts the driver. Blocks for 60 s x time scale at most. Throws UnusableDriver.
    explicit Session(SessionOptions options);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    [[nodiscard]] const Greeting& greeting() const;
    [[nodiscard]] const SessionOptions& options() const;

    /// Runs a scenario to its end, or until nothing moves any more: all threads of the driver sleep,
    /// none has used time on a processor for 300 ms, no time limit of a pending call or sleep lies
    /// ahead, and all that has held for the standstill x time scale, or for the shorter one if the
    /// history so far conforms with nothing to follow. A program that the scenario lets end is
    /// awaited as well, and 5 s x time scale longer what it leaves behind. The next call starts a
    /// new driver if this one had to be killed, or ended. Throws UnusableDriver if that fails.
    [[nodiscard]] RunResult run(const Scenario& scenario);

    /// How many drivers were started so far.
    [[nodiscard]] std::uint64_t starts() const;

  private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace conformance
