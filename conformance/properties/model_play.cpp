#include "conformance/properties/model_play.hpp"

#include <algorithm>

namespace conformance::properties {

using model::Observed;

Play::Play(const Scenario& scenario) : scenario_(scenario), world_(scenario) {}

Position Play::initial() const {
    Position position{.state = world_.initial()};
    for (const WorkerPlan& plan : scenario_.workers)
        position.actors.push_back({.run_stage = plan.id == 0 ? 1 : 0});
    for (const Object& object : scenario_.objects)
        if (is_result(object.type)) position.unmade.push_back(object.id);
    std::ranges::sort(position.unmade);
    return position;
}

bool Play::is_at_end(const Position& position, std::size_t actor) const {
    return position.actors[actor].next == scenario_.workers[actor].calls.size();
}

const Call* Play::call(const Position& position, std::size_t actor) const {
    const Actor& it = position.actors[actor];
    if (it.is_over || it.run_stage == 0 || is_at_end(position, actor)) return nullptr;
    return &scenario_.workers[actor].calls[it.next];
}

bool Play::steps_aside(Position& position, std::size_t actor) const {
    Actor& it = position.actors[actor];
    if (it.is_over) return false;
    if (const Call* const present = call(position, actor)) {
        if (world_.concerns(*present) &&
            !std::ranges::binary_search(position.unmade, present->object))
            return false;
        ++it.next;
        return true;
    }
    if (scenario_.workers[actor].id != 0) return false;
    it.is_over = true;
    return true;
}

void Play::steps(const Position& position, std::size_t actor, bool gives_up, Steps& out) const {
    const Actor& it = position.actors[actor];
    const Id worker = scenario_.workers[actor].id;
    if (const Call* const present = call(position, actor)) {
        const Observed observed{.call = *present};
        world_.steps(position.state, {observed, worker, it.stage, gives_up}, out);
    } else if (!it.is_over && worker != 0) {
        // Its life begins after its start, and ends after its last call.
        const Observed observed{.call = {.object = worker, .operation = Operation::run},
                                .seen = Outcome()};
        world_.steps(position.state, {observed, worker, it.run_stage, false}, out);
    }
}

void Play::take(Position& position, std::size_t actor, Step&& step) const {
    Actor& it = position.actors[actor];
    const Call* const present = call(position, actor);
    position.state = std::move(step.next);
    if (present == nullptr) {
        it.run_stage = step.stage;
        it.is_over = step.stage == completed;
        return;
    }
    it.stage = step.stage;
    if (step.stage != completed) return;
    if (present->into != no_object && !step.outcome.is_error())
        std::erase(position.unmade, present->into);
    it.stage = 0;
    ++it.next;
}

std::vector<Id> Play::pending(const Position& position) const {
    std::vector<Id> calls;
    for (std::size_t actor = 0; actor < position.actors.size(); ++actor)
        if (const Call* const present = call(position, actor)) calls.push_back(present->id);
    return calls;
}

}  // namespace conformance::properties
