#pragma once
/// \file
/// What the checker judges: calls as intervals of time, of any model's operations.
///
///     const std::vector<Interval<std::string, int>> history = {
///         {.worker = 1, .operation = "put", .invoked = 10, .responded = 20, .outcome = 0},
///         {.worker = 2, .operation = "get", .invoked = 15}};  // never responded
///
/// Pure data.

#include <cstdint>
#include <optional>
#include <span>

#include "spec/model/step.hpp"

namespace conformance::checker {

/// One call, from the reading of a monotonic clock before it to the reading after it. Intervals are
/// closed: calls that touch at an instant are concurrent, because a clock that ticks slowly may give
/// one reading to two instants. That can hide a violation, never invent one. Only a worker's own
/// calls are known to follow one another even if they touch.
template <class Operation, class Outcome>
struct Interval {
    std::int32_t worker = 0;
    Operation operation{};
    std::int64_t invoked = 0;
    /// None: the call was pending when the history ended, that is for ever: whoever recorded it waited
    /// until nothing moved any more.
    std::optional<std::int64_t> responded{};
    Outcome outcome{};  ///< if it responded
    /// From this instant on the call may give up; not later than `invoked` if it may at once. None if
    /// it has no time limit, or if the limit had not passed when the history ended.
    std::optional<std::int64_t> deadline{};
    /// Without a response: its worker was killed in it. It may have taken any of its steps, or none.
    bool killed = false;
};

/// The calls of a history of model `M`, in any order. Verdicts name calls by their place in it.
template <Model M>
using Calls = std::span<const Interval<typename M::Operation, typename M::Outcome>>;

}  // namespace conformance::checker
