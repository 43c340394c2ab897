#pragma once
/// \file
/// What is wrong with every blocking call, and with every argument of a worker.

#include <chrono>
#include <type_traits>
#include <variant>
#include <vector>

#include "conformance/mutants/altered_limits.hpp"
#include "conformance/mutants/mutant.hpp"
#include "freethreading/freethreading.hpp"
#include "spec/scenario/call.hpp"

namespace conformance::mutants {

namespace ft = freethreading;

/// The limit as `convert` makes it of what the caller gave.
template <class Convert>
[[nodiscard]] ft::Timeout altered_limit(TimeLimit limit, const Convert& convert) {
    switch (limit.kind()) {
        case TimeLimit::Kind::none:
            if (present<"time_limit_that_is_missing_means_a_moment", "GEN-4", "GEN-*">())
                return std::chrono::milliseconds(30);
            break;
        case TimeLimit::Kind::finite:
            if (present<"time_limit_of_zero_means_none", "GEN-4", "GEN-*">() && limit.count() == 0)
                return {};
            if (present<"time_limit_below_zero_is_turned_round", "GEN-5", "GEN-*">() &&
                limit.count() < 0)
                return {};
            if (present<"time_limit_is_a_tenth_shorter", "GEN-9", "GEN-*">())
                return std::chrono::nanoseconds(limit.count() - limit.count() / 10);
            break;
        case TimeLimit::Kind::infinite:
            if (present<"time_limit_without_end_means_zero", "GEN-6", "GEN-*">())
                return std::chrono::nanoseconds(0);
            break;
        case TimeLimit::Kind::not_a_number:
            if (present<"time_limit_that_is_not_a_number_means_zero", "GEN-7">())
                return std::chrono::nanoseconds(0);
            break;
        case TimeLimit::Kind::text:
            break;
    }
    return convert(limit);
}

/// The arguments of a worker as they arrive: handles of other objects, perhaps.
template <class Argument>
[[nodiscard]] Argument altered_argument(const Argument& argument) {
    return argument;
}
template <class... Handle>
[[nodiscard]] std::vector<std::variant<Handle...>> altered_argument(
    const std::vector<std::variant<Handle...>>& handles) {
    auto arrived = handles;
    if (present<"worker_gets_locks_and_events_of_its_own", "GEN-12", "GEN-*">()) {
        for (auto& handle : arrived)
            std::visit(
                []<class Object>(Object& object) {
                    if constexpr (std::is_default_constructible_v<Object>) object = Object();
                },
                handle);
    }
    return arrived;
}

}  // namespace conformance::mutants
