#pragma once
/// \file
/// A driver that was started and has greeted, with its folder of logs.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "conformance/engine/driver_process.hpp"
#include "conformance/engine/run_folder.hpp"
#include "conformance/engine/sanitizer_reports.hpp"
#include "conformance/engine/session.hpp"
#include "conformance/wire/lane_reader.hpp"

namespace conformance {

class DriverConnection {
  public:
    /// Throws UnusableDriver.
    explicit DriverConnection(const SessionOptions& options);

    [[nodiscard]] const Greeting& greeting() const { return greeting_; }
    [[nodiscard]] DriverProcess& process() { return process_; }
    [[nodiscard]] SanitizerReports& reports() { return reports_; }
    /// Throws what the reader throws.
    [[nodiscard]] History read_history(std::uint64_t run, const Scenario& scenario) {
        return lanes_->read(run, scenario);
    }
    /// As LaneReader says.
    [[nodiscard]] History pending_calls(std::uint64_t run, const Scenario& scenario,
                                        std::vector<std::size_t>& seen) {
        return lanes_->pending(run, scenario, seen);
    }
    /// What is wrong with the log files: a sentence that names the rule, or nothing.
    [[nodiscard]] std::string fault_of_logs() const;

  private:
    [[nodiscard]] Greeting greet(const SessionOptions& options);
    [[nodiscard]] std::string await_greeting(std::chrono::nanoseconds limit);

    std::uintmax_t lane_size_;
    int lane_count_;
    RunFolder folder_;
    SanitizerReports reports_;
    DriverProcess process_;
    Greeting greeting_;
    std::optional<LaneReader> lanes_;
};

}  // namespace conformance
