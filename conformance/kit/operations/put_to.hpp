#pragma once
/// \file
/// Tasks with the function `put_to`, which get a handle.

#include "conformance/kit/operations/pools.hpp"
#include "conformance/kit/operations/queue_tasks.hpp"

namespace conformance::kit {

[[nodiscard]] inline bool is_put_to(Type type, const Call& call) {
    return is_pool(type) && !call.arguments.empty() && call.arguments[0] == Value("put_to");
}

/// Whether it is a call that the following shows.
[[nodiscard]] inline bool can_put_to(const Call& call) {
    const bool is_known = call.operation == Operation::apply ||
                          call.operation == Operation::apply_async ||
                          call.operation == Operation::submit;
    return is_known && call.arguments.size() == 2 && call.arguments[1].is_list() &&
           call.arguments[1].as_list().size() == 2 && call.arguments[1].as_list()[0].is_int();
}

template <class Traits, class Visit>
void put_to_operations(Visit& visit, const Arguments<Traits>& arguments, Id into) {
    if constexpr (tasks_take_handles<Traits>()) {
        const auto task = QueueTasks<Traits>::put_to;
        const List& own = arguments.list(1);
        const Handle<Traits> queue =
            arguments.environment().handle(static_cast<Id>(own.at(0).as_int()));
        const text_type<Traits> item(to_json(own.at(1)));
        const KeepResult<Traits> keep{arguments.environment(), into};
        visit(Operation::apply, [&](auto& pool) CONFORMANCE_KIT_CALL(pool.apply(task, queue, item)),
              DescribeText());
        visit(Operation::apply_async,
              [&](auto& pool) CONFORMANCE_KIT_CALL(pool.apply_async(task, queue, item)), keep);
        visit(
            Operation::submit, [&](auto& pool) CONFORMANCE_KIT_CALL(pool.submit(task, queue, item)),
            keep);
    }
}

}  // namespace conformance::kit
