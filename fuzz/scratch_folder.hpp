#pragma once
/// \file
/// A folder of its own for a target whose doors are files, in memory where the machine has such a place.

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "fuzz/require.hpp"

namespace fuzz {

class ScratchFolder {
  public:
    ScratchFolder() {
        const bool is_in_memory = ::access("/dev/shm", W_OK) == 0;
        std::string name =
            (is_in_memory ? "/dev/shm" : std::filesystem::temp_directory_path().string()) +
            "/fuzz-XXXXXX";
        require(::mkdtemp(name.data()) != nullptr, "there is no place for a scratch folder");
        path_ = name;
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace fuzz
