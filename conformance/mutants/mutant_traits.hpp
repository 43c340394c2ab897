#pragma once
/// \file
/// The reference with all mutants, of which at most one is present.

#include <string_view>

#include "conformance/drivers/reference/reference_traits.hpp"
#include "conformance/mutants/barrier_mutants.hpp"
#include "conformance/mutants/condition_mutants.hpp"
#include "conformance/mutants/event_mutants.hpp"
#include "conformance/mutants/lock_mutants.hpp"
#include "conformance/mutants/queue_mutants.hpp"
#include "conformance/mutants/rlock_mutants.hpp"
#include "conformance/mutants/semaphore_mutants.hpp"
#include "conformance/mutants/with_mutants.hpp"

namespace conformance::mutants {

struct MutantTraits : ReferenceTraits {
    static constexpr std::string_view name = "mutant of the reference";

    using Lock = MutantLock;
    using RLock = MutantRLock;
    using Semaphore = MutantSemaphore;
    using BoundedSemaphore = MutantBoundedSemaphore;
    using Event = MutantEvent;
    using Condition = MutantCondition;
    using Barrier = MutantBarrier;
    template <class T>
    using Queue = MutantQueue<T>;
    template <class T>
    using SimpleQueue = MutantSimpleQueue<T>;

    template <class Lockable, class Body>
    static void with(const Lockable& lock, const Body& body) {
        guarded_block(lock, body);
    }
};

}  // namespace conformance::mutants
