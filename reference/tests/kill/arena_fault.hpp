#pragma once
// Whether the arena is what its algorithm makes of it.

#include <string>

namespace kill_tests {

/// The structure of the arena: blocks, neighbours, lists of free blocks and sums. Empty, or what is
/// wrong with it.
[[nodiscard]] std::string find_fault_in_arena();

}  // namespace kill_tests
