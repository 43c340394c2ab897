#include <algorithm>
#include <array>
#include <chrono>
#include <set>
#include <utility>

#include "conformance/engine/seeds.hpp"
#include "conformance/engine/unroll.hpp"
#include "conformance/properties/failure.hpp"
#include "conformance/properties/stopwatch.hpp"

namespace conformance::properties {
namespace {

using Verdict = Judgement::Verdict;

bool can_go_on(const JudgedRun& run) {
    return run.result.status != RunResult::Status::stuck &&
           run.judgement.verdict != Verdict::unsupported &&
           run.judgement.verdict != Verdict::inconclusive;
}

/// Rounds after rounds, until the time is up.
std::optional<JudgedRun> search_rounds(Session& session, Scenario scenario, const Search& limits,
                                       const std::function<bool(const JudgedRun&)>& wanted) {
    constexpr std::array perturbations{0, jitter, 4, jitter, 20};  // what it is about is speed
    const Stopwatch watch;
    const double time = std::chrono::duration<double>(limits.time_of_rounds).count();
    const std::int64_t most = most_rounds(scenario, session.options().slots);
    std::int64_t rounds = std::min(number_of_rounds(scenario), most);
    for (std::size_t i = 0; i == 0 || watch.seconds() < time; ++i) {
        const Stopwatch watch_of_run;
        scenario.aligned = can_be_aligned(scenario);
        scenario.perturbation = perturbations[i % perturbations.size()];
        scenario.seed = child_seed(scenario.seed, "rounds", i);
        set_rounds(scenario, rounds);
        JudgedRun run = run_and_judge(session, scenario);
        // Too many calls to be judged in time, on a busy machine say: fewer tell more.
        if (run.judgement.verdict == Verdict::inconclusive && rounds > least_rounds) {
            rounds = std::max(least_rounds, rounds / 8);
            continue;
        }
        if (wanted(run)) return run;
        const double taken = watch_of_run.seconds();
        if (!can_go_on(run) || taken > longest_round * static_cast<double>(rounds)) break;
        const double growth = std::clamp(time / 3 / taken, 0.25, 16.0);
        rounds = std::clamp(static_cast<std::int64_t>(static_cast<double>(rounds) * growth),
                            std::int64_t{2}, most);
    }
    return std::nullopt;
}

}  // namespace

std::int64_t most_rounds(const Scenario& scenario, int slots) {
    constexpr std::int64_t most_calls = 60'000;
    constexpr std::int64_t most_results = 240;  // which the models keep
    std::int64_t results = 0;
    for (const WorkerPlan& worker : scenario.workers)
        results += std::ranges::count_if(worker.calls,
                                         [](const Call& call) { return call.into != no_object; });
    const std::int64_t most = rounds_that_fit(scenario, slots, most_calls);
    return results > 0 ? std::max<std::int64_t>(std::min(most, most_results / results), 2) : most;
}

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

JudgedRun run_and_judge(Session& session, Scenario scenario) {
    JudgedRun run{.scenario = std::move(scenario)};
    run.result = session.run(run.scenario);
    run.judgement = judge(run.scenario, run.result);
    return run;
}

bool is_failure(const JudgedRun& run) {
    return run.judgement.verdict == Verdict::violates ||
           run.judgement.verdict == Verdict::driver_error;
}

/// Together, one after the other, and in between.
void vary(Scenario& scenario, int run) {
    constexpr std::array perturbations{0, jitter, 0, 60, jitter, 90, 30};
    scenario.aligned = run % 3 != 2 && can_be_aligned(scenario);
    scenario.perturbation = perturbations[static_cast<std::size_t>(run) % perturbations.size()];
    scenario.seed = child_seed(scenario.seed, "run", static_cast<std::uint64_t>(run));
}

std::optional<JudgedRun> search(Session& session, const Scenario& scenario, const Search& limits,
                                const std::function<bool(const JudgedRun&)>& wanted) {
    if (scenario.has_rounds()) return search_rounds(session, scenario, limits, wanted);
    const Stopwatch watch;
    const double time = std::chrono::duration<double>(limits.time).count();
    for (int i = 0; i < limits.runs && (i == 0 || watch.seconds() < time); ++i) {
        Scenario varied = scenario;
        vary(varied, i);
        JudgedRun run = run_and_judge(session, std::move(varied));
        if (wanted(run)) return run;
        if (!can_go_on(run)) break;
    }
    return std::nullopt;
}

}  // namespace conformance::properties
