#pragma once
/// \file
/// Guarded blocks that are wrong, of whatever has them.

#include "conformance/mutants/lock_mutants.hpp"
#include "conformance/mutants/mutant.hpp"
#include "freethreading/freethreading.hpp"

namespace conformance::mutants {

/// Does not release when the body throws.
template <class Lockable, class Body>
void with_and_forget(const Lockable& lock, const Body& body) {
    static_cast<void>(lock.acquire());
    body();
    lock.release();
}

template <class Lockable, class Body>
void guarded_block(const Lockable& lock, const Body& body) {
    if constexpr (std::is_same_v<Lockable, MutantLock>) {
        if (present<"lock_guarded_block_keeps_the_lock_on_an_exception", "LOCK-11">())
            return with_and_forget(lock, body);
    }
    freethreading::with(lock, body);
}

}  // namespace conformance::mutants
