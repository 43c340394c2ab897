#pragma once
/// \file
/// The process from which worker processes are forked. Internal.
///
/// A small process with one thread, itself forked once from the program: forking a program that has
/// threads is unsafe, and forking a large one is slow. It is the parent of all worker processes,
/// whoever asked for them, so it learns of every death; it mends what the dead left half done
/// (transaction.hpp), frees what was theirs (arena.hpp), and publishes the end in the worker's
/// record. It handles no user code but that of the workers it forks.
///
/// It dies with the program: it watches the program by a pidfd, and the kernel kills the workers
/// when it is gone (PR_SET_PDEATHSIG; the server has one thread, so "the parent thread" is the
/// server). If only the server is killed, its workers are killed with it, and a thread of the
/// program that watches the server marks it dead and wakes all that sleep, which then throw
/// ResourceError. Sources: pidfd_open(2), prctl(2), signalfd(2), unix(7).

#include "freethreading/platform/worker_record.hpp"

namespace freethreading::platform {

/// Starts the server unless it runs. Throws ResourceError if that cannot be done.
void ensure_fork_server();

/// Has the server kill the workers that are left, and waits for its end. Afterwards no worker can
/// be started.
void stop_fork_server();

}  // namespace freethreading::platform
