#include "conformance/engine/run_folder.hpp"

#include <stdlib.h>

#include <cerrno>
#include <system_error>

namespace conformance {
namespace {

std::filesystem::path parent_for(std::uintmax_t bytes) {
    constexpr std::uintmax_t safety = 8;  // others run beside us
    std::error_code error;
    const std::filesystem::path memory = "/dev/shm";
    const auto space = std::filesystem::space(memory, error);
    const bool fits = !error && space.available / safety > bytes;
    return fits ? memory : std::filesystem::temp_directory_path();
}

}  // namespace

RunFolder::RunFolder(std::uintmax_t bytes) {
    std::string name = parent_for(bytes) / "freethreading-run-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr)
        throw std::filesystem::filesystem_error("cannot make a folder for the logs", name,
                                                {errno, std::generic_category()});
    path_ = name;
}

RunFolder::~RunFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace conformance
