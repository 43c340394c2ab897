/// One run of a program, observed from outside.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace freethreading::conformance {

/// What came through a pipe.
struct Capture {
    std::string text;
    bool torn = false;  ///< Some write did not end with the end of a line.
};

struct ProgramRun {
    pid_t pid = -1;
    int status = 0;  ///< As waitpid gives it.
    Capture output;
    Capture error_output;
    bool hung = false;              ///< It was killed, since it had not ended in time.
    std::vector<std::string> left;  ///< Its processes at the time-out, or long after its end.
};

/// Runs a command, which begins with the path of a program, in a session of its own until it and
/// every process that came from it are gone, by force if need be. Requires a caller without other
/// children, and makes it a subreaper, so that no process escapes. Throws std::system_error if the
/// command cannot be started.
ProgramRun run_program(std::vector<std::string> command, std::chrono::nanoseconds timeout);

}  // namespace freethreading::conformance
