#pragma once
/// \file
/// `with`: a block that acquires on entry and releases on every exit.
///
/// Its argument is the body: "nothing", "raise", or "release", which releases once too often. The
/// outcome is true, the entry value, if all went well; `Other` if the body raised; and what the
/// surplus release raises. Other workers may act between entry, body and exit. Fulfils LOCK-7,
/// LOCK-11, RLOCK-4, RLOCK-7, SEM-12, BSEM-5, COND-4.

#include <optional>

#include "spec/model/offer.hpp"

namespace conformance::model {

/// `acquire()` and `release()` return the state afterwards, or nothing: `acquire` if it would
/// block, `release` if it is an error, of the kind `misuse`.
template <class State, class Acquire, class Release>
void guarded_block_steps(const State& state, const Turn<Call>& turn, Acquire acquire,
                         Release release, ErrorKind misuse, Steps<State>& out) {
    constexpr Stage entering = 0;
    constexpr Stage inside = 1;
    constexpr Stage leaving = 2;
    constexpr Stage leaving_failed = 3;  // the body's own release was an error

    if (turn.stage == entering) {
        if (std::optional<State> next = acquire()) proceed(out, *next, inside);
        return;
    }
    const std::string body = text(turn.operation.arguments, 0);
    const std::optional<State> released = release();
    if (turn.stage == inside && body == "release") {
        proceed(out, released.value_or(state), released ? leaving : leaving_failed);
    } else if (turn.stage == inside && body == "raise") {
        complete(out, released.value_or(state), ErrorKind::Other);
        // Two errors at once, which another worker's release brings about: either may pass on.
        if (!released) complete(out, state, misuse);
    } else if (turn.stage == leaving_failed || !released) {
        complete(out, released.value_or(state), misuse);
    } else {
        complete(out, *released, true);
    }
}

}  // namespace conformance::model
