#include "conformance/engine/idle_watch.hpp"

#include <algorithm>
#include <utility>

namespace conformance {

bool IdleWatch::moves(Seen& seen, const ThreadActivity& thread, std::int64_t now) const {
    const bool awake_before = std::exchange(seen.was_awake, !thread.asleep);
    const bool busy = thread.run_time - seen.run_time_at_start >= limits_.background.count();
    if (busy || now - seen.window_start >= limits_.window.count()) {
        seen.window_start = now;
        seen.run_time_at_start = thread.run_time;
    }
    return busy || (awake_before && !thread.asleep);
}

std::chrono::nanoseconds IdleWatch::observe(const Observation& observation) {
    const std::int64_t now = observation.now;
    bool moved = observation.progress != std::exchange(progress_, observation.progress);
    bool all_asleep = true;
    std::map<pid_t, Seen> seen;
    for (const ThreadActivity& thread : observation.threads) {
        const auto before = seen_.find(thread.thread);
        if (before == seen_.end()) {
            moved = true;  // a thread that was not there before
            seen[thread.thread] = {now, thread.run_time, !thread.asleep};
        } else {
            moved |= moves(before->second, thread, now);
            seen.insert(*before);
        }
        all_asleep &= thread.asleep;
    }
    moved |= seen.size() != seen_.size();
    seen_ = std::move(seen);

    if (moved || now < observation.deadline || !idle_since_) {
        idle_since_ = std::max(now, observation.deadline);
        return {};
    }
    const std::chrono::nanoseconds idle(now - *idle_since_);
    return all_asleep && idle >= limits_.window ? idle : std::chrono::nanoseconds{};
}

}  // namespace conformance
