#pragma once
/// \file
/// One self-contained HTML page that shows everything: requirements down, implementations and their
/// backends across. Its markup, style and scripts are in page/, and are embedded when this is built;
/// here only the data is written.

#include <string>

#include "conformance/runner/presentation/presentation.hpp"

namespace conformance::runner {

/// Reads the drawings that lie beside the scenarios which the reports name.
[[nodiscard]] std::string html_page(const Presentation& presentation);

/// The parts of page/, as `embed.cmake` writes them.
extern const std::string_view page_template;
extern const std::string_view page_style;
extern const std::string_view page_script;

}  // namespace conformance::runner
