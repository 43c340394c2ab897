#pragma once
/// \file
/// What runs in tasks and initializers and gets a handle to a queue: `keep`, `put_kept`, `put_to`.

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "conformance/kit/object_types.hpp"
#include "conformance/kit/task_functions.hpp"

namespace conformance::kit {

template <class Traits>
struct QueueTasks {
    using Text = text_type<Traits>;

    static void keep(Handle<Traits> queue) { kept = std::move(queue); }
    /// Throws TaskError if nothing was kept.
    static void put_kept(const Text& item) { put(kept, item); }
    static Text put_to(Handle<Traits> queue, Text item) {
        try {
            put(queue, item);
        } catch (const TaskError& error) {
            Traits::raise(error.kind);
        }
        return Text("null");
    }

  private:
    static void put(Handle<Traits>& handle, const Text& item) {
        const auto put_if_queue = [&item](auto& queue) {
            if constexpr (requires { queue.put(item); }) {
                queue.put(item);
            } else {
                throw TaskError{ErrorKind::TypeError};
            }
        };
        std::visit(put_if_queue, handle);
    }

    static inline thread_local Handle<Traits> kept{};  // in the worker that runs the initializer
};

/// Whether handles may be among the arguments of tasks and initializers, as the traits tell.
template <class Traits>
[[nodiscard]] consteval bool tasks_take_handles() {
    if constexpr (requires { Traits::template is_transferable<Handle<Traits>>; }) {
        return Traits::template is_transferable<Handle<Traits>>;
    } else {
        return false;
    }
}

}  // namespace conformance::kit
