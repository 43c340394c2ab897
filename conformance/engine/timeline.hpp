#pragma once
/// \file
/// A history as text, in the order of time, a column per worker. Pure.
///
///        ms  worker 0                     worker 1
///     0.000  worker 1.start() -> null
///     0.058                               Lock#2.acquire() ...
///     0.071  Lock#2.release() -> null
///     0.090                               ... Lock#2.acquire() -> true
///            worker 1.join() pending

#include <optional>
#include <string>

#include "spec/scenario/history.hpp"

namespace conformance {

/// `marked`: the place in the history of a call that is to stand out. Of a long history the middle
/// is left out.
[[nodiscard]] std::string timeline(const Scenario& scenario, const History& history,
                                   std::optional<std::size_t> marked = {});

}  // namespace conformance
