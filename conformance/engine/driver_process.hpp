#pragma once
/// \file
/// A driver's process: started in a session of its own, spoken to in lines, and killed with all that
/// came from it.

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "conformance/engine/error_output.hpp"
#include "conformance/engine/line_reader.hpp"
#include "conformance/engine/process_tree.hpp"

namespace conformance {

class DriverProcess {
  public:
    struct Start {
        std::vector<std::string> command;
        std::vector<std::string>
            environment;   ///< settings "NAME=value" that replace inherited ones
        std::string mark;  ///< another such setting, unique, by which its processes are known
    };
    /// Throws UnusableDriver, with a sentence that says why.
    explicit DriverProcess(const Start& start);
    /// Kills all that is left.
    ~DriverProcess();
    DriverProcess(const DriverProcess&) = delete;
    DriverProcess& operator=(const DriverProcess&) = delete;

    /// Sends a line. Returns whether the driver took it, in `time` at most.
    [[nodiscard]] bool send(std::string line, std::chrono::nanoseconds time);
    [[nodiscard]] LineReader& lines() { return lines_; }
    [[nodiscard]] ErrorOutput& error_output() { return error_output_; }
    [[nodiscard]] ProcessTree& tree() { return tree_; }

    /// Ends its standard input and waits for its end. Returns what rule 1.4 says of that: nothing, or
    /// a sentence. Kills what is left.
    [[nodiscard]] std::string finish(std::chrono::nanoseconds time);
    /// "exited with status 3", or nothing while it lives. Waits for `time` at most.
    [[nodiscard]] std::string ending(std::chrono::nanoseconds time = {});

  private:
    struct Pipes {
        int input = -1;
        int output = -1;
        pid_t process = -1;
    };
    static Pipes start(const Start& start, const ErrorOutput& error_output);

    ErrorOutput error_output_;
    Pipes pipes_;
    LineReader lines_;
    ProcessTree tree_;
};

}  // namespace conformance
