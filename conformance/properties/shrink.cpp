#include "conformance/properties/shrink.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "conformance/properties/cell_guards.hpp"
#include "conformance/properties/model_walk.hpp"
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
        : fails_(fails), budget_(budget), begun_(Clock::now()) {
        result_.scenario = failing;
    }

    Shrunk go() {
        may_get_stuck_ = !stuck_calls(result_.scenario, walks, 1).empty();
        measure();
        bool goes_on = true;
        while (goes_on && has_time())
            goes_on = step();
        return std::move(result_);
    }

  private:
    [[nodiscard]] bool has_time() const { return Clock::now() - begun_ < budget_.time; }

    bool attempt(Scenario scenario) {
        scenario.seed =
            hash_of_both(scenario.seed, static_cast<std::uint64_t>(++result_.runs)) >> 11;
        return fails_(scenario);
    }

    /// How often the given scenario fails.
    void measure() {
        int failures = 0;
        int runs = 0;
        while (failures < enough_failures && runs < budget_.runs_to_measure && has_time()) {
            ++runs;
            failures += attempt(result_.scenario) ? 1 : 0;
        }
        result_.is_confirmed = failures > 0;
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

    /// To the first simpler scenario that fails, and fails again. False if there is none.
    bool step() {
        for (Scenario& candidate : simplifications(result_.scenario)) {
            if (!has_time()) return false;
            if (!is_sound(candidate)) continue;
            ++result_.candidates;
            if (!fails_in(candidate, runs_) || !fails_in(candidate, 2 * runs_)) continue;
            result_.scenario = std::move(candidate);
            result_.is_confirmed = true;
            return true;
        }
        return false;
    }

    const Attempt& fails_;
    ShrinkBudget budget_;
    Clock::time_point begun_;
    bool may_get_stuck_ = false;
    int runs_ = 0;
    Shrunk result_;
};

}  // namespace

Shrunk shrink(const Scenario& failing, const Attempt& fails, ShrinkBudget budget) {
    return Shrinking(failing, fails, budget).go();
}

}  // namespace conformance::properties
