#pragma once
/// \file
/// Generated scenarios make all calls that there are rules for, and some of these rules are only
/// recommended: a run that does not conform may break no more than one of these.
///
///     const JudgedRun run = run_and_judge(session, scenario);
///     if (recommendation_broken(run) == "GEN-7") ...   // a limit that is no number did not raise

#include <string_view>

#include "conformance/engine/requirements.hpp"
#include "conformance/properties/failure.hpp"

namespace conformance::properties {

/// The id of a requirement that goes further than the original does, and that this run breaks; else
/// nothing. Whether it breaks another as well cannot be told: what follows from the one would have to be
/// told apart.
[[nodiscard]] std::string_view recommendation_broken(const JudgedRun& run);

/// That requirement, if these have it and say so too; else null.
[[nodiscard]] const Requirement* only_recommended(const Requirements& requirements,
                                                  const JudgedRun& run);

}  // namespace conformance::properties
