#include "freethreading/timeout.hpp"

#include <algorithm>
#include <ctime>

#include "freethreading/error.hpp"

namespace freethreading {

std::int64_t detail::now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

void Timeout::reject_not_a_number() {
    throw ValueError("a time-out must be a number, or std::nullopt for none; this one is NaN");
}

Deadline Deadline::after_limit(Timeout timeout) {
    if (timeout.is_zero_or_negative()) return Deadline(0);
    const auto nanoseconds = *timeout.nanoseconds();
    const auto start = detail::now();
    if (nanoseconds >= never_ - start) return never();
    return Deadline(start + nanoseconds);
}

bool Deadline::expired() const {
    return !is_never() && (nanoseconds_ <= 0 || detail::now() >= nanoseconds_);
}

std::optional<std::chrono::nanoseconds> Deadline::remaining() const {
    if (is_never()) return std::nullopt;
    if (nanoseconds_ <= 0) return std::chrono::nanoseconds::zero();
    return std::chrono::nanoseconds(std::max(nanoseconds_ - detail::now(), std::int64_t{0}));
}

void detail::reject_timeout_of_poll() {
    throw ValueError("a call that must not block takes no time-out");
}

}  // namespace freethreading
