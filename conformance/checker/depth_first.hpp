#pragma once
/// \file
/// A second search, depth first: linearizes calls in all orders, and remembers what it has tried.
///
/// Sources: Wing and Gong, "Testing and verifying concurrent objects" (JPDC 1993), with the memo of
/// configurations of Lowe, "Testing for linearizability" (Concurrency and Computation 2017). It
/// decides what `check` decides, by another road: it does not walk through the events, but asks at
/// each point which call may take the next step. That may be any call invoked no later than the first
/// response outstanding, and that response is also the latest time of the step. Two searches that
/// agree are worth more than one; it can also be the faster one if the answer is yes. Its memo keeps
/// everything, so long histories of many states are not for it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <vector>

#include "conformance/checker/budget.hpp"
#include "conformance/checker/event_sequence.hpp"
#include "conformance/checker/hash_index.hpp"
#include "conformance/checker/interval.hpp"
#include "conformance/checker/state_table.hpp"
#include "conformance/checker/verdict.hpp"

namespace conformance::checker {

template <Model M>
class DepthFirstSearch {
  public:
    DepthFirstSearch(const M& model, Calls<M> history, const Budget& budget)
        : model_(model), history_(history), meter_(budget), stages_(history.size(), 0) {
        require_order<M>(history);
        for (std::uint32_t i = 0; i < history.size(); ++i)
            (history[i].responded ? answered_ : open_).push_back(i);
        const auto by_invocation = [&](std::uint32_t left, std::uint32_t right) {
            return std::tie(history_[left].invoked, left) <
                   std::tie(history_[right].invoked, right);
        };
        std::ranges::sort(answered_, by_invocation);
        std::ranges::sort(open_, by_invocation);
    }

    [[nodiscard]] Verdict<M> run() {
        state_ = states_.intern(model_.initial());
        if (enter()) return linearizable();
        // A frame for each step taken, with the alternatives not yet tried.
        while (!frames_.empty()) {
            if (frames_.back().next_move == moves_.size()) {
                leave();
                continue;
            }
            // Moves are tried from the last to the first: those of this frame are the last ones.
            const Move move = moves_.back();
            moves_.pop_back();
            if (!meter_.spend(tried_.size())) return {.steps = meter_.steps()};
            take(move);
            if (!tried_.insert(key()).second) {
                undo(path_.back());
            } else if (enter()) {
                return linearizable();
            }
        }
        return violation();
    }

  private:
    struct Move {
        std::uint32_t call;
        std::uint32_t choice;
        Stage stage;
        std::uint32_t state;
        bool time_is_up;
    };
    struct Taken {
        Move move;
        Stage stage_before;
        std::uint32_t state_before;
        std::size_t base_before;
    };
    struct Frame {
        std::size_t next_move;  // where the moves of this frame begin
    };
    /// What is completed, as the first answered call that is not and the stages of the few after it
    /// that may have begun: of constant size however long the history is, unless calls are open.
    struct Key {
        std::size_t hash;
        std::uint32_t state;
        std::size_t base;
        std::vector<Stage> window;
        friend bool operator==(const Key&, const Key&) = default;
    };
    struct HashOfKey {
        std::size_t operator()(const Key& key) const { return key.hash; }
    };

    /// Collects the moves from here. True if this is the end, and a good one.
    bool enter() {
        const std::size_t first_move = moves_.size();
        const std::int64_t horizon = look_ahead();
        for (std::size_t i = base_; i < window_end_; ++i)
            add_moves(answered_[i], horizon);
        bool is_at_rest = base_ == answered_.size();
        for (const std::uint32_t call : open_) {
            if (history_[call].invoked > horizon) break;
            const bool can_move = add_moves(call, horizon);
            if (can_move && !history_[call].killed) is_at_rest = false;
        }
        std::reverse(moves_.begin() + static_cast<std::ptrdiff_t>(first_move), moves_.end());
        frames_.push_back({first_move});
        if (path_.size() >= longest_) {
            longest_ = path_.size();
            outstanding_after_longest_ = first_outstanding_;
        }
        return is_at_rest;
    }
    void leave() {
        frames_.pop_back();
        if (!path_.empty()) undo(path_.back());
    }

    /// The first response outstanding. Calls invoked later cannot take the next step.
    std::int64_t look_ahead() {
        std::int64_t horizon = std::numeric_limits<std::int64_t>::max();
        first_outstanding_ = none;
        for (window_end_ = base_; window_end_ < answered_.size(); ++window_end_) {
            const std::uint32_t call = answered_[window_end_];
            if (history_[call].invoked > horizon) break;
            if (stages_[call] == completed || *history_[call].responded >= horizon) continue;
            horizon = *history_[call].responded;
            first_outstanding_ = call;
        }
        return horizon;
    }

    /// Returns whether the model offers any.
    bool add_moves(std::uint32_t i, std::int64_t horizon) {
        const auto& call = history_[i];
        if (stages_[i] == completed || call.invoked > horizon || must_wait(i)) return false;
        const bool time_is_up = call.deadline && *call.deadline <= horizon;
        offered_.clear();
        model_.steps(states_[state_], {call.operation, call.worker, stages_[i], time_is_up},
                     offered_);
        for (std::uint32_t choice = 0; choice < offered_.size(); ++choice) {
            auto& step = offered_[choice];
            if (step.stage == completed) {
                if (call.responded ? !(step.outcome == call.outcome) : !call.killed) continue;
            }
            const std::uint32_t next = states_.intern(std::move(step.next));
            // A killed call that completes without effect might as well not have begun.
            if (!call.responded && step.stage == completed && next == state_) continue;
            moves_.push_back({i, choice, step.stage, next, time_is_up});
        }
        return !offered_.empty();
    }
    [[nodiscard]] bool must_wait(std::uint32_t i) const {
        return std::any_of(
            answered_.begin() + static_cast<std::ptrdiff_t>(base_),
            answered_.begin() + static_cast<std::ptrdiff_t>(window_end_), [&](std::uint32_t other) {
                return stages_[other] != completed &&
                       history_[other].worker == history_[i].worker &&
                       *history_[other].responded <= history_[i].invoked &&
                       std::tie(history_[other].invoked, other) < std::tie(history_[i].invoked, i);
            });
    }

    void take(const Move& move) {
        path_.push_back({move, stages_[move.call], state_, base_});
        set_stage(move.call, move.stage);
        state_ = move.state;
        while (base_ < answered_.size() && stages_[answered_[base_]] == completed)
            ++base_;
    }
    void undo(const Taken& taken) {
        set_stage(taken.move.call, taken.stage_before);
        state_ = taken.state_before;
        base_ = taken.base_before;
        path_.pop_back();
    }
    /// Zobrist's hash: a random number for each call and stage, combined with exclusive or, so that
    /// a change of one costs the same however many there are.
    void set_stage(std::uint32_t call, Stage stage) {
        stages_hash_ ^= zobrist(call, stages_[call]) ^ zobrist(call, stage);
        stages_[call] = stage;
    }
    [[nodiscard]] static std::size_t zobrist(std::uint32_t call, Stage stage) {
        if (stage == 0) return 0;
        return spread((std::uint64_t{call} << 32 | static_cast<std::uint32_t>(stage)) +
                      0x9e3779b97f4a7c15ULL);
    }
    [[nodiscard]] Key key() {
        const std::int64_t horizon = look_ahead();
        Key key{spread(stages_hash_ + state_ * 0x9e3779b97f4a7c15ULL), state_, base_, {}};
        for (std::size_t i = base_; i < window_end_; ++i)
            key.window.push_back(stages_[answered_[i]]);
        for (const std::uint32_t call : open_) {
            if (history_[call].invoked > horizon) break;
            key.window.push_back(stages_[call]);
        }
        return key;
    }

    [[nodiscard]] Certificate path() const {
        Certificate steps;
        for (const Taken& taken : path_)
            steps.push_back(
                {taken.move.call, taken.move.stage, taken.move.choice, taken.move.time_is_up});
        return steps;
    }
    [[nodiscard]] Verdict<M> linearizable() const {
        return {
            .judgement = Judgement::linearizable, .certificate = path(), .steps = meter_.steps()};
    }
    /// Blames what the longest attempt could not explain: a good guess, no more. `check` knows.
    [[nodiscard]] Verdict<M> violation() const {
        Violation<M> violation{.call = outstanding_after_longest_,
                               .hangs = outstanding_after_longest_ == none};
        if (violation.hangs) {
            const auto hanging =
                std::ranges::find_if(open_, [&](std::uint32_t i) { return !history_[i].killed; });
            // Of times at the very end of what a number can be: nothing is left to blame.
            if (hanging == open_.end()) return {.steps = meter_.steps()};
            violation.call = *hanging;
        }
        return {.judgement = Judgement::violation,
                .violation = std::move(violation),
                .steps = meter_.steps()};
    }

    static constexpr std::uint32_t none = 0xffffffffU;

    const M& model_;
    Calls<M> history_;
    Meter meter_;
    std::vector<std::uint32_t> answered_;  // the calls that responded
    std::vector<std::uint32_t> open_;      // those that did not

    StateTable<M> states_;
    std::uint32_t state_ = 0;
    std::vector<Stage> stages_;
    std::size_t stages_hash_ = 0;
    std::size_t base_ = 0;        // all of `answered_` before it are completed
    std::size_t window_end_ = 0;  // none of `answered_` from there on can have begun
    std::uint32_t first_outstanding_ = none;

    std::vector<Taken> path_;
    std::vector<Move> moves_;
    std::vector<Frame> frames_;
    std::unordered_set<Key, HashOfKey> tried_;
    std::size_t longest_ = 0;
    std::uint32_t outstanding_after_longest_ = none;
    std::vector<Step<typename M::State, typename M::Outcome>> offered_;
};

template <Model M>
[[nodiscard]] Verdict<M> check_depth_first(const M& model, Calls<M> history,
                                           const Budget& budget = {}) {
    return DepthFirstSearch<M>(model, history, budget).run();
}

}  // namespace conformance::checker
