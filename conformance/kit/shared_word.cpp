#include "conformance/kit/shared_word.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <climits>

namespace conformance::kit {

void sleep_on(SharedWord& word, std::uint32_t seen, std::optional<std::int64_t> nanoseconds) {
    timespec limit{};
    if (nanoseconds) {
        limit.tv_sec = static_cast<time_t>(*nanoseconds / 1'000'000'000);
        limit.tv_nsec = static_cast<long>(*nanoseconds % 1'000'000'000);
    }
    syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&word), FUTEX_WAIT, seen,
            nanoseconds ? &limit : nullptr, nullptr, 0);
}

void wake_all(SharedWord& word) {
    syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&word), FUTEX_WAKE, INT_MAX, nullptr,
            nullptr, 0);
}

}  // namespace conformance::kit
