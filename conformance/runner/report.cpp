#include "conformance/runner/report.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "conformance/runner/command_words.hpp"

namespace conformance::runner {
namespace {

using Json = nlohmann::ordered_json;

std::string line_of(const Json& json) {
    // What a driver wrote need not be UTF-8.
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace

Report::Report(const std::filesystem::path& file, Header header) : header_(std::move(header)) {
    if (file.empty()) return;
    std::error_code ignored;
    if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), ignored);
    file_.open(file, std::ios::trunc);
    if (!file_) throw UsageError("the report " + file.string() + " cannot be written");
}

void Report::begin(int tests) {
    if (!file_.is_open() || std::exchange(has_begun_, true)) return;
    file_ << line_of({{"report", 1},
                      {"driver", header_.driver},
                      {"backend", header_.backend},
                      {"variant", header_.variant},
                      {"implementation", header_.greeting.implementation},
                      {"version", header_.greeting.version},
                      {"language", header_.greeting.language},
                      {"seed", header_.seed},
                      {"time_scale", header_.time_scale},
                      {"tests", tests},
                      {"all_tests", header_.all_tests}})
          << std::flush;
}

void Report::add(const TestRecord& record) {
    if (!file_.is_open()) return;
    Json json = {{"test", record.test},
                 {"id", record.requirement},
                 {"verdict", to_string(record.verdict)},
                 {"runs", record.runs},
                 {"seconds", record.seconds}};
    if (!record.reason.empty()) json["reason"] = record.reason;
    if (!record.details.empty()) json["details"] = record.details;
    if (!record.scenario_file.empty()) json["scenario"] = record.scenario_file;
    file_ << line_of(json) << std::flush;
}

void Report::finish(const Counts& counts, ExitCode code) {
    if (!file_.is_open()) return;
    Json json_counts = Json::object();
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] != 0)
            json_counts[std::string(to_string(static_cast<TestVerdict>(i)))] = counts[i];
    }
    file_ << line_of({{"end", {{"counts", json_counts}, {"exit", static_cast<int>(code)}}}})
          << std::flush;
}

}  // namespace conformance::runner
