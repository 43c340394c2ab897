#pragma once
/// \file
/// The model of a scenario, or of one component of it.
///
///     const World world(scenario, components(scenario)[1]);
///     World::State state = world.initial();
///     const Observed observed{.call = entry.call, .seen = entry.outcome};
///     if (world.concerns(entry.call))
///         world.steps(state, {observed, entry.worker}, steps);
///
/// Whoever drives the model sets `time_is_up` by `time_limit(call)`, not by the call's own limit:
/// at once if that is zero or less, never if it is none, infinite or beyond the clock (GEN-6).
///
/// An object that a call `create` makes has no steps before that call. A call on one that could not
/// be made may end in any way.

#include <algorithm>
#include <map>

#include "spec/model/components.hpp"
#include "spec/model/members.hpp"
#include "spec/model/world_state.hpp"
#include "spec/scenario/callback.hpp"

namespace conformance::model {

class World {
  public:
    using Operation = Observed;
    using Outcome = conformance::Outcome;
    struct State {
        std::vector<ObjectState> objects;  ///< by slot
        friend bool operator==(const State&, const State&) = default;
    };

    /// `ids`: whole components.
    World(const Scenario& scenario, const std::vector<Id>& ids) {
        std::map<Id, Id> locks_of_conditions;
        for (const Id id : ids) {
            if (scenario.find_worker(id) != nullptr) {
                add_worker(scenario, id);
            } else if (const Object* const object = scenario.find_object(id);
                       object != nullptr && !is_result(object->type)) {
                add_object(scenario, *object);
                if (object->type == Type::Condition && lock_of(*object) != no_object)
                    locks_of_conditions[id] = lock_of(*object);
            }
        }
        for_each_call(scenario, [&](const Call& call) {
            const auto slot = slots_by_id_.find(call.object);
            if (slot == slots_by_id_.end()) return;
            if (call.into != no_object) slots_by_id_[call.into] = slot->second;
            if (call.operation == conformance::Operation::create)
                slots_[slot->second].is_made_by_call = true;
        });
        for_each_call(scenario, [&](const Call& call) {
            // Callbacks act on it at times that no model foretells (POOL-14, FUT-8, FUT-11).
            for (const std::size_t place : callback_places(call)) {
                const auto slot = slots_by_id_.find(object_of_callback(call.arguments[place]));
                if (slot != slots_by_id_.end() && is_for_callbacks(slots_[slot->second].made))
                    slots_[slot->second].made = Unmade{};
            }
        });
        for (const Id queue : queues_of_tasks(scenario)) {
            // So do tasks put to it (GEN-13, GEN-14).
            const std::size_t slot = find_slot(queue);
            if (slot != none) slots_[slot].made = Unmade{};
        }
        for (const Object& object : scenario.objects) {
            if (slots_by_id_.contains(object.id)) types_[object.id] = object.type;
        }
        for (const auto& [condition, lock] : locks_of_conditions)
            slots_[slots_by_id_.at(condition)].lock = find_slot(lock);
        cell_of_actions_ = find_slot(cell_of_actions(scenario));
    }
    /// Of the whole scenario.
    explicit World(const Scenario& scenario) : World(scenario, all_ids(scenario)) {}

    [[nodiscard]] State initial() const {
        State state;
        for (const Slot& slot : slots_)
            state.objects.push_back(slot.is_made_by_call ? ObjectState{} : slot.made);
        return state;
    }

    [[nodiscard]] static std::size_t hash(const State& state) {
        return hash_of_all(state.objects, hash_of);
    }

    /// Whether `call` belongs to this component. `await_blocked` belongs to none.
    [[nodiscard]] bool concerns(const Call& call) const {
        return call.operation != conformance::Operation::await_blocked &&
               find_slot(call.object) != none;
    }

    /// How long `call` may block. Fulfils GEN-5 (a negative time limit of an acquire of a Lock,
    /// RLock or Condition is none), BARRIER-13.
    [[nodiscard]] TimeLimit time_limit(const Call& call) const {
        const std::size_t index = find_slot(call.object);
        if (index == none) return call.time_limit;
        const ObjectState& object = slots_[index].made;
        const bool is_lock_like = std::holds_alternative<OwnedLock::State>(object) ||
                                  std::holds_alternative<Condition::State>(object);
        if (is_lock_like && call.operation == conformance::Operation::acquire &&
            call.time_limit.is_negative())
            return {};
        const auto* const barrier = std::get_if<Barrier::State>(&object);
        if (barrier != nullptr && call.operation == conformance::Operation::wait)
            return Barrier::time_limit(*barrier, call);
        return call.time_limit;
    }

    void steps(const State& state, const Turn<Observed>& turn, Steps<State>& out) const {
        const Call& call = turn.operation.call;
        const std::size_t index = find_slot(call.object);
        if (index == none) return;
        if (call.operation == conformance::Operation::create) {
            create(state, index, out);
            return;
        }
        if (call.operation == conformance::Operation::drop) {  // others have theirs: GEN-15
            complete(out, State(state));
            return;
        }
        if (may_be_misused(call) && is_misused(type_of(call.object), call)) {
            complete(out, state, ErrorKind::TypeError);
            return;
        }
        if (call.operation == conformance::Operation::offers) {
            for (const bool offered : may_offer(type_of(call.object), text(call.arguments, 0)))
                complete(out, state, offered);
            return;
        }
        std::visit(
            [&](const auto& object) { steps_of(object, At{*this, state, index, turn, out}); },
            state.objects[index]);
    }

  private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    struct Slot {
        Id id = no_object;
        ObjectState made{};  // its state when it has been made
        bool is_made_by_call = false;
        std::size_t lock = none;  // the slot of a Condition's lock
    };
    struct At {
        const World& world;
        const State& state;
        std::size_t index;
        const Turn<Observed>& turn;
        Steps<State>& out;

        [[nodiscard]] Turn<Call> turn_of_call() const {
            return {turn.operation.call, turn.worker, turn.stage, turn.time_is_up};
        }
        // Offers `steps`, of which `put` writes the next state into the whole one.
        template <class Part, class Put>
        void lift(Steps<Part> steps, Put put) const {
            for (auto& step : steps) {
                State next = state;
                put(next.objects, std::move(step.next));
                out.push_back({std::move(next), step.stage, std::move(step.outcome)});
            }
        }
        template <class Part>
        void lift(Steps<Part> steps) const {
            lift(std::move(steps), [this](std::vector<ObjectState>& objects, Part next) {
                objects[index] = std::move(next);
            });
        }
        // Of a model whose steps depend on its own state only.
        template <class M, class Part>
        void lift_steps(const Part& part) const {
            Steps<Part> steps;
            M::steps(part, turn_of_call(), steps);
            lift(std::move(steps));
        }
    };

    static bool is_for_callbacks(const ObjectState& object) {
        return std::holds_alternative<Cell::State>(object) ||
               std::holds_alternative<Event::State>(object);
    }

    static std::vector<Id> all_ids(const Scenario& scenario) {
        std::vector<Id> ids;
        for (const std::vector<Id>& some : components(scenario))
            ids.insert(ids.end(), some.begin(), some.end());
        return ids;
    }

    void add_worker(const Scenario& scenario, Id id) {
        if (workers_ == none) {
            workers_ = slots_.size();
            slots_.push_back({.id = 0, .made = made_workers(scenario)});
            slots_by_id_[no_object] = workers_;
        }
        slots_by_id_[id] = workers_;
    }

    void add_object(const Scenario& scenario, const Object& object) {
        slots_by_id_[object.id] = slots_.size();
        slots_.push_back({.id = object.id, .made = made(scenario, object)});
        if (object.type == Type::Condition && lock_of(object) == no_object) {
            slots_.back().lock = slots_.size();
            slots_.push_back({.made = RLock::make()});  // COND-1
        }
    }

    [[nodiscard]] std::size_t find_slot(Id object) const {
        const auto found = slots_by_id_.find(object);
        return found != slots_by_id_.end() ? found->second : none;
    }

    void create(const State& state, std::size_t index, Steps<State>& out) const {
        State next = state;
        next.objects[index] = slots_[index].made;
        const auto* const unmade = std::get_if<Unmade>(&next.objects[index]);
        const auto* const executor = std::get_if<WorkerPoolExecutor::State>(&next.objects[index]);
        const bool may_refuse = executor != nullptr && executor->initializer_is_opaque;
        if (unmade == nullptr) complete(out, next);
        if (may_refuse || (unmade != nullptr && unmade->is_bad_value))
            complete(out, next, ErrorKind::ValueError);
        if (may_refuse || (unmade != nullptr && unmade->is_bad_type))
            complete(out, next, ErrorKind::TypeError);
    }

    // Most calls are seen to be well-formed without knowing of what object.
    static bool may_be_misused(const Call& call) {
        return !call.arguments.empty() || !call.time_limit.is_none();
    }
    [[nodiscard]] std::optional<Type> type_of(Id object) const {
        const auto found = types_.find(object);
        return found != types_.end() ? std::optional(found->second) : std::nullopt;
    }

    // By the type of the object that is called. One that has not been made yet has no steps.

    static void steps_of(std::monostate, const At&) {}
    static void steps_of(Unmade, const At& at) {
        complete(at.out, at.state, at.turn.operation.anything());
    }
    static void steps_of(const OwnedLock::State& lock, const At& at) {
        if (lock.reentrant) {
            at.lift_steps<RLock>(lock);
        } else {
            at.lift_steps<Lock>(lock);
        }
    }
    // A BoundedSemaphore as well.
    static void steps_of(const Semaphore::State& it, const At& at) { at.lift_steps<Semaphore>(it); }
    static void steps_of(const Event::State& it, const At& at) { at.lift_steps<Event>(it); }
    static void steps_of(const Queue::State& it, const At& at) { at.lift_steps<Queue>(it); }
    static void steps_of(const SimpleQueue::State& it, const At& at) {
        at.lift_steps<SimpleQueue>(it);
    }
    static void steps_of(const Cell::State& it, const At& at) { at.lift_steps<Cell>(it); }

    static void steps_of(const Condition::State& condition, const At& at) {
        const std::size_t lock_slot = at.world.slots_[at.index].lock;
        if (lock_slot == none) return;
        const auto* const lock = std::get_if<OwnedLock::State>(&at.state.objects[lock_slot]);
        if (lock == nullptr) return;
        const List& arguments = at.turn.operation.call.arguments;
        const std::size_t cell_slot =
            at.world.find_slot(static_cast<Id>(number(arguments, 0, no_object)));
        const auto* const cell =
            cell_slot == none ? nullptr : std::get_if<Cell::State>(&at.state.objects[cell_slot]);
        const bool predicate = cell != nullptr && cell->content >= number(arguments, 1, 0);

        Steps<Condition::WithLock> steps;
        Condition::steps({condition, *lock}, at.turn_of_call(), predicate, steps);
        at.lift(std::move(steps), [&](auto& objects, Condition::WithLock next) {
            objects[at.index] = std::move(next.condition);
            objects[lock_slot] = next.lock;
        });
    }

    static void steps_of(const Barrier::State& barrier, const At& at) {
        const std::size_t cell_slot = at.world.cell_of_actions_;
        const auto* const cell =
            cell_slot == none ? nullptr : std::get_if<Cell::State>(&at.state.objects[cell_slot]);
        Steps<Barrier::WithCell> steps;
        Barrier::steps({barrier, cell != nullptr ? *cell : Cell::State{}}, at.turn_of_call(),
                       at.turn.operation.killed, steps);
        at.lift(std::move(steps), [&](auto& objects, Barrier::WithCell next) {
            objects[at.index] = std::move(next.barrier);
            if (cell != nullptr) objects[cell_slot] = next.cell;
        });
    }

    static void steps_of(const Workers::State& workers, const At& at) {
        Steps<Workers::State> steps;
        if (at.turn.operation.call.object == no_object) {
            Utilities::steps(workers, at.turn, steps);
        } else {
            Workers::steps(workers, at.turn, steps);
        }
        at.lift(std::move(steps));
    }
    static void steps_of(const WorkerPool::State& pool, const At& at) {
        Steps<WorkerPool::State> steps;
        WorkerPool::steps(pool, at.world.slots_[at.index].id, at.turn, steps);
        at.lift(std::move(steps));
    }
    static void steps_of(const WorkerPoolExecutor::State& executor, const At& at) {
        Steps<WorkerPoolExecutor::State> steps;
        WorkerPoolExecutor::steps(executor, at.world.slots_[at.index].id, at.turn, steps);
        at.lift(std::move(steps));
    }

    std::vector<Slot> slots_;
    std::map<Id, std::size_t> slots_by_id_;  // results have those of their pools
    std::map<Id, Type> types_;               // of what is no worker
    std::size_t workers_ = none;
    std::size_t cell_of_actions_ = none;
};

static_assert(Model<World>);

}  // namespace conformance::model
