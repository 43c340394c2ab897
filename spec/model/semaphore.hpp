#pragma once
/// \file
/// Semaphore: a number of tokens without owners; also the steps of a BoundedSemaphore, whose state
/// differs in its limit only.
///
/// Which of several waiting workers gets a token is left free (SEM-11), and whether a non-blocking
/// acquire with a negative time limit is an error (SEM-7 says nothing of it).

#include <optional>

#include "spec/model/guarded_block.hpp"
#include "spec/model/offer.hpp"

namespace conformance::model {

struct Semaphore {
    struct State {
        std::int64_t count = 1;
        std::int64_t limit = largest_count;  ///< a release at this count is an error
        friend bool operator==(const State&, const State&) = default;

        [[nodiscard]] std::size_t hash() const {
            return hash_of_both(static_cast<std::size_t>(count), static_cast<std::size_t>(limit));
        }
        [[nodiscard]] std::optional<State> acquired() const {
            if (count == 0) return std::nullopt;
            return State{count - 1, limit};
        }
        /// Nothing if that is an error. Fulfils SEM-8, SEM-9, BSEM-1, BSEM-3, BSEM-4.
        [[nodiscard]] std::optional<State> released() const {
            if (count == limit) return std::nullopt;
            return State{count + 1, limit};
        }
    };

    /// Nothing for a bad value, which is a ValueError. Fulfils SEM-1 to SEM-3.
    [[nodiscard]] static std::optional<State> make(std::int64_t value = 1) {
        if (value < 0 || value > largest_count) return std::nullopt;
        return State{.count = value};
    }

    /// acquire(blocking = true), release, with(body). Fulfils SEM-5 to SEM-13, BSEM-5, GEN-5.
    static void steps(const State& state, const Turn<Call>& turn, Steps<State>& out) {
        switch (turn.operation.operation) {
            case Operation::acquire:
                acquire(state, turn, out);
                break;
            case Operation::release:
                if (const auto next = state.released()) {
                    complete(out, *next);
                } else {
                    complete(out, state, ErrorKind::ValueError);
                }
                break;
            case Operation::with:
                guarded_block_steps(
                    state, turn, [&] { return state.acquired(); }, [&] { return state.released(); },
                    ErrorKind::ValueError, out);
                break;
            default:
                break;
        }
    }

  private:
    static void acquire(const State& state, const Turn<Call>& turn, Steps<State>& out) {
        const TimeLimit limit = turn.operation.time_limit;
        const bool blocking = flag(turn.operation.arguments, 0, true);
        const bool contradictory = !blocking && !limit.is_none();
        if (limit.is_nan() || contradictory) complete(out, state, ErrorKind::ValueError);
        if (limit.is_nan() || (contradictory && !limit.is_negative())) return;
        if (const auto next = state.acquired()) {
            complete(out, *next, true);
        } else if (!blocking || turn.time_is_up) {
            complete(out, state, false);
        }
    }
};

}  // namespace conformance::model
