#pragma once
/// \file
/// The functions that tasks and initializers call, as far as they need no implementation.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "spec/scenario/call.hpp"

namespace conformance::kit {

// clang-format off
#define CONFORMANCE_KIT_TASK_FUNCTIONS(X)                                                   \
    X(square) X(add) X(multiply) X(is_prime) X(echo) X(nothing) X(fail) X(sleep) X(concat)  \
    X(print) X(ident) X(name) X(set_mark) X(get_mark) X(start_worker) X(die) X(die_after)   \
    X(opaque) X(put_kept)
// clang-format on

enum class TaskFunction : std::uint8_t {
#define X(name) name,
    CONFORMANCE_KIT_TASK_FUNCTIONS(X)
#undef X
};
inline constexpr std::array task_function_names{
#define X(name) std::string_view(#name),
    CONFORMANCE_KIT_TASK_FUNCTIONS(X)
#undef X
};
#undef CONFORMANCE_KIT_TASK_FUNCTIONS
inline constexpr std::size_t task_function_count = task_function_names.size();

[[nodiscard]] constexpr std::optional<TaskFunction> task_function_from(std::string_view name) {
    return conformance::detail::find_name<TaskFunction>(task_function_names, name);
}

/// What a task function throws instead of an implementation's own exception.
struct TaskError {
    ErrorKind kind;
};

/// Calls a function that is not `ident`, `name`, `start_worker` or `put_kept`. Throws TaskError: of kind
/// TypeError if the arguments do not fit. `die` does not return.
[[nodiscard]] Value call_task_function(TaskFunction function, const List& arguments);

}  // namespace conformance::kit
