#pragma once
/// \file
/// What Lock and RLock have in common, and all that a Condition needs to know of its lock.
///
/// Both have an owner and a depth, although a Lock lets anybody release it: a Condition over it
/// asks who holds it (COND-10, COND-27).

#include <optional>

#include "spec/model/guarded_block.hpp"
#include "spec/model/offer.hpp"

namespace conformance::model {

struct OwnedLock {
    struct State {
        bool reentrant = false;
        Id owner = no_object;
        std::int64_t depth = 0;  ///< 0: free
        friend bool operator==(const State&, const State&) = default;

        [[nodiscard]] std::size_t hash() const {
            return hash_of_both(static_cast<std::size_t>(owner) * 2 + (reentrant ? 1 : 0),
                                static_cast<std::size_t>(depth));
        }
        [[nodiscard]] bool is_held() const { return depth > 0; }
        [[nodiscard]] bool is_held_by(Id worker) const { return is_held() && owner == worker; }

        /// After an acquire by `worker`; nothing if it has to wait. Fulfils LOCK-6, RLOCK-1,
        /// RLOCK-2.
        [[nodiscard]] std::optional<State> acquired_by(Id worker) const {
            if (is_held() && !(reentrant && owner == worker)) return std::nullopt;
            return State{reentrant, worker, depth + 1};
        }
        /// After a release by `worker`; nothing if that is an error. Fulfils LOCK-7, LOCK-8,
        /// RLOCK-4, RLOCK-5.
        [[nodiscard]] std::optional<State> released_by(Id worker) const {
            if (!is_held() || (reentrant && owner != worker)) return std::nullopt;
            return depth > 1 ? State{reentrant, owner, depth - 1} : State{.reentrant = reentrant};
        }
    };

    /// acquire(blocking = true), release, with(body). A negative time limit means none, so that
    /// `time_is_up` does not count for it. Fulfils LOCK-2 to LOCK-5, RLOCK-3, COND-4 to COND-6,
    /// GEN-4, GEN-5, GEN-7.
    static void steps(const State& state, const Turn<Call>& turn, Steps<State>& out) {
        const Call& call = turn.operation;
        switch (call.operation) {
            case Operation::acquire:
                acquire(state, turn, out);
                break;
            case Operation::release:
                if (const auto next = state.released_by(turn.worker)) {
                    complete(out, *next);
                } else {
                    complete(out, state, ErrorKind::RuntimeError);
                }
                break;
            case Operation::with:
                guarded_block_steps(
                    state, turn, [&] { return state.acquired_by(turn.worker); },
                    [&] { return state.released_by(turn.worker); }, ErrorKind::RuntimeError, out);
                break;
            default:
                break;
        }
    }

  private:
    static void acquire(const State& state, const Turn<Call>& turn, Steps<State>& out) {
        const TimeLimit limit = turn.operation.time_limit;
        const bool blocking = flag(turn.operation.arguments, 0, true);
        if (limit.is_nan() || (!blocking && !limit.is_none() && !limit.is_negative())) {
            complete(out, state, ErrorKind::ValueError);
        } else if (const auto next = state.acquired_by(turn.worker)) {
            complete(out, *next, true);
        } else if (!blocking || (turn.time_is_up && !limit.is_negative())) {
            complete(out, state, false);
        }
    }
};

}  // namespace conformance::model
