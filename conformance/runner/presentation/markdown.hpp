#pragma once
/// \file
/// A summary in GitHub's Markdown: for a job's page, or a comment. Pure.

#include <string>

#include "conformance/runner/presentation/presentation.hpp"

namespace conformance::runner {

/// A table of how many requirements have which verdict, the requirements that do not pass, where
/// backends differ, what changed since the earlier run, and what is wrong beside the tests. Long
/// lists end with the number of what is left out.
[[nodiscard]] std::string markdown_summary(const Presentation& presentation);

/// On one line, so that nothing in it is markup, a mention or a link.
[[nodiscard]] std::string escaped_for_markdown(std::string_view text, std::size_t most);

}  // namespace conformance::runner
