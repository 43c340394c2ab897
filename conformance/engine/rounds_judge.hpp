#pragma once
/// \file
/// Judges the long histories of scenarios with rounds, by near-linear checks for each object.
///
/// Such a scenario keeps to rules, so that no search is needed: it makes no mistake that raises an
/// error, nobody releases what another worker acquired, additions to a Cell are made under a lock,
/// items are all different, and whatever happens it comes to its end. So every error that is not
/// `Empty` or `Full` violates, and so does a standstill.
///
/// What is checked: that holds of a Lock, RLock or Condition exclude one another; that no more permits
/// of a semaphore are out than there are; generations of a Barrier; what is seen of an Event; order,
/// conservation and capacity of queues, and their joins; that no wait of a Condition returns true
/// without a notification; that no addition is lost; the results of tasks.

#include "conformance/engine/judge.hpp"

namespace conformance {

/// Of a run that was completed or is stuck.
[[nodiscard]] Judgement judge_rounds(const Scenario& scenario, const RunResult& result);

}  // namespace conformance
