#include "conformance/properties/model_orders.hpp"

#include <unordered_set>
#include <utility>
#include <vector>

#include "conformance/properties/model_play.hpp"

namespace conformance::properties {
namespace {

struct HashOfPosition {
    std::size_t operator()(const Position& position) const {
        std::size_t hash = model::World::hash(position.state);
        for (const Actor& actor : position.actors) {
            hash = hash_of_both(hash, actor.next);
            hash = hash_of_both(hash, static_cast<std::size_t>(actor.stage));
            hash = hash_of_both(hash, static_cast<std::size_t>(actor.run_stage));
        }
        return hash;
    }
};

class Orders {
  public:
    explicit Orders(const Scenario& scenario) : play_(scenario) { visit(play_.initial()); }

    MayBlock explore(std::size_t most_positions) {
        while (!open_.empty()) {
            if (seen_.size() > most_positions) return MayBlock::unknown;
            const Position& position = *open_.back();
            open_.pop_back();
            if (!go_on_from(position) && !play_.pending(position).empty()) return MayBlock::yes;
        }
        return MayBlock::no;
    }

  private:
    void visit(Position&& position) {
        const auto [it, is_new] = seen_.insert(std::move(position));
        if (is_new) open_.push_back(&*it);
    }

    bool go_on_from(const Position& position) {
        bool goes_on = false;
        for (std::size_t actor = 0; actor < position.actors.size(); ++actor) {
            Position aside = position;
            if (play_.steps_aside(aside, actor)) {
                goes_on = true;
                visit(std::move(aside));
                continue;
            }
            const Call* const call = play_.call(position, actor);
            const bool may_give_up = call != nullptr && play_.time_limit(*call).is_finite();
            steps_.clear();
            play_.steps(position, actor, may_give_up, steps_);
            for (auto& step : steps_) {
                goes_on = true;
                Position next = position;
                play_.take(next, actor, std::move(step));
                visit(std::move(next));
            }
        }
        return goes_on;
    }

    Play play_;
    std::unordered_set<Position, HashOfPosition> seen_;
    std::vector<const Position*> open_;
    Play::Steps steps_;
};

}  // namespace

MayBlock may_block(const Scenario& scenario, std::size_t most_positions) {
    return Orders(scenario).explore(most_positions);
}

}  // namespace conformance::properties
