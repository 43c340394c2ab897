#pragma once
/// \file
/// What came of running a scenario on a driver, before anybody judges it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "spec/scenario/history.hpp"

namespace conformance {

/// How a program ended whose scenario wanted it to (rule 3.9).
struct EndOfProgram {
    std::int64_t time = 0;      ///< when it had ended at the latest, by the history's clock
    int status = 0;             ///< with which it exited; -1 if a signal killed it
    std::string text{};         ///< "exited with status 0"
    std::size_t left_over = 0;  ///< how many of its processes lived on
};

struct RunResult {
    enum class Status {
        completed,  ///< every worker came to its end, or the program did
        stuck,      ///< nothing moves any more, and calls are pending
        crashed,    ///< the driver, or one of its workers' processes, died of a signal or sanitizer
        unsupported,   ///< the driver lacks what the scenario needs
        overflow,      ///< more calls than a lane holds
        driver_fault,  ///< the driver broke its protocol, or could not do its part
        over_time      ///< things moved until the very last limit
    };
    Status status = Status::driver_fault;
    History history{};               ///< what the lanes held, also if the driver did not answer
    std::int64_t ended = 0;          ///< when that was known, by the history's clock
    std::string explanation{};       ///< one sentence, unless completed
    std::string output{};            ///< what the driver wrote to standard error meanwhile
    std::string sanitizer_report{};  ///< empty: none
    std::optional<EndOfProgram> end{};
    std::string stacks{};  ///< what every thread was doing, if stuck and gdb is there
};

}  // namespace conformance
