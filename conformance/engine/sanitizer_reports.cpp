#include "conformance/engine/sanitizer_reports.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

namespace conformance {

SanitizerReports::SanitizerReports(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_);
}

std::vector<std::string> SanitizerReports::environment() const {
    std::vector<std::string> settings;
    for (const char* const name : {"TSAN_OPTIONS", "ASAN_OPTIONS", "UBSAN_OPTIONS"}) {
        const char* const own = std::getenv(name);
        // Of two values of one option the last counts. In which order locks are taken is the scenarios'
        // business: only locks that are mutexes of the system would be blamed for it.
        settings.push_back(std::string(name) + '=' + (own != nullptr ? own : "") +
                           (own != nullptr && *own != '\0' ? ":" : "") +
                           (name == std::string_view("TSAN_OPTIONS") ? "detect_deadlocks=0:" : "") +
                           "log_path=" + (folder_ / "report").string());
    }
    return settings;
}

std::string SanitizerReports::take() {
    std::string report;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
        std::uintmax_t& offset = read_[entry.path()];
        const std::uintmax_t size = entry.file_size(error);
        if (error || size <= offset) continue;
        std::ifstream file(entry.path(), std::ios::binary);
        file.seekg(static_cast<std::streamoff>(offset));
        report.append(std::istreambuf_iterator<char>(file), {});
        offset = size;
    }
    constexpr std::size_t most = std::size_t{256} << 10;
    if (report.size() > most) report.resize(most);
    return report;
}

}  // namespace conformance
