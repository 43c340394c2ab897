#pragma once
/// \file
/// Writes the skeleton of a driver, for a beginning.

#include <filesystem>
#include <ostream>
#include <string>

namespace conformance::runner {

/// Writes the files for `language`, "cpp" or "other", into `folder`, which it makes if need be, and tells
/// what to do with them. Throws UsageError, having written nothing, if one of them is there already, and
/// if one cannot be written.
void init(const std::filesystem::path& folder, const std::string& language, std::ostream& out);

}  // namespace conformance::runner
