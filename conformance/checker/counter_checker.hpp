#pragma once
/// \file
/// Long histories of a counter that is no atomic one, in O(n log n): what one adds under a lock.
///
///     const std::vector<CounterCall> history = {
///         {.kind = CounterCall::Kind::add, .number = 1, .result = 1, .invoked = 1, .responded = 2},
///         {.kind = CounterCall::Kind::add, .number = 1, .result = 1, .invoked = 3, .responded = 4}};
///     check_counter(history, 0);  // "an addition was lost, though no two overlapped"
///
/// Where no writes overlap their order is known, and with it every sum.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "conformance/checker/finding.hpp"

namespace conformance::checker {

struct CounterCall {
    enum class Kind : std::uint8_t { add, write, read };

    Kind kind = Kind::add;
    std::int64_t number = 0;  ///< added or written
    std::int64_t result = 0;  ///< of add and read
    std::int64_t invoked = 0;
    std::optional<std::int64_t> responded{};
};

/// Looks no further than to the first call that overlaps another, of which one writes.
[[nodiscard]] inline std::optional<Finding> check_counter(std::span<const CounterCall> history,
                                                          std::int64_t initial) {
    using Kind = CounterCall::Kind;
    std::vector<std::size_t> order(history.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::ranges::sort(order, {}, [&](std::size_t i) { return history[i].invoked; });
    // When the next one that writes begins.
    std::vector<std::int64_t> next_write(order.size() + 1, never);
    for (std::size_t i = order.size(); i-- > 0;) {
        const CounterCall& call = history[order[i]];
        next_write[i] = call.kind != Kind::read ? call.invoked : next_write[i + 1];
    }
    std::int64_t content = initial;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const CounterCall& call = history[order[i]];
        const bool writes = call.kind != Kind::read;
        const bool is_last = i + 1 == order.size();
        const std::int64_t next = is_last  ? never
                                  : writes ? history[order[i + 1]].invoked
                                           : next_write[i + 1];
        if (!call.responded || *call.responded >= next) return std::nullopt;
        if (call.kind == Kind::add) content += call.number;
        if (call.kind == Kind::write) content = call.number;
        if (call.kind != Kind::write && call.result != content)
            return Finding{call.kind == Kind::add
                               ? "an addition was lost, though no two overlapped"
                               : "a sum was read that is not that of all additions before",
                           {order[i]}};
    }
    return std::nullopt;
}

}  // namespace conformance::checker
