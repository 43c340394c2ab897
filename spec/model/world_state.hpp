#pragma once
/// \file
/// The state of the objects of a scenario, and how it begins.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "spec/model/barrier.hpp"
#include "spec/model/bounded_semaphore.hpp"
#include "spec/model/cell.hpp"
#include "spec/model/condition.hpp"
#include "spec/model/event.hpp"
#include "spec/model/lock.hpp"
#include "spec/model/queue.hpp"
#include "spec/model/rlock.hpp"
#include "spec/model/semaphore.hpp"
#include "spec/model/simple_queue.hpp"
#include "spec/model/utilities.hpp"
#include "spec/model/worker.hpp"
#include "spec/model/worker_pool.hpp"
#include "spec/model/worker_pool_executor.hpp"
#include "spec/scenario/misuse.hpp"

namespace conformance::model {

/// That of one object, or of all workers. The first: it has not been made yet.
using ObjectState =
    std::variant<std::monostate, Unmade, OwnedLock::State, Semaphore::State, Condition::State,
                 Event::State, Barrier::State, Queue::State, SimpleQueue::State, Cell::State,
                 Workers::State, WorkerPool::State, WorkerPoolExecutor::State>;

[[nodiscard]] inline std::size_t hash_of(const ObjectState& object) {
    return std::visit(
        [&](const auto& state) -> std::size_t {
            if constexpr (std::is_same_v<std::decay_t<decltype(state)>, std::monostate>) {
                return 0;
            } else {
                return hash_of_both(object.index(), state.hash());
            }
        },
        object);
}

/// Its state when it has been made; `Unmade` for bad arguments. Fulfils GEN-10, SEM-4, BARRIER-3,
/// COND-3, SQUEUE-1, EXEC-3, EXEC-4.
[[nodiscard]] inline ObjectState made(const Scenario& scenario, const Object& object) {
    if (is_misused(scenario, object)) return Unmade{.is_bad_value = false, .is_bad_type = true};
    const List& arguments = object.arguments;
    const auto or_unmade = [](auto state) -> ObjectState {
        if (!state) return Unmade{};
        return *std::move(state);
    };
    switch (object.type) {
        case Type::Lock:
            return Lock::make();
        case Type::RLock:
            return RLock::make();
        case Type::Semaphore:
            return or_unmade(Semaphore::make(number(arguments, 0, 1)));
        case Type::BoundedSemaphore:
            return or_unmade(BoundedSemaphore::make(number(arguments, 0, 1)));
        case Type::Condition:
            return Condition::State{};
        case Type::Event:
            return Event::State{};
        case Type::Barrier: {
            const Value& limit = argument(arguments, 2);
            return or_unmade(Barrier::make(
                number(arguments, 0, 0), text(arguments, 1),
                limit.is_int() ? TimeLimit::nanoseconds(limit.as_int()) : TimeLimit()));
        }
        case Type::Queue:
            return or_unmade(Queue::make(number(arguments, 0, 0)));
        case Type::SimpleQueue:
            return SimpleQueue::State{};
        case Type::Cell:
            return Cell::State{number(arguments, 0, 0)};
        case Type::WorkerPool:
            if (has_opaque_initializer(arguments)) return Unmade{.is_bad_type = true};
            return or_unmade(WorkerPool::make(arguments));
        case Type::WorkerPoolExecutor:
            return or_unmade(WorkerPoolExecutor::make(arguments));
        case Type::AsyncResult:
        case Type::ImapIterator:
        case Type::ExecutorMap:
        case Type::Future:
            break;  // their pools hold them
    }
    return Unmade{};
}

/// All workers before the first call: the main one runs.
[[nodiscard]] inline Workers::State made_workers(const Scenario& scenario) {
    Workers::State state;
    for (const WorkerPlan& plan : scenario.workers) {
        Workers::Worker worker{.id = plan.id, .parent = plan.parent, .daemon = plan.daemon};
        worker.has_default_name = plan.name.empty();
        worker.misuse = plan.misuse;
        if (!plan.name.empty()) worker.names = {plan.name};
        if (plan.id == 0) worker.life = Workers::Life::started;
        state.workers.push_back(std::move(worker));
    }
    state.has_other_workers = std::ranges::any_of(scenario.objects, [](const Object& object) {
        return object.type == Type::WorkerPool || object.type == Type::WorkerPoolExecutor;
    });
    return state;
}

}  // namespace conformance::model
