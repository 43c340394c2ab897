#include "conformance/runner/report_reading.hpp"

#include <map>
#include <sstream>
#include <string>
#include <utility>

#include "conformance/runner/whole_file.hpp"
#include "conformance/wire/json_reading.hpp"

namespace conformance::runner {
namespace {

using json_reading::Json;

/// A line, with its place for error messages.
class Line {
  public:
    Line(const Json& json, std::string place) : json_(json), place_(std::move(place)) {
        if (!json_.is_object()) fail("is no JSON object");
    }

    [[noreturn]] void fail(const std::string& what) const {
        throw ReportError(place_ + ' ' + what);
    }
    [[nodiscard]] bool has(const char* member) const { return json_.contains(member); }
    template <class T>
    [[nodiscard]] T get(const char* member) const {
        if (auto found = json_reading::member_as<T>(json_, member)) return *std::move(found);
        fail("has no member \"" + std::string(member) + "\" of the right type");
    }
    [[nodiscard]] std::string optional_text(const char* member) const {
        return has(member) ? get<std::string>(member) : std::string();
    }
    [[nodiscard]] Line object(const char* member) const {
        if (!has(member)) fail("has no object \"" + std::string(member) + '"');
        return {json_.at(member), place_};
    }
    [[nodiscard]] std::map<std::string, int> counts(const char* member) const {
        std::map<std::string, int> counts;
        const Line line = object(member);
        for (const auto& item : line.json_.items())
            counts[item.key()] = line.get<int>(item.key().c_str());
        return counts;
    }

  private:
    const Json& json_;
    std::string place_;
};

TestVerdict verdict_in(const Line& line) {
    const auto text = line.get<std::string>("verdict");
    for (std::size_t i = 0; i < number_of_verdicts; ++i) {
        if (text == to_string(static_cast<TestVerdict>(i))) return static_cast<TestVerdict>(i);
    }
    line.fail("has the unknown verdict \"" + text + '"');
}

void read_header(const Line& line, RunReport& report) {
    if (!line.has("report")) line.fail("is not the header of a report");
    const int version = line.get<int>("report");
    if (version != 1)
        line.fail("says that the report has version " + std::to_string(version) +
                  "; this program reads version 1");
    if (line.has("merged"))
        line.fail("is the header of a merged report; merge the reports that it was made of");
    const auto suite = line.get<std::string>("suite");
    if (suite != suite_version)
        line.fail("says that the report is of version " + suite +
                  " of the suite, and this is version " + std::string(suite_version) +
                  "; judge again with this one");
    report.header = {.suite = suite,
                     .driver = line.get<std::string>("driver"),
                     .backend = line.get<std::string>("backend"),
                     .variant = line.get<std::string>("variant"),
                     .greeting = {.implementation = line.get<std::string>("implementation"),
                                  .version = line.get<std::string>("version"),
                                  .language = line.get<std::string>("language")},
                     .seed = line.get<std::uint64_t>("seed"),
                     .time_scale = line.get<double>("time_scale"),
                     .effort = line.get<double>("effort"),
                     .all_tests = line.get<int>("all_tests")};
    if (report.header.backend != "threading" && report.header.backend != "multiprocessing")
        line.fail("has the unknown backend " + report.header.backend);
    report.tests = line.get<int>("tests");
    report.has_begun = true;
}

TestRecord record_in(const Line& line) {
    TestRecord record{.test = line.get<std::string>("test"),
                      .requirement = line.get<std::string>("id"),
                      .verdict = verdict_in(line),
                      .reason = line.optional_text("reason"),
                      .details = line.optional_text("details"),
                      .scenario_file = line.optional_text("scenario"),
                      .outcomes = line.optional_text("outcomes"),
                      .runs = line.get<int>("runs"),
                      .seconds = line.get<double>("seconds")};
    if (record.test.empty()) line.fail("names no test");
    return record;
}

/// Lines that somebody removed, or added, are noticed here.
void read_footer(const Line& line, RunReport& report) {
    std::map<std::string, int> counts;
    ExitCode least = ExitCode::conforms;
    for (const TestRecord& record : report.records) {
        ++counts[std::string(to_string(record.verdict))];
        least = graver(least, exit_code_of(record.verdict));
    }
    const Line end = line.object("end");
    if (end.counts("counts") != counts)
        line.fail("is a footer that counts other verdicts than those before it");
    const int exit = end.get<int>("exit");
    for (const ExitCode code :
         {ExitCode::conforms, ExitCode::does_not_conform, ExitCode::inconclusive,
          ExitCode::driver_fault, ExitCode::suite_error}) {
        if (exit == static_cast<int>(code)) report.exit = code;
    }
    if (!report.exit || graver(*report.exit, least) != *report.exit)
        line.fail("is a footer with the exit status " + std::to_string(exit) +
                  ", which does not follow from the verdicts before it");
}

void read_line(const Line& line, RunReport& report) {
    if (report.exit) line.fail("comes after the footer");
    if (!report.has_begun) {
        read_header(line, report);
    } else if (line.has("end")) {
        read_footer(line, report);
    } else if (!line.has("comparison")) {  // which says only that there is nothing to compare
        report.records.push_back(record_in(line));
    }
}

}  // namespace

RunReport read_report(const std::filesystem::path& file) {
    std::istringstream stream(read_whole_file(file, "the report"));
    RunReport report{.file = file};
    int number = 0;
    for (std::string text; std::getline(stream, text);) {
        const std::string place = file.string() + ": line " + std::to_string(++number);
        const Json json = Json::parse(text, nullptr, false);
        const bool breaks_off = json.is_discarded() && stream.eof() && text.starts_with('{');
        if (breaks_off && !report.exit) break;
        if (json.is_discarded()) throw ReportError(place + " is no JSON object");
        read_line({json, place}, report);
    }
    return report;
}

}  // namespace conformance::runner
