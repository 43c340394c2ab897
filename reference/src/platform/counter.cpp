#include "freethreading/platform/counter.hpp"

#include <string>

#include "freethreading/error.hpp"
#include "freethreading/platform/patience.hpp"
#include "freethreading/platform/transaction.hpp"

namespace freethreading::platform {
std::shared_ptr<Counter> Counter::make(std::int64_t value, bool bounded) {
    if (value < 0 || value > largest_counter_value)
        throw ValueError("the initial value of a semaphore must be between 0 and 2147483647, not " +
                         std::to_string(value));
    const auto tokens = static_cast<std::uint32_t>(value);
    return make_object<Counter>(
        tokens, bounded ? tokens : static_cast<std::uint32_t>(largest_counter_value));
}

std::shared_ptr<Counter> Counter::from(std::shared_ptr<Object> object) {
    return object_cast<Counter>(std::move(object));
}

bool Counter::acquire_slowly(Deadline deadline) {
    if (deadline.expired()) return false;
    if (patiently([&] { return take(); })) return true;
    const Attention attention(word_);
    for (bool slept = false;; slept = true) {
        std::uint32_t seen = word_.load();
        while ((seen & ~sleepers) != 0) {
            const std::uint32_t left = (seen & ~sleepers) - 1;
            if (!word_.compare_exchange(seen, slept ? left | sleepers : (seen - 1))) continue;
            if (slept && left > 0) word_.wake(1);
            return true;
        }
        const bool late = deadline.expired();
        if (late && !slept) return false;
        // Also before leaving late: the wake-up that this context consumed may have been the only
        // one.
        if ((seen & sleepers) == 0 && !word_.compare_exchange(seen, seen | sleepers)) continue;
        if (late) return false;
        word_.wait(sleepers, deadline);
    }
}

// At the limit, or there are sleepers.
void Counter::release_otherwise(std::uint32_t seen) {
    const Attention attention(word_);
    do {
        if ((seen & ~sleepers) >= limit_) throw ValueError("Semaphore released too many times");
    } while (!word_.compare_exchange(seen, (seen & ~sleepers) + 1));
    if ((seen & sleepers) != 0) word_.wake(1);
}

}  // namespace freethreading::platform
