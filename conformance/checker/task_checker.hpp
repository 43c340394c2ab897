#pragma once
/// \file
/// Long histories of the tasks of a queue: put, task_done and join, in O(n log n).
///
///     const std::vector<TaskCall> history = {
///         {.kind = TaskCall::Kind::put, .invoked = 1, .responded = 2},
///         {.kind = TaskCall::Kind::join, .invoked = 3, .responded = 4}};
///     check_tasks(history);  // "join returned although tasks were unfinished"
///
/// A task is certainly there from the response of its put. It is certainly not finished before the
/// invocation of a task_done. A join needs an instant at which all may be finished.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "conformance/checker/finding.hpp"

namespace conformance::checker {

struct TaskCall {
    enum class Kind : std::uint8_t { put, done, join };

    Kind kind = Kind::put;
    std::int64_t invoked = 0;
    std::optional<std::int64_t> responded{};
};

class TaskChecker {
  public:
    explicit TaskChecker(std::span<const TaskCall> history) : history_(history) {}

    [[nodiscard]] std::optional<Finding> find() {
        for (const TaskCall& call : history_) {
            if (call.kind == TaskCall::Kind::put && call.responded)
                changes_.emplace_back(*call.responded, 1);
            if (call.kind == TaskCall::Kind::done) changes_.emplace_back(call.invoked, -1);
        }
        std::ranges::sort(changes_);
        std::int64_t count = 0;
        for (const auto& [time, change] : changes_) {
            count += change;
            zero_from_.emplace_back(time, count <= 0);
        }
        for (std::size_t i = 0; i < history_.size(); ++i) {
            if (history_[i].kind == TaskCall::Kind::join && history_[i].responded &&
                !may_be_done(history_[i].invoked, *history_[i].responded))
                return Finding{"join returned although tasks were unfinished", {i}};
        }
        return std::nullopt;
    }

  private:
    /// Whether all may be finished at some instant from `begin` to `end`. Of changes at one instant
    /// those that finish tasks come first.
    [[nodiscard]] bool may_be_done(std::int64_t begin, std::int64_t end) const {
        auto at = std::ranges::lower_bound(zero_from_, begin, {}, &Zero::first);
        if (at == zero_from_.begin() || std::prev(at)->second) return true;
        for (; at != zero_from_.end() && at->first <= end; ++at) {
            if (at->second) return true;
        }
        return false;
    }

    using Zero = std::pair<std::int64_t, bool>;  // from then on all may be finished, or not
    std::span<const TaskCall> history_;
    std::vector<std::pair<std::int64_t, int>> changes_;
    std::vector<Zero> zero_from_;
};

/// Necessary, not sufficient: which put a task_done belongs to is not known. The joins must not
/// overlap very many changes each.
[[nodiscard]] inline std::optional<Finding> check_tasks(std::span<const TaskCall> history) {
    return TaskChecker(history).find();
}

}  // namespace conformance::checker
