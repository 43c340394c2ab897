#include "conformance/properties/shrink.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "conformance/engine/unroll.hpp"
#include "conformance/properties/cell_guards.hpp"
#include "conformance/properties/model_walk.hpp"
#include "conformance/properties/settle.hpp"
#include "conformance/properties/simplify.hpp"
#include "conformance/properties/stopwatch.hpp"

namespace conformance::properties {
namespace {

using Clock = std::chrono::steady_clock;

/// So many failures have to be expected in the runs of a candidate: one of e^3 is missed by bad luck.
constexpr double expected_failures = 3;
constexpr int enough_failures = 3;
constexpr int walks = 12;
constexpr int most_leaps = 3;

class Shrinking {
  public:
    Shrinking(const Scenario& failing, const Attempt& fails, ShrinkBudget budget,
              const FailsOnPaper& fails_on_paper)
        : fails_(fails),
          fails_on_paper_(fails_on_paper),
          budget_(budget),
          end_(Clock::now() + budget.time) {
        result_.scenario = failing;
    }

    Shrunk go() {
        may_get_stuck_ = !stuck_calls(result_.scenario, walks, 1).empty();
        measure();
        leap();
        do {
            note_size();
        } while (has_time() && (step() || has_more_patience()));
        return std::move(result_);
    }

  private:
    [[nodiscard]] bool has_time() const { return Clock::now() < end_; }

    bool attempt(Scenario scenario) {
        scenario.seed =
            hash_of_both(scenario.seed, static_cast<std::uint64_t>(++result_.runs)) >> 11;
        return fails_(scenario);
    }

    /// How often the present scenario fails.
    void measure() {
        int failures = 0;
        int runs = 0;
        const auto limit = Clock::now() + budget_.time / 3;
        while (failures < enough_failures && runs < budget_.runs_to_measure && has_time() &&
               (failures == 0 || Clock::now() < limit)) {
            ++runs;
            failures += attempt(result_.scenario) ? 1 : 0;
        }
        result_.is_confirmed |= failures > 0;
        runs_ = failures == 0
                    ? budget_.runs_per_candidate
                    : std::clamp(static_cast<int>(std::ceil(expected_failures * runs / failures)),
                                 3, budget_.runs_per_candidate);
    }

    bool fails_in(const Scenario& scenario, int runs) {
        const bool has_rounds = scenario.has_rounds();
        const auto rounds = static_cast<double>(number_of_rounds(scenario));
        for (int i = 0; i < runs && has_time(); ++i) {
            const Stopwatch watch;
            if (attempt(scenario)) return true;
            if (has_rounds && watch.seconds() > longest_round * rounds) return false;
        }
        return false;
    }

    [[nodiscard]] bool is_sound(const Scenario& candidate) const {
        return !has_unguarded_uses(candidate) &&
               (may_get_stuck_ || stuck_calls(candidate, walks, 1).empty());
    }

    /// Makes the candidate one that does not get stuck. If it waits for a signal that may not come, by a time
    /// limit, which tells a signal that was lost from one that was never given; else without what gets stuck:
    /// the get of an item that is not put any more, say. False if it cannot be.
    [[nodiscard]] bool make_sound(Scenario& candidate) const {
        if (is_sound(candidate)) return true;
        if (has_unguarded_uses(candidate) ||
            number_of_calls(candidate) >= number_of_calls(result_.scenario))
            return false;
        const std::vector<Id> stuck = stuck_calls(candidate, walks, 1);
        const bool waits = std::ranges::any_of(candidate.workers, [&](const WorkerPlan& worker) {
            return std::ranges::any_of(worker.calls, [&](const Call& call) {
                return std::ranges::find(stuck, call.id) != stuck.end() &&
                       (call.operation == Operation::wait || call.operation == Operation::wait_for);
            });
        });
        if (waits) {
            settle(candidate, candidate.seed);
        } else {
            unblock(candidate, stuck);
        }
        return is_sound(candidate);
    }

    static void unblock(Scenario& candidate, std::vector<Id> stuck) {
        const auto is_stuck = [&](const Call& call) {
            return candidate.find_worker(call.object) == nullptr &&
                   std::ranges::find(stuck, call.id) != stuck.end();
        };
        for (std::size_t calls = 0; !stuck.empty() && calls != number_of_calls(candidate);
             stuck = stuck_calls(candidate, walks, 1)) {
            calls = number_of_calls(candidate);
            for (WorkerPlan& worker : candidate.workers)
                std::erase_if(worker.calls, is_stuck);
            candidate = tidied(std::move(candidate));
        }
    }

    /// With fewer rounds it has to be run more often. But a scenario whose many rounds fail nearly
    /// always says more than one without that fails once in a thousand runs.
    [[nodiscard]] int runs_of(const Scenario& candidate) const {
        const std::int64_t runs =
            runs_ * number_of_rounds(result_.scenario) / number_of_rounds(candidate);
        return static_cast<int>(
            std::min<std::int64_t>(runs, std::max(budget_.runs_per_candidate / 4, runs_)));
    }

    [[nodiscard]] bool is_on_paper(const Scenario& part) const {
        return fails_on_paper_ && has_time() && fails_on_paper_(result_.scenario, part);
    }

    /// What is left when calls are removed as long as it fails on paper, and what was on the way, the largest first.
    [[nodiscard]] std::vector<Scenario> way_on_paper() const {
        std::vector<Scenario> way;
        for (auto next = part_on_paper(result_.scenario); next; next = part_on_paper(way.back()))
            way.push_back(*std::move(next));
        return way;
    }

    [[nodiscard]] std::optional<Scenario> part_on_paper(const Scenario& whole) const {
        for (Scenario& part : simplifications(whole)) {
            if (number_of_calls(part) < number_of_calls(whole) && make_sound(part) &&
                is_on_paper(part))
                return std::move(part);
        }
        return std::nullopt;
    }

    /// As far as possible at once: steps cost as many runs, all of them together. Parts fail less often than the
    /// whole, so that these few are tried with patience.
    void leap() {
        if (!result_.is_confirmed) return;
        auto way = way_on_paper();
        for (int leaps = 0; leaps < most_leaps && !way.empty() && has_time(); ++leaps) {
            ++result_.candidates;
            const auto limit = Clock::now() + budget_.time / (2 * most_leaps);
            const auto fails_in_time = [&] {
                bool fails = false;
                while (!fails && has_time() && Clock::now() < limit)
                    fails = attempt(way.back());
                return fails;
            };
            if (fails_in_time() && fails_in_time()) {
                result_.scenario = std::move(way.back());
                return measure();
            }
            way.resize(way.size() / 2);
        }
    }

    /// To the first simpler scenario that fails, and fails again. False if there is none.
    bool step() {
        std::vector<Scenario> candidates;
        std::vector<Scenario> others;
        for (Scenario& candidate : simplifications(result_.scenario))
            (is_on_paper(candidate) ? candidates : others).push_back(std::move(candidate));
        std::ranges::move(others, std::back_inserter(candidates));
        for (Scenario& candidate : candidates) {
            if (!has_time()) return false;
            if (!make_sound(candidate)) continue;
            ++result_.candidates;
            const int runs = runs_of(candidate);
            if (!fails_in(candidate, runs) || !fails_in(candidate, 2 * runs)) continue;
            const bool is_other = runs != runs_;
            result_.scenario = std::move(candidate);
            result_.is_confirmed = true;
            if (is_other) measure();
            return true;
        }
        return false;
    }

    void note_size() {
        const bool is_small = number_of_workers(result_.scenario) <= budget_.workers_wanted &&
                              number_of_calls(result_.scenario) <= budget_.calls_wanted;
        if (!std::exchange(was_small_, was_small_ || is_small) && is_small)
            end_ = std::min(end_, Clock::now() + budget_.time_when_small);
    }

    [[nodiscard]] bool has_more_patience() {
        if (was_small_ || !result_.is_confirmed || runs_ >= budget_.runs_per_candidate)
            return false;
        runs_ = std::min(4 * runs_, budget_.runs_per_candidate);
        return true;
    }

    const Attempt& fails_;
    const FailsOnPaper& fails_on_paper_;
    ShrinkBudget budget_;
    Clock::time_point end_;
    bool was_small_ = false;
    bool may_get_stuck_ = false;
    int runs_ = 0;
    Shrunk result_;
};

}  // namespace

Shrunk shrink(const Scenario& failing, const Attempt& fails, ShrinkBudget budget,
              const FailsOnPaper& fails_on_paper) {
    return Shrinking(failing, fails, budget, fails_on_paper).go();
}

}  // namespace conformance::properties
