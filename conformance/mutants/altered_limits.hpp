#pragma once
/// \file
/// Time limits, and waits that never end.

#include <chrono>

#include "freethreading/freethreading.hpp"

namespace conformance::mutants {

namespace ft = freethreading;

/// A limit that asks for a single look.
[[nodiscard]] inline bool has_no_time(ft::Timeout timeout) {
    return !timeout.is_none() && timeout.is_zero_or_negative();
}

/// Half of a limit of more than nothing; any other as it is.
[[nodiscard]] inline ft::Timeout half_of(ft::Timeout timeout) {
    const auto nanoseconds = timeout.nanoseconds();
    if (!nanoseconds || *nanoseconds <= 0) return timeout;
    return std::chrono::nanoseconds(*nanoseconds / 2);
}

/// As a wait for what never comes does it. Throws TimeoutError.
[[noreturn]] inline void wait_in_vain(ft::Timeout timeout = {}) {
    static_cast<void>(ft::Event().wait(timeout));
    throw ft::TimeoutError("it did not come");
}

}  // namespace conformance::mutants
