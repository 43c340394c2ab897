#pragma once
/// \file
/// A counterexample as one self-contained HTML page: a lane for each worker, calls as bars on an axis
/// of time, the instants at which they took effect, and the call that nothing explains. No script, no
/// network; light or dark as the reader's system is. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/engine/judge.hpp"
#include "spec/scenario/scenario.hpp"

namespace conformance {

struct TimelinePage {
    std::string title{};    ///< of the test
    std::string reason{};   ///< one sentence
    std::string command{};  ///< that replays it; empty: none
    /// Headings and plain text below the picture, in their order: the scenario, the requirement, stacks.
    std::vector<std::pair<std::string, std::string>> sections{};
};

/// When each step of the judgement's order may have taken effect at the earliest, in the history's
/// clock; each lies within its call and not before the one in front of it.
[[nodiscard]] std::vector<std::int64_t> instants_of(const Judgement& judgement);

/// Of `judgement.shown`. Every text is escaped.
[[nodiscard]] std::string timeline_page(const TimelinePage& page, const Scenario& scenario,
                                        const Judgement& judgement);

}  // namespace conformance
