#pragma once
/// \file
/// Runs generated scenarios on a driver until one does not conform, and shrinks it.
///
///     Session session({.command = {"./my-driver"}, .backend = "threading"});
///     const Exploration found = explore(session, {.family = Family::queue, .seed = 7});
///     if (found.failure) std::cout << to_code(found.failure->shrunk.scenario);

#include <cstdint>
#include <functional>
#include <optional>

#include "conformance/engine/judge.hpp"
#include "conformance/engine/session.hpp"
#include "conformance/properties/family.hpp"
#include "conformance/properties/shrink.hpp"

namespace conformance::properties {

struct ExploreOptions {
    Family family = Family::mixed;
    std::uint64_t seed = 0;
    int scenarios = 40;
    int runs = 6;  ///< of each, with other alignments and perturbations; one, if it gets stuck
    int most_stuck = 1;  ///< scenarios that get stuck, as they should: each takes seconds
    ShrinkBudget shrink{};
    std::function<bool()> goes_on = [] { return true; };  ///< asked before every scenario
};

/// A run, and what was found in it.
struct JudgedRun {
    Scenario scenario{};
    RunResult result{};
    Judgement judgement{};
};

struct Failure {
    JudgedRun original{};
    Shrunk shrunk{};
    JudgedRun smallest{};  ///< a failing run of the shrunk scenario
    double seconds_to_find = 0;
    double seconds_to_shrink = 0;
};

struct Exploration {
    std::optional<Failure> failure{};
    int runs = 0;
    int conforming = 0;
    int stuck = 0;  ///< conforming runs in which a call blocked for ever, as it should
    int unsupported = 0;
    int inconclusive = 0;
};

/// Throws UnusableDriver.
[[nodiscard]] Exploration explore(Session& session, const ExploreOptions& options);

/// The seed of the scenario at `index`, and the scenario as its run at `run` makes it.
[[nodiscard]] Scenario scenario_at(const ExploreOptions& options, int index, int run);

}  // namespace conformance::properties
