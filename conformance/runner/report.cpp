#include "conformance/runner/report.hpp"

#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "conformance/runner/command_words.hpp"
#include "conformance/runner/merge.hpp"
#include "conformance/runner/whole_file.hpp"

namespace conformance::runner {
namespace {

using Json = nlohmann::ordered_json;

std::string line_of(const Json& json) {
    // What a driver wrote need not be UTF-8.
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

/// What a test says beside its verdict.
void add_findings(const TestRecord& record, Json& json) {
    if (!record.reason.empty()) json["reason"] = record.reason;
    if (!record.details.empty()) json["details"] = record.details;
    if (!record.outcomes.empty()) json["outcomes"] = record.outcomes;
    if (!record.scenario_file.empty()) json["scenario"] = record.scenario_file;
}

std::string footer_line(const Counts& counts, ExitCode code) {
    Json json_counts = Json::object();
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] != 0)
            json_counts[std::string(to_string(static_cast<TestVerdict>(i)))] = counts[i];
    }
    return line_of({{"end", {{"counts", json_counts}, {"exit", static_cast<int>(code)}}}});
}

std::string comparison_line(const Comparison& comparison) {
    Json json = {{"variant", comparison.variant}};
    if (!comparison.only.empty()) {
        json["only"] = comparison.only;
    } else {
        json["agreeing"] = comparison.agreeing;
        json["not_compared"] = comparison.not_compared;
        json["differences"] = Json::array();
        for (const Difference& it : comparison.differences) {
            const auto side = [](const TestRecord& record) {
                Json found = {{"verdict", to_string(record.verdict)}, {"test", record.test}};
                add_findings(record, found);
                return found;
            };
            json["differences"].push_back({{"id", it.requirement},
                                           {"threading", side(it.threading)},
                                           {"multiprocessing", side(it.multiprocessing)}});
        }
    }
    return line_of({{"comparison", json}});
}

std::string merged_header_line(const Merged& merged) {
    Json runs = Json::array();
    for (const RunReport& report : merged.reports) {
        Json run = {{"file", report.file.string()}};
        if (report.has_begun) {
            run["driver"] = report.header.driver;
            run["backend"] = report.header.backend;
            run["variant"] = report.header.variant;
            run["seed"] = report.header.seed;
            run["time_scale"] = report.header.time_scale;
            run["effort"] = report.header.effort;
        }
        run["exit"] = report.exit ? Json(static_cast<int>(*report.exit)) : Json(nullptr);
        runs.push_back(run);
    }
    return line_of({{"report", 1},
                    {"suite", suite_version},
                    {"merged", runs},
                    {"implementation", merged.implementation.implementation},
                    {"version", merged.implementation.version},
                    {"language", merged.implementation.language}});
}

std::string verdict_line(const RequirementVerdict& verdict) {
    Json tests = Json::array();
    for (const auto& [name, record] : verdict.tests)
        tests.push_back(name);
    Json json = {{"id", verdict.requirement},
                 {"level", to_string(verdict.level)},
                 {"backend", verdict.backend},
                 {"variant", verdict.variant},
                 {"verdict", to_string(verdict.worst.verdict)},
                 {"test", verdict.worst.test},
                 {"tests", tests}};
    add_findings(verdict.worst, json);
    return line_of(json);
}

}  // namespace

Report::Report(const std::filesystem::path& file, Header header)
    : path_(file), header_(std::move(header)) {
    if (file.empty()) return;
    std::error_code ignored;
    if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), ignored);
    file_.open(file, std::ios::trunc);
    if (!file_) throw UsageError(complaint());
}

std::string Report::complaint() const {
    return "the report " + path_.string() + " cannot be written";
}

void Report::write(const std::string& lines) {
    if (!file_) return;
    if (!(file_ << lines << std::flush))
        std::cerr << complaint() << ": from here on the verdicts stand on the terminal alone\n";
}

void Report::begin(int tests) {
    if (!file_.is_open() || std::exchange(has_begun_, true)) return;
    write(line_of({{"report", 1},
                   {"suite", header_.suite},
                   {"driver", header_.driver},
                   {"backend", header_.backend},
                   {"variant", header_.variant},
                   {"implementation", header_.greeting.implementation},
                   {"version", header_.greeting.version},
                   {"language", header_.greeting.language},
                   {"seed", header_.seed},
                   {"time_scale", header_.time_scale},
                   {"effort", header_.effort},
                   {"tests", tests},
                   {"all_tests", header_.all_tests}}));
}

void Report::add(const TestRecord& record) {
    if (!file_.is_open()) return;
    Json json = {{"test", record.test},
                 {"id", record.requirement},
                 {"verdict", to_string(record.verdict)},
                 {"runs", record.runs},
                 {"seconds", record.seconds}};
    add_findings(record, json);
    write(line_of(json));
}

void Report::finish(const Counts& counts, ExitCode code) {
    if (!file_.is_open()) return;
    write(comparison_line({.variant = header_.variant, .only = header_.backend}) +
          footer_line(counts, code));
    if (!file_) throw UsageError(complaint());
}

void write_merged_report(const std::filesystem::path& file, const Merged& merged) {
    std::ostringstream stream;
    stream << merged_header_line(merged);
    Counts counts{};
    for (const RequirementVerdict& verdict : merged.verdicts) {
        stream << verdict_line(verdict);
        ++counts[static_cast<std::size_t>(verdict.worst.verdict)];
    }
    for (const Problem& problem : merged.problems)
        stream << line_of(
            {{"problem", problem.sentence}, {"exit", static_cast<int>(problem.code)}});
    for (const Comparison& comparison : merged.comparisons)
        stream << comparison_line(comparison);
    stream << footer_line(counts, merged.code);
    write_whole_file(file, stream.str(), "the report");
}

}  // namespace conformance::runner
