#pragma once
/// \file
/// Event: a flag to wait for.
///
/// `wait` arrives and then departs: `set` lets all go that have arrived, whatever `clear` does next
/// (EVENT-7). One that has arrived and was let go returns true even if its time is up.

#include <algorithm>

#include "spec/model/offer.hpp"

namespace conformance::model {

struct Event {
    struct State {
        bool is_set = false;
        std::vector<Id> waiting{};  ///< workers that have arrived and were not let go; sorted
        friend bool operator==(const State&, const State&) = default;

        [[nodiscard]] std::size_t hash() const {
            return hash_of_both(is_set ? 1 : 0, hash_of_ids(waiting));
        }
        [[nodiscard]] bool has_waiting(Id worker) const {
            return std::ranges::binary_search(waiting, worker);
        }
        [[nodiscard]] State with_waiting(Id worker) const {
            State next = *this;
            next.waiting.insert(std::ranges::lower_bound(next.waiting, worker), worker);
            return next;
        }
        [[nodiscard]] State without_waiting(Id worker) const {
            State next = *this;
            std::erase(next.waiting, worker);
            return next;
        }
    };

    /// set, clear, is_set, wait. Fulfils EVENT-1 to EVENT-7, GEN-4, GEN-5, GEN-7.
    static void steps(const State& state, const Turn<Call>& turn, Steps<State>& out) {
        switch (turn.operation.operation) {
            case Operation::set:
                complete(out, {.is_set = true});
                break;
            case Operation::clear:
                complete(out, {false, state.waiting});
                break;
            case Operation::is_set:
                complete(out, state, state.is_set);
                break;
            case Operation::wait:
                wait(state, turn, out);
                break;
            default:
                break;
        }
    }

  private:
    static void wait(const State& state, const Turn<Call>& turn, Steps<State>& out) {
        constexpr Stage waiting = 1;
        const TimeLimit limit = turn.operation.time_limit;
        if (limit.is_nan()) {
            complete(out, state, ErrorKind::ValueError);
        } else if (turn.stage == waiting) {
            if (!state.has_waiting(turn.worker)) {
                complete(out, state, true);
            } else if (turn.time_is_up) {
                complete(out, state.without_waiting(turn.worker), false);
            }
        } else if (state.is_set) {
            complete(out, state, true);
        } else if (is_single_look(limit)) {
            if (turn.time_is_up) complete(out, state, false);
        } else {
            proceed(out, state.with_waiting(turn.worker), waiting);
        }
    }
};

}  // namespace conformance::model
