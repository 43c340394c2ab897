#include "conformance/properties/cell_guards.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "spec/model/components.hpp"

namespace conformance::properties {
namespace {

struct Use {
    Id call;
    Id worker;
    std::set<Id> locks;
};

/// A Condition stands for its lock, if that is an object of its own.
Id lock_behind(const Scenario& scenario, Id id) {
    const Object* const object = scenario.find_object(id);
    if (object == nullptr || object->type != Type::Condition) return id;
    const Id lock = model::lock_of(*object);
    return lock == no_object ? id : lock;
}

bool is_lock(const Scenario& scenario, Id id) {
    const Object* const object = scenario.find_object(id);
    return object != nullptr && (object->type == Type::Lock || object->type == Type::RLock ||
                                 object->type == Type::Condition);
}

Id cell_used_by(const Scenario& scenario, const Call& call) {
    const Object* const object = scenario.find_object(call.object);
    if (object == nullptr) return no_object;
    if (object->type == Type::Cell) return call.object;
    if (call.operation == Operation::wait_for)
        return static_cast<Id>(model::number(call.arguments, 0, no_object));
    if (call.operation == Operation::wait && object->type == Type::Barrier &&
        model::text(object->arguments, 1) == "add")
        return model::cell_of_actions(scenario);
    return no_object;
}

bool surely_acquires(const Call& call) {
    return call.operation == Operation::acquire && call.arguments.empty() &&
           call.time_limit.is_none();
}

bool has_owner(const Scenario& scenario, Id id) {
    const Object* const object = scenario.find_object(id);
    return object != nullptr && object->type != Type::Lock;
}

/// The locks that somebody may release whom nobody knows to hold them. Only the owner can release an
/// RLock.
std::set<Id> unreliable_locks(const Scenario& scenario) {
    std::set<Id> unreliable;
    for (const WorkerPlan& worker : scenario.workers) {
        std::multiset<Id> held;
        for (const Call& call : worker.calls) {
            const Id lock = lock_behind(scenario, call.object);
            if (!is_lock(scenario, call.object) || has_owner(scenario, lock)) continue;
            if (surely_acquires(call)) held.insert(lock);
            const auto found = held.find(lock);
            const bool releases_twice =
                call.operation == Operation::with && model::text(call.arguments, 0) == "release";
            if (releases_twice) unreliable.insert(lock);
            if (call.operation != Operation::release) continue;
            if (found == held.end()) {
                unreliable.insert(lock);
            } else {
                held.erase(found);
            }
        }
    }
    return unreliable;
}

std::map<Id, std::vector<Use>> uses_of_cells(const Scenario& scenario) {
    const std::set<Id> unreliable = unreliable_locks(scenario);
    std::map<Id, std::vector<Use>> uses;
    for (const WorkerPlan& worker : scenario.workers) {
        std::multiset<Id> held;
        std::set<Id> running;  // those that the main worker has started and not joined
        for (const Call& call : worker.calls) {
            const Id lock = lock_behind(scenario, call.object);
            if (is_lock(scenario, call.object) && surely_acquires(call) &&
                !unreliable.contains(lock))
                held.insert(lock);
            if (call.operation == Operation::release) {
                if (const auto found = held.find(lock); found != held.end()) held.erase(found);
            }
            if (worker.id == 0 && call.operation == Operation::start) running.insert(call.object);
            if (worker.id == 0 && call.operation == Operation::join && call.time_limit.is_none())
                running.erase(call.object);
            const Id cell = cell_used_by(scenario, call);
            if (cell == no_object) continue;
            const bool alone = worker.id == 0 && running.empty();
            if (alone && call.operation != Operation::wait) continue;
            Use use{call.id, worker.id, {held.begin(), held.end()}};
            if (call.operation == Operation::wait) use.locks = {call.object};  // the barrier
            uses[cell].push_back(std::move(use));
        }
    }
    return uses;
}

/// The uses of one Cell that have to go.
std::set<Id> unguarded(const std::vector<Use>& uses) {
    const auto by_one_worker = std::ranges::all_of(
        uses, [&](const Use& use) { return use.worker == uses.front().worker; });
    if (by_one_worker) return {};
    std::set<Id> calls;
    std::optional<std::set<Id>> common;
    for (const Use& use : uses) {
        std::set<Id> next;
        std::ranges::set_intersection(common ? *common : use.locks, use.locks,
                                      std::inserter(next, next.end()));
        if (next.empty()) {
            calls.insert(use.call);
        } else {
            common = std::move(next);
        }
    }
    return calls;
}

}  // namespace

bool has_unguarded_uses(const Scenario& scenario) {
    return std::ranges::any_of(uses_of_cells(scenario),
                               [](const auto& uses) { return !unguarded(uses.second).empty(); });
}

void remove_unguarded_uses(Scenario& scenario) {
    for (const auto& [cell, uses] : uses_of_cells(scenario)) {
        const std::set<Id> calls = unguarded(uses);
        for (WorkerPlan& worker : scenario.workers)
            std::erase_if(worker.calls, [&](const Call& call) { return calls.contains(call.id); });
    }
}

}  // namespace conformance::properties
