#pragma once
/// \file
/// AsyncResult: what a pool's task, or a whole map, comes to.
///
/// A task that was submitted may be done at any later moment, so `get` can always go on: a pending
/// `get` at the end means that a result was lost. What is known of a result only grows: once it was
/// seen ready it stays so, and once its outcome was seen it stays the same.
///
/// Left free: when it gets ready, also in comparison with others of the pool (POOL-7); which error
/// of a map that has several (POOL-12).

#include "spec/model/task_functions.hpp"

namespace conformance::model {

struct AsyncResult {
    struct State {
        std::vector<TaskResult> possible{};  ///< one of these; one only, once that was seen
        bool is_ready = false;               ///< that was seen, or follows
        friend bool operator==(const State&, const State&) = default;
        [[nodiscard]] std::size_t hash() const {
            return hash_of_both(is_ready ? 1 : 0, hash_of_results(possible));
        }
        [[nodiscard]] State narrowed_to(const Outcome& outcome) const {
            return {{TaskResult{.outcome = outcome}}, true};
        }
        /// After the pool was terminated, or a worker may have died. Fulfils POOL-21, POOL-23,
        /// FAULT-15.
        [[nodiscard]] State that_may_break() const {
            const TaskResult broken{.outcome = ErrorKind::BrokenWorkerPool};
            State next = *this;
            if (!is_ready && std::ranges::find(possible, broken) == possible.end())
                next.possible.push_back(broken);
            return next;
        }
    };

    [[nodiscard]] static State make(TaskResult result) {
        State state{{std::move(result)}, false};
        if (state.possible.front().kind == TaskResult::Kind::may_be_refused)
            state.possible.push_back({.outcome = ErrorKind::RuntimeError});
        return state;
    }

    /// Of a whole map: the list of values, or one of the errors. Fulfils POOL-8, POOL-12, POOL-15.
    [[nodiscard]] static State make(const std::vector<TaskResult>& tasks) {
        State state{{}, tasks.empty()};
        List values;
        bool is_known = true;
        for (const TaskResult& task : tasks) {
            if (task.is_failure()) {
                state.possible.push_back(task);
            } else if (task.kind == TaskResult::Kind::known) {
                values.push_back(task.outcome.value());
            } else {
                is_known = false;
            }
        }
        if (!state.possible.empty()) return state;
        if (is_known) {
            state.possible.push_back({.outcome = Value(std::move(values))});
        } else {
            state.possible.push_back({.kind = TaskResult::Kind::anything});
        }
        return state;
    }

    /// ready, successful, get, wait. Fulfils ARES-1 to ARES-5, POOL-5, GEN-5, GEN-7.
    static void steps(const State& state, const Turn<Observed>& turn, Steps<State>& out) {
        const bool may_give_up = turn.time_is_up && !state.is_ready;
        switch (turn.operation.call.operation) {
            case Operation::ready:
                complete(out, {state.possible, true}, true);
                if (!state.is_ready) complete(out, state, false);
                break;
            case Operation::successful:
                for (const TaskResult& result : state.possible) {
                    State next = state;
                    next.is_ready = true;
                    std::erase_if(next.possible, [&](const TaskResult& other) {
                        return other.is_failure() != result.is_failure();
                    });
                    complete(out, std::move(next), !result.is_failure());
                }
                if (!state.is_ready) complete(out, state, ErrorKind::ValueError);
                break;
            case Operation::get:
                if (refuses(state, turn, out)) break;
                for (const TaskResult& result : state.possible) {
                    const Outcome outcome = result.outcome_like(turn.operation.value());
                    complete(out, state.narrowed_to(outcome), outcome);
                }
                if (may_give_up) complete(out, state, ErrorKind::TimeoutError);
                break;
            case Operation::wait:
                if (refuses(state, turn, out)) break;
                complete(out, {state.possible, true});
                if (may_give_up) complete(out, state);
                break;
            default:
                break;
        }
    }

  private:
    static bool refuses(const State& state, const Turn<Observed>& turn, Steps<State>& out) {
        const bool is_nan = turn.operation.call.time_limit.is_nan();
        if (is_nan) complete(out, state, ErrorKind::ValueError);
        return is_nan;
    }
};

}  // namespace conformance::model
