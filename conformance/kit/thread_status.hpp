#pragma once
/// \file
/// What the kernel tells of a thread, of this process or another. Source: proc(5).

#include <sys/types.h>

#include <optional>
#include <string>

namespace conformance::kit {

struct ThreadStatus {
    char state = '?';     ///< R running or ready, S asleep, T stopped, Z dead, ...
    std::string times{};  ///< changes whenever the thread has run

    [[nodiscard]] bool is_asleep() const { return state == 'S'; }
    [[nodiscard]] bool is_stopped() const { return state == 'T' || state == 't'; }
    [[nodiscard]] bool is_dead() const { return state == 'Z' || state == 'X'; }
};

/// Nothing if there is no such thread.
[[nodiscard]] std::optional<ThreadStatus> thread_status(pid_t process, pid_t thread);

/// Whether the thread has ended.
[[nodiscard]] bool is_gone(pid_t process, pid_t thread);

}  // namespace conformance::kit
