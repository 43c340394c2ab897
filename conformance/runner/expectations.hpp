#pragma once
/// \file
/// The list of expected failures: they are run, and must fail.
///
///     [{"id": "BSEM-3", "backend": "multiprocessing", "reason": "sem_getvalue is not atomic"}]

#include <filesystem>
#include <set>
#include <string>

#include "conformance/engine/requirements.hpp"

namespace conformance::runner {

/// The ids of the list that hold for this backend: those of requirements, or whole names of tests.
/// Throws SuiteError for anything else than such a list, and for an id that is no requirement and
/// not in `tests`.
[[nodiscard]] std::set<std::string> read_expectations(const std::filesystem::path& file,
                                                      const std::string& backend,
                                                      const Requirements& requirements,
                                                      const std::set<std::string>& tests);

}  // namespace conformance::runner
