#include "process_status.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

std::optional<ProcessStatus> process_status(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string line;
    // The name of the program, in parentheses, may itself hold parentheses and spaces.
    if (!std::getline(file, line) || line.rfind(") ") == std::string::npos) return std::nullopt;
    std::istringstream fields(line.substr(line.rfind(')') + 1));
    ProcessStatus status{.process = process};
    fields >> status.state >> status.parent >> status.group >> status.session;
    return status;
}

std::vector<ProcessStatus> all_processes() {
    std::vector<ProcessStatus> processes;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        if (const auto status = process_status(std::stoi(name))) processes.push_back(*status);
    }
    return processes;
}
