#pragma once
/// \file
/// The operations of Lock, RLock, Semaphore and BoundedSemaphore.

#include "conformance/kit/operations/guarded_block.hpp"

namespace conformance::kit {

template <Type type, class Traits, class Visit>
void lock_operations(Visit& visit, const Arguments<Traits>& arguments) {
    visit(Operation::acquire, [&](auto& lock) CONFORMANCE_KIT_CALL(
                                  lock.acquire(arguments.flag(0, true), arguments.timeout())));
    visit(Operation::release, [&](auto& lock) CONFORMANCE_KIT_CALL(lock.release()));
    if constexpr (type == Type::Lock)
        visit(Operation::locked, [&](auto& lock) CONFORMANCE_KIT_CALL(lock.locked()));
    guarded_block_operation(visit, arguments);
}

}  // namespace conformance::kit
