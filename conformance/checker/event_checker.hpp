#pragma once
/// \file
/// Long histories of an event, in O(n log n).
///
///     const std::vector<EventCall> history = {
///         {.kind = EventCall::Kind::set, .invoked = 1, .responded = 2},
///         {.kind = EventCall::Kind::seen_clear, .invoked = 3, .responded = 4}};
///     check_event(history);  // "an event that was set was seen clear"
///
/// What the event is, is certain between two writes: from the response of the last one to the
/// invocation of the next, if those that overlapped it agree. An observation must not lie within a
/// time at which the event was certainly the other way.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "conformance/checker/finding.hpp"

namespace conformance::checker {

struct EventCall {
    /// `seen_set`: wait or is_set returned true; `seen_clear`: it returned false.
    enum class Kind : std::uint8_t { set, clear, seen_set, seen_clear };

    Kind kind = Kind::set;
    std::int64_t invoked = 0;
    std::optional<std::int64_t> responded{};
};

/// A time at which the event was certainly set, or clear. Its ends do not belong to it.
struct EventTime {
    bool is_set = false;
    std::int64_t begin = 0;
    std::int64_t end = 0;
};

/// In their order. The event is clear at first.
[[nodiscard]] inline std::vector<EventTime> certain_times(std::span<const EventCall> history) {
    std::vector<EventCall> writes;
    std::ranges::copy_if(history, std::back_inserter(writes), [](const EventCall& call) {
        return call.kind == EventCall::Kind::set || call.kind == EventCall::Kind::clear;
    });
    std::ranges::sort(writes, {}, &EventCall::invoked);
    std::vector<EventTime> times;
    std::int64_t begin = std::numeric_limits<std::int64_t>::min();
    std::optional<bool> state = false;
    for (const EventCall& write : writes) {
        const bool sets = write.kind == EventCall::Kind::set;
        if (begin < write.invoked) {
            if (state) times.push_back({*state, begin, write.invoked});
            state = sets;
        } else if (state != sets) {
            state.reset();  // of two at once either may be the last
        }
        begin = std::max(begin, write.responded.value_or(never));
    }
    if (state && begin < never) times.push_back({*state, begin, never});
    return times;
}

/// Observations that are pending are left out; so are those of which it is not certain.
[[nodiscard]] inline std::optional<Finding> check_event(std::span<const EventCall> history) {
    const std::vector<EventTime> times = certain_times(history);
    for (std::size_t i = 0; i < history.size(); ++i) {
        const EventCall& call = history[i];
        const bool saw_set = call.kind == EventCall::Kind::seen_set;
        if (!call.responded || (!saw_set && call.kind != EventCall::Kind::seen_clear)) continue;
        const auto after = std::ranges::upper_bound(times, call.invoked, {}, &EventTime::begin);
        if (after == times.begin()) continue;
        const EventTime& time = *std::prev(after);
        const bool lies_within = time.begin < call.invoked && *call.responded < time.end;
        if (!lies_within || time.is_set == saw_set) continue;
        return saw_set ? Finding{"an event that was clear was seen set", {i}}
                       : Finding{"an event that was set was seen clear", {i}};
    }
    return std::nullopt;
}

}  // namespace conformance::checker
