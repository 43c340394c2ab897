#pragma once
/// \file
/// What a failure printed (failure_text.hpp), taken apart again: a report holds it as one text.

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/engine/test_verdict.hpp"

namespace conformance::runner {

struct FailureSections {
    std::string explanation{};  ///< what stands in front of the first heading
    /// Headings and texts, in their order: "Scenario", "What happened", ...
    std::vector<std::pair<std::string, std::string>> sections{};
};

/// Headings count only in the order in which failures print them, so that what a driver writes cannot
/// pose as what the suite says before it. The command that replays is left out: it is made anew, from
/// the report's header. So are requirement and place to look at, which the requirements state.
[[nodiscard]] FailureSections sections_of(std::string_view details);

/// The command that replays what the record saved; empty if it saved nothing.
[[nodiscard]] std::string replay_command(const TestRecord& record, const std::string& driver,
                                         const std::string& backend);

/// The drawing of the page beside a saved scenario, as an SVG that stands alone; empty if there is none
/// or it is larger than `most`. Looked for where it was saved, and, as reports travel with what lies
/// beside them, in the folder of the report.
[[nodiscard]] std::string saved_drawing(const TestRecord& record,
                                        const std::filesystem::path& folder_of_report,
                                        std::size_t most);

}  // namespace conformance::runner
