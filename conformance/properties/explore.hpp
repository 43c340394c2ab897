#pragma once
/// \file
/// Runs generated scenarios on a driver until one does not conform, and shrinks it. What does not, but
/// is set aside, counts only if nothing else is found.
///
///     Session session({.command = {"./my-driver"}, .backend = "threading"});
///     const Exploration found = explore(session, {.family = Family::queue, .seed = 7});
///     if (found.failure) std::cout << to_code(found.failure->shrunk.scenario);

#include <cstdint>
#include <functional>
#include <optional>

#include "conformance/engine/session.hpp"
#include "conformance/properties/failure.hpp"
#include "conformance/properties/family.hpp"

namespace conformance::properties {

struct ExploreOptions {
    Family family = Family::mixed;
    std::uint64_t seed = 0;
    int scenarios = 40;        ///< large ones
    int large_per_small = 20;  ///< one small one, and one of rounds, before so many large ones
    Search search{};           ///< of each small one
    int runs =
        6;  ///< of each large one, with other alignments and perturbations; one, if it gets stuck
    int most_stuck = 1;  ///< scenarios that get stuck, as they should: each takes seconds
    ShrinkBudget shrink{};
    std::function<bool()> goes_on = [] { return true; };  ///< asked before every scenario
    /// Of runs that do not conform: whether to go on, since they break a recommendation only.
    std::function<bool(const JudgedRun&)> sets_aside = [](const JudgedRun&) { return false; };
};

struct Exploration {
    std::optional<Failure> failure{};
    bool was_set_aside = false;  ///< the failure, and there was no other
    int runs = 0;
    int conforming = 0;
    int stuck = 0;  ///< conforming runs in which a call blocked for ever, as it should
    int unsupported = 0;
    int inconclusive = 0;
};

/// Rounds need a session whose logs have room for them (slots_with_rounds). Throws UnusableDriver.
[[nodiscard]] Exploration explore(Session& session, const ExploreOptions& options);

/// The large scenario at `index`, as its run at `run` makes it.
[[nodiscard]] Scenario scenario_at(const ExploreOptions& options, int index, int run);

}  // namespace conformance::properties
