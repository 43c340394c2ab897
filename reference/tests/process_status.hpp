#pragma once
/// \file
/// What the kernel tells of processes: proc(5), /proc/pid/stat.

#include <sys/types.h>

#include <optional>
#include <vector>

struct ProcessStatus {
    pid_t process = 0;
    char state = 0;  ///< 'Z': a zombie, 'T': stopped
    pid_t parent = 0;
    pid_t group = 0;
    pid_t session = 0;
};

/// Nothing if there is no such process (any more).
[[nodiscard]] std::optional<ProcessStatus> process_status(pid_t process);

/// Of every process that there is, zombies too.
[[nodiscard]] std::vector<ProcessStatus> all_processes();
