#pragma once
/// \file
/// What a process knows of itself, and the memory that all processes of a program share. Internal.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "freethreading/platform/context.hpp"
#include "freethreading/platform/mode.hpp"
#include "freethreading/platform/transaction.hpp"
#include "freethreading/platform/word.hpp"

namespace freethreading::platform {

inline constexpr std::size_t context_capacity = 1 << 16;

/// The first pages of the shared mapping; the heap of the arena follows. On the threading backend
/// it is private memory.
struct Root {
    Word next_context_id;
    Word next_process_serial;
    Word next_worker_number;
    Word contexts_used;  // slots below this index have been used
    Word fork_server_dead;
    Word live_non_daemons;  // workers that the program's end has to wait for
    InternalLock arena_lock;
    std::uint64_t arena_begin = 0;
    std::uint64_t arena_end = 0;
    std::uint64_t first_level = 0;  // bit f: some list of free blocks in row f is not empty
    std::array<std::uint64_t, 48> second_level{};  // the same within a row
    std::array<std::array<std::uint64_t, 4>, 48> free_blocks{};
    std::uint64_t used_bytes = 0;
    std::uint64_t used_blocks = 0;
    std::uint64_t dirty_bytes = 0;  // free, and not given back since they were used
    std::array<Context, context_capacity> contexts;
};

/// Mapped at first use. Throws ResourceError if that cannot be done.
[[nodiscard]] Root& root();

/// Serial of the calling process.
[[nodiscard]] ProcessSerial this_process();
/// For a process just forked: from now on it is `serial`, with no context, no block and no end call
/// of its own.
void become_process(ProcessSerial serial);

/// Throws ResourceError if the fork server is dead. Cheap.
void require_fork_server();

/// Has `action` called when this process's part in the program ends: for the main program once
/// `main` has returned or `exit` was called, before it waits for non-daemon workers; for a worker
/// process when its target has returned. In the reverse order of the calls. Returns a number by
/// which the action can be cancelled; nothing happens if it has been called.
std::uint64_t call_at_end(std::function<void()> action);
void cancel_call_at_end(std::uint64_t number);
void make_end_calls();

/// What a thread does instead of sleeping for ever on an internal lock. Only the fork server sets
/// it: nobody else could repair a lock whose owner died, so it must look for dead processes while
/// it waits.
using RepairWhileWaiting = void (*)();
void set_repair_while_waiting(RepairWhileWaiting function);
[[nodiscard]] RepairWhileWaiting repair_while_waiting();

}  // namespace freethreading::platform
