#include "conformance/engine/failure_text.hpp"

#include <fstream>
#include <sstream>

#include "conformance/engine/safe_text.hpp"
#include "conformance/engine/scenario_text.hpp"
#include "conformance/engine/timeline_page.hpp"
#include "conformance/wire/scenario_json.hpp"

namespace conformance {
namespace {

constexpr std::size_t longest_reason = 4000;

std::string section(const std::string& title, const std::string& text) {
    if (text.empty()) return {};
    std::string result = '\n' + title + ":\n" + text;
    if (result.back() != '\n') result += '\n';
    return result;
}

/// Of a program that nobody here wrote: cleaned, bounded, and so that no line begins at the margin, where it could be
/// taken for one of ours, or for a command of whoever reads the output.
std::string foreign(const std::string& text) {
    constexpr std::size_t most = 65536;
    std::string result;
    std::istringstream lines(shortened(text, most));
    for (std::string line; std::getline(lines, line);)
        result += "  " + line + '\n';
    return result;
}

std::string replay_command(const TestContext& context, const std::filesystem::path& file) {
    const ContextOptions& options = context.options();
    return options.program + " --driver " + shell_quoted(options.driver_command) + " --backend " +
           options.session.backend + " --replay " + shell_quoted(file.string()) + " --times 100";
}

}  // namespace

std::string shell_quoted(const std::string& word) {
    const bool is_plain =
        !word.empty() && word.find_first_of(" \t\n\"'\\$`*?[](){}<>|&;!#~") == std::string::npos;
    if (is_plain) return word;
    std::string quoted = "'";
    for (const char c : word)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + '\'';
}

std::filesystem::path save_scenario(const TestContext& context, const Scenario& scenario) {
    std::string name = context.record().test;
    for (char& c : name) {
        if (c == '/') c = '.';  // of parametrized tests
    }
    const ContextOptions& options = context.options();
    std::error_code error;
    std::filesystem::create_directories(options.save_folder, error);
    const auto path =
        std::filesystem::absolute(options.save_folder, error) /
        (name + '-' + options.session.backend + '-' + std::to_string(scenario.seed) + ".json");
    std::ofstream file(path);
    file << to_json(scenario) << '\n';
    if (file.flush()) return path;
    std::filesystem::remove(path, error);
    return {};
}

std::filesystem::path save_page(const TestContext& context, const Scenario& scenario,
                                const RunResult& result, const Judgement& judgement,
                                const std::filesystem::path& scenario_file) {
    if (scenario_file.empty()) return {};
    TimelinePage page{.title = context.record().test + ", " + context.options().session.backend,
                      .reason = judgement.reason,
                      .command = replay_command(context, scenario_file)};
    if (const Requirement* const requirement = context.requirement())
        page.sections.emplace_back(
            requirement->id + " (" + std::string(to_string(requirement->level)) + ')',
            requirement->text);
    page.sections.emplace_back("Scenario", to_code(scenario));
    page.sections.emplace_back("What happened", judgement.timeline);
    page.sections.emplace_back("Report of the sanitizer", result.sanitizer_report);
    page.sections.emplace_back("Stacks of the driver's threads", result.stacks);
    page.sections.emplace_back("What the driver wrote to standard error", result.output);
    Judgement drawn = judgement;
    if (drawn.shown.entries.empty()) drawn.shown = result.history;
    auto path = scenario_file;
    path.replace_extension(".html");
    std::ofstream file(path);
    file << timeline_page(page, scenario, drawn);
    if (file.flush()) return path;
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    return {};
}

std::string failure_text(const TestContext& context, const Scenario& scenario,
                         const RunResult& result, const Judgement& judgement,
                         const std::filesystem::path& file) {
    std::string text = one_line(judgement.reason, longest_reason) + ".\n";
    if (const Requirement* const requirement = context.requirement()) {
        text += section(requirement->id + " (" + std::string(to_string(requirement->level)) + ')',
                        "  " + requirement->text);
        text += section("Look at", "  " + requirement->look_at);
    }
    text += section("Scenario", to_code(scenario));
    text += section("What happened", judgement.timeline);
    text += section("Report of the sanitizer", foreign(result.sanitizer_report));
    text += section("Stacks of the driver's threads", foreign(result.stacks));
    text += section("What the driver wrote to standard error", foreign(result.output));
    text +=
        section("To run it again", file.empty() ? "  (the scenario could not be saved in " +
                                                      context.options().save_folder.string() + ')'
                                                : "  " + replay_command(context, file));
    if (!file.empty()) {
        auto page = file;
        page.replace_extension(".html");
        std::error_code ignored;
        if (std::filesystem::exists(page, ignored))
            text += section("To look at it", "  " + page.string());
    }
    return text;
}

}  // namespace conformance
