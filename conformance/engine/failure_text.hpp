#pragma once
/// \file
/// What a failure prints, and the file that replays it.

#include <filesystem>
#include <string>

#include "conformance/engine/judge.hpp"
#include "conformance/engine/test_context.hpp"

namespace conformance {

/// Saves the scenario in the context's folder. Returns the file, or an empty path if it cannot be
/// written: a failure must not be lost for that.
[[nodiscard]] std::filesystem::path save_scenario(const TestContext& context,
                                                  const Scenario& scenario);

/// Requirement, scenario, timeline, explanation, the command that replays the saved file, and the page
/// beside it if there is one.
[[nodiscard]] std::string failure_text(const TestContext& context, const Scenario& scenario,
                                       const RunResult& result, const Judgement& judgement,
                                       const std::filesystem::path& file);

/// Saves a picture of the violation (timeline_page.hpp) beside the saved scenario. Returns the file, or
/// an empty path if there is none.
std::filesystem::path save_page(const TestContext& context, const Scenario& scenario,
                                const RunResult& result, const Judgement& judgement,
                                const std::filesystem::path& scenario_file);

/// Quoted for a shell, if need be.
[[nodiscard]] std::string shell_quoted(const std::string& word);

}  // namespace conformance
