#pragma once
/// \file
/// What several runs of one scenario came to: how often each combination of outcomes was seen.
///
///     OutcomeHistogram histogram;
///     histogram.add(scenario, result.history, true);
///     histogram.text(scenario);
///
///        runs  kind         outcomes that differ between runs
///          93  acceptable   worker 1: Lock#1.acquire(false) -> true; worker 2: ... -> false
///           7  interesting  worker 1: Lock#1.acquire(false) -> false; worker 2: ... -> true
///
/// Used by one thread.

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "spec/scenario/history.hpp"

namespace conformance {

class OutcomeHistogram {
  public:
    /// Acceptable outcomes that are rarer than one run in so many are called interesting.
    static constexpr std::size_t rare = 20;

    /// `conforms`: else the combination is forbidden. What was pending counts as an outcome. Histories
    /// of rounds are left out: no two are alike.
    void add(const Scenario& scenario, const History& history, bool conforms);
    /// Whether runs came to different outcomes.
    [[nodiscard]] bool has_choices() const { return counts_.size() > 1; }
    /// The most frequent ones first, and all that are forbidden; empty without choices.
    [[nodiscard]] std::string text(const Scenario& scenario) const;

  private:
    struct Count {
        std::size_t runs = 0;
        std::size_t forbidden = 0;
    };
    std::map<std::map<Id, std::string>, Count> counts_;  // by the outcome of each call
    std::size_t runs_ = 0;
};

}  // namespace conformance
