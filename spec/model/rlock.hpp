#pragma once
/// \file
/// RLock: held by one worker at a time, to any depth, and released by it only.
///
/// Nobody inherits it or takes it over: worker ids are never used twice (RLOCK-6, RLOCK-8,
/// FAULT-2). Fulfils RLOCK-1 to RLOCK-8 together with OwnedLock.

#include "spec/model/owned_lock.hpp"

namespace conformance::model {

struct RLock {
    using State = OwnedLock::State;
    [[nodiscard]] static State make() { return {.reentrant = true}; }

    /// acquire, release, with.
    static void steps(const State& state, const Turn<Call>& turn, Steps<State>& out) {
        OwnedLock::steps(state, turn, out);
    }
};

}  // namespace conformance::model
