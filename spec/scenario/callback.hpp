#pragma once
/// \file
/// What pools and futures call back: a list of an action, the id of the object that it acts on, and,
/// for `expect`, a value.
///
///     const Call call{.operation = Operation::apply_async,
///                     .arguments = {"square", List{3}, List{"expect", 11, 9}}};
///     callback_places(call) == std::vector<std::size_t>{2};
///
/// Pure.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "spec/scenario/call.hpp"

namespace conformance {

/// `add` adds 1 to a Cell; `expect` adds 1 if the value, or the kind of the error as text, that the
/// callback gets is the expected one, else 1000; `raise` adds 1 and raises an error of kind Other;
/// `raise_foreign` adds 1 and raises what is outside the ordinary errors of the language; `submit`
/// submits `square` 3 to the same pool with a callback of its own, which adds 1 if it gets 9, else
/// 1000, as does a refused submission; `home` adds 1 in the process of the worker that registered
/// it, 1000 elsewhere; `set` sets an Event.
enum class CallbackAction : std::uint8_t { add, expect, raise, raise_foreign, submit, home, set };

namespace detail {
inline constexpr std::array<std::string_view, 7> callback_action_names{
    "add", "expect", "raise", "raise_foreign", "submit", "home", "set"};
}  // namespace detail

[[nodiscard]] constexpr std::optional<CallbackAction> callback_action_from(std::string_view name) {
    return detail::find_name<CallbackAction>(detail::callback_action_names, name);
}

/// The places of a call's callbacks among its arguments.
[[nodiscard]] inline std::vector<std::size_t> callback_places(const Call& call) {
    const auto given = [&](std::size_t first, std::size_t last) {
        std::vector<std::size_t> places;
        for (std::size_t i = first; i <= last && i < call.arguments.size(); ++i) {
            if (!call.arguments[i].is_null()) places.push_back(i);
        }
        return places;
    };
    switch (call.operation) {
        case Operation::apply_async:
            return given(2, 3);
        case Operation::map_async:
        case Operation::starmap_async:
            return given(3, 4);
        case Operation::add_done_callback:
            return given(0, 0);
        default:
            return {};
    }
}

/// The object that a callback acts on; `no_object` if it names none.
[[nodiscard]] inline Id object_of_callback(const Value& callback) {
    const bool names_one =
        callback.is_list() && callback.as_list().size() > 1 && callback.as_list()[1].is_int();
    return names_one ? static_cast<Id>(callback.as_list()[1].as_int()) : no_object;
}

}  // namespace conformance
