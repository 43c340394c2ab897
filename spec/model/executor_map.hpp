#pragma once
/// \file
/// ExecutorMap: the results of an executor's map, one by one.
///
/// `next` returns [result], or [] at the end. An error is the last that it gives before the end
/// (EXEC-10).
///
/// Left free: when a result is there, so that TimeoutError may come at any turn if the map has a
/// time limit (EXEC-13 counts it from the call of map, which the model does not see pass); what
/// comes of the chunk that holds a failing call (EXEC-11).

#include "spec/model/task_functions.hpp"

namespace conformance::model {

struct ExecutorMap {
    struct State {
        std::vector<TaskResult> items{};  ///< those to come
        /// How many of them come for certain: those of the chunks before one with a failure.
        std::int64_t certain = 0;
        bool has_time_limit = false;
        bool may_be_cancelled = false;  ///< by a shutdown that cancels
        bool may_be_broken = false;     ///< a worker of the executor may have died meanwhile
        friend bool operator==(const State&, const State&) = default;
        [[nodiscard]] std::size_t hash() const {
            return hash_of_both((may_be_cancelled ? 2U : 0U) + (may_be_broken ? 1U : 0U),
                                hash_of_results(items));
        }
    };

    [[nodiscard]] static State make(std::vector<TaskResult> items, std::int64_t chunk_size,
                                    bool has_time_limit) {
        State state{.items = std::move(items), .has_time_limit = has_time_limit};
        const auto failure = std::ranges::find_if(state.items, &TaskResult::is_failure);
        // What follows a failure never comes.
        const bool fails = failure != state.items.end();
        const std::int64_t failing = failure - state.items.begin();
        if (fails) {
            const std::int64_t end =
                std::min((failing / chunk_size + 1) * chunk_size, std::ssize(state.items));
            const std::int64_t kept = chunk_size == 1 ? failing + 1 : end;
            state.items.resize(static_cast<std::size_t>(kept));
        }
        state.certain = fails ? failing / chunk_size * chunk_size : std::ssize(state.items);
        return state;
    }

    /// next. Fulfils EXEC-8 to EXEC-13, EXEC-21.
    static void steps(const State& state, const Turn<Observed>& turn, Steps<State>& out) {
        if (turn.operation.call.operation != Operation::next) return;
        if (state.items.empty()) {
            complete(out, state, List{});
            return;
        }
        if (state.certain > 0 || !state.items.front().is_failure()) {
            const Value seen = turn.operation.value();
            const bool is_one = seen.is_list() && seen.as_list().size() == 1;
            const Outcome value =
                state.items.front().outcome_like(is_one ? seen.as_list()[0] : Value());
            State next = state;
            next.items.erase(next.items.begin());
            --next.certain;
            complete(out, std::move(next), Value(List{value.value()}));
        }
        if (state.certain <= 0) {
            for (const TaskResult& item : state.items) {
                if (item.is_failure()) complete(out, ended(state), item.outcome_like({}));
            }
        }
        if (state.has_time_limit) complete(out, ended(state), ErrorKind::TimeoutError);
        if (state.may_be_cancelled) complete(out, ended(state), ErrorKind::CancelledError);
        if (state.may_be_broken) complete(out, ended(state), ErrorKind::BrokenWorkerPool);
    }

  private:
    static State ended(State state) {
        state.items.clear();
        state.certain = 0;
        return state;
    }
};

}  // namespace conformance::model
