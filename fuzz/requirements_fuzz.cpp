/// \file
/// The files that the runner reads: requirements, expectations, results, kill matrices. From hostile bytes and round trip.
///
/// The first byte chooses what the rest is: a file as it stands, or choices of which one is written. What is no such
/// file is refused by the error that the header promises, in one sentence. What is accepted means what it says.

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/engine/requirements.hpp"
#include "conformance/runner/command_words.hpp"
#include "conformance/runner/expectation_update.hpp"
#include "conformance/runner/expectations.hpp"
#include "conformance/runner/merge.hpp"
#include "conformance/runner/presentation/kill_matrix.hpp"
#include "conformance/runner/report.hpp"
#include "conformance/runner/report_reading.hpp"
#include "fuzz/byte_source.hpp"
#include "fuzz/require.hpp"
#include "fuzz/scratch_folder.hpp"

namespace {

using namespace conformance;
using namespace conformance::runner;
using fuzz::ByteSource;
using fuzz::require;

const std::filesystem::path& folder() {
    static const fuzz::ScratchFolder scratch;
    return scratch.path();
}

void write_file(const std::filesystem::path& file, std::string_view content) {
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    stream.write(content.data(), static_cast<std::streamsize>(content.size()));
    stream.close();
    require(stream.good(), "a scratch file cannot be written");
}

constexpr std::string_view known_requirements =
    R"({"version": 1, "name": "Lock", "also": [], "requirements": [
    {"id": "LOCK-1", "level": "required", "kind": "deterministic", "text": "t", "backends": ["threading", "multiprocessing"],
     "source": ["guide"], "look_at": "l"},
    {"id": "LOCK-2", "level": "recommended", "kind": "liveness", "text": "t", "backends": ["threading"],
     "source": [], "look_at": "l", "original": {"threading": [{"outcome": "o", "when": "w"}], "multiprocessing": []}},
    {"id": "LOCK-30", "level": "permitted", "kind": "fault", "text": "t", "backends": ["multiprocessing"],
     "source": [], "look_at": "l"}], "absent": [{"id": "LOCK-4", "reason": "r"}]})";

std::filesystem::path requirements_folder() {
    const std::filesystem::path path = folder() / "requirements";
    std::filesystem::create_directories(path);
    return path;
}

/// A few requirements, and tests of them.
const Requirements& some_requirements() {
    static const Requirements requirements = [] {
        write_file(requirements_folder() / "lock.json", known_requirements);
        return Requirements(requirements_folder());
    }();
    return requirements;
}
const TestIndex& some_tests() {
    static const TestIndex index = [] {
        TestIndex made;
        for (const char* const test :
             {"LOCK_1_is_taken", "LOCK_1_is_free",
              "LOCK_2_is_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "LOCK_30_is_not"}) {
            const std::string name = std::string("Lock.") + test;
            made.tests.insert(name);
            made.tests_by_requirement[requirement_of_test(test)].push_back(name);
        }
        return made;
    }();
    return index;
}

void require_sentence(std::string_view what) {
    require(!what.empty(), "a refusal that says nothing");
}

void requirements(ByteSource& source) {
    static const std::filesystem::path own = [] {
        const auto path = folder() / "hostile";
        std::filesystem::create_directories(path);
        return path;
    }();
    write_file(own / "one.json", source.rest());
    try {
        const Requirements read(own);
        for (const Requirement& requirement : read.all()) {
            require(read.find(requirement.id) == &requirement,
                    "a requirement is not found by its id");
            require(!read.is_absent(requirement.id), "a requirement that exists is absent");
            require(
                requirement.applies_to("threading") || requirement.applies_to("multiprocessing"),
                "a requirement applies to nothing");
            static_cast<void>(to_string(requirement.level));
        }
    } catch (const SuiteError& error) {
        require_sentence(error.what());
    }
}

/// A file that was accepted is written as one that means the same.
void require_stable(const Expectations& expectations) {
    const std::string text = text_of(expectations);
    const std::filesystem::path file = folder() / "again.json";
    write_file(file, text);
    const Expectations again =
        read_expectations(file, expectations.backend, some_requirements(), some_tests());
    require(again.implementation == expectations.implementation,
            "expectations are of another implementation");
    require(text_of(again) == text, "expectations are read as others than were written");
    const auto before = expectations.by_test();
    const auto after = again.by_test();
    require(before.size() == after.size(), "expectations are of other tests");
    for (const auto& [test, expectation] : before) {
        require(some_tests().tests.contains(test), "a test is expected that there is not");
        require(after.contains(test) && after.at(test).outcome == expectation.outcome,
                "another outcome is expected");
    }
    require(text_of(updated(expectations, {}, some_tests())) == text,
            "a run of nothing changes what is expected");
}

void expectations(ByteSource& source) {
    const std::filesystem::path file = folder() / "expectations.json";
    const std::string backend = source.flag() ? "threading" : "multiprocessing";
    write_file(file, source.rest());
    try {
        const auto read = read_expectations(file, backend, some_requirements(), some_tests());
        require_stable(read);
        require_implementation(read, "mine");
    } catch (const SuiteError& error) {
        require_sentence(error.what());
    }
}

/// What a run has found changes a file so that the next run with the same verdicts changes nothing.
void update(ByteSource& source) {
    Expectations known{.implementation = "mine", .backend = "threading"};
    for (const std::string& test : some_tests().tests) {
        if (source.flag())
            known.entries.push_back(
                {.id = test, .reason = source.text(20), .link = "l", .tests = {test}});
    }
    std::vector<TestRecord> records;
    for (const std::string& test : some_tests().tests) {
        const auto verdict = static_cast<TestVerdict>(source.below(number_of_verdicts));
        records.push_back(
            {.test = test, .requirement = "LOCK-1", .verdict = verdict, .reason = source.text(20)});
    }
    const Expectations found = updated(known, records, some_tests());
    const std::string before = text_of(known);
    const std::string after = text_of(found);
    require(difference_of(before, after, "file").empty() == (before == after),
            "a difference of equal texts, or none");
    for (TestRecord& record : records) {
        if (record.verdict == TestVerdict::fail) record.verdict = TestVerdict::expected_failure;
        if (record.verdict == TestVerdict::unexpected_pass) record.verdict = TestVerdict::pass;
    }
    require(text_of(updated(found, records, some_tests())) == after, "an update is not complete");
}

/// A merged report is no run's, and is not taken for one.
void require_refused(const Merged& merged) {
    const std::filesystem::path file = folder() / "merged.jsonl";
    write_merged_report(file, merged);
    bool is_refused = false;
    try {
        static_cast<void>(read_report(file));
    } catch (const ReportError& error) {
        require_sentence(error.what());
        is_refused = true;
    }
    require(is_refused, "a merged report is read as the report of a run");
}

/// Of both backends, say, or not of one implementation at all.
void require_merged_soundly(const RunReport& one, const RunReport& other) {
    try {
        const Merged merged = merge({one, other}, some_requirements(), some_tests());
        require((one.exit && other.exit) || merged.code != ExitCode::conforms,
                "a report that breaks off conforms");
        require_refused(merged);
    } catch (const ReportError& error) {
        require_sentence(error.what());
    }
}

void require_sound(const RunReport& report) {
    require(report.has_begun || report.records.empty(), "verdicts before the header");
    for (const TestRecord& record : report.records)
        require(!record.test.empty(), "a verdict of no test");
    require_merged_soundly(report, report);
}

/// One, or two with an empty line between them.
void report(ByteSource& source) {
    const std::filesystem::path file = folder() / "report.jsonl";
    const std::string_view content = source.rest();
    const std::size_t end = content.find("\n\n");
    try {
        write_file(file, content.substr(0, end));
        const RunReport one = read_report(file);
        require_sound(one);
        if (end == std::string_view::npos) return;
        write_file(file, content.substr(end + 2));
        require_merged_soundly(one, read_report(file));
    } catch (const ReportError& error) {
        require_sentence(error.what());
    }
}

/// What the runner writes is read as it was meant; cut short anywhere it is one that breaks off, and never one that
/// says something else.
void written_report(ByteSource& source) {
    const std::filesystem::path file = folder() / "written.jsonl";
    std::vector<TestRecord> records;
    Counts counts{};
    ExitCode code = ExitCode::conforms;
    {
        Report writer(
            file, {.backend = "threading", .seed = source.number<std::uint64_t>(), .all_tests = 4});
        const int tests = source.below(5);
        writer.begin(tests);
        for (int i = 0; i < tests; ++i) {
            TestRecord record{.test = "Lock.LOCK_1_is_free", .requirement = "LOCK-1"};
            record.verdict = static_cast<TestVerdict>(source.below(number_of_verdicts));
            record.reason = to_string(record.verdict);
            record.runs = source.byte();
            ++counts[static_cast<std::size_t>(record.verdict)];
            code = graver(code, exit_code_of(record.verdict));
            writer.add(record);
            records.push_back(record);
        }
        writer.finish(counts, code);
    }
    const RunReport whole = read_report(file);
    require(whole.exit == code && whole.records.size() == records.size(),
            "a report is read as another than was written");
    for (std::size_t i = 0; i < records.size(); ++i)
        require(whole.records[i].verdict == records[i].verdict &&
                    whole.records[i].runs == records[i].runs,
                "a verdict is read as another");
    require_sound(whole);

    const auto size = std::filesystem::file_size(file);
    std::filesystem::resize_file(file, source.number<std::uint16_t>() % size);
    const RunReport part = read_report(file);
    require(part.records.size() <= records.size(), "a report that breaks off has more verdicts");
    for (std::size_t i = 0; i < part.records.size(); ++i)
        require(part.records[i].verdict == records[i].verdict,
                "a report that breaks off has other verdicts");
    require_sound(part);
}

void kill_matrix(ByteSource& source) {
    const std::filesystem::path file = folder() / "matrix.jsonl";
    write_file(file, source.rest());
    try {
        const KillMatrix matrix = read_kill_matrix(file, some_requirements());
        require(matrix.mutants > 0 && matrix.killed >= 0 && matrix.killed <= matrix.mutants,
                "more mutants are killed than there are");
        require((matrix.killed == matrix.mutants) == matrix.surviving.empty(),
                "a mutant survives that breaks nothing, or none does");
        for (const auto& [id, kills] : matrix.kills) {
            require(some_requirements().find(id) != nullptr, "a requirement that there is not");
            bool survives = false;
            for (const Kill& kill : kills) {
                require(kill.found >= 0 && kill.found <= kill.runs, "found more often than run");
                require(kill.must || kill.found > 0, "a mutant that has nothing to do with it");
                survives |= kill.must && kill.found < kill.runs;
            }
            require(survives == matrix.surviving.contains(id), "a mutant survives, or does not");
        }
    } catch (const ReportError& error) {
        require_sentence(error.what());
    }
}

void names(ByteSource& source) {
    // A short string would lie within an object, where nobody sees a read beyond its end.
    const std::string_view rest = source.rest();
    const std::vector<char> bytes(rest.begin(), rest.end());
    const std::string_view text(bytes.data(), bytes.size());
    const std::string id = requirement_of_test(text);
    require(id.empty() || text.starts_with(id.substr(0, id.find('-')) + '_'),
            "a test is of another requirement");
    try {
        for (const std::string& word : command_words(text))
            require(word.size() <= text.size(), "a word is longer than its command");
    } catch (const UsageError& error) {
        require_sentence(error.what());
    }
}

using Door = void (*)(ByteSource&);
constexpr Door doors[] = {requirements,   expectations, update,     report,
                          written_report, names,        kill_matrix};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    ByteSource source(data, size);
    static_cast<void>(some_requirements());
    doors[source.below(static_cast<int>(std::size(doors)))](source);
    return 0;
}
