#pragma once
/// \file
/// The operations of every type of object that is not a worker.

#include <string>

#include "conformance/kit/operations/cells.hpp"
#include "conformance/kit/operations/condition.hpp"
#include "conformance/kit/operations/event_and_barrier.hpp"
#include "conformance/kit/operations/locks.hpp"
#include "conformance/kit/operations/pools.hpp"
#include "conformance/kit/operations/queues.hpp"
#include "conformance/kit/operations/results.hpp"

namespace conformance::kit {

namespace detail {

/// Prepares what the call's own operation needs only: the others' arguments would not fit.
template <class Traits, class Visit>
void pool_operations(Visit& visit, const Arguments<Traits>& arguments, const Call& call) {
    constexpr Type type = Type::WorkerPool;
    const std::size_t arity = task_arity(type, call.operation, call.arguments);
    switch (call.operation) {
        case Operation::apply:
        case Operation::apply_async:
            return with_arity(arity, [&](auto indices) {
                apply_operations<type>(visit, arguments, call, indices);
            });
        case Operation::starmap:
        case Operation::starmap_async:
            return with_arity(
                arity, [&](auto indices) { starmap_operations(visit, arguments, call, indices); });
        case Operation::map:
        case Operation::map_async:
            return map_operations(visit, arguments, call);
        case Operation::imap:
        case Operation::imap_unordered:
            return imap_operations(visit, arguments, call.into);
        default:
            return pool_state_operations<type>(visit, arguments, call.object);
    }
}

template <class Traits, class Visit>
void executor_operations(Visit& visit, const Arguments<Traits>& arguments, const Call& call) {
    constexpr Type type = Type::WorkerPoolExecutor;
    const std::size_t arity = task_arity(type, call.operation, call.arguments);
    switch (call.operation) {
        case Operation::submit:
            return with_arity(arity, [&](auto indices) {
                apply_operations<type>(visit, arguments, call, indices);
            });
        case Operation::map:
            return with_arity(arity, [&](auto indices) {
                executor_map_operation(visit, arguments, call.into, indices);
            });
        default:
            return pool_state_operations<type>(visit, arguments, call.object);
    }
}

}  // namespace detail

/// Shows `visit` the operations of a type, that of `call` at least, ready to be called as `call`
/// says.
template <Type type, class Traits, class Visit>
void show_operations(Visit& visit, Environment<Traits>& environment, const Call& call) {
    const Arguments<Traits> arguments(environment, call.arguments, call.time_limit);
    if constexpr (type <= Type::BoundedSemaphore) {
        lock_operations<type>(visit, arguments);
    } else if constexpr (type == Type::Condition) {
        condition_operations(visit, arguments);
    } else if constexpr (type == Type::Event) {
        event_operations(visit, arguments);
    } else if constexpr (type == Type::Barrier) {
        barrier_operations(visit, arguments);
    } else if constexpr (type == Type::Queue || type == Type::SimpleQueue) {
        const bool puts =
            call.operation == Operation::put || call.operation == Operation::put_nowait;
        auto& item = environment.original_item;
        if (puts) item = text_type<Traits>(to_json(arguments.at(0)));
        if constexpr (type == Type::Queue) {
            queue_operations(visit, arguments, item);
        } else {
            simple_queue_operations(visit, arguments, item);
        }
        if (puts) change(item);
    } else if constexpr (type == Type::Cell) {
        cell_operations(visit, arguments);
    } else if constexpr (type == Type::AsyncResult) {
        async_result_operations(visit, arguments);
    } else if constexpr (type == Type::ImapIterator) {
        imap_iterator_operations(visit, arguments);
    } else if constexpr (type == Type::ExecutorMap) {
        executor_map_results_operations(visit, arguments);
    } else if constexpr (type == Type::Future) {
        future_operations(visit, arguments, call);
    } else if constexpr (type == Type::WorkerPool) {
        detail::pool_operations(visit, arguments, call);
    } else {
        detail::executor_operations(visit, arguments, call);
    }
}

/// Calls `use.template operator()<type>()` for the type given at run time.
template <class Use>
decltype(auto) with_type(Type type, const Use& use) {
    switch (type) {
        case Type::Lock:
            return use.template operator()<Type::Lock>();
        case Type::RLock:
            return use.template operator()<Type::RLock>();
        case Type::Semaphore:
            return use.template operator()<Type::Semaphore>();
        case Type::BoundedSemaphore:
            return use.template operator()<Type::BoundedSemaphore>();
        case Type::Condition:
            return use.template operator()<Type::Condition>();
        case Type::Event:
            return use.template operator()<Type::Event>();
        case Type::Barrier:
            return use.template operator()<Type::Barrier>();
        case Type::Queue:
            return use.template operator()<Type::Queue>();
        case Type::SimpleQueue:
            return use.template operator()<Type::SimpleQueue>();
        case Type::WorkerPool:
            return use.template operator()<Type::WorkerPool>();
        case Type::WorkerPoolExecutor:
            return use.template operator()<Type::WorkerPoolExecutor>();
        case Type::AsyncResult:
            return use.template operator()<Type::AsyncResult>();
        case Type::ImapIterator:
            return use.template operator()<Type::ImapIterator>();
        case Type::ExecutorMap:
            return use.template operator()<Type::ExecutorMap>();
        case Type::Future:
            return use.template operator()<Type::Future>();
        default:
            return use.template operator()<Type::Cell>();
    }
}

}  // namespace conformance::kit
