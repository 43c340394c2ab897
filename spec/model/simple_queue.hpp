#pragma once
/// \file
/// SimpleQueue: items first in, first out, without limits of number or time.
///
/// Which of several waiting workers gets an item is left free (SQUEUE-2).

#include "spec/model/offer.hpp"

namespace conformance::model {

struct SimpleQueue {
    struct State {
        List items{};
        friend bool operator==(const State&, const State&) = default;
        [[nodiscard]] std::size_t hash() const { return Value(items).hash(); }
    };

    /// put(item), get, empty. Fulfils SQUEUE-2 to SQUEUE-9.
    static void steps(const State& state, const Turn<Call>& turn, Steps<State>& out) {
        State next = state;
        switch (turn.operation.operation) {
            case Operation::put:
                if (argument(turn.operation.arguments, 0).contains(Opaque::transfer)) {
                    complete(out, state, ErrorKind::ValueError);
                    break;
                }
                next.items.push_back(argument(turn.operation.arguments, 0));
                complete(out, std::move(next));
                break;
            case Operation::get:
                if (state.items.empty()) break;
                next.items.erase(next.items.begin());
                complete(out, std::move(next), received(state.items.front()));
                break;
            case Operation::empty:
                complete(out, state, state.items.empty());
                break;
            default:
                break;
        }
    }
};

}  // namespace conformance::model
