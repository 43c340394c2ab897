#pragma once
/// \file
/// Lock: held by one worker at a time, released by anybody.
///
/// A worker that ends leaves it held (LOCK-14, FAULT-1). Which of several waiting workers gets it
/// is left free (LOCK-13). Fulfils LOCK-1 to LOCK-15 together with OwnedLock.

#include "spec/model/owned_lock.hpp"

namespace conformance::model {

struct Lock {
    using State = OwnedLock::State;
    [[nodiscard]] static State make() { return {}; }

    /// acquire, release, with, locked.
    static void steps(const State& state, const Turn<Call>& turn, Steps<State>& out) {
        if (turn.operation.operation == Operation::locked) {
            complete(out, state, state.is_held());
        } else {
            OwnedLock::steps(state, turn, out);
        }
    }
};

}  // namespace conformance::model
