#include "conformance/properties/shrink.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "conformance/properties/cell_guards.hpp"
#include "conformance/properties/model_walk.hpp"
#include "conformance/properties/simplify.hpp"

namespace conformance::properties {
namespace {

using Clock = std::chrono::steady_clock;

/// So many failures have to be expected in the runs of a candidate: one of e^3 is missed by bad luck.
constexpr double expected_failures = 3;
constexpr int confirmations = 2;
constexpr int walks = 12;

class Shrinking {
  public:
    Shrinking(const Scenario& failing, const Attempt& fails, ShrinkBudget budget)
        : fails_(fails), budget_(budget), begun_(Clock::now()), trail_{failing} {}

    Shrunk go() {
        may_get_stuck_ = !stuck_calls(trail_.front(), walks, 1).empty();
        measure();
        while (has_time(0.7) && step()) {
        }
        confirm();
        result_.scenario = trail_.back();
        return result_;
    }

  private:
    [[nodiscard]] bool has_time(double part) const {
        return Clock::now() - begun_ < budget_.time * part;
    }

    bool attempt(Scenario scenario) {
        scenario.seed =
            hash_of_both(scenario.seed, static_cast<std::uint64_t>(++result_.runs)) >> 11;
        return fails_(scenario);
    }

    /// How often the given scenario fails.
    void measure() {
        int failures = 0;
        int runs = 0;
        while (failures < 3 && runs < budget_.runs_per_candidate && has_time(0.3)) {
            ++runs;
            failures += attempt(trail_.front()) ? 1 : 0;
        }
        runs_ = failures == 0
                    ? budget_.runs_per_candidate
                    : std::clamp(static_cast<int>(std::ceil(expected_failures * runs / failures)),
                                 3, budget_.runs_per_candidate);
    }

    bool fails_in(const Scenario& scenario, int runs, int times, double part) {
        for (int i = 0; i < runs && has_time(part); ++i) {
            if (attempt(scenario) && --times == 0) return true;
        }
        return false;
    }

    [[nodiscard]] bool is_sound(const Scenario& candidate) const {
        return !has_unguarded_uses(candidate) &&
               (may_get_stuck_ || stuck_calls(candidate, walks, 1).empty());
    }

    /// To the first simpler scenario that fails. False if there is none.
    bool step() {
        for (Scenario& candidate : simplifications(trail_.back())) {
            if (!has_time(0.7)) return false;
            if (!is_sound(candidate)) continue;
            ++result_.candidates;
            if (!fails_in(candidate, runs_, 1, 0.7)) continue;
            trail_.push_back(std::move(candidate));
            return true;
        }
        return false;
    }

    void confirm() {
        while (true) {
            // The last one was given: it may take all that is left.
            const double part = trail_.size() > 1 ? 0.9 : 1;
            result_.is_confirmed = fails_in(trail_.back(), 3 * runs_, confirmations, part);
            if (result_.is_confirmed || trail_.size() == 1) return;
            trail_.pop_back();
        }
    }

    const Attempt& fails_;
    ShrinkBudget budget_;
    Clock::time_point begun_;
    std::vector<Scenario> trail_;  // each found from the one before it; the given one first
    bool may_get_stuck_ = false;
    int runs_ = 0;
    Shrunk result_;
};

}  // namespace

Shrunk shrink(const Scenario& failing, const Attempt& fails, ShrinkBudget budget) {
    return Shrinking(failing, fails, budget).go();
}

}  // namespace conformance::properties
