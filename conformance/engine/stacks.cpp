#include "conformance/engine/stacks.hpp"

#include <unistd.h>

#include <chrono>

#include "conformance/engine/driver_process.hpp"
#include "conformance/engine/greeting.hpp"

namespace conformance {
namespace {

constexpr std::size_t most_processes = 6;
constexpr std::chrono::seconds limit{15};

std::string stacks_of(pid_t process) {
    const std::string mark = "FREETHREADING_DEBUGGER=" + std::to_string(::getpid());
    DriverProcess debugger({.command = {"gdb", "-nx", "-batch", "-p", std::to_string(process),
                                        "-ex", "thread apply all backtrace 24"},
                            .environment = {"DEBUGINFOD_URLS="},
                            .mark = mark});
    const auto end = std::chrono::steady_clock::now() + limit;
    std::string text;
    bool in_stacks = false;  // what comes before is about libraries and symbols
    while (debugger.lines().next(end - std::chrono::steady_clock::now()) ==
           LineReader::Event::line) {
        in_stacks |= debugger.lines().line().starts_with("Thread ");
        if (in_stacks) text += debugger.lines().line() + '\n';
    }
    return text;
}

}  // namespace

std::string stacks_of(const std::vector<pid_t>& processes) {
    std::string text;
    try {
        for (std::size_t i = 0; i < processes.size() && i < most_processes; ++i) {
            const std::string stacks = stacks_of(processes[i]);
            if (stacks.empty()) continue;
            text += "process " + std::to_string(processes[i]) + ":\n" + stacks;
        }
    } catch (const UnusableDriver&) {
        return "unavailable: there is no gdb";
    }
    return text.empty() ? "unavailable: gdb has no leave to trace the driver" : text;
}

}  // namespace conformance
