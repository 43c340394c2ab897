#pragma once
/// \file
/// The calls that are pending at a point of a history, each in a slot of its own. Internal.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "conformance/checker/event_sequence.hpp"
#include "conformance/checker/interval.hpp"

namespace conformance::checker {

template <Model M>
class PendingCalls {
  public:
    /// What a call must wait for: its own worker's call in that slot.
    struct Earlier {
        std::uint32_t slot;
        std::uint32_t call;
    };
    struct Slot {
        std::uint32_t call = 0;
        bool is_pending = false;
        bool responds = false;
        bool is_optional = false;  // killed
        std::vector<Earlier> earlier{};
    };

    PendingCalls(Calls<M> history, std::span<const Event> events)
        : history_(history), slot_of_(history.size()) {
        std::vector<std::uint32_t> free;
        for (const Event& event : events) {
            if (event.is_response) {
                free.push_back(slot_of_[event.call]);
            } else if (free.empty()) {
                slot_of_[event.call] = static_cast<std::uint32_t>(slots_.size());
                slots_.emplace_back();
            } else {
                slot_of_[event.call] = free.back();
                free.pop_back();
            }
        }
    }

    [[nodiscard]] std::size_t slot_count() const { return slots_.size(); }
    [[nodiscard]] std::uint32_t slot_of(std::uint32_t call) const { return slot_of_[call]; }
    [[nodiscard]] const Slot& operator[](std::uint32_t slot) const { return slots_[slot]; }
    /// The slots of the pending calls.
    [[nodiscard]] std::span<const std::uint32_t> pending() const { return pending_; }
    [[nodiscard]] bool has_optional() const { return optional_count_ > 0; }

    void invoke(std::uint32_t call) {
        const auto& interval = history_[call];
        Slot& slot = slots_[slot_of_[call]];
        slot = {.call = call,
                .is_pending = true,
                .responds = interval.responded.has_value(),
                .is_optional = interval.killed && !interval.responded,
                .earlier = std::move(slot.earlier)};
        slot.earlier.clear();
        for (const std::uint32_t other : pending_) {
            if (touches(slots_[other].call, call))
                slot.earlier.push_back({other, slots_[other].call});
        }
        pending_.push_back(slot_of_[call]);
        if (slot.is_optional) ++optional_count_;
    }
    void respond(std::uint32_t call) {
        const std::uint32_t slot = slot_of_[call];
        slots_[slot].is_pending = false;
        pending_.erase(std::ranges::find(pending_, slot));
    }

    /// Whether a call of the same worker that must come first is not completed. Only calls that touch
    /// need this: those further apart are kept in order by the events.
    [[nodiscard]] bool must_wait(std::uint32_t slot, std::span<const Stage> stages) const {
        return std::ranges::any_of(slots_[slot].earlier, [&](const Earlier& earlier) {
            return slots_[earlier.slot].is_pending && slots_[earlier.slot].call == earlier.call &&
                   stages[earlier.slot] >= 0;
        });
    }

  private:
    [[nodiscard]] bool touches(std::uint32_t first, std::uint32_t second) const {
        const auto& left = history_[first];
        const auto& right = history_[second];
        return left.worker == right.worker && left.responded == right.invoked &&
               std::tie(left.invoked, first) < std::tie(right.invoked, second);
    }

    Calls<M> history_;
    std::vector<std::uint32_t> slot_of_;
    std::vector<Slot> slots_;
    std::vector<std::uint32_t> pending_;
    std::size_t optional_count_ = 0;
};

}  // namespace conformance::checker
