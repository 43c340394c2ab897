#pragma once
/// \file
/// The invocations and responses of a history in the order of time. Internal.

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <tuple>
#include <vector>

#include "conformance/checker/interval.hpp"

namespace conformance::checker {

struct Event {
    std::int64_t time = 0;
    std::uint32_t call = 0;
    bool is_response = false;
};

/// Throws std::invalid_argument if a call responded before it was invoked.
template <Model M>
void require_order(Calls<M> history) {
    for (const auto& interval : history) {
        if (interval.responded && *interval.responded < interval.invoked)
            throw std::invalid_argument("a call of the history responded before it was invoked");
    }
}

/// Invocations come before responses at the same time: intervals are closed. Throws what
/// `require_order` does.
template <Model M>
[[nodiscard]] std::vector<Event> events_in_order(Calls<M> history) {
    require_order<M>(history);
    std::vector<Event> events;
    events.reserve(2 * history.size());
    for (std::uint32_t call = 0; call < history.size(); ++call) {
        const auto& interval = history[call];
        events.push_back({interval.invoked, call, false});
        if (interval.responded) events.push_back({*interval.responded, call, true});
    }
    std::sort(events.begin(), events.end(), [](const Event& left, const Event& right) {
        return std::tie(left.time, left.is_response, left.call) <
               std::tie(right.time, right.is_response, right.call);
    });
    return events;
}

}  // namespace conformance::checker
