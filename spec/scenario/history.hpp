#pragma once
/// \file
/// What happened when a scenario ran: every call's invocation and response.

#include <cstdint>
#include <optional>
#include <vector>

#include "spec/scenario/scenario.hpp"

namespace conformance {

/// One call of one worker. Times are nanoseconds of a monotonic clock that all workers share, read
/// before the call and after it: the interval may be wider than the call, never narrower.
struct Entry {
    Id worker = 0;
    Call call{};
    std::int64_t invoked = 0;
    std::optional<std::int64_t> responded{};  ///< none: it was pending at the end
    Outcome outcome{};                        ///< if it responded
    bool killed = false;     ///< its worker was killed in it: it may have taken effect or not
    std::int64_t round = 0;  ///< of a worker that repeats its calls; from 0 on
    friend bool operator==(const Entry&, const Entry&) = default;
};

struct History {
    std::vector<Entry> entries;
    friend bool operator==(const History&, const History&) = default;
};

}  // namespace conformance
