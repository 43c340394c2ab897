#include "program_run.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <future>
#include <optional>
#include <sstream>
#include <system_error>
#include <thread>

namespace freethreading::conformance {
namespace {

using Clock = std::chrono::steady_clock;

/// How long after a program's end its other processes may need to go, on the slowest machine.
constexpr Clock::duration grace = std::chrono::seconds(10);

/// Reads and closes the end of a pipe.
Capture read_to_end(int descriptor) {
    Capture capture;
    std::array<char, 65536> buffer;  // as large as a pipe: no read tears what a write kept whole
    for (ssize_t size; (size = ::read(descriptor, buffer.data(), buffer.size())) > 0;) {
        capture.text.append(buffer.data(), static_cast<std::size_t>(size));
        capture.torn |= capture.text.back() != '\n';
    }
    ::close(descriptor);
    return capture;
}

/// Kills the processes of a session, and those that came to us because their parent ended. Without a
/// session only these: its number may be a stranger's once the leader has been reaped, and all come to
/// us in time.
std::vector<std::string> kill_all_from(std::optional<pid_t> session_leader) {
    std::vector<std::string> killed;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        std::ifstream file(entry.path() / "stat");  // number (name) state parent group session ...
        std::string stat;
        if (!std::getline(file, stat)) continue;
        const std::size_t name_end = stat.rfind(')') + 1;
        std::istringstream fields(stat.substr(name_end));
        char state = 0;
        pid_t parent = 0, group = 0, session = 0;
        fields >> state >> parent >> group >> session;
        if (parent != ::getpid() && session != session_leader) continue;
        ::kill(std::stoi(stat), SIGKILL);
        killed.push_back(stat.substr(0, name_end) + " in state " + state);
    }
    return killed;
}

}  // namespace

ProgramRun run_program(std::vector<std::string> command, std::chrono::nanoseconds timeout) {
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (std::string& argument : command) {
        arguments.push_back(argument.data());
    }
    arguments.push_back(nullptr);
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    std::array<int, 2> output{};
    std::array<int, 2> error_output{};
    ProgramRun run;
    if (::access(arguments[0], X_OK) == 0 && ::pipe2(output.data(), O_CLOEXEC) == 0 &&
        ::pipe2(error_output.data(), O_CLOEXEC) == 0) {
        run.pid = ::fork();
    }
    if (run.pid < 0) {
        throw std::system_error(errno, std::generic_category(), "cannot run " + command[0]);
    }
    if (run.pid == 0) {
        ::setsid();
        ::dup2(output[1], STDOUT_FILENO);
        ::dup2(error_output[1], STDERR_FILENO);
        ::execv(arguments[0], arguments.data());
        ::_exit(127);
    }
    ::close(output[1]);
    ::close(error_output[1]);
    auto captured_output = std::async(std::launch::async, read_to_end, output[0]);
    auto captured_error_output = std::async(std::launch::async, read_to_end, error_output[0]);

    bool ended = false;
    auto limit = Clock::now() + timeout;
    int status = 0;
    // Without children, waitpid fails: all that came from the program has come to us and gone.
    for (pid_t child; (child = ::waitpid(-1, &status, WNOHANG)) >= 0;) {
        if (child == run.pid) {
            run.status = status;
            ended = true;
            limit = Clock::now() + std::min(timeout, grace);
        } else if (child == 0 && Clock::now() < limit) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        } else if (child == 0) {
            run.hung |= !ended;
            auto killed = kill_all_from(ended ? std::nullopt : std::optional(run.pid));
            if (run.left.empty()) run.left = std::move(killed);
        }
    }
    run.output = captured_output.get();
    run.error_output = captured_error_output.get();
    return run;
}

}  // namespace freethreading::conformance
