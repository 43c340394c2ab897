#include "conformance/properties/model_walk.hpp"

#include <algorithm>

#include "conformance/engine/unroll.hpp"
#include "conformance/properties/model_play.hpp"

namespace conformance::properties {
namespace {

/// In so many rounds workers come out of step, and what one leaves behind meets the next.
constexpr std::int64_t rounds_walked = 4;

class Run {
  public:
    Run(const Scenario& scenario, std::mt19937_64& random)
        : play_(scenario), position_(play_.initial()), random_(random) {}

    Walk go() {
        while (act(false) || act(true)) {
        }
        walk_.pending = play_.pending(position_);
        return std::move(walk_);
    }

  private:
    bool act(bool gives_up) {
        std::vector<std::size_t> order(position_.actors.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::ranges::shuffle(order, random_);
        return std::ranges::any_of(order, [&](std::size_t i) { return act(i, gives_up); });
    }

    bool act(std::size_t actor, bool gives_up) {
        if (play_.steps_aside(position_, actor)) return true;
        const Call* const call = play_.call(position_, actor);
        Play::Steps steps;
        play_.steps(position_, actor, call != nullptr && may_give_up(*call, gives_up), steps);
        if (steps.empty()) return false;
        if (call != nullptr) note_ambiguity(*call, steps);
        play_.take(position_, actor, std::move(steps[random_() % steps.size()]));
        return true;
    }

    bool may_give_up(const Call& call, bool gives_up) {
        const TimeLimit limit = play_.time_limit(call);
        return limit.is_finite() && (gives_up || limit.count() <= 0 || random_() % 8 == 0);
    }

    void note_ambiguity(const Call& call, const Play::Steps& steps) {
        const bool differ = std::ranges::any_of(steps, [&](const auto& step) {
            return step.stage != steps.front().stage || step.outcome != steps.front().outcome;
        });
        if (differ) walk_.ambiguous.push_back(call.id);
    }

    Play play_;
    Position position_;
    std::mt19937_64& random_;
    Walk walk_;
};

}  // namespace

Walk walk(const Scenario& scenario, std::mt19937_64& random) {
    return Run(scenario, random).go();
}

std::vector<Id> stuck_calls(const Scenario& scenario, int runs, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const bool has_rounds = scenario.has_rounds();
    const Scenario whole = has_rounds ? unrolled(scenario, rounds_walked) : Scenario();
    for (int i = 0; i < runs; ++i) {
        Walk run = walk(has_rounds ? whole : scenario, random);
        if (run.pending.empty()) continue;
        if (has_rounds) {
            for (Id& call : run.pending)
                call = call_before_unrolling(scenario, call);
        }
        return std::move(run.pending);
    }
    return {};
}

}  // namespace conformance::properties
