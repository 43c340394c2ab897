#pragma once
/// \file
/// Long histories of a counting semaphore, in O(n log n).
///
///     const std::vector<SemaphoreCall> history = {
///         {.kind = SemaphoreCall::Kind::acquire, .invoked = 1, .responded = 2}};
///     check_semaphore(history, 0);  // "more was acquired than there was"
///
/// A release is never too early and an acquisition never too late for any other call: moved to its
/// invocation, or to its response, it can only help. So the history is linearizable if and only if the
/// count never falls below nothing with all of them moved. Failed tries, which want the count to be
/// low, would break the argument; `check` handles those.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

#include "conformance/checker/finding.hpp"

namespace conformance::checker {

struct SemaphoreCall {
    enum class Kind : std::uint8_t { acquire, release };

    Kind kind = Kind::acquire;
    std::int64_t count = 1;  ///< how many it takes or gives, all at once
    std::int64_t invoked = 0;
    std::optional<std::int64_t> responded{};
};

/// Pending releases may have taken effect, and pending acquisitions have not: whether a call should
/// not have been pending any more is not examined. The finding names the acquisition at which the
/// count falls short.
[[nodiscard]] inline std::optional<Finding> check_semaphore(std::span<const SemaphoreCall> history,
                                                            std::int64_t initial) {
    struct Change {
        std::int64_t time;
        std::int64_t change;
        std::size_t call;
    };
    std::vector<Change> changes;
    for (std::size_t i = 0; i < history.size(); ++i) {
        const SemaphoreCall& call = history[i];
        if (call.kind == SemaphoreCall::Kind::release) {
            changes.push_back({call.invoked, call.count, i});
        } else if (call.responded) {
            changes.push_back({*call.responded, -call.count, i});
        }
    }
    std::ranges::sort(changes, [](const Change& left, const Change& right) {
        return std::tuple(left.time, -left.change, left.call) <
               std::tuple(right.time, -right.change, right.call);
    });
    std::int64_t count = initial;
    for (const Change& change : changes) {
        count += change.change;
        if (count < 0) return Finding{"more was acquired than there was", {change.call}};
    }
    return std::nullopt;
}

}  // namespace conformance::checker
