#pragma once
/// \file
/// The files in the folder skeletons/, which are built into the program.

#include <span>
#include <string_view>

namespace conformance::runner {

struct SkeletonFile {
    std::string_view path{};  ///< "cpp/driver.cpp"
    std::string_view text{};
};

[[nodiscard]] std::span<const SkeletonFile> skeleton_files();

}  // namespace conformance::runner
