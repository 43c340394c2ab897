#include "conformance/runner/merge.hpp"

#include <map>
#include <set>
#include <utility>

#include "conformance/engine/safe_text.hpp"
#include "conformance/runner/summary.hpp"

namespace conformance::runner {
namespace {

/// Variant and backend, so that the backends of a variant are neighbours.
using Place = std::pair<std::string, std::string>;
/// Records by test, by requirement.
using Records = std::map<std::string, std::map<std::string, TestRecord>>;

std::string text_of(const Greeting& it) {
    return it.implementation + ' ' + it.version + " (" + it.language + ')';
}

void require_one_implementation(const std::vector<RunReport>& reports, Merged& merged) {
    const RunReport* first = nullptr;
    for (const RunReport& report : reports) {
        if (!report.has_begun) continue;
        if (first == nullptr) first = &report;
        const std::string one = text_of(first->header.greeting);
        const std::string other = text_of(report.header.greeting);
        if (one != other)
            throw ReportError(
                "the reports are of different implementations: " + first->file.string() + " of " +
                one_line(one, 200) + ", " + report.file.string() + " of " + one_line(other, 200) +
                "; --compare takes them");
    }
    if (first != nullptr) merged.implementation = first->header.greeting;
}

/// Its verdicts would be taken for those of other tests.
void require_this_suite(const std::vector<RunReport>& reports, const TestIndex& index) {
    for (const RunReport& report : reports) {
        if (!report.has_begun || report.header.all_tests == static_cast<int>(index.tests.size()))
            continue;
        throw ReportError(report.file.string() + " is of a suite of " +
                          std::to_string(report.header.all_tests) + " tests, and this one has " +
                          std::to_string(index.tests.size()) + "; judge again with this one");
    }
}

class Merger {
  public:
    Merger(const Requirements& requirements, const TestIndex& index, Merged& merged)
        : requirements_(requirements), index_(index), merged_(merged) {}

    void take(const RunReport& report) {
        const std::string name = "the report " + report.file.string();
        if (!report.has_begun)
            return add(ExitCode::inconclusive, name + " has no header: its run never began");
        if (!report.exit)
            add(ExitCode::inconclusive, name + " has no footer: its run was broken off after " +
                                            std::to_string(report.records.size()) + " of " +
                                            std::to_string(report.tests) + " tests");
        Records& records = records_[{report.header.variant, report.header.backend}];
        ExitCode explained = ExitCode::conforms;
        for (const TestRecord& record : report.records) {
            take(record, name, records);
            explained = graver(explained, exit_code_of(record.verdict));
        }
        merged_.code = graver(merged_.code, explained);
        if (report.exit.value_or(explained) != explained)
            add(*report.exit, name + " ends with \"" + std::string(conclusion(*report.exit)) +
                                  "\", for another reason than the verdicts of its tests");
    }

    void judge() {
        for (const std::string& sentence : gaps(index_, requirements_))
            add(ExitCode::suite_error, sentence);
        for (const Requirement& requirement : requirements_.all()) {
            for (const auto& [place, records] : records_) {
                const auto& [variant, backend] = place;
                const auto found = records.find(requirement.id);
                RequirementVerdict verdict{.requirement = requirement.id,
                                           .level = requirement.level,
                                           .backend = backend,
                                           .variant = variant};
                if (found != records.end()) verdict.tests = found->second;
                judge(verdict, requirement.applies_to(backend));
            }
        }
    }

  private:
    void add(ExitCode code, std::string sentence) {
        merged_.code = graver(merged_.code, code);
        merged_.problems.push_back({code, std::move(sentence)});
    }

    void take(const TestRecord& record, const std::string& name, Records& records) {
        if (requirements_.find(record.requirement) == nullptr)
            add(ExitCode::suite_error,
                name + ": the test " + record.test + " names " +
                    (record.requirement.empty() ? "no requirement"
                                                : "the unknown requirement " + record.requirement));
        const auto [place, is_new] = records[record.requirement].try_emplace(record.test, record);
        if (is_new) return;
        ++merged_.repetitions;
        if (is_worse(record.verdict, place->second.verdict)) place->second = record;
    }

    void judge(RequirementVerdict& verdict, bool applies) {
        const std::string& id = verdict.requirement;
        verdict.worst = {.requirement = id, .reason = "it has no test"};
        const auto tests = index_.tests_by_requirement.find(id);
        if (applies && tests != index_.tests_by_requirement.end()) {
            for (const std::string& test : tests->second)
                verdict.tests.try_emplace(
                    test,
                    TestRecord{.test = test, .requirement = id, .reason = "no report has it"});
        }
        for (bool is_first = true; const auto& [name, record] : verdict.tests) {
            if (std::exchange(is_first, false) || is_worse(record.verdict, verdict.worst.verdict))
                verdict.worst = record;
        }
        // What does not apply its tests call unsupported. Anything else they say is worth hearing.
        if (!applies &&
            (verdict.tests.empty() || verdict.worst.verdict == TestVerdict::unsupported))
            return;
        merged_.code = graver(merged_.code, exit_code_of(verdict.worst.verdict));
        merged_.verdicts.push_back(std::move(verdict));
    }

    const Requirements& requirements_;
    const TestIndex& index_;
    Merged& merged_;
    std::map<Place, Records> records_;
};

}  // namespace

Merged merge(std::vector<RunReport> reports, const Requirements& requirements,
             const TestIndex& index) {
    Merged merged;
    require_this_suite(reports, index);
    require_one_implementation(reports, merged);
    Merger merger(requirements, index, merged);
    for (const RunReport& report : reports)
        merger.take(report);
    merger.judge();
    merged.comparisons = compare(merged.verdicts);
    merged.reports = std::move(reports);
    return merged;
}

}  // namespace conformance::runner
