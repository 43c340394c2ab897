#pragma once
/// \file
/// Long histories of a lock with an owner, with failed tries, in O(n log n).
///
///     const std::vector<LockCall> history = {
///         {.kind = LockCall::Kind::acquire, .worker = 1, .invoked = 1, .responded = 2},
///         {.kind = LockCall::Kind::failed, .worker = 2, .invoked = 3, .responded = 4},
///         {.kind = LockCall::Kind::release, .worker = 1, .invoked = 5, .responded = 6}};
///     check_lock(history);  // nothing to find
///
/// The lock is certainly held from the response of an acquisition to the invocation of its release.
/// These times must be disjoint, which fixes the order of the holds. Then every try that failed needs
/// an instant at which the lock may have been held. Between two holds it may have been free from any
/// instant within the release to any later one within the next acquisition:
/// - if the two overlap, that takes no time: a try can always be on one side of it;
/// - otherwise the lock was certainly free from the release's response to the acquisition's
///   invocation, and a try must not lie within.
/// No choice between two holds affects another, so the conditions together suffice.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

#include "conformance/checker/finding.hpp"

namespace conformance::checker {

struct LockCall {
    enum class Kind : std::uint8_t { acquire, release, failed };

    Kind kind = Kind::acquire;
    std::int32_t worker = 0;
    std::int64_t invoked = 0;
    std::optional<std::int64_t> responded{};
    std::optional<std::int64_t> deadline{};  ///< of one that failed: when it might give up
};

class LockChecker {
  public:
    explicit LockChecker(std::span<const LockCall> history) : history_(history) {}

    [[nodiscard]] std::optional<Finding> find() {
        if (auto finding = find_holds()) return finding;
        for (std::size_t i = 1; i < holds_.size(); ++i) {
            if (holds_[i - 1].release_begin > holds_[i].acquire_end)
                return Finding{"two workers held a lock at once",
                               {holds_[i - 1].acquire, holds_[i].acquire}};
        }
        for (std::size_t i = 0; i < history_.size(); ++i) {
            if (history_[i].kind == LockCall::Kind::failed && !can_fail(history_[i]))
                return Finding{"a lock could not be acquired although it was free", {i}};
        }
        return std::nullopt;
    }

  private:
    struct Hold {
        std::size_t acquire;  // its place
        std::int64_t acquire_begin;
        std::int64_t acquire_end;
        std::int64_t release_begin = never;
        std::int64_t release_end = never;

        // A hold of no certain length is in no certain order with others at the same instant.
        [[nodiscard]] bool is_interchangeable_with(const Hold& other) const {
            return acquire_end == other.acquire_end && release_begin == other.release_begin;
        }
    };

    std::optional<Finding> find_holds() {
        std::vector<std::size_t> order(history_.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::ranges::sort(order, {},
                          [&](std::size_t i) { return std::pair(history_[i].invoked, i); });
        std::map<std::int32_t, std::size_t> current;  // hold of each worker
        for (const std::size_t i : order) {
            const LockCall& call = history_[i];
            const auto held = current.find(call.worker);
            if (call.kind == LockCall::Kind::release) {
                if (held == current.end())
                    return Finding{"a worker released a lock that it did not hold", {i}};
                holds_[held->second].release_begin = call.invoked;
                holds_[held->second].release_end = call.responded.value_or(never);
                current.erase(held);
                continue;
            }
            if (!call.responded) throw std::invalid_argument("an acquisition did not respond");
            if (call.kind == LockCall::Kind::failed) continue;
            if (held != current.end()) {
                return Finding{"a worker acquired a lock that it held",
                               {holds_[held->second].acquire, i}};
            }
            current[call.worker] = holds_.size();
            holds_.push_back({i, call.invoked, *call.responded});
        }
        std::ranges::sort(holds_, [](const Hold& left, const Hold& right) {
            return std::tie(left.acquire_end, left.release_begin) <
                   std::tie(right.acquire_end, right.release_begin);
        });
        return std::nullopt;
    }

    [[nodiscard]] bool can_fail(const LockCall& call) const {
        const std::int64_t begin = std::max(call.invoked, call.deadline.value_or(call.invoked));
        const std::int64_t end = *call.responded;
        if (begin > end) return false;
        const auto next = std::ranges::upper_bound(holds_, end, {}, &Hold::acquire_end);
        std::int64_t held_until = std::numeric_limits<std::int64_t>::min();
        for (auto hold = next; hold != holds_.begin();) {
            --hold;
            if (hold->release_begin >= begin) return true;
            if (!hold->is_interchangeable_with(*std::prev(next))) break;
            held_until = std::max(held_until, hold->release_end);
        }
        std::int64_t held_from = never;
        std::int64_t latest_acquire = never;
        for (auto hold = next; hold != holds_.end(); ++hold) {
            if (!hold->is_interchangeable_with(*next)) break;
            held_from = std::min(held_from, hold->acquire_begin);
            latest_acquire = hold->acquire_end;
        }
        held_until = std::min(held_until, latest_acquire);
        return begin <= held_until || end >= std::max(held_from, held_until);
    }

    std::span<const LockCall> history_;
    std::vector<Hold> holds_;
};

/// Releases may be pending, for ever or because their worker was killed; they may have taken effect.
/// Throws std::invalid_argument if another call is. A worker's own calls must follow one another. Of
/// holds with a certain time of nothing at the same instant the order is taken to be the best for
/// each try, which might let a violation pass; nothing is ever found that is none.
[[nodiscard]] inline std::optional<Finding> check_lock(std::span<const LockCall> history) {
    return LockChecker(history).find();
}

}  // namespace conformance::checker
