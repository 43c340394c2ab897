#include "freethreading/platform/word.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <climits>
#include <ctime>

#include "freethreading/platform/mode.hpp"

#ifdef FREETHREADING_THREAD_SANITIZER
extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);
#endif

namespace freethreading::platform {

#ifdef FREETHREADING_THREAD_SANITIZER
namespace {
char everything_released;
}
void announce_release() {
    if (mode().worker_processes) __tsan_release(&everything_released);
}
void announce_acquire() {
    if (mode().worker_processes) __tsan_acquire(&everything_released);
}
#endif

namespace {
long futex(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value,
           const timespec* deadline) {
    if (!mode().shared_state) operation |= FUTEX_PRIVATE_FLAG;
    return syscall(SYS_futex, &word, operation, value, deadline, nullptr, FUTEX_BITSET_MATCH_ANY);
}
}  // namespace

bool Word::wait(std::uint32_t expected, Deadline deadline) {
    if (deadline.is_never()) {
        futex(value_, FUTEX_WAIT_BITSET, expected, nullptr);
    } else {
        constexpr std::int64_t billion = 1'000'000'000;
        const timespec until{.tv_sec = deadline.nanoseconds() / billion,
                             .tv_nsec = deadline.nanoseconds() % billion};
        if (futex(value_, FUTEX_WAIT_BITSET, expected, &until) != 0 && errno == ETIMEDOUT)
            return false;
    }
    return !deadline.expired();
}

void Word::wake(int count) {
    futex(value_, FUTEX_WAKE, static_cast<std::uint32_t>(count), nullptr);
}

void Word::wake_all() {
    wake(INT_MAX);
}

}  // namespace freethreading::platform
