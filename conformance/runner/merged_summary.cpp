#include "conformance/runner/merged_summary.hpp"

#include <algorithm>
#include <iomanip>
#include <map>
#include <tuple>
#include <utility>

#include "conformance/engine/safe_text.hpp"
#include "conformance/runner/summary.hpp"

namespace conformance::runner {
namespace {

using Row = std::vector<std::string>;

constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_sentence = 2000;

/// The columns of names on the left, those of numbers on the right.
void print_table(std::ostream& out, const std::vector<Row>& rows, std::size_t names) {
    std::vector<std::size_t> widths(rows.front().size());
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            out << (i == 0 ? "" : "  ") << (i < names ? std::left : std::right)
                << std::setw(static_cast<int>(widths[i])) << row[i];
        out << '\n';
    }
}

void print_counts(std::ostream& out, const std::vector<RequirementVerdict>& verdicts) {
    std::map<std::pair<std::string, std::string>, Counts> places;
    Counts all{};
    for (const RequirementVerdict& verdict : verdicts) {
        const auto number = static_cast<std::size_t>(verdict.worst.verdict);
        ++places[{verdict.variant, verdict.backend}][number];
        ++all[number];
    }
    // A column for each verdict that occurs.
    const auto add_columns = [&](Row row, const auto& cell) {
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (all[i] != 0) row.push_back(cell(i));
        }
        return row;
    };
    std::vector<Row> rows = {add_columns({"variant", "backend", "requirements"}, [](std::size_t i) {
        return std::string(to_string(static_cast<TestVerdict>(i)));
    })};
    for (const auto& [place, counts] : places) {
        int sum = 0;
        for (const int count : counts)
            sum += count;
        rows.push_back(add_columns({place.first.empty() ? "-" : one_line(place.first, longest_name),
                                    place.second, std::to_string(sum)},
                                   [&counts](std::size_t i) { return std::to_string(counts[i]); }));
    }
    print_table(out, rows, 2);
}

/// A line for all places in which a test found the same.
void print_not_passing(std::ostream& out, const std::vector<RequirementVerdict>& verdicts) {
    using Finding = std::tuple<TestVerdict, std::string, std::string>;
    for (auto it = verdicts.begin(); it != verdicts.end();) {
        const RequirementVerdict& first = *it;
        std::vector<std::pair<Finding, std::string>> findings;
        for (; it != verdicts.end() && it->requirement == first.requirement; ++it) {
            if (it->worst.verdict == TestVerdict::pass) continue;
            const Finding finding(it->worst.verdict, it->worst.test, it->worst.reason);
            const std::string place =
                it->variant.empty() ? it->backend : it->variant + ' ' + it->backend;
            const auto same =
                std::ranges::find(findings, finding, &std::pair<Finding, std::string>::first);
            if (same == findings.end()) {
                findings.emplace_back(finding, place);
            } else {
                same->second += ", " + place;
            }
        }
        for (const auto& [finding, places] : findings) {
            const auto& [verdict, test, reason] = finding;
            out << to_string(verdict) << ": " << first.requirement << " (" << to_string(first.level)
                << ") on " << one_line(places, longest_sentence) << ": "
                << one_line(test, longest_name) << (test.empty() ? "" : ": ")
                << one_line(reason, longest_sentence) << '\n';
        }
    }
}

}  // namespace

void print_merged(std::ostream& out, const Merged& merged) {
    const Greeting& implementation = merged.implementation;
    out << merged.reports.size() << (merged.reports.size() == 1 ? " report" : " reports");
    if (!implementation.implementation.empty())
        out << " of " << one_line(implementation.implementation, longest_name) << ' '
            << one_line(implementation.version, longest_name) << " ("
            << one_line(implementation.language, longest_name) << ')';
    out << '\n';
    if (!merged.verdicts.empty()) print_counts(out, merged.verdicts);
    print_not_passing(out, merged.verdicts);
    for (const Problem& problem : merged.problems)
        out << conclusion(problem.code) << ": " << one_line(problem.sentence, longest_sentence)
            << '\n';
    if (merged.repetitions > 0)
        out << "Reported again: " << merged.repetitions
            << (merged.repetitions == 1 ? " test" : " tests") << "; the worst verdict counts\n";
    for (const Comparison& comparison : merged.comparisons)
        print_comparison(out, comparison);
    out << "All together: " << conclusion(merged.code) << '\n';
}

}  // namespace conformance::runner
