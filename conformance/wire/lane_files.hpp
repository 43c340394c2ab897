#pragma once
/// \file
/// The lanes of a driver: files that it makes and maps before its first scenario.
///
///     LaneFiles files("/tmp/run-1", 16, 4096);
///     LaneWriter writer(files.lane(2), 7, 3);
///
/// Processes forked later write through the same mappings. Immutable once made.

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

#include "conformance/wire/lane_slot.hpp"

namespace conformance {

class LaneFiles {
  public:
    /// Makes the files, with the space of the first 64 slots of each. Throws std::system_error, also if one exists.
    LaneFiles(const std::filesystem::path& folder, std::size_t lanes, std::size_t slots);
    LaneFiles(const LaneFiles&) = delete;
    LaneFiles& operator=(const LaneFiles&) = delete;
    /// The files stay.
    ~LaneFiles();

    [[nodiscard]] std::size_t size() const { return lanes_.size(); }
    [[nodiscard]] std::span<LaneSlot> lane(std::size_t position) const { return lanes_[position]; }

  private:
    std::vector<std::span<LaneSlot>> lanes_;
};

}  // namespace conformance
