#pragma once
/// \file
/// Phrases: a few calls of one worker on one object that make sense together, or make none on purpose.
///
///     Workbench bench{choices, scenario};
///     bench.cells = {scenario.add(Type::Cell)};
///     say_lock(bench, worker, lock);   // acquire, add to a Cell, release, say

#include <cstdint>
#include <functional>
#include <vector>

#include "conformance/engine/scenario_builder.hpp"
#include "conformance/properties/choices.hpp"

namespace conformance::properties {

/// What phrases have at hand.
struct Workbench {
    Choices& choices;
    ScenarioBuilder& scenario;
    std::vector<Id> cells{};
    std::int64_t items = 0;   ///< put so far
    bool has_rounds = false;  ///< the workers repeat their calls
    /// Said inside a critical section now and then; none: nothing is nested.
    std::function<void(const Script&)> nested{};
    int depth = 0;

    /// A few milliseconds, or one of the odd ones: zero, negative, endless.
    [[nodiscard]] TimeLimit short_limit();
    /// Each is another one, in each round.
    [[nodiscard]] Value next_item();
};

void say_lock(Workbench& bench, const Script& worker, Id lock);
void say_rlock(Workbench& bench, const Script& worker, Id lock);
/// Of a Semaphore or BoundedSemaphore.
void say_semaphore(Workbench& bench, const Script& worker, Id semaphore);
void say_condition(Workbench& bench, const Script& worker, Id condition);
void say_event(Workbench& bench, const Script& worker, Id event);
void say_barrier(Workbench& bench, const Script& worker, Id barrier);
void say_queue(Workbench& bench, const Script& worker, Id queue);
void say_simple_queue(Workbench& bench, const Script& worker, Id queue);
/// Of any type up to SimpleQueue.
void say_about(Workbench& bench, const Script& worker, Type type, Id object);

/// By a worker about itself and everybody.
void say_of_workers(Workbench& bench, const Script& worker);
/// By a parent about its child, which it may have started or not.
void say_of_child(Workbench& bench, const Script& parent, const Script& child);

/// By the main worker, on a pool and the results of earlier phrases.
void say_pool(Workbench& bench, const Script& worker, Id pool, std::vector<Id>& results);
void say_executor(Workbench& bench, const Script& worker, Id executor, std::vector<Id>& results);
/// By the main worker: one or two short tasks of a pool or executor, and a few calls on what they
/// result in.
void say_short_tasks(Workbench& bench, const Script& worker, Id pool);

}  // namespace conformance::properties
