#pragma once
/// \file
/// One slot of a lane, as section 4 of the driver protocol lays it out.

#include <array>
#include <cstddef>
#include <cstdint>

namespace conformance {

struct LaneSlot {
    static constexpr std::uint32_t invoked_state = 1;
    static constexpr std::uint32_t responded_state = 2;
    static constexpr std::int32_t whole_life = -1;  ///< the call that is the worker's whole life
    static constexpr std::size_t text_capacity = 84;

    std::uint64_t run;
    std::int32_t worker;
    std::int32_t call;
    std::uint32_t state;
    std::uint32_t outcome;  ///< 0: a value, 1: an error
    std::int64_t invoked;
    std::int64_t responded;
    std::uint32_t text_size;
    std::array<char, text_capacity> text;

    /// How many slots a response with a text of this size takes.
    [[nodiscard]] static constexpr std::size_t slots_for(std::size_t text_size) {
        return text_size <= text_capacity
                   ? 1
                   : 1 + (text_size - text_capacity + sizeof(LaneSlot) - 1) / sizeof(LaneSlot);
    }
};
static_assert(sizeof(LaneSlot) == 128 && offsetof(LaneSlot, invoked) == 24 &&
              offsetof(LaneSlot, text) == 44);

}  // namespace conformance
