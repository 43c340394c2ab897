#pragma once
/// \file
/// Queue: items first in, first out, and a count of those whose work is not done.
///
/// Left free: which of several waiting workers goes first, and whether a `join` that has not run
/// yet returns when the count has been 0 and is not any more (QUEUE-23): its step may be taken at
/// any moment of the call at which the count is 0. A non-blocking call with a time limit that is
/// not a number may ignore it (QUEUE-6) or fail (GEN-7).

#include <algorithm>
#include <optional>

#include "spec/model/offer.hpp"

namespace conformance::model {

struct Queue {
    struct State {
        std::int64_t capacity = 0;  ///< 0: no limit
        List items{};
        std::int64_t unfinished = 0;
        friend bool operator==(const State&, const State&) = default;

        [[nodiscard]] std::size_t hash() const {
            return hash_of_both(Value(items).hash(), static_cast<std::size_t>(unfinished));
        }
        [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(items.size()); }
        [[nodiscard]] bool is_full() const { return capacity > 0 && size() >= capacity; }
    };

    /// Nothing for a bad maxsize, which is a ValueError. Fulfils QUEUE-1, QUEUE-3.
    [[nodiscard]] static std::optional<State> make(std::int64_t maxsize = 0) {
        if (maxsize > largest_count) return std::nullopt;
        return State{.capacity = std::max<std::int64_t>(maxsize, 0)};
    }

    /// put(item, block = true), get(block = true), put_nowait(item), get_nowait, qsize, empty,
    /// full, task_done, join. Fulfils QUEUE-1 to QUEUE-24.
    static void steps(const State& state, const Turn<Call>& turn, Steps<State>& out) {
        const List& arguments = turn.operation.arguments;
        switch (turn.operation.operation) {
            case Operation::put:
                put(state, turn, flag(arguments, 1, true), out);
                break;
            case Operation::put_nowait:
                put(state, turn, false, out);
                break;
            case Operation::get:
                get(state, turn, flag(arguments, 0, true), out);
                break;
            case Operation::get_nowait:
                get(state, turn, false, out);
                break;
            case Operation::qsize:
                complete(out, state, state.size());
                break;
            case Operation::empty:
                complete(out, state, state.items.empty());
                break;
            case Operation::full:
                complete(out, state, state.is_full());
                break;
            case Operation::task_done:
                if (state.unfinished == 0) {
                    complete(out, state, ErrorKind::ValueError);
                } else {
                    complete(out, {state.capacity, state.items, state.unfinished - 1});
                }
                break;
            case Operation::join:
                if (state.unfinished == 0) complete(out, state);
                break;
            default:
                break;
        }
    }

  private:
    static void put(const State& state, const Turn<Call>& turn, bool blocking, Steps<State>& out) {
        if (is_time_limit_refused(state, turn, blocking, out)) return;
        const Value& item = argument(turn.operation.arguments, 0);
        if (item.contains(Opaque::transfer)) {
            complete(out, state, ErrorKind::ValueError);
        } else if (!state.is_full()) {
            State next = state;
            next.items.push_back(item);
            ++next.unfinished;
            complete(out, std::move(next));
        } else if (!blocking || turn.time_is_up) {
            complete(out, state, ErrorKind::Full);
        }
    }

    static void get(const State& state, const Turn<Call>& turn, bool blocking, Steps<State>& out) {
        if (is_time_limit_refused(state, turn, blocking, out)) return;
        if (!state.items.empty()) {
            State next = state;
            next.items.erase(next.items.begin());
            complete(out, std::move(next), received(state.items.front()));
        } else if (!blocking || turn.time_is_up) {
            complete(out, state, ErrorKind::Empty);
        }
    }

    // Fulfils QUEUE-6, QUEUE-7, QUEUE-11.
    static bool is_time_limit_refused(const State& state, const Turn<Call>& turn, bool blocking,
                                      Steps<State>& out) {
        const TimeLimit limit = turn.operation.time_limit;
        if (limit.is_nan() || (blocking && limit.is_negative()))
            complete(out, state, ErrorKind::ValueError);
        return blocking && (limit.is_nan() || limit.is_negative());
    }
};

}  // namespace conformance::model
