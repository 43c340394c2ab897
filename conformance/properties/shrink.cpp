#include "conformance/properties/shrink.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "conformance/engine/unroll.hpp"
#include "conformance/properties/cell_guards.hpp"
#include "conformance/properties/model_walk.hpp"
#include "conformance/properties/settle.hpp"
#include "conformance/properties/simplify.hpp"

namespace conformance::properties {
namespace {

using Clock = std::chrono::steady_clock;

/// So many failures have to be expected in the runs of a candidate: one of e^3 is missed by bad luck.
constexpr double expected_failures = 3;
constexpr int enough_failures = 3;
constexpr int walks = 12;

class Shrinking {
  public:
    Shrinking(const Scenario& failing, const Attempt& fails, ShrinkBudget budget)
        : fails_(fails), budget_(budget), end_(Clock::now() + budget.time) {
        result_.scenario = failing;
    }

    Shrunk go() {
        may_get_stuck_ = !stuck_calls(result_.scenario, walks, 1).empty();
        measure();
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
        for (int i = 0; i < runs && has_time(); ++i) {
            if (attempt(scenario)) return true;
        }
        return false;
    }

    [[nodiscard]] bool is_sound(const Scenario& candidate) const {
        return !has_unguarded_uses(candidate) &&
               (may_get_stuck_ || stuck_calls(candidate, walks, 1).empty());
    }

    /// Makes the candidate one that does not get stuck, if it waits for a signal that may not come: a time
    /// limit tells a signal that was lost from one that was never given. False if it cannot be.
    [[nodiscard]] bool make_sound(Scenario& candidate) const {
        if (is_sound(candidate)) return true;
        if (has_unguarded_uses(candidate)) return false;
        const std::vector<Id> stuck = stuck_calls(candidate, walks, 1);
        const bool waits = std::ranges::any_of(candidate.workers, [&](const WorkerPlan& worker) {
            return std::ranges::any_of(worker.calls, [&](const Call& call) {
                return std::ranges::find(stuck, call.id) != stuck.end() &&
                       (call.operation == Operation::wait || call.operation == Operation::wait_for);
            });
        });
        if (!waits || number_of_calls(candidate) >= number_of_calls(result_.scenario)) return false;
        settle(candidate, candidate.seed);
        return is_sound(candidate);
    }

    /// With fewer rounds it has to be run more often. But a scenario whose many rounds fail nearly
    /// always says more than one without that fails once in a thousand runs.
    [[nodiscard]] int runs_of(const Scenario& candidate) const {
        const std::int64_t runs =
            runs_ * number_of_rounds(result_.scenario) / number_of_rounds(candidate);
        return static_cast<int>(
            std::min<std::int64_t>(runs, std::max(budget_.runs_per_candidate / 4, runs_)));
    }

    /// To the first simpler scenario that fails, and fails again. False if there is none.
    bool step() {
        for (Scenario& candidate : simplifications(result_.scenario)) {
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
    ShrinkBudget budget_;
    Clock::time_point end_;
    bool was_small_ = false;
    bool may_get_stuck_ = false;
    int runs_ = 0;
    Shrunk result_;
};

}  // namespace

Shrunk shrink(const Scenario& failing, const Attempt& fails, ShrinkBudget budget) {
    return Shrinking(failing, fails, budget).go();
}

}  // namespace conformance::properties
