#include "conformance/properties/explore.hpp"

#include <chrono>
#include <utility>

#include "conformance/engine/seeds.hpp"
#include "conformance/properties/generate.hpp"
#include "conformance/properties/model_walk.hpp"
#include "conformance/properties/small_draft.hpp"
#include "conformance/properties/stopwatch.hpp"

namespace conformance::properties {
namespace {

using Verdict = Judgement::Verdict;

std::uint64_t seed_at(const ExploreOptions& options, int index) {
    return child_seed(options.seed, to_string(options.family), static_cast<std::uint64_t>(index));
}

Scenario base_scenario(const ExploreOptions& options, int index) {
    constexpr int sizes = 5;  // from a few calls to many, over and over
    return generate(options.family, seed_at(options, index), 20 * (1 + index % sizes));
}

class Exploring {
  public:
    Exploring(Session& session, const ExploreOptions& options)
        : session_(session), options_(options) {}

    Exploration go() {
        const bool has_small = has_small_scenarios(options_.family);
        for (int index = 0; index < options_.scenarios && options_.goes_on(); ++index) {
            if (index % options_.large_per_small == 0 &&
                (run_small(index, false) || (has_small && run_small(index, true))))
                break;
            if (run_large(index)) break;
        }
        if (!exploration_.failure && set_aside_) {
            keep(std::move(*set_aside_), seconds_to_set_aside_);
            exploration_.was_set_aside = true;
        }
        return std::move(exploration_);
    }

  private:
    /// These all return whether it failed.
    bool run_small(int index, bool has_rounds) {
        const std::uint64_t seed = child_seed(seed_at(options_, index), "small", has_rounds);
        constexpr int smallest = 10;
        const Scenario scenario = has_small_scenarios(options_.family)
                                      ? generate_small(options_.family, seed, has_rounds)
                                      : generate(options_.family, seed, smallest);
        if (exploration_.stuck >= options_.most_stuck && !stuck_calls(scenario, 12, 1).empty())
            return false;
        const auto found = search(session_, scenario, options_.search,
                                  [this](const JudgedRun& run) { return look_at(run); });
        if (found) keep(*found, watch_.seconds());
        return found.has_value();
    }

    bool run_large(int index) {
        const Scenario base = base_scenario(options_, index);
        if (exploration_.stuck >= options_.most_stuck && !stuck_calls(base, 12, 1).empty())
            return false;
        for (int i = 0; i < options_.runs; ++i) {
            Scenario scenario = base;
            vary(scenario, i);
            JudgedRun run = run_and_judge(session_, std::move(scenario));
            if (look_at(run)) {
                keep(std::move(run), watch_.seconds());
                return true;
            }
            // A hang takes seconds, and what is not supported stays so; what was set aside as well.
            if (is_failure(run) || run.result.status == RunResult::Status::stuck ||
                run.judgement.verdict == Verdict::unsupported)
                break;
        }
        return false;
    }

    bool look_at(const JudgedRun& run) {
        const Verdict verdict = run.judgement.verdict;
        const bool is_stuck = run.result.status == RunResult::Status::stuck;
        ++exploration_.runs;
        exploration_.conforming += verdict == Verdict::conforms ? 1 : 0;
        exploration_.stuck += verdict == Verdict::conforms && is_stuck ? 1 : 0;
        exploration_.unsupported += verdict == Verdict::unsupported ? 1 : 0;
        exploration_.inconclusive += verdict == Verdict::inconclusive ? 1 : 0;
        if (!is_failure(run)) return false;
        if (!options_.sets_aside(run)) return true;
        if (!set_aside_) {
            set_aside_ = run;
            seconds_to_set_aside_ = watch_.seconds();
        }
        return false;
    }

    void keep(JudgedRun run, double seconds) {
        exploration_.failure = minimize(session_, std::move(run), options_.shrink);
        exploration_.failure->seconds_to_find = seconds;
    }

    Session& session_;
    const ExploreOptions& options_;
    Stopwatch watch_;
    Exploration exploration_;
    std::optional<JudgedRun> set_aside_;  // the first of them
    double seconds_to_set_aside_ = 0;
};

}  // namespace

Scenario scenario_at(const ExploreOptions& options, int index, int run) {
    Scenario scenario = base_scenario(options, index);
    vary(scenario, run);
    return scenario;
}

Exploration explore(Session& session, const ExploreOptions& options) {
    return Exploring(session, options).go();
}

}  // namespace conformance::properties
