#pragma once
/// \file
/// Future: what a task of an executor comes to.
///
/// The model keeps what is certain of it, which only grows: nothing, that it has begun (so that it
/// cannot be cancelled any more), that it is done, that it was cancelled, its outcome.
///
/// Left free: when it begins and ends, also in comparison with others (EXEC-7), and so how many run
/// at the same time (FUT-7); when done callbacks run, and how often (FUT-8, FUT-11): in a World the
/// Cell that they add to may show anything.

#include "spec/model/task_functions.hpp"

namespace conformance::model {

struct Future {
    enum class Certain : std::uint8_t { nothing, begun, done, cancelled };
    struct State {
        TaskResult result{};
        Certain certain = Certain::nothing;
        bool may_be_cancelled = false;  ///< by a shutdown that cancels
        bool may_be_broken = false;     ///< a worker of the executor may have died meanwhile
        bool is_over = false;           ///< done or cancelled, it is not known which
        friend bool operator==(const State&, const State&) = default;

        [[nodiscard]] std::size_t hash() const {
            const std::size_t bits =
                (may_be_cancelled ? 4U : 0U) + (may_be_broken ? 2U : 0U) + (is_over ? 1U : 0U);
            return hash_of_both(static_cast<std::size_t>(certain) * 8 + bits, result.hash());
        }
        [[nodiscard]] bool is_open() const {
            return !is_over && certain != Certain::done && certain != Certain::cancelled;
        }
        /// Whether the outcome BrokenWorkerPool can have no other reason than a broken executor.
        [[nodiscard]] bool shows_break() const {
            return result.kind != TaskResult::Kind::known ||
                   result.outcome != Outcome(ErrorKind::BrokenWorkerPool);
        }
        [[nodiscard]] State with(Certain next_certain) const {
            State next = *this;
            next.certain = is_over && next_certain == Certain::begun ? Certain::done : next_certain;
            next.may_be_cancelled = false;
            next.is_over = false;
            return next;
        }
        [[nodiscard]] State with_outcome(const Outcome& outcome) const {
            State next = with(Certain::done);
            next.result = {.outcome = outcome};
            next.may_be_broken = false;
            return next;
        }
    };

    /// result, exception (null, or the kind's name), done, running, cancelled, cancel,
    /// add_done_callback. Fulfils FUT-1 to FUT-6, EXEC-16, EXEC-21, GEN-5, GEN-7.
    static void steps(const State& state, const Turn<Observed>& turn, Steps<State>& out) {
        const bool may_cancel_itself = state.may_be_cancelled;
        const bool may_be_done = state.certain != Certain::cancelled;
        switch (turn.operation.call.operation) {
            case Operation::result:
            case Operation::exception:
                outcome(state, turn, out);
                break;
            case Operation::done:
                if (state.is_open()) complete(out, state, false);
                complete(out, over(state), true);
                break;
            case Operation::running:
                if (state.is_open()) complete(out, state.with(Certain::begun), true);
                complete(out, state.certain == Certain::begun ? state.with(Certain::done) : state,
                         false);
                break;
            case Operation::cancelled:
                if (may_be_done)
                    complete(out, state.is_over ? state.with(Certain::done) : state, false);
                if (may_cancel_itself || !may_be_done)
                    complete(out, state.with(Certain::cancelled), true);
                break;
            case Operation::cancel:
                if (may_cancel_itself || !may_be_done || is_cancellable(state))
                    complete(out, state.with(Certain::cancelled), true);
                if (may_be_done)
                    complete(out,
                             state.certain == Certain::nothing ? state.with(Certain::begun) : state,
                             false);
                break;
            case Operation::add_done_callback:
                complete(out, state);
                break;
            default:
                break;
        }
    }

    /// After it is known to be over, in one way or the other.
    [[nodiscard]] static State over(State state) {
        if (!state.is_open()) return state;
        if (!state.may_be_cancelled) return state.with(Certain::done);
        state.is_over = true;
        return state;
    }

  private:
    static bool is_cancellable(const State& state) {
        return state.certain == Certain::nothing && !state.is_over;
    }

    static void outcome(const State& state, const Turn<Observed>& turn, Steps<State>& out) {
        const Observed& observed = turn.operation;
        const bool asks_exception = observed.call.operation == Operation::exception;
        const auto answer = [&](const Outcome& outcome) {
            if (!asks_exception) return outcome;
            return outcome.is_error() ? Outcome(Value(to_string(outcome.error()))) : Outcome();
        };
        if (observed.call.time_limit.is_nan()) {
            complete(out, state, ErrorKind::ValueError);
            return;
        }
        if (state.certain == Certain::cancelled || state.may_be_cancelled)
            complete(out, state.with(Certain::cancelled), ErrorKind::CancelledError);
        if (state.certain == Certain::cancelled) return;
        const bool is_known = state.result.kind == TaskResult::Kind::known;
        if (is_known || !asks_exception || state.result.is_failure()) {
            const Outcome own = state.result.outcome_like(observed.value());
            complete(out, state.with_outcome(own), answer(own));
        } else {
            State next = state.with(Certain::done);  // there is a value, which nobody has seen yet
            next.may_be_broken = false;
            complete(out, std::move(next));
        }
        if (state.result.kind == TaskResult::Kind::may_be_refused) {
            const Outcome refusal = ErrorKind::RuntimeError;
            complete(out, state.with_outcome(refusal), answer(refusal));
        }
        const bool dies = state.result.kind == TaskResult::Kind::dies;
        if (state.may_be_broken && !dies && state.shows_break()) {
            const Outcome broken = ErrorKind::BrokenWorkerPool;
            complete(out, state.with_outcome(broken), answer(broken));
        }
        if (turn.time_is_up && state.is_open()) complete(out, state, ErrorKind::TimeoutError);
    }
};

}  // namespace conformance::model
