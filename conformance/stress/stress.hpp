#pragma once
/// \file
/// Runs one scenario over and over, each time with as many rounds as fit a second or so, until a
/// target is reached or the time is up, and says how far it came.
///
///     stress({.unit = "critical sections", .target = 1'000'000}, {2, 4, 16},
///            [](ScenarioBuilder& scenario, int workers, std::int64_t rounds) { ... });

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string_view>

#include "conformance/engine/scenario_builder.hpp"

namespace conformance {

struct StressGoal {
    std::string_view unit;       ///< of what is counted, in plural
    std::int64_t target = 0;     ///< so many of them, if the time suffices
    double per_round = 1;        ///< for each worker: so many in a round
    bool of_all_workers = true;  ///< else the workers make each of them together
    bool is_aligned = true;      ///< the workers begin together
    bool has_rounds = true;      ///< else what is built is one round, whatever is asked for
};

/// Adds objects, workers and their calls: `workers` of them, each with `rounds`. The scenario keeps
/// to the rules of conformance/engine/rounds_judge.hpp.
using BuildStress =
    std::function<void(ScenarioBuilder& scenario, int workers, std::int64_t rounds)>;

/// For each number of workers, until the goal is reached, the time is up (0.3 s x effort; a quarter of it
/// for more than four workers), or a run does not conform; that fails the present test, as `conform`
/// does.
void stress(const StressGoal& goal, std::initializer_list<int> workers, const BuildStress& build);

}  // namespace conformance
