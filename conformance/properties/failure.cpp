#include "conformance/properties/failure.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "conformance/engine/seeds.hpp"
#include "conformance/engine/unroll.hpp"
#include "conformance/properties/excerpt.hpp"
#include "conformance/properties/projection.hpp"
#include "conformance/properties/recommendation.hpp"
#include "conformance/properties/simplify.hpp"
#include "conformance/properties/stopwatch.hpp"

namespace conformance::properties {
namespace {

using Verdict = Judgement::Verdict;
using Clock = std::chrono::steady_clock;

constexpr int much = 75;  // with yields and sleeps
constexpr int runs_with_patience = 2000;
/// What fails as often as that is shrunk as it is.
constexpr int runs_to_fail_often = 40;
constexpr double time_to_fail_often = 2;  // seconds
constexpr int failures_to_fail_often = 3;
constexpr std::size_t most_workers_for_models = 4;
/// What failed in a search has to fail again in so many more of them.
constexpr int further_searches = 3;
constexpr std::int64_t times_the_failing_round = 10;
constexpr int most_on_paper = 5;  // runs of a scenario; one may show what another does not
constexpr std::size_t calls_of_few = 12;
constexpr int runs_of_one_round = 1000;
constexpr int runs_with_few_rounds = 20;       // in which it has to fail once
constexpr double time_of_enough_rounds = 3e8;  // nanoseconds

/// Drivers fail in other ways on other scenarios: what they say, but for the numbers in it. A
/// violation is a violation, unless it is of a recommendation only.
std::string kind_of(const JudgedRun& run) {
    if (run.judgement.verdict == Verdict::violates) return std::string(recommendation_broken(run));
    std::string kind = run.judgement.reason;
    std::erase_if(kind, [](char c) { return c >= '0' && c <= '9'; });
    return kind;
}

/// Finds smaller runs that fail as a given one does.
class Minimizing {
  public:
    Minimizing(Session& session, JudgedRun original, const ShrinkBudget& budget)
        : session_(session),
          hasty_(hasty(session.options())),
          budget_(budget),
          verdict_(original.judgement.verdict),
          kind_(kind_of(original)) {
        note_way(original.scenario);
        failure_.original = original;
        failure_.smallest = std::move(original);
    }

    Failure go() {
        const Scenario& original = failure_.original.scenario;
        // Of many workers' rounds the models are not asked, and parts of them nobody else can judge.
        const bool is_large =
            original.has_rounds() && number_of_workers(original) > most_workers_for_models;
        if (verdict_ != Verdict::violates || is_small(original)) {
            shrink_rounds(failure_.original, original.has_rounds() ? time_left() : time_left() / 3);
            if (!failure_.shrunk.is_confirmed) shrink_in_rounds();
        } else {
            if (original.has_rounds() && !is_large) {
                shrink_rounds(failure_.original, time_left() / 3);
                if (!is_done() &&
                    number_of_calls(failure_.shrunk.scenario) < number_of_calls(original))
                    go_on([this] { shrink_rounds(failure_.smallest, time_left() / 2); });
            } else if (!is_large && fails_often(original)) {
                shrink_from(original, time_left() / 2, budget_.runs_to_measure);
            } else {
                shrink_in_rounds();
            }
            if (!is_done() && !is_large &&
                number_of_calls(failure_.smallest.scenario) <= calls_of_few)
                go_on([this] { shrink_one_round(); });
            if (!is_done()) go_on([this] { shrink_excerpt(); });
        }
        // In whatever time is left: what is rare is confirmed by patience alone.
        if (!failure_.shrunk.is_confirmed && !is_large)
            shrink_from(original, time_left(), std::numeric_limits<int>::max());
        if (!failure_.shrunk.is_confirmed) failure_.shrunk.scenario = original;
        run_with_patience();
        failure_.shrunk.runs = runs_;
        failure_.seconds_to_shrink = watch_.seconds();
        return std::move(failure_);
    }

  private:
    /// Hangs cost most of the time. What it finds is run once more with patience.
    static SessionOptions hasty(SessionOptions options) {
        options.standstill /= 8;
        options.want_stacks = false;
        return options;
    }
    static bool is_small(const Scenario& scenario) {
        return number_of_workers(scenario) <= most_workers_of_excerpt &&
               number_of_calls(scenario) <= most_calls_of_excerpt;
    }

    [[nodiscard]] std::chrono::milliseconds time_left() const {
        const std::chrono::milliseconds gone(static_cast<std::int64_t>(1000 * watch_.seconds()));
        return std::max(budget_.time - gone, std::chrono::milliseconds(0));
    }
    [[nodiscard]] bool is_wanted(const JudgedRun& run) const {
        return run.judgement.verdict == verdict_ && kind_of(run) == kind_;
    }

    /// In turns as it is, with jitter, and with sleeps, which would make rounds slow: what was found in one way
    /// may show more often in another. Every other time it is one in which something failed before, to the very
    /// spins and bindings, which follow from the seed: parts fail in the ways of the whole, and who failed more
    /// often is taken more often.
    bool attempt_on(Session& session, const Scenario& scenario) {
        Scenario varied = scenario;
        const std::vector<Scenario>& ways = scenario.has_rounds() ? ways_of_rounds_ : ways_;
        const int way = ++runs_ % (scenario.has_rounds() ? 2 : 4);
        if (runs_ / 4 % 2 == 1 && !ways.empty()) {
            const Scenario& known = ways[scenario.seed % ways.size()];
            varied.aligned = known.aligned && can_be_aligned(varied);
            varied.perturbation = known.perturbation;
            varied.seed = known.seed;
        } else if (way > 0) {
            varied.aligned = way != 3 && can_be_aligned(varied);
            varied.perturbation = way == 1 ? jitter : much;
        }
        JudgedRun run = run_and_judge(session, std::move(varied));
        if (!is_wanted(run)) return false;
        note_way(run.scenario);
        failing_.push_back(std::move(run));
        return true;
    }

    void note_way(const Scenario& failing) {
        (failing.has_rounds() ? ways_of_rounds_ : ways_)
            .push_back({.seed = failing.seed,
                        .aligned = failing.aligned,
                        .perturbation = failing.perturbation});
    }

    bool fails_often(const Scenario& original) {
        const Stopwatch watch;
        int failures = 0;
        Scenario scenario = original;
        for (int i = 0; i < runs_to_fail_often && watch.seconds() < time_to_fail_often &&
                        failures < failures_to_fail_often;
             ++i) {
            scenario.seed = child_seed(original.seed, "often", static_cast<std::uint64_t>(i));
            failures += attempt_on(hasty_, scenario) ? 1 : 0;
        }
        return failures == failures_to_fail_often;
    }

    /// What is rare is not left to a run of few rounds.
    [[nodiscard]] Scenario with_enough_rounds(const JudgedRun& run) const {
        if (!run.scenario.has_rounds()) return run.scenario;
        std::int64_t begin = std::numeric_limits<std::int64_t>::max();
        std::int64_t end = 0;
        std::int64_t rounds = 1;
        for (const Entry& entry : run.result.history.entries) {
            begin = std::min(begin, entry.invoked);
            end = std::max(end, entry.responded.value_or(entry.invoked));
            rounds = std::max(rounds, entry.round + 1);
        }
        const auto time = static_cast<double>(std::max<std::int64_t>(end - begin, 1));
        const std::int64_t most = most_rounds(run.scenario, session_.options().slots);
        const auto fitting =
            static_cast<std::int64_t>(time_of_enough_rounds * static_cast<double>(rounds) / time);
        const std::int64_t enough =
            std::clamp(fitting, std::min(number_of_rounds(run.scenario), most), most);
        Scenario scenario = run.scenario;
        set_rounds(scenario, enough);
        return scenario;
    }

    /// First with few rounds, to try candidates fast: enough unless it failed early by chance.
    void shrink_rounds(const JudgedRun& run, std::chrono::milliseconds time) {
        const auto end = Clock::now() + time;
        const Scenario enough = with_enough_rounds(run);
        if (const std::int64_t few = rounds_to_fail(run); few < number_of_rounds(enough)) {
            Scenario scenario = enough;
            set_rounds(scenario, few);
            shrink_from(scenario, time, runs_with_few_rounds);
        }
        if (!failure_.shrunk.is_confirmed)
            shrink_from(enough,
                        std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()),
                        budget_.runs_to_measure);
    }

    /// What fails too seldom to be shrunk may fail often enough in rounds.
    void shrink_in_rounds() {
        const Scenario& original = failure_.original.scenario;
        const auto repeated = in_rounds(original, original.seed);
        if (verdict_ != Verdict::violates || !repeated ||
            number_of_workers(original) > most_workers_for_models)
            return;
        const auto found = search(hasty_, *repeated, {.time_of_rounds = std::chrono::seconds(3)},
                                  [this](const JudgedRun& run) {
                                      ++runs_;
                                      return is_wanted(run);
                                  });
        if (found) shrink_rounds(*found, time_left() * 2 / 3);
    }

    /// Calls may need each other in rounds that can do without in a single one.
    void shrink_one_round() {
        shrink_from(unrolled(failure_.smallest.scenario, 1), time_left() * 3 / 4,
                    runs_of_one_round);
    }

    [[nodiscard]] bool is_done() const {
        return failure_.shrunk.is_confirmed && is_small(failure_.shrunk.scenario);
    }
    /// What is confirmed stays so if nothing comes of it.
    template <class F>
    void go_on(const F& shrink_further) {
        const Shrunk before = failure_.shrunk;
        shrink_further();
        if (!failure_.shrunk.is_confirmed && before.is_confirmed) failure_.shrunk = before;
    }

    [[nodiscard]] static std::int64_t rounds_to_fail(const JudgedRun& run) {
        const auto marked = run.judgement.marked;
        if (!marked) return std::numeric_limits<std::int64_t>::max();
        return std::max(least_rounds,
                        times_the_failing_round * (run.judgement.shown.entries[*marked].round + 1));
    }

    /// One that failed, and then failed again.
    std::optional<Scenario> find_excerpt(const Scenario& original) {
        const auto sees = [this](const JudgedRun& run) {
            ++runs_;
            return is_wanted(run);
        };
        const auto time_for_shrinking = time_left() / 2;
        for (std::uint64_t i = 0; time_left() > time_for_shrinking; ++i) {
            const Scenario part = excerpt(original, child_seed(original.seed, "excerpt", i));
            if (number_of_calls(part) == 0) continue;
            const auto found = search(hasty_, part, {}, sees);
            if (!found) continue;
            Scenario again = with_enough_rounds(*found);
            for (int j = 0; j < further_searches; ++j) {
                again.seed = child_seed(again.seed, "again", static_cast<std::uint64_t>(j));
                if (const auto confirmed = search(hasty_, again, {}, sees))
                    return confirmed->scenario;
            }
        }
        return std::nullopt;
    }

    /// Of what is the smallest so far.
    void shrink_excerpt() {
        if (const auto part = find_excerpt(failure_.smallest.scenario))
            shrink_from(*part, time_left(), budget_.runs_to_measure);
    }

    /// Leaves the smallest run as it is if nothing is confirmed.
    void shrink_from(const Scenario& scenario, std::chrono::milliseconds time,
                     int runs_to_measure) {
        ShrinkBudget budget = budget_;
        budget.time = time;
        budget.runs_to_measure = runs_to_measure;
        failing_.clear();
        failure_.shrunk = shrink(
            scenario, [this](const Scenario& candidate) { return attempt_on(hasty_, candidate); },
            budget,
            [this](const Scenario& failing, const Scenario& part) {
                return fails_on_paper(failing, part);
            });
        failure_.shrunk.runs = runs_;
        if (!failure_.shrunk.is_confirmed) return;
        // Candidates that failed once and never again may have come later.
        failure_.smallest = *std::find_if(
            failing_.rbegin(), failing_.rend(),
            [&](const JudgedRun& run) { return is_run_of(failure_.shrunk.scenario, run); });
    }

    [[nodiscard]] bool fails_on_paper(const Scenario& failing, const Scenario& part) const {
        int looked_at = 0;
        for (auto run = failing_.rbegin(); run != failing_.rend() && looked_at < most_on_paper;
             ++run) {
            if (!is_run_of(failing, *run)) continue;
            ++looked_at;
            const auto projected = projection(*run, part);
            if (projected && fails_alike(*projected, *run)) return true;
        }
        return false;
    }

    [[nodiscard]] static bool is_run_of(const Scenario& scenario, const JudgedRun& run) {
        return run.scenario.workers == scenario.workers && run.scenario.objects == scenario.objects;
    }

    /// A hang that is confirmed.
    void run_with_patience() {
        const bool is_stuck = failure_.smallest.result.status == RunResult::Status::stuck;
        if (!failure_.shrunk.is_confirmed || !is_stuck) return;
        Scenario again = failure_.shrunk.scenario;
        failure_.shrunk.is_confirmed = false;
        for (int i = 0;
             (i < runs_with_patience || time_left().count() > 0) && !failure_.shrunk.is_confirmed;
             ++i) {
            again.seed = child_seed(again.seed, "patience", static_cast<std::uint64_t>(i));
            failure_.shrunk.is_confirmed = attempt_on(session_, again);
        }
        if (failure_.shrunk.is_confirmed) failure_.smallest = std::move(failing_.back());
    }

    Session& session_;
    Session hasty_;
    ShrinkBudget budget_;
    Verdict verdict_;
    std::string kind_;
    Stopwatch watch_;
    int runs_ = 0;
    std::vector<JudgedRun> failing_;
    std::vector<Scenario> ways_{};  // in which something failed: without calls
    std::vector<Scenario> ways_of_rounds_{};
    Failure failure_;
};

}  // namespace

Failure minimize(Session& session, JudgedRun original, const ShrinkBudget& budget) {
    return Minimizing(session, std::move(original), budget).go();
}

}  // namespace conformance::properties
