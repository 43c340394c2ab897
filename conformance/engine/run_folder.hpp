#pragma once
/// \file
/// A folder for the logs of one driver, removed with all it holds.

#include <cstdint>
#include <filesystem>

namespace conformance {

class RunFolder {
  public:
    /// In shared memory if `bytes` fit there several times over, since a disk would write the logs
    /// out while they are being written; else in the folder for temporary files. Throws
    /// std::filesystem::filesystem_error.
    explicit RunFolder(std::uintmax_t bytes);
    ~RunFolder();
    RunFolder(const RunFolder&) = delete;
    RunFolder& operator=(const RunFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace conformance
