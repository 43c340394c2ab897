#include "conformance/stress/stress.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <string>

#include "conformance/engine/conform.hpp"
#include "conformance/engine/failure_text.hpp"
#include "conformance/engine/seeds.hpp"
#include "conformance/engine/test_context.hpp"
#include "conformance/engine/unroll.hpp"
#include "conformance/properties/failure.hpp"
#include "conformance/properties/simplify.hpp"

namespace conformance {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// Of all workers in one run, so that its history is judged in memory.
constexpr std::int64_t most_entries = 300'000;
/// Of one run: long enough to be worth its start, and short enough for slow implementations.
constexpr double seconds_of_run = 0.7;
constexpr std::int64_t least_rounds = 64;
constexpr int few_workers = 4;
/// The first run of many workers only tells how slow they are: 64 rounds of 64 processes that share two
/// processors with others took CPython's Event longer than any run may take.
constexpr std::int64_t rounds_to_begin_with = 8;
/// Of one number of workers, unless its count is reached before.
constexpr double usual_seconds = 0.3;
constexpr double least_seconds = 0.05;

/// Hundreds of thousands of calls have failed, and been told: now a few of them.
void tell_smaller(const Scenario& failing) {
    TestContext& context = TestContext::current();
    const properties::Failure found = properties::minimize(
        context.session(slots_of(failing)),
        {.scenario = failing, .judgement = {.verdict = Judgement::Verdict::violates}}, {});
    if (!found.shrunk.is_confirmed) {
        std::cout << "No small part of it failed in " << found.shrunk.runs << " runs.\n";
        return;
    }
    const properties::JudgedRun& run = found.smallest;
    const auto file = save_scenario(context, run.scenario);
    save_page(context, run.scenario, run.result, run.judgement, file);
    const std::string text =
        "A part of it, of " + std::to_string(properties::number_of_workers(run.scenario)) +
        " workers and " + std::to_string(properties::number_of_calls(run.scenario)) +
        " calls, fails as well:\n" +
        failure_text(context, run.scenario, run.result, run.judgement, file);
    if (context.violations_fail()) {
        ADD_FAILURE() << text;
    } else {
        std::cout << text << '\n';
    }
}

/// One number of workers.
class StressRun {
  public:
    StressRun(const StressGoal& goal, int workers, const BuildStress& build)
        : goal_(goal), workers_(workers), build_(build) {}

    /// Returns whether all runs conformed.
    bool run() {
        TestContext& context = TestContext::current();
        const double time = std::max(usual_seconds * context.options().effort, least_seconds) *
                            (workers_ > few_workers ? 0.25 : 1);
        const auto begin = Clock::now();
        ScenarioBuilder shape;
        build_(shape, workers_, 1);
        const std::int64_t most =
            goal_.has_rounds ? rounds_that_fit(shape.scenario(), slots_with_rounds, most_entries)
                             : 1;
        std::int64_t rounds =
            std::min(workers_ > few_workers ? rounds_to_begin_with : least_rounds, most);
        double reached = 0;
        double seconds = 0;
        bool conforms = true;
        for (std::uint64_t i = 0; conforms; ++i) {
            const auto begin_of_run = Clock::now();
            conforms = run_once(rounds, i);
            seconds = Seconds(Clock::now() - begin).count();
            if (conforms)
                reached += static_cast<double>(rounds) * goal_.per_round *
                           (goal_.of_all_workers ? workers_ : 1);
            const double taken = Seconds(Clock::now() - begin_of_run).count();
            const bool is_worth_it =
                rounds >= std::min(least_rounds, most) || taken >= seconds_of_run / 2;
            if (reached >= static_cast<double>(goal_.target) || (seconds >= time && is_worth_it))
                break;
            const double growth = std::clamp(seconds_of_run / taken, 0.25, 8.0);
            rounds = std::clamp(static_cast<std::int64_t>(static_cast<double>(rounds) * growth),
                                std::min<std::int64_t>(2, most), most);
        }
        tell(reached, seconds);
        return conforms;
    }

  private:
    bool run_once(std::int64_t rounds, std::uint64_t number) {
        const TestContext& context = TestContext::current();
        ScenarioBuilder builder;
        build_(builder, workers_, rounds);
        Scenario scenario = builder.scenario();
        scenario.aligned = goal_.is_aligned;
        // Undisturbed most of the time: what it is about is speed.
        if (number % 4 == 3) scenario.perturbation = 2;
        scenario.seed = child_seed(context.options().seed ^ static_cast<std::uint64_t>(workers_),
                                   context.record().test, number);
        if (conform_as_it_is(scenario)) return true;
        if (context.record().verdict == TestVerdict::fail) tell_smaller(scenario);
        return false;
    }

    void tell(double reached, double seconds) const {
        if (!TestContext::current().options().tells_counts) return;
        const auto count = static_cast<std::int64_t>(reached);
        std::cout << "  " << workers_ << " workers: " << count;
        if (count < goal_.target) std::cout << " of " << goal_.target;
        std::cout << ' ' << goal_.unit << " in " << std::fixed << std::setprecision(1) << seconds
                  << " s, " << std::llround(reached / std::max(seconds, 1e-9)) << " a second"
                  << std::endl;
        ::testing::Test::RecordProperty(
            std::string(goal_.unit) + " with " + std::to_string(workers_) + " workers",
            std::to_string(count));
    }

    const StressGoal& goal_;
    int workers_;
    const BuildStress& build_;
};

}  // namespace

void stress(const StressGoal& goal, std::initializer_list<int> workers, const BuildStress& build) {
    for (const int count : workers) {
        if (!StressRun(goal, count, build).run()) return;
    }
}

}  // namespace conformance
