#pragma once
/// \file
/// Which objects of a scenario must be checked together, and which can be checked alone.
///
///     for (const std::vector<Id>& ids : components(scenario))
///         check(World(scenario, ids), history);
///
/// Linearizability is local: a history is correct if its parts are that concern objects whose steps
/// do not depend on each other (Herlihy and Wing, TOPLAS 1990). Together belong: a Condition, its
/// lock, and the Cells that its wait_for looks at; a Barrier and the Cell that its action adds to;
/// a pool or executor and the results of its calls; all workers, with the utility functions.

#include <algorithm>
#include <functional>
#include <map>
#include <vector>

#include "spec/model/offer.hpp"
#include "spec/scenario/scenario.hpp"

namespace conformance::model {

/// The Cell that actions of Barriers add to: the first of the scenario; `no_object` if it has none.
[[nodiscard]] inline Id cell_of_actions(const Scenario& scenario) {
    const auto cell = std::ranges::find(scenario.objects, Type::Cell, &Object::type);
    return cell != scenario.objects.end() ? cell->id : no_object;
}

/// The Lock or RLock that a Condition was given; `no_object` if it has one of its own.
[[nodiscard]] inline Id lock_of(const Object& condition) {
    return static_cast<Id>(number(condition.arguments, 0, no_object));
}

/// Calls `use` with every call of the scenario.
inline void for_each_call(const Scenario& scenario, const std::function<void(const Call&)>& use) {
    for (const WorkerPlan& worker : scenario.workers) {
        for (const Call& call : worker.calls)
            use(call);
    }
}

/// The Queues and SimpleQueues to which tasks may put.
[[nodiscard]] inline std::vector<Id> queues_of_tasks(const Scenario& scenario) {
    std::vector<Id> queues;
    const auto add = [&](const List& arguments) {
        const Value& queue = argument(arguments, 0);
        if (queue.is_int()) queues.push_back(static_cast<Id>(queue.as_int()));
    };
    for (const Object& object : scenario.objects) {
        if (text(object.arguments, 1) == "keep") add(list(object.arguments, 2));
    }
    for_each_call(scenario, [&](const Call& call) {
        if (text(call.arguments, 0) == "put_to") add(list(call.arguments, 1));
    });
    return queues;
}

/// Every id of the scenario, of workers, objects and results, in exactly one component. Components
/// and their ids are sorted.
[[nodiscard]] inline std::vector<std::vector<Id>> components(const Scenario& scenario) {
    std::map<Id, Id> leaders;  // each points to a smaller id of its component, or to itself
    const auto leader_of = [&](Id id) {
        leaders.try_emplace(id, id);
        while (leaders[id] != id)
            id = leaders[id];
        return id;
    };
    const auto unite = [&](Id one, Id other) {
        if (one == no_object || other == no_object) return;
        const auto [low, high] = std::minmax({leader_of(one), leader_of(other)});
        leaders[high] = low;
    };

    for (const WorkerPlan& worker : scenario.workers)
        unite(worker.id, 0);
    for (const Object& object : scenario.objects) {
        leader_of(object.id);
        if (object.type == Type::Condition) unite(object.id, lock_of(object));
        if (object.type == Type::Barrier && text(object.arguments, 1) == "add")
            unite(object.id, cell_of_actions(scenario));
    }
    for_each_call(scenario, [&](const Call& call) {
        unite(call.object, call.into);
        if (call.operation == Operation::wait_for)
            unite(call.object, static_cast<Id>(number(call.arguments, 0, no_object)));
    });

    std::map<Id, std::vector<Id>> by_leader;
    for (const auto& [id, unused] : leaders)
        by_leader[leader_of(id)].push_back(id);
    std::vector<std::vector<Id>> all;
    for (auto& [leader, ids] : by_leader)
        all.push_back(std::move(ids));
    return all;
}

}  // namespace conformance::model
