#pragma once
/// \file
/// Long histories of an unbounded first-in-first-out queue, in O(n log n).
///
///     const std::vector<QueueCall> history = {
///         {.kind = QueueCall::Kind::put, .value = 7, .invoked = 1, .responded = 2},
///         {.kind = QueueCall::Kind::get, .value = 7, .invoked = 3, .responded = 4}};
///     check_queue(history);  // nothing to find
///
/// A queue whose values are distinct is linearizable if and only if none of four patterns occurs
/// (Henzinger, Sezgin and Vafeiadis, "Aspect-oriented linearizability proofs", CONCUR 2013; Bouajjani,
/// Emmi, Enea and Hamza, "On reducing linearizability to state reachability", ICALP 2015):
/// 1. a value is taken that nobody put, or before it is put;
/// 2. a value is taken twice;
/// 3. `a` is put before `b`, but `b` is taken before `a` is, or `a` never is;
/// 4. an answer "empty" at whose every instant some value is certainly in the queue: from the response
///    of its put to the invocation of its get.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <stdexcept>
#include <unordered_map>
#include <utility>
#include <vector>

#include "conformance/checker/finding.hpp"

namespace conformance::checker {

struct QueueCall {
    enum class Kind : std::uint8_t { put, get, empty };

    Kind kind = Kind::put;
    std::int64_t value = 0;  ///< put or taken
    std::int64_t invoked = 0;
    std::optional<std::int64_t> responded{};
};

class QueueChecker {
  public:
    explicit QueueChecker(std::span<const QueueCall> history) : history_(history) {}

    [[nodiscard]] std::optional<Finding> find() {
        if (auto finding = match_values()) return finding;
        if (auto finding = find_overtaking()) return finding;
        return find_false_empty();
    }

  private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    struct Value {
        std::size_t put = none;
        std::size_t get = none;
    };

    /// When a value begins, at the latest, to be in the queue, and ceases to be, at the earliest.
    [[nodiscard]] std::int64_t put_end(const Value& value) const {
        return history_[value.put].responded.value_or(never);
    }
    [[nodiscard]] std::int64_t get_begin(const Value& value) const {
        return value.get == none ? never : history_[value.get].invoked;
    }

    std::optional<Finding> match_values() {
        std::unordered_map<std::int64_t, std::size_t> number;
        for (std::size_t i = 0; i < history_.size(); ++i) {
            if (history_[i].kind != QueueCall::Kind::put) continue;
            if (!number.emplace(history_[i].value, values_.size()).second)
                throw std::invalid_argument("a value was put twice");
            values_.push_back({.put = i});
        }
        for (std::size_t i = 0; i < history_.size(); ++i) {
            const QueueCall& call = history_[i];
            if (call.kind == QueueCall::Kind::put) continue;
            if (!call.responded) throw std::invalid_argument("a get that did not respond");
            if (call.kind == QueueCall::Kind::empty) continue;
            const auto found = number.find(call.value);
            if (found == number.end()) return Finding{"a value was taken that nobody put", {i}};
            Value& value = values_[found->second];
            if (value.get != none) return Finding{"a value was taken twice", {value.get, i}};
            value.get = i;
            if (*call.responded < history_[value.put].invoked)
                return Finding{"a value was taken before it was put", {i, value.put}};
        }
        return std::nullopt;
    }

    /// Goes through the values `b` by the invocations of their puts. Of the values put before, the
    /// one that is taken last matters.
    std::optional<Finding> find_overtaking() {
        std::vector<Value> by_end = values_;
        std::ranges::sort(by_end, {}, [&](const Value& value) { return put_end(value); });
        std::ranges::sort(values_, {}, [&](const Value& v) { return history_[v.put].invoked; });
        auto earlier = by_end.begin();
        const Value* last = nullptr;
        for (const Value& b : values_) {
            for (; earlier != by_end.end() && put_end(*earlier) < history_[b.put].invoked;
                 ++earlier) {
                if (last == nullptr || get_begin(*earlier) > get_begin(*last)) last = &*earlier;
            }
            if (last == nullptr || b.get == none) continue;
            if (*history_[b.get].responded >= get_begin(*last)) continue;
            Finding finding{"a value overtook another", {last->put, b.put, b.get}};
            if (last->get != none) finding.calls.push_back(last->get);
            return finding;
        }
        return std::nullopt;
    }

    /// Joins the times at which the queue is certainly not empty. Their ends do not belong to them:
    /// there the put may be about to take effect, or the get may have done so.
    std::optional<Finding> find_false_empty() const {
        using Time = std::pair<std::int64_t, std::int64_t>;
        std::vector<Time> occupied;
        for (const Value& value : values_) {
            if (put_end(value) < get_begin(value))
                occupied.emplace_back(put_end(value), get_begin(value));
        }
        std::ranges::sort(occupied);
        std::vector<Time> joined;
        for (const Time& time : occupied) {
            if (joined.empty() || joined.back().second <= time.first) {
                joined.push_back(time);
            } else {
                joined.back().second = std::max(joined.back().second, time.second);
            }
        }
        for (std::size_t i = 0; i < history_.size(); ++i) {
            if (history_[i].kind != QueueCall::Kind::empty) continue;
            const auto after =
                std::ranges::lower_bound(joined, history_[i].invoked, {}, &Time::first);
            if (after != joined.begin() && std::prev(after)->second > *history_[i].responded)
                return Finding{"a queue was called empty that never was", {i}};
        }
        return std::nullopt;
    }

    std::span<const QueueCall> history_;
    std::vector<Value> values_;
};

/// Puts may be pending, for ever or because their worker was killed; they may have taken effect. Gets
/// may not: one that was killed may have taken any value. Throws std::invalid_argument then, or if
/// two puts have the same value.
[[nodiscard]] inline std::optional<Finding> check_queue(std::span<const QueueCall> history) {
    return QueueChecker(history).find();
}

}  // namespace conformance::checker
