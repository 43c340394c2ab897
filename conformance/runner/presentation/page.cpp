#include "conformance/runner/presentation/page.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "conformance/engine/safe_text.hpp"
#include "conformance/runner/presentation/failure_sections.hpp"
#include "conformance/runner/suite_version.hpp"
#include "conformance/runner/summary.hpp"

namespace conformance::runner {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_sentence = 2000;
constexpr std::size_t longest_section = 32768;
constexpr std::size_t largest_drawing = 131072;
/// Of all drawings together: an implementation that fails everywhere must not make a page that no
/// browser opens. The same history is there as text.
constexpr std::size_t all_drawings = 16U << 20U;

/// For a script element, which only "</script" ends and "<!--" changes.
std::string embedded(const Json& json) {
    std::string text;
    for (const char c : json.dump(-1, ' ', false, Json::error_handler_t::replace)) {
        if (c == '<') {
            text += "\\u003c";
        } else {
            text += c;
        }
    }
    return text;
}

/// A letter for each requirement, so that thousands of cells take thousands of bytes.
std::string letters(const Presentation& presentation, const auto& verdict_of) {
    std::string text;
    for (const Requirement& requirement : presentation.requirements) {
        const auto verdict = verdict_of(requirement.id);
        text += verdict ? static_cast<char>('a' + static_cast<int>(*verdict)) : '-';
    }
    return text;
}

Json requirement_json(const Requirement& requirement, const TestIndex& index) {
    Json json = {{"id", requirement.id},
                 {"name", requirement.name},
                 {"level", to_string(requirement.level)},
                 {"kind", requirement.kind},
                 {"text", requirement.text}};
    if (!requirement.look_at.empty()) json["lookAt"] = requirement.look_at;
    if (const auto tests = index.tests_by_requirement.find(requirement.id);
        tests != index.tests_by_requirement.end())
        json["tests"] = tests->second;
    return json;
}

Json implementation_json(const Merged& merged) {
    const Greeting& it = merged.implementation;
    Json problems = Json::array();
    for (const Problem& problem : merged.problems)
        problems.push_back(shortened(problem.sentence, longest_sentence));
    Json comparisons = Json::array();
    for (const Comparison& comparison : merged.comparisons) {
        if (!comparison.only.empty()) continue;
        comparisons.push_back({{"variant", one_line(comparison.variant, longest_name)},
                               {"agreeing", comparison.agreeing},
                               {"differing", comparison.differences.size()},
                               {"notCompared", comparison.not_compared}});
    }
    return {
        {"name", it.implementation.empty() ? "unnamed" : one_line(it.implementation, longest_name)},
        {"version", one_line(it.version, longest_name)},
        {"language", one_line(it.language, longest_name)},
        {"conclusion", conclusion(merged.code)},
        {"exit", static_cast<int>(merged.code)},
        {"problems", problems},
        {"comparisons", comparisons}};
}

Json column_json(const Presentation& presentation, const Column& column) {
    using Found = std::optional<TestVerdict>;
    Json json = {{"implementation", column.implementation},
                 {"variant", one_line(column.variant, longest_name)},
                 {"backend", column.backend},
                 {"verdicts", letters(presentation, [&](const std::string& id) -> Found {
                      const auto found = column.verdicts.find(id);
                      return found == column.verdicts.end() ? Found()
                                                            : found->second->worst.verdict;
                  })}};
    if (column.has_earlier)
        json["earlier"] = letters(presentation, [&](const std::string& id) -> Found {
            const auto found = column.earlier.find(id);
            return found == column.earlier.end() ? Found() : found->second;
        });
    return json;
}

/// What cells that do not pass have to say.
class Findings {
  public:
    explicit Findings(const Merged& merged, std::size_t& drawings)
        : merged_(merged), drawings_(drawings) {}

    [[nodiscard]] Json finding(const RequirementVerdict& verdict) {
        const TestRecord& worst = verdict.worst;
        Json json = {{"test", shortened(worst.test, longest_name)},
                     {"reason", shortened(worst.reason, longest_sentence)}};
        if (!worst.outcomes.empty()) json["outcomes"] = shortened(worst.outcomes, longest_sentence);
        const FailureSections failure = sections_of(worst.details);
        // Mostly the reason with a full stop.
        if (!failure.explanation.empty() && failure.explanation != worst.reason + '.')
            json["explanation"] = shortened(failure.explanation, longest_section);
        Json sections = Json::array();
        for (const auto& [heading, text] : failure.sections)
            sections.push_back({heading, shortened(text, longest_section)});
        if (!sections.empty()) json["sections"] = sections;
        if (const RunReport* const report = report_of(verdict)) add_run(*report, worst, json);
        Json others = Json::array();
        for (const auto& [name, record] : verdict.tests) {
            if (name == worst.test) continue;
            others.push_back({shortened(name, longest_name), to_string(record.verdict),
                              shortened(record.reason, longest_sentence)});
        }
        if (!others.empty()) json["others"] = others;
        return json;
    }

  private:
    /// The one that has the worst record.
    [[nodiscard]] const RunReport* report_of(const RequirementVerdict& verdict) const {
        const RunReport* any = nullptr;
        for (const RunReport& report : merged_.reports) {
            if (report.header.backend != verdict.backend ||
                report.header.variant != verdict.variant)
                continue;
            if (any == nullptr) any = &report;
            for (const TestRecord& record : report.records) {
                if (record.test == verdict.worst.test && record.verdict == verdict.worst.verdict &&
                    record.scenario_file == verdict.worst.scenario_file)
                    return &report;
            }
        }
        return any;
    }
    void add_run(const RunReport& report, const TestRecord& worst, Json& json) {
        json["report"] = shortened(report.file.string(), longest_sentence);
        json["seed"] = std::to_string(report.header.seed);  // more digits than a script's numbers
        const std::string command =
            replay_command(worst, report.header.driver, report.header.backend);
        if (command.size() <= longest_section && !command.empty())
            json["command"] = cleaned(command);
        std::string drawing = saved_drawing(worst, report.file.parent_path(), largest_drawing);
        if (drawing.empty() || drawings_ + drawing.size() > all_drawings) return;
        drawings_ += drawing.size();
        json["drawing"] = cleaned(drawing);
    }

    const Merged& merged_;
    std::size_t& drawings_;
};

/// An element for each cell, which is parsed when somebody opens it.
std::string findings(const Presentation& presentation) {
    std::string elements;
    std::size_t drawings = 0;
    for (std::size_t i = 0; i < presentation.columns.size(); ++i) {
        const Column& column = presentation.columns[i];
        Findings of_column(presentation.implementations[column.implementation], drawings);
        for (std::size_t row = 0; row < presentation.requirements.size(); ++row) {
            const auto found = column.verdicts.find(presentation.requirements[row].id);
            if (found == column.verdicts.end() || found->second->worst.verdict == TestVerdict::pass)
                continue;
            elements += "<script type=\"application/json\" id=\"finding-" + std::to_string(row) +
                        '-' + std::to_string(i) + "\">" +
                        embedded(of_column.finding(*found->second)) + "</script>\n";
        }
    }
    return elements;
}

/// By requirement: of each mutant its name and backend, whether it must fail it, in how many of how many runs it
/// did, and how soon. Parsed when somebody opens a cell.
std::string mutants(const Presentation& presentation) {
    if (!presentation.mutants) return {};
    Json rows = Json::array();
    for (const Requirement& requirement : presentation.requirements) {
        Json row = Json::array();
        const auto found = presentation.mutants->kills.find(requirement.id);
        if (found != presentation.mutants->kills.end()) {
            for (const Kill& it : found->second)
                row.push_back({one_line(it.mutant, longest_name), it.backend, it.must, it.found,
                               it.runs, it.soonest});
        }
        rows.push_back(std::move(row));
    }
    return "<script type=\"application/json\" id=\"mutants\">" + embedded(rows) + "</script>\n";
}

Json data_of(const Presentation& presentation) {
    Json json = {{"suite", suite_version}, {"hasEarlier", presentation.has_earlier_run}};
    for (std::size_t i = 0; i < number_of_verdicts; ++i)
        json["verdicts"].push_back(to_string(static_cast<TestVerdict>(i)));
    json["requirements"] = Json::array();
    for (const Requirement& requirement : presentation.requirements)
        json["requirements"].push_back(requirement_json(requirement, presentation.index));
    json["implementations"] = Json::array();
    for (const Merged& merged : presentation.implementations)
        json["implementations"].push_back(implementation_json(merged));
    json["columns"] = Json::array();
    for (const Column& column : presentation.columns)
        json["columns"].push_back(column_json(presentation, column));
    if (const auto& matrix = presentation.mutants) {
        Json surviving = Json::array();
        for (std::size_t row = 0; row < presentation.requirements.size(); ++row) {
            if (matrix->surviving.contains(presentation.requirements[row].id))
                surviving.push_back(row);
        }
        json["mutants"] = {
            {"all", matrix->mutants}, {"killed", matrix->killed}, {"surviving", surviving}};
    }
    return json;
}

/// A nonce that whoever wrote the data cannot have known: scripts run with it, and only with it. All
/// that is shown is set as text; this is the second lock.
std::string nonce_of(const std::string& data) {
    std::uint64_t hash = 14695981039346656037U;
    for (const char c : data)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(hash));
    return text.data();
}

}  // namespace

std::string html_page(const Presentation& presentation) {
    const std::string data = embedded(data_of(presentation));
    const std::string found = mutants(presentation) + findings(presentation);
    const std::string nonce = nonce_of(data + found);
    std::string page;
    // Each part once, from the front: what was put in is not looked at again.
    std::string_view rest = page_template;
    while (true) {
        const std::size_t begin = rest.find("{{");
        const std::size_t end = rest.find("}}", begin);
        page += rest.substr(0, begin);
        if (begin == std::string_view::npos || end == std::string_view::npos) break;
        const std::string_view name = rest.substr(begin + 2, end - begin - 2);
        if (name == "style") page += page_style;
        if (name == "script") page += page_script;
        if (name == "nonce") page += nonce;
        if (name == "data") page += data;
        if (name == "findings") page += found;
        rest = rest.substr(end + 2);
    }
    return page;
}

}  // namespace conformance::runner
