#include "conformance/properties/model_walk.hpp"

#include <algorithm>
#include <set>

#include "conformance/engine/unroll.hpp"
#include "spec/model/world.hpp"

namespace conformance::properties {
namespace {

using model::Observed;
using model::World;

/// In so many rounds workers come out of step, and what one leaves behind meets the next.
constexpr std::int64_t rounds_walked = 4;

/// A worker, and where it is in its calls.
struct Actor {
    const WorkerPlan* plan = nullptr;
    std::size_t next = 0;  // of plan->calls
    Stage stage = 0;       // of the present call
    Stage run_stage = 0;   // of its life; the main worker has none
    bool is_over = false;
};

class Run {
  public:
    Run(const Scenario& scenario, std::mt19937_64& random)
        : world_(scenario), state_(world_.initial()), random_(random) {
        for (const WorkerPlan& plan : scenario.workers)
            actors_.push_back({.plan = &plan, .run_stage = plan.id == 0 ? 1 : 0});
        for (const Object& object : scenario.objects)
            if (is_result(object.type)) unmade_.insert(object.id);
    }

    Walk go() {
        while (act(false) || act(true)) {
        }
        for (const Actor& actor : actors_) {
            if (actor.next < actor.plan->calls.size() && actor.run_stage != 0)
                walk_.pending.push_back(actor.plan->calls[actor.next].id);
        }
        return std::move(walk_);
    }

  private:
    using Steps = model::Steps<World::State>;

    bool act(bool gives_up) {
        std::vector<std::size_t> order(actors_.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::ranges::shuffle(order, random_);
        return std::ranges::any_of(order, [&](std::size_t i) { return act(actors_[i], gives_up); });
    }

    bool act(Actor& actor, bool gives_up) {
        if (actor.is_over) return false;
        const bool at_end = actor.next == actor.plan->calls.size();
        if (actor.run_stage == 0 || (at_end && actor.plan->id != 0)) return live(actor, at_end);
        if (at_end) {
            actor.is_over = true;
            return true;
        }
        const Call& call = actor.plan->calls[actor.next];
        if (!world_.concerns(call) || unmade_.contains(call.object)) {
            ++actor.next;
            return true;
        }
        const TimeLimit limit = world_.time_limit(call);
        const bool may_give_up =
            limit.is_finite() && (gives_up || limit.count() <= 0 || random_() % 8 == 0);
        const Observed observed{.call = call};
        Steps steps;
        world_.steps(state_, {observed, actor.plan->id, actor.stage, may_give_up}, steps);
        if (steps.empty()) return false;
        note_ambiguity(call, steps);
        take(steps, actor.stage);
        if (actor.stage == completed) {
            if (call.into != no_object && !last_.is_error()) unmade_.erase(call.into);
            actor.stage = 0;
            ++actor.next;
        }
        return true;
    }

    // Its life begins after its start, and ends after its last call.
    bool live(Actor& actor, bool at_end) {
        if (actor.run_stage != 0 && !at_end) return false;
        const Observed observed{.call = {.object = actor.plan->id, .operation = Operation::run},
                                .seen = Outcome()};
        Steps steps;
        world_.steps(state_, {observed, actor.plan->id, actor.run_stage, false}, steps);
        if (steps.empty()) return false;
        take(steps, actor.run_stage);
        actor.is_over = actor.run_stage == completed;
        return true;
    }

    void take(Steps& steps, Stage& stage) {
        auto& step = steps[random_() % steps.size()];
        state_ = std::move(step.next);
        stage = step.stage;
        last_ = std::move(step.outcome);
    }

    void note_ambiguity(const Call& call, const Steps& steps) {
        const bool differ = std::ranges::any_of(steps, [&](const auto& step) {
            return step.stage != steps.front().stage || step.outcome != steps.front().outcome;
        });
        if (differ) walk_.ambiguous.push_back(call.id);
    }

    World world_;
    World::State state_;
    std::mt19937_64& random_;
    std::vector<Actor> actors_;
    std::set<Id> unmade_;  // results of calls that have not been made
    Outcome last_;
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
