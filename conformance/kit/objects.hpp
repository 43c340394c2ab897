#pragma once
/// \file
/// Makes the objects of a scenario.

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "conformance/kit/arguments.hpp"
#include "conformance/kit/misused_objects.hpp"
#include "conformance/kit/operations/event_and_barrier.hpp"
#include "conformance/kit/operations/misuse.hpp"
#include "conformance/kit/operations/pools.hpp"

namespace conformance::kit {

namespace detail {

/// Leaves the place as it was if the constructor throws. Throws Unsupported if the class has no such
/// constructor.
template <class Object, class Place, class... A>
void construct(Place& place, Type type, const A&... arguments) {
    if constexpr (std::is_constructible_v<Object, const A&...>) {
        place = Place(std::in_place_type<Object>, arguments...);
    } else {
        throw Unsupported(std::string(to_string(type)) + " with these arguments");
    }
}

template <class Traits>
void make_condition(Handle<Traits>& place, const Arguments<Traits>& arguments) {
    using Condition = object_type<Traits, Type::Condition>;
    if (arguments.at(0).is_null()) return construct<Condition>(place, Type::Condition);
    const Id lock = arguments.id(0);
    const auto make = [&]<Type type>() {
        if constexpr (has_type<Traits, type>)
            return construct<Condition>(
                place, Type::Condition,
                std::get<object_type<Traits, type>>(arguments.environment().handle(lock)));
        throw Unsupported("Condition over this lock");
    };
    const Object* const object = arguments.environment().scenario().find_object(lock);
    if (object == nullptr) throw DriverFault("there is no such lock");
    object->type == Type::Lock ? make.template operator()<Type::Lock>()
                               : make.template operator()<Type::RLock>();
}

template <class Traits>
void make_barrier(Handle<Traits>& place, const Arguments<Traits>& arguments) {
    using Barrier = object_type<Traits, Type::Barrier>;
    const std::int64_t parties = arguments.number(0);
    if (arguments.at(1).is_null()) {
        construct<Barrier>(place, Type::Barrier, parties, arguments.timeout(2));
    } else {
        construct<Barrier>(place, Type::Barrier, parties,
                           BarrierActions<Traits>::named(arguments.text(1)), arguments.timeout(2));
    }
}

/// With the initializer `keep`.
template <class Pool, class Traits>
void make_keeping_pool(LocalObject<Traits>& place, std::optional<std::int64_t> workers,
                       const Arguments<Traits>& arguments) {
    if constexpr (tasks_take_handles<Traits>()) {
        const auto queue = static_cast<Id>(arguments.list(2).at(0).as_int());
        const Handle<Traits> handle = arguments.environment().handle(queue);
        place = LocalObject<Traits>(std::in_place_type<Pool>, workers, QueueTasks<Traits>::keep,
                                    handle);
    } else {
        throw Unsupported("keep");
    }
}

template <Type type, class Traits>
void make_pool(LocalObject<Traits>& place, const Arguments<Traits>& arguments) {
    using Pool = object_type<Traits, type>;
    const std::optional<std::int64_t> workers = arguments.optional_number(0);
    if (arguments.at(1).is_null()) return construct<Pool>(place, type, workers);
    if (arguments.text(1) == opaque_function)
        return construct_if_accepted<Pool>(place, workers,
                                           OpaqueFunction<Traits>{&arguments.environment()});
    if (arguments.text(1) == "keep") return make_keeping_pool<Pool>(place, workers, arguments);
    with_arity(arguments.list(2).size(), [&]<std::size_t... I>(std::index_sequence<I...>) {
        const auto initializer = task_of<Traits, sizeof...(I)>(arguments.function(1));
        const auto texts = task_texts<Traits, sizeof...(I)>(arguments.list(2));
        construct<Pool>(place, type, workers, initializer, texts[I]...);
    });
}

}  // namespace detail

/// Throws what the implementation throws; RejectedByCompiler; Unsupported; DriverFault.
template <class Traits>
void make_object(Environment<Traits>& environment, const Object& object) {
    const Arguments<Traits> arguments(environment, object.arguments);
    const bool is_misuse = is_misused(environment.scenario(), object);
    const auto make = [&]<Type type>() {
        using Made = object_type<Traits, type>;
        if constexpr (type == Type::Cell) {
            environment.cell(object.id).write(arguments.number(0, 0));
        } else if constexpr (!has_type<Traits, type> || is_result(type)) {
            throw Unsupported(std::string(to_string(type)));
        } else if (is_misuse) {
            detail::make_misused<type>(environment, object);
        } else if constexpr (type == Type::Condition) {
            detail::make_condition(environment.handle(object.id), arguments);
        } else if constexpr (type == Type::Barrier) {
            detail::make_barrier(environment.handle(object.id), arguments);
        } else if constexpr (type == Type::Semaphore || type == Type::BoundedSemaphore) {
            detail::construct<Made>(environment.handle(object.id), type, arguments.number(0, 1));
        } else if constexpr (type == Type::Queue) {
            detail::construct<Made>(environment.handle(object.id), type, arguments.number(0, 0));
        } else if constexpr (is_shared(type)) {
            detail::construct<Made>(environment.handle(object.id), type);
        } else {
            detail::make_pool<type>(environment.local(object.id), arguments);
        }
    };
    with_type(object.type, make);
}

}  // namespace conformance::kit
