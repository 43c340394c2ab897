#pragma once
/// \file
/// Reads what the workers of a driver wrote down, while they run or after they were killed.
///
///     const LaneReader reader("/tmp/run-1");
///     const History history = reader.read(7, scenario);
///
/// Immutable; any number of threads may read.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "conformance/wire/lane_slot.hpp"
#include "conformance/wire/scenario_json.hpp"
#include "spec/scenario/history.hpp"

namespace conformance {

class LaneReader {
  public:
    /// Maps the lanes that are there. Throws std::system_error.
    explicit LaneReader(const std::filesystem::path& folder);
    [[nodiscard]] std::size_t size() const { return lanes_.size(); }

    /// What was invoked in this run, worker by worker. The life of a worker is an entry too, its
    /// first: a call with the id -1 and the operation `run` on the worker's own id. What a worker had
    /// pending is marked as killed if a call `kill` on it responded.
    ///
    /// What is being written at this moment is there, or not yet. Throws MalformedMessage for what
    /// no writer that keeps to the protocol leaves behind at any moment, and if a lane became shorter.
    [[nodiscard]] History read(std::uint64_t run, const Scenario& scenario) const;

    /// The same, one entry after the other and none marked as killed: of a long run not all is in
    /// memory at once.
    void for_each(std::uint64_t run, const Scenario& scenario,
                  const std::function<void(const Entry&)>& visit) const;

    /// Only what is pending, at a cost that does not grow with the run. `seen`: how many slots of
    /// each lane hold responses; looks on from there, and counts on. Empty at first.
    [[nodiscard]] History pending(std::uint64_t run, const Scenario& scenario,
                                  std::vector<std::size_t>& seen) const;

  private:
    /// A file, and what it was when it was mapped.
    class Lane {
      public:
        explicit Lane(const std::filesystem::path& file);
        Lane(const Lane&) = delete;
        Lane& operator=(const Lane&) = delete;
        ~Lane();
        [[nodiscard]] std::span<const LaneSlot> slots() const;

      private:
        int descriptor_;
        std::size_t size_ = 0;
        void* memory_ = nullptr;
    };

    std::vector<std::unique_ptr<Lane>> lanes_{};
};

}  // namespace conformance
