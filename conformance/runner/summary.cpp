#include "conformance/runner/summary.hpp"

#include "conformance/engine/safe_text.hpp"

namespace conformance::runner {
namespace {

bool needs_attention(TestVerdict verdict) {
    switch (verdict) {
        case TestVerdict::pass:
        case TestVerdict::other_than_permitted:
        case TestVerdict::unsupported:
        case TestVerdict::expected_failure:
            return false;
        default:
            return true;
    }
}

}  // namespace

std::string_view conclusion(ExitCode code) {
    switch (code) {
        case ExitCode::conforms:
            return "conforms";
        case ExitCode::does_not_conform:
            return "does not conform";
        case ExitCode::inconclusive:
            return "inconclusive or incomplete";
        case ExitCode::driver_fault:
            return "the driver is at fault";
        case ExitCode::suite_error:
            return "the suite is at fault";
        case ExitCode::nothing_judged:
            return "nothing was judged";
        case ExitCode::usage:
            break;
    }
    return "usage";
}

Summary summarize(const std::vector<TestRecord>& records, int to_run,
                  const std::vector<std::string>& faults) {
    Summary summary;
    for (const TestRecord& record : records) {
        ++summary.counts[static_cast<std::size_t>(record.verdict)];
        summary.code = graver(summary.code, exit_code_of(record.verdict));
    }
    // Nothing that was run does not conform; but that is not to say that all does.
    if (static_cast<int>(records.size()) < to_run || records.empty())
        summary.code = graver(summary.code, ExitCode::inconclusive);
    if (!faults.empty()) summary.code = graver(summary.code, ExitCode::suite_error);
    return summary;
}

void print_summary(std::ostream& out, const Summary& summary,
                   const std::vector<TestRecord>& records, int to_run,
                   const std::vector<std::string>& faults) {
    for (const TestRecord& record : records) {
        if (!needs_attention(record.verdict)) continue;
        out << to_string(record.verdict) << ": " << record.test << " (" << record.requirement
            << "): " << one_line(record.reason, 2000) << '\n';
        if (record.verdict == TestVerdict::unexpected_pass)
            out << "    To mend the list, remove its entries for " << record.requirement << " and "
                << record.test << '\n';
    }
    for (const std::string& fault : faults)
        out << "suite error: " << fault << '\n';
    const int missing = to_run - static_cast<int>(records.size());
    if (missing > 0) out << missing << " tests were not run\n";
    out << records.size() << " tests";
    for (std::size_t i = 0; i < summary.counts.size(); ++i) {
        if (summary.counts[i] != 0)
            out << ", " << summary.counts[i] << ' ' << to_string(static_cast<TestVerdict>(i));
    }
    out << ": " << conclusion(summary.code) << '\n';
}

}  // namespace conformance::runner
