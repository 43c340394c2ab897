#pragma once
/// \file
/// Workers that make their calls several times (WorkerPlan::repeat).
///
///     const Call put{.object = 1, .operation = Operation::put, .arguments = {round_text}};
///     in_round(put, 7).arguments == List{7};
///
/// Pure.

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "spec/scenario/scenario.hpp"

namespace conformance {

/// In the arguments of a worker that repeats its calls this text stands for the number of the round,
/// alone or within lists: so every item that it puts is another one.
inline constexpr std::string_view round_text = "$round";

[[nodiscard]] inline bool names_round(const Value& value) {
    if (value.is_string()) return value.as_string() == round_text;
    return value.is_list() && std::ranges::any_of(value.as_list(), names_round);
}
[[nodiscard]] inline bool names_round(const Call& call) {
    return std::ranges::any_of(call.arguments,
                               [](const Value& value) { return names_round(value); });
}

[[nodiscard]] inline Value in_round(const Value& value, std::int64_t round) {
    if (value.is_string()) return value.as_string() == round_text ? Value(round) : value;
    if (!value.is_list()) return value;
    List list = value.as_list();
    for (Value& element : list)
        element = in_round(element, round);
    return list;
}
[[nodiscard]] inline Call in_round(Call call, std::int64_t round) {
    for (Value& argument : call.arguments)
        argument = in_round(argument, round);
    return call;
}
/// As the worker makes it: who makes its calls once means what is written.
[[nodiscard]] inline Call in_round(const WorkerPlan& worker, const Call& call, std::int64_t round) {
    return worker.repeat > 1 && names_round(call) ? in_round(call, round) : call;
}

}  // namespace conformance
