#pragma once
/// \file
/// What the rest of the library may know about the backend: where state lives and what a worker is.
/// Internal.

#include <cstdint>

namespace freethreading::platform {

/// `threading` is {false, false}; `multiprocessing` is {true, true}. {true, false} is the variant
/// that race detectors need: all the code of the multiprocessing backend, with threads as workers
/// (`FREETHREADING_WORKERS=threads`), since a race detector cannot see into another process.
struct Mode {
    bool shared_state;      ///< state lives in the arena, and waits use futexes that are visible to
                            ///< other processes
    bool worker_processes;  ///< a worker is a process, and may be killed on its own
};

/// Decides the backend if nothing did yet. Throws ValueError for an unknown name in the
/// environment.
[[nodiscard]] const Mode& mode();

/// Identifies a process of the program: 1 for the main program, never reused. 0 stands for "none".
using ProcessSerial = std::uint32_t;

}  // namespace freethreading::platform
