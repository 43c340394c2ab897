#include "conformance/kit/thread_status.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <array>

namespace conformance::kit {
namespace {

std::string read_file(const std::string& path) {
    std::array<char, 512> buffer{};
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return {};
    const ssize_t size = read(file, buffer.data(), buffer.size());
    close(file);
    return size > 0 ? std::string(buffer.data(), static_cast<std::size_t>(size)) : std::string();
}

}  // namespace

std::optional<ThreadStatus> thread_status(pid_t process, pid_t thread) {
    const std::string folder =
        "/proc/" + std::to_string(process) + "/task/" + std::to_string(thread);
    const std::string stat = read_file(folder + "/stat");
    // The name of the program comes first, in parentheses, and may hold anything.
    const auto end_of_name = stat.rfind(')');
    if (end_of_name == std::string::npos || end_of_name + 2 >= stat.size()) return std::nullopt;
    return ThreadStatus{.state = stat[end_of_name + 2], .times = read_file(folder + "/schedstat")};
}

bool is_gone(pid_t process, pid_t thread) {
    const auto status = thread_status(process, thread);
    return !status || status->is_dead();
}

}  // namespace conformance::kit
