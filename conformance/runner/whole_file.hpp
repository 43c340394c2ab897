#pragma once
/// \file
/// Files that are read, and written, as a whole.

#include <filesystem>
#include <string>
#include <string_view>

namespace conformance::runner {

/// What it holds. Throws UsageError, "the report x.jsonl cannot be read", also for a folder. `what`: "the report".
[[nodiscard]] std::string read_whole_file(const std::filesystem::path& file, std::string_view what);

/// Makes its folder if need be, and replaces the file by that text; if that fails, or this program ends meanwhile,
/// it is as it was before: the text is written beside it, and takes its place at once (rename(2)). What is no
/// regular file, as a pipe, is written to. Throws UsageError, "the page x.html cannot be written".
void write_whole_file(const std::filesystem::path& file, std::string_view text,
                      std::string_view what);

}  // namespace conformance::runner
