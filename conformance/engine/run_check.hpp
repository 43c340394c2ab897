#pragma once
/// \file
/// What can be said of a recorded run without any model: when somebody may wake by himself, and
/// whether the records can be true. Pure.

#include <cstddef>
#include <cstdint>
#include <string>

#include "spec/scenario/history.hpp"

namespace conformance {

/// The last moment at which a pending call may give up or a sleep may end, in nanoseconds of the
/// history's clock; 0 if there is none. What lies after `horizon` counts as never.
[[nodiscard]] std::int64_t last_deadline(const Scenario& scenario, const History& history,
                                         std::int64_t horizon);

/// A number that changes when a call begins or ends.
[[nodiscard]] std::size_t progress_of(const History& history);

/// What cannot be true in the records of a run that the driver was told to make at `sent` and said to
/// have done at `answered`: a sentence that names the rule, or nothing.
[[nodiscard]] std::string untruth_in(const Scenario& scenario, const History& history,
                                     std::int64_t sent, std::int64_t answered);

}  // namespace conformance
