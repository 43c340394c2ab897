#pragma once
/// \file
/// What a run would have been, had some of its calls not been made and the others all the same: a smaller scenario
/// that fails on paper is worth running before one that does not.
///
///     if (const auto part = projection(run, smaller); part && fails_alike(*part, run)) ...
///
/// Pure.

#include <optional>

#include "conformance/properties/failure.hpp"
#include "spec/scenario/scenario.hpp"

namespace conformance::properties {

/// Judged. Nothing if `part` has a call, a worker or an object that the run's scenario has not, or has in another
/// form, or if the history is too long to be judged in passing.
[[nodiscard]] std::optional<JudgedRun> projection(const JudgedRun& run, const Scenario& part);

/// Whether both violate the specification, by the same call and for the same reason.
[[nodiscard]] bool fails_alike(const JudgedRun& one, const JudgedRun& other);

}  // namespace conformance::properties
