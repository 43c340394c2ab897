#pragma once
/// \file
/// A scenario with rounds, written out as one without: for the models, which know of no rounds.
///
///     for (const Id call : stuck_calls(unrolled(scenario, 4), runs, seed))
///         limit(call_before_unrolling(scenario, call));
///
/// Pure.

#include <cstdint>
#include <map>

#include "spec/scenario/scenario.hpp"

namespace conformance {

/// How many rounds a scenario has before somebody sets them: more than the models walk through.
inline constexpr std::int64_t few_rounds = 8;

/// Gives an id of its own to what a call results in in each round after the first.
class ResultsOfRounds {
  public:
    explicit ResultsOfRounds(const Scenario& scenario);
    [[nodiscard]] bool empty() const { return places_.empty(); }
    /// The call as its round has it, of and into the round's own results.
    [[nodiscard]] Call apart(Call call, std::int64_t round) const;
    /// Adds the results of so many rounds.
    void add_objects(Scenario& scenario, std::int64_t rounds) const;

  private:
    [[nodiscard]] Id apart(Id object, std::int64_t round) const;
    std::map<Id, Id> places_{};  // of the results of calls that are repeated, from 0 on
    Id first_free_ = 1;
};

/// How many rounds fit lanes of so many slots, and a history of so many calls; 2 at least.
[[nodiscard]] std::int64_t rounds_that_fit(const Scenario& scenario, std::int64_t slots,
                                           std::int64_t most_calls);

/// Each worker makes the calls of its first `most_rounds` rounds, or of fewer if it has fewer. What calls
/// result in is another object in each round.
[[nodiscard]] Scenario unrolled(const Scenario& scenario, std::int64_t most_rounds);

/// The call of `scenario` from which a call of the unrolled one comes.
[[nodiscard]] Id call_before_unrolling(const Scenario& scenario, Id call);

/// How many rounds the worker with the most of them makes.
[[nodiscard]] std::int64_t number_of_rounds(const Scenario& scenario);

/// Every worker that repeats its calls makes so many rounds instead.
void set_rounds(Scenario& scenario, std::int64_t rounds);

}  // namespace conformance
