#pragma once
/// \file
/// Which public members objects must not have, as only one backend could serve them, or they show
/// what the API hides; and some that they must have. Fulfils GEN-3, SQUEUE-1.
///
/// Left free: all other names. A language may want some (for guarded blocks of locks, say).

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "spec/scenario/scenario.hpp"

namespace conformance::model {

/// What must not be there. No type: of a worker.
[[nodiscard]] inline std::vector<std::string_view> hidden_members(std::optional<Type> type) {
    if (!type)
        return {"ident", "exitcode", "exit_code", "pid", "run", "terminate", "kill", "close"};
    switch (*type) {
        case Type::RLock:
            return {"locked", "count", "owner"};
        case Type::Semaphore:
        case Type::BoundedSemaphore:
            return {"value", "get_value", "count", "locked"};
        case Type::Event:
        case Type::Barrier:
            return {"acquire", "release", "lock", "unlock"};
        case Type::Queue:
            return {"maxsize", "capacity", "close", "clear", "join_thread", "shutdown"};
        case Type::SimpleQueue:
            return {"qsize", "full",    "put_nowait", "get_nowait", "task_done",
                    "join",  "maxsize", "capacity",   "close",      "clear"};
        default:
            return {};
    }
}

/// Enough of what must be there to tell an answer from a constant.
[[nodiscard]] inline std::vector<std::string_view> shown_members(std::optional<Type> type) {
    if (!type) return {"start", "join", "is_alive"};
    switch (*type) {
        case Type::Lock:
            return {"acquire", "release", "locked"};
        case Type::RLock:
        case Type::Semaphore:
        case Type::BoundedSemaphore:
        case Type::Condition:
            return {"acquire", "release"};
        case Type::Event:
            return {"set", "is_set", "wait"};
        case Type::Barrier:
            return {"reset", "wait"};
        case Type::Queue:
        case Type::SimpleQueue:
            return {"put", "get", "empty"};
        default:
            return {};
    }
}

/// What `offers` may tell of the member `name`.
[[nodiscard]] inline std::vector<bool> may_offer(std::optional<Type> type, std::string_view name) {
    const auto hidden = hidden_members(type);
    if (std::ranges::find(hidden, name) != hidden.end()) return {false};
    const auto shown = shown_members(type);
    if (std::ranges::find(shown, name) != shown.end()) return {true};
    return {true, false};
}

}  // namespace conformance::model
