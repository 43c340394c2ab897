#pragma once
/// \file
/// Makes objects with arguments of kinds that their constructors do not take (rule 5.20), if the
/// compiler lets it.

#include <algorithm>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "conformance/kit/arguments.hpp"
#include "spec/scenario/misuse.hpp"

namespace conformance::kit::detail {

template <class Object, class Place, class... A>
void construct_if_accepted(Place& place, const A&... arguments) {
    if constexpr (std::is_constructible_v<Object, const A&...>) {
        place = Place(std::in_place_type<Object>, arguments...);
    } else {
        throw RejectedByCompiler();
    }
}

/// What an argument is in C++.
using AnyArgument = std::variant<std::int64_t, bool, double, std::string>;

/// Whether `make_misused` knows what they are in C++.
[[nodiscard]] inline bool can_make_misused(const Scenario& scenario, const Object& object) {
    const List& given = object.arguments;
    if (object.type == Type::Condition && given.front().is_int()) {
        const Object* const other = scenario.find_object(static_cast<Id>(given.front().as_int()));
        return other == nullptr || is_shared(other->type);
    }
    return std::ranges::count_if(given, [](const Value& it) { return !it.is_null(); }) <= 2 &&
           std::ranges::all_of(given, [](const Value& it) {
               return it.is_null() || it.is_int() || it.is_bool() || it.is_fraction() ||
                      it.is_string();
           });
}

/// Those that are given.
[[nodiscard]] inline std::vector<AnyArgument> any_arguments(const List& arguments) {
    std::vector<AnyArgument> all;
    for (const Value& argument : arguments) {
        if (argument.is_int()) all.emplace_back(argument.as_int());
        if (argument.is_bool()) all.emplace_back(argument.as_bool());
        if (argument.is_fraction()) all.emplace_back(argument.as_fraction());
        if (argument.is_string()) all.emplace_back(argument.as_string());
    }
    return all;
}

/// A Condition over an object that is no lock.
template <class Condition, class Traits>
void make_misused_condition(Handle<Traits>& place, Environment<Traits>& environment,
                            const Object& other) {
    const auto make = [&]<class Other>(const Other& handle) {
        if constexpr (std::is_same_v<Other, std::monostate>) {
            throw DriverFault("there is no such object yet");
        } else {
            construct_if_accepted<Condition>(place, handle);
        }
    };
    // A copy: the place is in the same list, and is written meanwhile.
    std::visit(make, Handle<Traits>(environment.handle(other.id)));
}

template <Type type, class Traits>
void make_misused(Environment<Traits>& environment, const Object& object) {
    using Made = object_type<Traits, type>;
    auto& place = [&]() -> auto& {
        if constexpr (is_shared(type)) {
            return environment.handle(object.id);
        } else {
            return environment.local(object.id);
        }
    }();
    if constexpr (type == Type::Condition) {
        const Value& first = object.arguments.front();
        const Object* const other =
            first.is_int() ? environment.scenario().find_object(static_cast<Id>(first.as_int()))
                           : nullptr;
        if (other != nullptr)
            return make_misused_condition<Made, Traits>(place, environment, *other);
    }
    const std::vector<AnyArgument> arguments = any_arguments(object.arguments);
    switch (arguments.size()) {
        case 0:
            return construct_if_accepted<Made>(place);
        case 1:
            return std::visit([&](const auto& one) { construct_if_accepted<Made>(place, one); },
                              arguments[0]);
        default:
            return std::visit(
                [&](const auto& one, const auto& two) {
                    construct_if_accepted<Made>(place, one, two);
                },
                arguments[0], arguments[1]);
    }
}

}  // namespace conformance::kit::detail
