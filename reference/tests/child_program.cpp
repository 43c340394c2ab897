#include "child_program.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <set>
#include <stdexcept>

#include "process_status.hpp"

namespace {

/// The directory of this program, and what its name has after "_test": "-tsan" or the like.
std::string path_of(const std::string& name) {
    const auto self = std::filesystem::read_symlink("/proc/self/exe");
    const std::string own = self.filename();
    const auto stem_end = own.rfind("_test") + std::string("_test").size();
    return self.parent_path() / (name + own.substr(stem_end));
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

std::vector<std::string> changed_environment(const std::map<std::string, std::string>& changes) {
    std::vector<std::string> result;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text = *entry;
        if (!changes.contains(text.substr(0, text.find('=')))) result.push_back(text);
    }
    for (const auto& [name, value] : changes) {
        if (!value.empty()) result.push_back(name + "=" + value);
    }
    return result;
}

std::string content(int file) {
    std::string text;
    char buffer[4096];
    for (ssize_t size;
         (size = pread(file, buffer, sizeof buffer, static_cast<off_t>(text.size()))) > 0;) {
        text.append(buffer, static_cast<std::size_t>(size));
    }
    return text;
}

}  // namespace

ChildProgram::ChildProgram(const std::string& name, const std::vector<std::string>& arguments,
                           const std::map<std::string, std::string>& environment)
    : output_(memfd_create("output", MFD_CLOEXEC)), errors_(memfd_create("errors", MFD_CLOEXEC)) {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    std::vector<std::string> words{path_of(name)};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables = changed_environment(environment);
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, output_, 1);
    posix_spawn_file_actions_adddup2(&files, errors_, 2);
    posix_spawnattr_init(&attributes);
    // A shell without job control starts what it does not wait for with SIGINT ignored.
    sigset_t ending_it;
    sigemptyset(&ending_it);
    for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM})
        sigaddset(&ending_it, signal);
    posix_spawnattr_setsigdefault(&attributes, &ending_it);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF);
    const int failure = posix_spawn(&process_, words.front().c_str(), &files, &attributes,
                                    pointers_to(words).data(), pointers_to(variables).data());
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    if (failure != 0) throw std::runtime_error("cannot start " + words.front());
}

ChildProgram::~ChildProgram() {
    for (const pid_t process : processes())
        kill(process, SIGKILL);
    if (!ended_) waitpid(process_, nullptr, 0);
    close(output_);
    close(errors_);
}

int ChildProgram::wait() {
    int status = 0;
    while (waitpid(process_, &status, 0) < 0) {
    }
    ended_ = true;
    for (const auto& report : {output(), errors()}) {
        if (report.find("Sanitizer") != std::string::npos ||
            report.find("runtime error: ") != std::string::npos) {
            ADD_FAILURE() << report;
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::string ChildProgram::output() const {
    return content(output_);
}
std::string ChildProgram::errors() const {
    return content(errors_);
}

std::vector<pid_t> ChildProgram::processes() const {
    while (ended_ && waitpid(-process_, nullptr, WNOHANG) > 0) {
    }
    std::vector<pid_t> found;
    for (const ProcessStatus& status : all_processes()) {
        if (status.session == process_) found.push_back(status.process);
    }
    return found;
}
