#include "conformance/engine/process_tree.hpp"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <thread>

namespace conformance {
namespace {

struct Stat {
    char state = 0;
    pid_t parent = 0;
    pid_t session = 0;
};

/// The fields of /proc/.../stat; none if the process is gone.
std::optional<Stat> read_stat(const std::filesystem::path& folder) {
    std::ifstream file(folder / "stat");  // number (name) state parent group session ...
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    // The name may hold blanks and parentheses, the rest cannot.
    std::istringstream fields(line.substr(line.rfind(')') + 1));
    Stat stat;
    pid_t group = 0;
    fields >> stat.state >> stat.parent >> group >> stat.session;
    return stat;
}

std::int64_t read_run_time(const std::filesystem::path& folder) {
    std::int64_t nanoseconds = 0;
    std::ifstream(folder / "schedstat") >> nanoseconds;
    return nanoseconds;
}

bool is_number(const std::string& text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// The numbers that name entries of a folder of /proc.
std::vector<pid_t> numbers_in(const std::filesystem::path& folder) {
    std::vector<pid_t> numbers;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename();
        if (is_number(name)) numbers.push_back(std::stoi(name));
    }
    return numbers;
}

bool is_in_environment_of(pid_t process, const std::string& mark) {
    std::ifstream file("/proc/" + std::to_string(process) + "/environ", std::ios::binary);
    const std::string environment{std::istreambuf_iterator<char>(file), {}};
    return ('\0' + environment).find('\0' + mark + '\0') != std::string::npos;
}

bool is_asleep(char state) {
    return std::string_view("STtZXxI").find(state) != std::string_view::npos;
}

}  // namespace

ProcessTree::ProcessTree(pid_t leader, std::string mark) : leader_(leader), mark_(std::move(mark)) {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

ProcessTree::~ProcessTree() {
    ::waitpid(leader_, nullptr, WNOHANG);
}

std::vector<pid_t> ProcessTree::members() const {
    std::map<pid_t, Stat> all;
    for (const pid_t process : numbers_in("/proc")) {
        if (const auto stat = read_stat("/proc/" + std::to_string(process)))
            all.emplace(process, *stat);
    }
    std::set<pid_t> tree;
    for (const auto& [process, stat] : all) {
        const bool adopted = stat.parent == ::getpid() && is_in_environment_of(process, mark_);
        if (process == leader_ || stat.session == leader_ || adopted) tree.insert(process);
    }
    for (bool grown = true; grown;) {
        grown = false;
        for (const auto& [process, stat] : all) {
            if (tree.contains(stat.parent)) grown |= tree.insert(process).second;
        }
    }
    std::vector<pid_t> living;
    for (const pid_t process : tree) {
        const auto stat = all.find(process);
        if (stat != all.end() && stat->second.state != 'Z') living.push_back(process);
    }
    return living;
}

std::vector<ThreadActivity> ProcessTree::threads() const {
    std::vector<ThreadActivity> activities;
    for (const pid_t process : members()) {
        const std::filesystem::path tasks = "/proc/" + std::to_string(process) + "/task";
        for (const pid_t thread : numbers_in(tasks)) {
            const std::filesystem::path folder = tasks / std::to_string(thread);
            if (const auto stat = read_stat(folder))
                activities.push_back({thread, is_asleep(stat->state), read_run_time(folder)});
        }
    }
    return activities;
}

std::optional<int> ProcessTree::leader_status() const {
    siginfo_t end{};
    const int error =
        ::waitid(P_PID, static_cast<id_t>(leader_), &end, WEXITED | WNOHANG | WNOWAIT);
    if (error != 0 || end.si_pid != leader_) return std::nullopt;
    return end.si_code == CLD_EXITED ? W_EXITCODE(end.si_status, 0) : W_EXITCODE(0, end.si_status);
}

std::size_t ProcessTree::await_end(std::chrono::nanoseconds time) {
    const auto limit = std::chrono::steady_clock::now() + time;
    while (true) {
        const std::size_t left = members().size();
        if (left == 0 || std::chrono::steady_clock::now() >= limit) return left;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

void ProcessTree::kill_all() {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    // Nobody may see another die, and go on, and write that down: a join would seem to have returned.
    for (const pid_t process : members())
        ::kill(process, SIGSTOP);
    std::set<pid_t> killed;
    while (std::chrono::steady_clock::now() < limit) {
        const std::vector<pid_t> living = members();
        for (const pid_t process : living) {
            ::kill(process, SIGKILL);
            killed.insert(process);
        }
        // Orphans come to us one after the other. A zombie has no environment to be known by.
        std::erase_if(killed, [&](pid_t process) {
            if (process != leader_) ::waitpid(process, nullptr, WNOHANG);
            return process == leader_ || !read_stat("/proc/" + std::to_string(process));
        });
        if (living.empty() && killed.empty() && leader_status()) return;
        // A killed process takes a moment to go, and what it forked just before has to be found.
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

std::string describe_status(int status) {
    if (WIFSIGNALED(status)) {
        const int signal = WTERMSIG(status);
        return "was killed by signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ')';
    }
    return "exited with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace conformance
