#pragma once
/// \file
/// Which arguments are of kinds that a constructor or method does not take, or too many, so that the
/// call is a TypeError: the same as not to compile.
///
///     is_misused(scenario, {.id = 10, .type = Type::Semaphore, .arguments = {"two"}});   // true
///     is_misused(Type::SimpleQueue, {.operation = Operation::get, .arguments = {true}}); // true
///
/// Null stands for an argument that is left out. What the values of arguments mean is not looked at.
/// Calls of pools, executors and their results are judged by their time limits only, as their
/// functions may take anything. Pure.

#include <optional>
#include <string_view>

#include "spec/scenario/scenario.hpp"

namespace conformance {

namespace detail {

/// The kinds of the arguments, a letter each: i(nteger), n: one that may not be left out, f(lag),
/// t(ext), s: one that may not be left out, l(ist), w: how long, o: a Lock or RLock, v: any value.
struct Signature {
    std::string_view kinds{};
    bool has_time_limit = false;
};

[[nodiscard]] constexpr std::optional<Signature> constructor_of(Type type) {
    switch (type) {
        case Type::Lock:
        case Type::RLock:
        case Type::Event:
        case Type::SimpleQueue:
            return Signature{};
        case Type::Semaphore:
        case Type::BoundedSemaphore:
        case Type::Queue:
            return Signature{"i"};
        case Type::Condition:
            return Signature{"o"};
        case Type::Barrier:
            return Signature{"ntw"};
        case Type::WorkerPool:
        case Type::WorkerPoolExecutor:
            return Signature{"itl"};
        default:
            return std::nullopt;
    }
}

[[nodiscard]] constexpr std::optional<Signature> method_of(Type type, Operation operation) {
    if (type > Type::SimpleQueue) return std::nullopt;
    const bool is_simple = type == Type::SimpleQueue;
    switch (operation) {
        case Operation::acquire:
            return Signature{"f", true};
        case Operation::with:
            return Signature{"t"};
        case Operation::wait:
            return Signature{"", true};
        case Operation::wait_for:
            return Signature{"nn", true};
        case Operation::notify:
            return Signature{"i"};
        case Operation::put:
            return is_simple ? Signature{"v"} : Signature{"vf", true};
        case Operation::get:
            return is_simple ? Signature{} : Signature{"f", true};
        case Operation::put_nowait:
            return Signature{"v"};
        case Operation::offers:
            return Signature{"s"};
        default:
            return Signature{};
    }
}

[[nodiscard]] inline bool is_of_kind(const Scenario* scenario, const Value& value, char kind) {
    switch (kind) {
        case 'n':
            return value.is_int();
        case 's':
            return value.is_string();
        case 'v':
            return true;
        default:
            break;
    }
    if (value.is_null()) return true;
    switch (kind) {
        case 'i':
            return value.is_int();
        case 'f':
            return value.is_bool();
        case 't':
            return value.is_string();
        case 'l':
            return value.is_list();
        case 'w':
            return value.is_int() || value == Value("inf") || value == Value("nan");
        default:
            break;
    }
    if (scenario == nullptr || !value.is_int()) return false;
    const auto lock = std::ranges::find_if(scenario->objects, [&](const Object& object) {
        return object.id == value.as_int() &&
               (object.type == Type::Lock || object.type == Type::RLock);
    });
    return lock != scenario->objects.end();
}

[[nodiscard]] inline bool fits(const Scenario* scenario, const List& arguments,
                               const Signature& signature) {
    if (arguments.size() > signature.kinds.size()) return false;
    for (std::size_t i = 0; i < signature.kinds.size(); ++i) {
        const Value argument = i < arguments.size() ? arguments[i] : Value();
        if (!is_of_kind(scenario, argument, signature.kinds[i])) return false;
    }
    return true;
}

}  // namespace detail

/// Whether the constructor does not take these arguments.
[[nodiscard]] inline bool is_misused(const Scenario& scenario, const Object& object) {
    const auto constructor = detail::constructor_of(object.type);
    return constructor && !detail::fits(&scenario, object.arguments, *constructor);
}

/// Whether a method of an object of this type, or of a worker if there is none, does not take these
/// arguments.
[[nodiscard]] inline bool is_misused(std::optional<Type> type, const Call& call) {
    if (call.time_limit.kind() == TimeLimit::Kind::text) return true;
    if (!type) return false;
    const auto method = detail::method_of(*type, call.operation);
    if (!method) return false;
    return (!call.time_limit.is_none() && !method->has_time_limit) ||
           !detail::fits(nullptr, call.arguments, *method);
}

/// The functions of tasks that stand for one that cannot be transferred.
inline constexpr std::string_view opaque_function = "opaque_function";

}  // namespace conformance
