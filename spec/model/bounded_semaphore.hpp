#pragma once
/// \file
/// BoundedSemaphore: a Semaphore that never holds more tokens than at first.
///
/// Fulfils BSEM-1, BSEM-3, BSEM-4, BSEM-5, and all of Semaphore's but SEM-8 and SEM-9.

#include "spec/model/semaphore.hpp"

namespace conformance::model {

struct BoundedSemaphore {
    using State = Semaphore::State;

    /// Nothing for a bad value, which is a ValueError.
    [[nodiscard]] static std::optional<State> make(std::int64_t value = 1) {
        std::optional<State> state = Semaphore::make(value);
        if (state) state->limit = value;
        return state;
    }
    static void steps(const State& state, const Turn<Call>& turn, Steps<State>& out) {
        Semaphore::steps(state, turn, out);
    }
};

}  // namespace conformance::model
