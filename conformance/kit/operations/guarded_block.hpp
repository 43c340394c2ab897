#pragma once
/// \file
/// `with`, on whatever can be acquired. For pools see pools.hpp.

#include <string>

#include "conformance/kit/arguments.hpp"
#include "conformance/kit/visit.hpp"

namespace conformance::kit {

/// Rule 5.8. Throws what leaves the block.
template <class Traits, class Lock>
    requires requires(Lock& lock, void (*body)()) {
        Traits::with(lock, body);
        lock.release();
    }
bool make_guarded_block(Lock& lock, const Arguments<Traits>& arguments) {
    const std::string body = arguments.at(0).is_null() ? "nothing" : arguments.text(0);
    Traits::with(lock, [&] {
        if (body == "raise") Traits::raise(ErrorKind::Other);
        if (body == "release") lock.release();
    });
    return true;
}

template <class Traits, class Visit>
void guarded_block_operation(Visit& visit, const Arguments<Traits>& arguments) {
    visit(
        Operation::with, [&](auto& lock) CONFORMANCE_KIT_CALL(make_guarded_block(lock, arguments)));
}

}  // namespace conformance::kit
