#pragma once
/// \file
/// What a property of the suite calls.
///
///     TEST(Properties, PROP_1_lock) { hold_for_all(Family::lock); }
///
/// The scenarios follow from the runner's seed and the name of the family, so that the same seed
/// runs the same ones; how many there are, from its effort.

#include "conformance/properties/family.hpp"

namespace conformance::properties {

/// Generates scenarios, runs each on the driver under test with several alignments and
/// perturbations, and judges every run by the models. The first that does not conform is shrunk, saved,
/// and told as a failure of the present test, with seed, code and the command that replays it.
void hold_for_all(Family family);

/// Runs every scenario that once showed a defect and was saved in `regressions`, many times.
void hold_for_saved_scenarios();

/// Runs scenarios of which the models foretell every outcome on both backends, and compares.
void hold_on_both_backends();

}  // namespace conformance::properties
