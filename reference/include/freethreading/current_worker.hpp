#pragma once
/// \file
/// Who is running here, and who else.
///
///     // MainThread or MainProcess, in the main program:
///     std::cout << freethreading::current_worker().name();
///     for (const auto& child : freethreading::active_children())
///         child.join();
///
/// A std::thread that the program made itself counts as the worker that its process is (the main
/// one, on the threading backend). Nothing here blocks.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "freethreading/worker.hpp"

namespace freethreading {

/// The worker that calls this. Fulfils UTIL-5, UTIL-6.
[[nodiscard]] WorkerHandle current_worker();

/// The workers that the calling one started and that are alive, in no particular order; workers of
/// its pools and executors too. Fulfils UTIL-10, UTIL-12 to UTIL-14.
[[nodiscard]] std::vector<WorkerHandle> active_children();

/// The same, and the calling worker. Fulfils UTIL-12, UTIL-13.
[[nodiscard]] std::vector<WorkerHandle> enumerate();

/// How many `enumerate` would return. Fulfils UTIL-9.
[[nodiscard]] std::size_t active_count();

/// A positive number that no other worker alive has: of the thread on the threading backend, of the
/// process on the multiprocessing backend. A later worker may have it again. Fulfils UTIL-2 to
/// UTIL-4.
[[nodiscard]] std::uint64_t get_ident();

}  // namespace freethreading
