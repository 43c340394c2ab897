#pragma once
/// \file
/// Guarded blocks that are wrong, of whatever has them.

#include <type_traits>

#include "conformance/mutants/condition_mutants.hpp"
#include "conformance/mutants/lock_mutants.hpp"
#include "conformance/mutants/mutant.hpp"
#include "conformance/mutants/rlock_mutants.hpp"
#include "conformance/mutants/semaphore_mutants.hpp"
#include "freethreading/freethreading.hpp"

namespace conformance::mutants {

/// Does not release when the body throws.
template <class Lockable, class Body>
void with_and_forget(const Lockable& lock, const Body& body) {
    static_cast<void>(lock.acquire());
    body();
    lock.release();
}

/// Hears nothing of a release that fails.
template <class Lockable, class Body>
void with_and_ignore(const Lockable& lock, const Body& body) {
    try {
        freethreading::with(lock, body);
    } catch (const freethreading::Error&) {  // as it is
    }
}

template <class Lockable, class Body>
void guarded_block(const Lockable& lock, const Body& body) {
    if constexpr (std::is_same_v<Lockable, MutantLock>) {
        if (present<"lock_guarded_block_keeps_the_lock_on_an_exception", "LOCK-11 FAULT-3">())
            return with_and_forget(lock, body);
    }
    if constexpr (std::is_same_v<Lockable, MutantRLock>) {
        if (present<"rlock_guarded_block_keeps_the_level_on_an_exception", "RLOCK-7">())
            return with_and_forget(lock, body);
        if (present<"rlock_guarded_block_swallows_the_error_of_its_release", "RLOCK-4",
                    "RLOCK-*">())
            return with_and_ignore(lock, body);
    }
    if constexpr (std::is_same_v<Lockable, MutantSemaphore>) {
        if (present<"semaphore_guarded_block_keeps_the_token_on_an_exception", "SEM-12">())
            return with_and_forget(lock, body);
    }
    if constexpr (std::is_same_v<Lockable, MutantBoundedSemaphore>) {
        if (present<"bounded_semaphore_guarded_block_swallows_the_error_of_its_release",
                    "BSEM-5">())
            return with_and_ignore(lock, body);
    }
    if constexpr (std::is_same_v<Lockable, MutantCondition>) {
        if (present<"condition_guarded_block_keeps_the_lock_on_an_exception", "COND-4">())
            return with_and_forget(lock, body);
    }
    freethreading::with(lock, body);
}

}  // namespace conformance::mutants
