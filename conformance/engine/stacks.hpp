#pragma once
/// \file
/// What every thread of some processes is doing, as gdb(1) says.

#include <sys/types.h>

#include <string>
#include <vector>

namespace conformance {

/// Of the first few processes. Blocks for some seconds at most. "unavailable" if there is no gdb, or
/// no leave to trace.
[[nodiscard]] std::string stacks_of(const std::vector<pid_t>& processes);

}  // namespace conformance
