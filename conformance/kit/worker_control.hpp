#pragma once
/// \file
/// What a driver does to its workers from outside (rule 5.12).

#include <cstddef>

#include "conformance/kit/board.hpp"

namespace conformance::kit {

/// Blocks until the worker sleeps or has ended. A worker that waits for its alignment sleeps too.
void await_blocked(Board& board, std::size_t position);

/// Kills, stops or continues the worker's process, once it has begun, and blocks until that has
/// happened. Nothing if it has ended. Throws DriverFault if it cannot be done.
void kill_worker(Board& board, std::size_t position);
void stop_worker(Board& board, std::size_t position);
void resume_worker(Board& board, std::size_t position);

}  // namespace conformance::kit
