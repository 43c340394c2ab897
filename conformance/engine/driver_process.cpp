#include "conformance/engine/driver_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <thread>

#include "conformance/engine/greeting.hpp"

extern char** environ;

namespace conformance {
namespace {

using Clock = std::chrono::steady_clock;

std::string name_of(const std::string& setting) {
    return setting.substr(0, setting.find('=') + 1);
}

std::vector<std::string> environment_with(const std::vector<std::string>& settings) {
    std::vector<std::string> all = settings;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string setting = *entry;
        const bool replaced = std::ranges::any_of(
            settings, [&](const auto& other) { return name_of(other) == name_of(setting); });
        if (!replaced) all.push_back(setting);
    }
    return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

struct Pipe {
    int read = -1;
    int write = -1;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe2");
    return {ends[0], ends[1]};
}

std::string why_not_started(const std::string& program, int error) {
    const std::string subject = "the driver \"" + program + "\" ";
    if (error == ENOENT)
        return subject + "does not exist (or the interpreter that its first line names does not)";
    if (error == EACCES) return subject + "is not executable, or may not be";
    return subject + "cannot be started: " + ::strerror(error);
}

}  // namespace

DriverProcess::Pipes DriverProcess::start(const Start& start, const ErrorOutput& error_output) {
    if (start.command.empty()) throw UnusableDriver("the command of the driver is empty");
    ::signal(SIGPIPE, SIG_IGN);  // a driver that died is noticed by what `write` returns
    std::vector<std::string> command = start.command;
    std::vector<std::string> settings = start.environment;
    settings.push_back(start.mark);
    settings = environment_with(settings);
    const Pipe input = make_pipe();
    const Pipe output = make_pipe();

    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, input.read, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output.write, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, error_output.descriptor(), STDERR_FILENO);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigset_t unblocked;
    sigemptyset(&unblocked);
    ::posix_spawnattr_setsigdefault(&attributes, &defaults);
    ::posix_spawnattr_setsigmask(&attributes, &unblocked);
    ::posix_spawnattr_setflags(&attributes,
                               POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);

    Pipes pipes{.input = input.write, .output = output.read};
    const int error = ::posix_spawnp(&pipes.process, command[0].c_str(), &actions, &attributes,
                                     pointers_to(command).data(), pointers_to(settings).data());
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(input.read);
    ::close(output.write);
    if (error != 0) {
        ::close(input.write);
        ::close(output.read);
        throw UnusableDriver(why_not_started(command[0], error));
    }
    ::fcntl(pipes.input, F_SETFL, O_NONBLOCK);
    return pipes;
}

DriverProcess::DriverProcess(const Start& how)
    : pipes_(start(how, error_output_)), lines_(pipes_.output), tree_(pipes_.process, how.mark) {}

DriverProcess::~DriverProcess() {
    if (pipes_.input >= 0) ::close(pipes_.input);
    tree_.kill_all();
}

bool DriverProcess::send(std::string line, std::chrono::nanoseconds time) {
    line += '\n';
    const auto limit = Clock::now() + time;
    for (std::size_t sent = 0; sent < line.size();) {
        const ssize_t size = ::write(pipes_.input, line.data() + sent, line.size() - sent);
        if (size > 0) {
            sent += static_cast<std::size_t>(size);
            continue;
        }
        if (errno != EAGAIN && errno != EINTR) return false;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(limit - Clock::now());
        if (left.count() <= 0) return false;
        pollfd waiting{.fd = pipes_.input, .events = POLLOUT, .revents = 0};
        ::poll(&waiting, 1, static_cast<int>(left.count()));
    }
    return true;
}

std::string DriverProcess::ending(std::chrono::nanoseconds time) {
    const auto limit = Clock::now() + time;
    while (true) {
        if (const auto status = tree_.leader_status()) return describe_status(*status);
        if (Clock::now() >= limit) return {};
        std::this_thread::sleep_for(std::chrono::milliseconds(1));  // there is no timed waitpid
    }
}

std::string DriverProcess::finish(std::chrono::nanoseconds time) {
    ::close(pipes_.input);
    pipes_.input = -1;
    const std::string end = ending(time);
    const bool leaves_some = !end.empty() && !tree_.members().empty();
    tree_.kill_all();
    if (end.empty()) return "rule 1.4: the driver went on after the end of its standard input";
    if (*tree_.leader_status() != 0)
        return "rule 1.4: after the end of its standard input the driver " + end;
    if (leaves_some) return "rule 1.4: the driver ended and left processes behind";
    return {};
}

}  // namespace conformance
