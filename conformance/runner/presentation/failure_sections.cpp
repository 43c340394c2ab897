#include "conformance/runner/presentation/failure_sections.hpp"

#include <array>
#include <fstream>
#include <iterator>

#include "conformance/engine/failure_text.hpp"

namespace conformance::runner {
namespace {

/// In the order in which failure_text prints them.
constexpr std::array<std::string_view, 7> headings = {"Look at",
                                                      "Scenario",
                                                      "What happened",
                                                      "Report of the sanitizer",
                                                      "Stacks of the driver's threads",
                                                      "What the driver wrote to standard error",
                                                      "To run it again"};
constexpr std::string_view look_at = headings.front();
constexpr std::string_view written_by_driver = headings[5];
constexpr std::string_view run_again = headings.back();

std::string marker(std::string_view heading) {
    return "\n\n" + std::string(heading) + ":\n";
}

std::string_view without_line_feeds_around(std::string_view text) {
    while (text.starts_with('\n'))
        text.remove_prefix(1);
    while (text.ends_with('\n'))
        text.remove_suffix(1);
    return text;
}

/// "BARRIER-16 (required):" and its text end the explanation.
std::string_view before_requirement(std::string_view text) {
    std::size_t end = text.size();
    for (const std::string_view level : {"required", "recommended", "permitted"}) {
        const std::size_t at = text.find(" (" + std::string(level) + "):\n  ");
        if (at == std::string_view::npos) continue;
        const std::size_t begin = text.rfind("\n\n", at);
        if (begin != std::string_view::npos) end = std::min(end, begin);
    }
    return text.substr(0, end);
}

std::string read(const std::filesystem::path& file, std::size_t most) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error || size > 4 * most) return {};
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::string_view between(std::string_view text, std::string_view begin, std::string_view end) {
    const std::size_t from = text.find(begin);
    if (from == std::string_view::npos) return {};
    const std::size_t to = text.find(end, from + begin.size());
    if (to == std::string_view::npos) return {};
    return text.substr(from + begin.size(), to - from - begin.size());
}

}  // namespace

FailureSections sections_of(std::string_view details) {
    FailureSections result;
    std::string_view heading;
    std::string_view rest = details;
    const auto take = [&](std::string_view text) {
        text = without_line_feeds_around(text);
        if (heading.empty()) {
            result.explanation = without_line_feeds_around(before_requirement(text));
        } else if (heading != look_at && heading != run_again && !text.empty()) {
            result.sections.emplace_back(heading, text);
        }
    };
    for (const std::string_view next : headings) {
        // The driver's own words go on until the last place where they can end.
        const std::string text = marker(next);
        const std::size_t at = heading == written_by_driver ? rest.rfind(text) : rest.find(text);
        if (at == std::string_view::npos) continue;
        take(rest.substr(0, at));
        heading = next;
        rest = rest.substr(at + text.size());
    }
    take(rest);
    return result;
}

std::string replay_command(const TestRecord& record, const std::string& driver,
                           const std::string& backend) {
    if (record.scenario_file.empty()) return {};
    return "freethreading-conformance --driver " + shell_quoted(driver) + " --backend " +
           shell_quoted(backend) + " --replay " + shell_quoted(record.scenario_file) +
           " --times 100";
}

std::string saved_drawing(const TestRecord& record, const std::filesystem::path& folder_of_report,
                          std::size_t most) {
    if (record.scenario_file.empty()) return {};
    std::filesystem::path file = record.scenario_file;
    file.replace_extension(".html");
    for (const auto& place : {file, folder_of_report / file.filename()}) {
        const std::string page = read(place, most);
        const std::string_view style = between(page, "<style>", "</style>");
        const std::string_view drawing = between(page, "<svg role=\"img\"", "</svg>");
        if (drawing.empty() || drawing.size() > most) continue;
        const std::size_t end_of_tag = drawing.find('>');
        if (end_of_tag == std::string_view::npos) continue;
        return "<svg xmlns=\"http://www.w3.org/2000/svg\"" +
               std::string(drawing.substr(0, end_of_tag + 1)) + "<style>" + std::string(style) +
               "</style>" + std::string(drawing.substr(end_of_tag + 1)) + "</svg>";
    }
    return {};
}

}  // namespace conformance::runner
