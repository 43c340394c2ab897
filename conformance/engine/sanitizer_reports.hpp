#pragma once
/// \file
/// Reports of sanitizers, which go to files, one per process, so that each belongs to a scenario.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace conformance {

class SanitizerReports {
  public:
    /// Files will be in `folder`, which is made.
    explicit SanitizerReports(std::filesystem::path folder);

    /// Settings "NAME=value" for the environment of a driver: those of this process, with the path.
    [[nodiscard]] std::vector<std::string> environment() const;
    /// Returns what was reported since the last call.
    [[nodiscard]] std::string take();

  private:
    std::filesystem::path folder_;
    /// How much was read of each file. Files are not shortened: a sanitizer goes on where it was.
    std::map<std::filesystem::path, std::uintmax_t> read_;
};

}  // namespace conformance
