#pragma once
/// \file
/// How models write down the steps that they offer, and read a call's arguments.
///
///     complete(out, state, ErrorKind::Empty);   // the call ends with that, and changes nothing
///     proceed(out, enqueued, waiting);          // the call goes on from its stage `waiting`
///
/// Pure.

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "spec/model/step.hpp"
#include "spec/scenario/call.hpp"

namespace conformance::model {

template <class State>
using Steps = std::vector<Step<State, Outcome>>;

/// Offers the step to `next` that ends the call, with `result` or with nothing.
template <class State, class Result>
void complete(Steps<State>& out, std::type_identity_t<State> next, Result&& result) {
    out.push_back({std::move(next), completed, Outcome(std::forward<Result>(result))});
}
template <class State>
void complete(Steps<State>& out, std::type_identity_t<State> next) {
    out.push_back({std::move(next), completed, Outcome()});
}

/// Offers the step to `next` after which the call has got to `stage`.
template <class State>
void proceed(Steps<State>& out, std::type_identity_t<State> next, Stage stage) {
    out.push_back({std::move(next), stage, Outcome()});
}

/// The argument at `index`; null if it was left out.
[[nodiscard]] inline const Value& argument(const List& arguments, std::size_t index) {
    static const Value null;
    return index < arguments.size() ? arguments[index] : null;
}
[[nodiscard]] inline bool flag(const List& arguments, std::size_t index, bool if_left_out) {
    const Value& value = argument(arguments, index);
    return value.is_bool() ? value.as_bool() : if_left_out;
}
[[nodiscard]] inline std::int64_t number(const List& arguments, std::size_t index,
                                         std::int64_t if_left_out) {
    const Value& value = argument(arguments, index);
    return value.is_int() ? value.as_int() : if_left_out;
}
/// Empty if it was left out.
[[nodiscard]] inline std::string text(const List& arguments, std::size_t index) {
    const Value& value = argument(arguments, index);
    return value.is_string() ? value.as_string() : std::string();
}
[[nodiscard]] inline List list(const List& arguments, std::size_t index) {
    const Value& value = argument(arguments, index);
    return value.is_list() ? value.as_list() : List();
}

/// What comes of receiving this item: itself, or the error of rebuilding it. Fulfils QUEUE-20,
/// SQUEUE-8.
[[nodiscard]] inline Outcome received(const Value& item) {
    if (item.contains(Opaque::rebuild)) return ErrorKind::Other;
    return item;
}

/// A time limit of zero or less allows one look and no blocking. Fulfils GEN-4, GEN-5.
[[nodiscard]] constexpr bool is_single_look(TimeLimit limit) {
    return limit.is_finite() && limit.count() <= 0;
}

/// The largest count of a semaphore and capacity of a queue. Fulfils SEM-3, SEM-9, QUEUE-3.
inline constexpr std::int64_t largest_count = 2'147'483'647;

/// Of a range, in its order.
template <class Range, class HashOfElement>
[[nodiscard]] std::size_t hash_of_all(const Range& range, HashOfElement hash_of_element) {
    std::size_t hash = range.size();
    for (const auto& element : range)
        hash = hash_of_both(hash, hash_of_element(element));
    return hash;
}
[[nodiscard]] inline std::size_t hash_of_ids(const std::vector<Id>& ids) {
    return hash_of_all(ids, [](Id id) { return static_cast<std::size_t>(id); });
}

}  // namespace conformance::model
