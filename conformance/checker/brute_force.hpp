#pragma once
/// \file
/// Whether a small history can be explained, by trying everything: an oracle for the searches.
///
/// It walks through the instants at which something is recorded. At each it tries to go on to the next
/// one, and to take any step of any pending call first; a step between two instants might as well be
/// taken at the first of them, since the same calls are pending and the same deadlines have passed.
/// Nothing is remembered, put off or left out, so that there is nothing to prove; six calls are as
/// much as it can do in reasonable time. Models in which a call can take infinitely many steps are
/// none for it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <vector>

#include "conformance/checker/interval.hpp"

namespace conformance::checker {

template <Model M>
class BruteForce {
  public:
    BruteForce(const M& model, Calls<M> history)
        : model_(model), history_(history), stages_(history.size(), 0) {
        std::set<std::int64_t> times;
        for (const auto& call : history) {
            times.insert(call.invoked);
            if (call.responded) times.insert(*call.responded);
            if (call.deadline) times.insert(*call.deadline);
        }
        times_.assign(times.begin(), times.end());
        times_.push_back(std::numeric_limits<std::int64_t>::max());
    }

    [[nodiscard]] bool can_explain() { return can_explain_from(model_.initial(), 0); }

  private:
    using State = typename M::State;
    using Steps = std::vector<Step<State, typename M::Outcome>>;

    [[nodiscard]] Steps steps(const State& state, std::size_t i, std::int64_t time) const {
        const auto& call = history_[i];
        Steps offered;
        model_.steps(
            state,
            {call.operation, call.worker, stages_[i], call.deadline && *call.deadline <= time},
            offered);
        return offered;
    }

    [[nodiscard]] bool can_explain_from(const State& state, std::size_t instant) {
        const std::int64_t time = times_[instant];
        if (instant + 1 == times_.size()
                ? all_blocked(state)
                : all_responses_until_completed(time) && can_explain_from(state, instant + 1))
            return true;
        for (std::size_t i = 0; i < history_.size(); ++i) {
            const auto& call = history_[i];
            if (stages_[i] == completed || call.invoked > time) continue;
            if (call.responded && *call.responded < time) continue;
            if (must_follow_another(i)) continue;
            for (const auto& step : steps(state, i, time)) {
                if (step.stage == completed && !may_complete(call, step.outcome)) continue;
                const Stage before = stages_[i];
                stages_[i] = step.stage;
                const bool found = can_explain_from(step.next, instant);
                stages_[i] = before;
                if (found) return true;
            }
        }
        return false;
    }

    template <class Call>
    [[nodiscard]] static bool may_complete(const Call& call, const typename M::Outcome& outcome) {
        if (call.responded) return outcome == call.outcome;
        return call.killed;
    }

    [[nodiscard]] bool all_responses_until_completed(std::int64_t time) const {
        for (std::size_t i = 0; i < history_.size(); ++i) {
            if (history_[i].responded && *history_[i].responded <= time && stages_[i] != completed)
                return false;
        }
        return true;
    }

    [[nodiscard]] bool all_blocked(const State& state) const {
        if (!all_responses_until_completed(times_.back())) return false;
        for (std::size_t i = 0; i < history_.size(); ++i) {
            if (history_[i].responded || history_[i].killed) continue;
            if (!steps(state, i, times_.back()).empty()) return false;
        }
        return true;
    }

    /// Its worker's call before it, which touches it, is not completed.
    [[nodiscard]] bool must_follow_another(std::size_t i) const {
        for (std::size_t j = 0; j < history_.size(); ++j) {
            const bool is_earlier = history_[j].invoked < history_[i].invoked ||
                                    (history_[j].invoked == history_[i].invoked && j < i);
            if (is_earlier && history_[j].worker == history_[i].worker && history_[j].responded &&
                *history_[j].responded <= history_[i].invoked && stages_[j] != completed)
                return true;
        }
        return false;
    }

    const M& model_;
    Calls<M> history_;
    std::vector<Stage> stages_;
    std::vector<std::int64_t> times_;
};

template <Model M>
[[nodiscard]] bool brute_force_explains(const M& model, Calls<M> history) {
    return BruteForce<M>(model, history).can_explain();
}

}  // namespace conformance::checker
