#pragma once
/// \file
/// Whether every Cell is guarded by a lock. A Cell is plain memory: two workers that use it at the
/// same time race, and that is the scenario's fault and not the implementation's.
///
///     remove_unguarded_uses(scenario);
///     has_unguarded_uses(scenario);  // false
///
/// Judged from the text, worker by worker: a lock is held from an acquire without a time limit to the
/// release. All uses of a Cell need one lock in common (the lock sets of Savage et al., Eraser, TOCS
/// 1997) that nobody else releases, as anybody may release a Lock, but for those of the main worker before it starts others and after it has joined all. Pure.

#include "spec/scenario/scenario.hpp"

namespace conformance::properties {

[[nodiscard]] bool has_unguarded_uses(const Scenario& scenario);

/// Removes the calls that use a Cell without a lock that the uses before have in common.
void remove_unguarded_uses(Scenario& scenario);

}  // namespace conformance::properties
