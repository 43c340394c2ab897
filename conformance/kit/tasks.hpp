#pragma once
/// \file
/// What an implementation runs as tasks and initializers: functions of texts, or of parcels. Each is a function of
/// its own, and one per number of arguments, since only plain functions go to other workers.

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "conformance/kit/operations/queue_tasks.hpp"
#include "conformance/kit/task_functions.hpp"
#include "conformance/wire/scenario_json.hpp"

namespace conformance::kit {

inline constexpr std::size_t most_task_arguments = 3;

template <class Traits>
concept MakesWorkers = requires(std::string name, std::optional<bool> daemon, void (*target)()) {
    { Traits::make_worker(name, daemon, target) } -> std::same_as<typename Traits::Worker>;
};

/// Those that need the implementation. Throws TaskError if it cannot.
template <class Traits>
Value run_task(TaskFunction function, const List& arguments) {
    if (function == TaskFunction::ident) {
        if constexpr (requires { Traits::get_ident(); })
            return static_cast<std::int64_t>(Traits::get_ident());
    } else if (function == TaskFunction::name) {
        if constexpr (requires { Traits::current_worker().name(); })
            return std::string(Traits::current_worker().name());
    } else if (function == TaskFunction::start_worker) {
        if constexpr (MakesWorkers<Traits>) {
            auto worker = Traits::make_worker(std::string(), std::nullopt, +[] {});
            worker.start();
            worker.join(Traits::timeout(TimeLimit()));
            return {};
        }
    } else if (function == TaskFunction::put_kept) {
        if (arguments.size() == 1) {
            QueueTasks<Traits>::put_kept(text_type<Traits>(to_json(arguments[0])));
            return {};
        }
    } else {
        return call_task_function(function, arguments);
    }
    throw TaskError{ErrorKind::TypeError};
}

template <class Traits, TaskFunction function, class... Texts>
text_type<Traits> task(Texts... texts) {
    try {
        return text_type<Traits>(to_json(run_task<Traits>(
            function, List{value_from_json(static_cast<const std::string&>(texts))...})));
    } catch (const TaskError& error) {
        Traits::raise(error.kind);
    }
}

namespace detail {
template <class Traits, std::size_t>
using Text = text_type<Traits>;

template <class Traits, std::size_t... I>
[[nodiscard]] auto task_of_arity(TaskFunction function, std::index_sequence<I...>) {
    using Task = text_type<Traits> (*)(Text<Traits, I>...);
    static constexpr auto tasks = []<std::size_t... F>(std::index_sequence<F...>) {
        return std::array<Task, sizeof...(F)>{
            task<Traits, static_cast<TaskFunction>(F), Text<Traits, I>...>...};
    }(std::make_index_sequence<task_function_count>());
    return tasks[static_cast<std::size_t>(function)];
}
}  // namespace detail

/// The function of that name with `arity` arguments.
template <class Traits, std::size_t arity>
[[nodiscard]] auto task_of(TaskFunction function) {
    return detail::task_of_arity<Traits>(function, std::make_index_sequence<arity>());
}

/// Calls `use` with std::index_sequence<0, ..., arity - 1>.
template <class Use>
void with_arity(std::size_t arity, const Use& use) {
    static_assert(most_task_arguments == 3);
    switch (arity) {
        case 0:
            return use(std::index_sequence<>());
        case 1:
            return use(std::index_sequence<0>());
        case 2:
            return use(std::index_sequence<0, 1>());
        default:
            return use(std::index_sequence<0, 1, 2>());
    }
}

}  // namespace conformance::kit
