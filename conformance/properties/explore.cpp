#include "conformance/properties/explore.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/engine/seeds.hpp"
#include "conformance/properties/generate.hpp"
#include "conformance/properties/model_walk.hpp"

namespace conformance::properties {
namespace {

using Verdict = Judgement::Verdict;

JudgedRun run_once(Session& session, Scenario scenario) {
    JudgedRun run{.scenario = std::move(scenario)};
    run.result = session.run(run.scenario);
    run.judgement = judge(run.scenario, run.result);
    return run;
}

constexpr int runs_with_patience = 2000;

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begun) {
    return std::chrono::duration<double>(Clock::now() - begun).count();
}

bool is_failure(Verdict verdict) {
    return verdict == Verdict::violates || verdict == Verdict::driver_error;
}

/// Drivers fail in other ways on other scenarios: what they say, but for the numbers in it. A
/// violation is a violation.
std::string kind_of(const Judgement& judgement) {
    if (judgement.verdict == Verdict::violates) return {};
    std::string kind = judgement.reason;
    std::erase_if(kind, [](char c) { return c >= '0' && c <= '9'; });
    return kind;
}

Failure shrink_failure(Session& session, JudgedRun original, const ShrinkBudget& budget) {
    const auto begun = Clock::now();
    Failure failure{.original = original, .smallest = original};
    std::vector<JudgedRun> failing{std::move(original)};
    const Verdict verdict = failing.front().judgement.verdict;
    const std::string kind = kind_of(failing.front().judgement);
    const auto attempt_on = [&](Session& on, const Scenario& scenario) {
        JudgedRun run = run_once(on, scenario);
        if (run.judgement.verdict != verdict || kind_of(run.judgement) != kind) return false;
        failing.push_back(std::move(run));
        return true;
    };
    // Hangs cost most of the time. What it finds is run once more with patience.
    SessionOptions options = session.options();
    options.standstill /= 4;
    options.want_stacks = false;
    Session hasty(options);
    const Attempt fails = [&](const Scenario& scenario) { return attempt_on(hasty, scenario); };
    failure.shrunk = shrink(failure.original.scenario, fails, budget);
    if (failure.shrunk.is_confirmed) {
        // Candidates that failed once and never again may have come later.
        failure.smallest = *std::find_if(failing.rbegin(), failing.rend(), [&](const auto& run) {
            return run.scenario.workers == failure.shrunk.scenario.workers &&
                   run.scenario.objects == failure.shrunk.scenario.objects;
        });
    }
    if (failure.shrunk.is_confirmed && failure.smallest.result.status == RunResult::Status::stuck) {
        Scenario again = failure.shrunk.scenario;
        failure.shrunk.is_confirmed = false;
        for (int i = 0; i < runs_with_patience && !failure.shrunk.is_confirmed; ++i) {
            again.seed = child_seed(again.seed, "patience", static_cast<std::uint64_t>(i));
            failure.shrunk.is_confirmed = attempt_on(session, again);
        }
        if (failure.shrunk.is_confirmed) failure.smallest = std::move(failing.back());
    }
    failure.seconds_to_shrink = seconds_since(begun);
    return failure;
}

/// Aligned workers wait for each other (rule 5.5 of the driver protocol), so that the main worker has to
/// start them all before it waits for any.
bool can_be_aligned(const Scenario& scenario) {
    std::set<Id> started;
    bool is_between = false;
    for (const Call& call : scenario.workers.front().calls) {
        const WorkerPlan* const worker = scenario.find_worker(call.object);
        if (worker == nullptr || call.operation != Operation::start) {
            is_between = !started.empty();
        } else if (is_between || worker->parent != 0 || !started.insert(call.object).second) {
            return false;
        }
    }
    return true;
}

/// Alignment and perturbation of a run: together, one after the other, and in between.
void vary(Scenario& scenario, int run) {
    constexpr std::array perturbations{0, 30, 0, 60, 10, 90};
    scenario.aligned = run % 3 != 2 && can_be_aligned(scenario);
    scenario.perturbation = perturbations[static_cast<std::size_t>(run) % perturbations.size()];
    scenario.seed = child_seed(scenario.seed, "run", static_cast<std::uint64_t>(run));
}

Scenario base_scenario(const ExploreOptions& options, int index) {
    constexpr int sizes = 5;  // from a few calls to many, over and over
    const std::uint64_t seed =
        child_seed(options.seed, to_string(options.family), static_cast<std::uint64_t>(index));
    return generate(options.family, seed, 20 * (1 + index % sizes));
}

}  // namespace

Scenario scenario_at(const ExploreOptions& options, int index, int run) {
    Scenario scenario = base_scenario(options, index);
    vary(scenario, run);
    return scenario;
}

Exploration explore(Session& session, const ExploreOptions& options) {
    const auto begun = Clock::now();
    Exploration exploration;
    for (int index = 0; index < options.scenarios && options.goes_on(); ++index) {
        const Scenario base = base_scenario(options, index);
        if (exploration.stuck >= options.most_stuck && !stuck_calls(base, 12, 1).empty()) continue;
        for (int i = 0; i < options.runs; ++i) {
            Scenario scenario = base;
            vary(scenario, i);
            JudgedRun run = run_once(session, std::move(scenario));
            ++exploration.runs;
            const Verdict verdict = run.judgement.verdict;
            const bool is_stuck = run.result.status == RunResult::Status::stuck;
            if (is_failure(verdict)) {
                const double seconds = seconds_since(begun);
                exploration.failure = shrink_failure(session, std::move(run), options.shrink);
                exploration.failure->seconds_to_find = seconds;
                return exploration;
            }
            exploration.conforming += verdict == Verdict::conforms ? 1 : 0;
            exploration.stuck += verdict == Verdict::conforms && is_stuck ? 1 : 0;
            exploration.unsupported += verdict == Verdict::unsupported ? 1 : 0;
            exploration.inconclusive += verdict == Verdict::inconclusive ? 1 : 0;
            // A hang takes seconds, and what is not supported stays so.
            if (is_stuck || verdict == Verdict::unsupported) break;
        }
    }
    return exploration;
}

}  // namespace conformance::properties
