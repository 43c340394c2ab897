#include "conformance/runner/presentation/presentation.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "conformance/engine/safe_text.hpp"

namespace conformance::runner {
namespace {

using Place = std::pair<std::string, std::string>;  // variant and backend

std::vector<Column> columns_of(const Merged& merged, std::size_t implementation) {
    // Threads stand before processes, as in every sentence about them.
    const auto before = [](const Place& one, const Place& other) {
        return std::tuple(one.first, other.second) < std::tuple(other.first, one.second);
    };
    std::map<Place, Column, decltype(before)> columns(before);
    for (const RequirementVerdict& verdict : merged.verdicts) {
        Column& column = columns[{verdict.variant, verdict.backend}];
        column.implementation = implementation;
        column.variant = verdict.variant;
        column.backend = verdict.backend;
        column.verdicts[verdict.requirement] = &verdict;
        ++column.counts[static_cast<std::size_t>(verdict.worst.verdict)];
    }
    std::vector<Column> list;
    for (auto& [place, column] : columns)
        list.push_back(std::move(column));
    return list;
}

/// The earlier run's report of the same implementation, if need be of another version.
const Merged* counterpart(const Greeting& now, const std::vector<Merged>& earlier) {
    const Merged* found = nullptr;
    for (const Merged& merged : earlier) {
        const Greeting& then = merged.implementation;
        if (then.implementation != now.implementation || then.language != now.language) continue;
        if (found == nullptr || then.version == now.version) found = &merged;
    }
    return found;
}

void add_earlier(Column& column, const Merged& earlier) {
    for (const RequirementVerdict& verdict : earlier.verdicts) {
        if (verdict.variant != column.variant || verdict.backend != column.backend) continue;
        column.has_earlier = true;
        column.earlier[verdict.requirement] = verdict.worst.verdict;
    }
}

}  // namespace

std::string Column::title() const {
    return variant.empty() ? backend : variant + ' ' + backend;
}

std::string title_of(const Greeting& greeting) {
    if (greeting.implementation.empty()) return "an implementation that its reports do not name";
    return greeting.implementation + ' ' + greeting.version + " (" + greeting.language + ')';
}

std::vector<Merged> merge_each(std::vector<RunReport> reports, const Requirements& requirements,
                               const TestIndex& index) {
    using Name = std::tuple<std::string, std::string, std::string>;
    std::vector<std::pair<Name, std::vector<RunReport>>> groups;
    for (RunReport& report : reports) {
        const Greeting& it = report.header.greeting;
        const Name name(it.implementation, it.version, it.language);
        auto group =
            std::ranges::find(groups, name, &std::pair<Name, std::vector<RunReport>>::first);
        if (group == groups.end()) group = groups.insert(group, {name, {}});
        group->second.push_back(std::move(report));
    }
    std::vector<Merged> merged;
    for (auto& [name, group] : groups)
        merged.push_back(merge(std::move(group), requirements, index));
    return merged;
}

Presentation present(std::vector<Merged> implementations, const std::vector<Merged>& earlier,
                     const Requirements& requirements, const TestIndex& index) {
    Presentation shown;
    shown.requirements = requirements.all();
    shown.index = index;
    shown.implementations = std::move(implementations);
    shown.has_earlier_run = !earlier.empty();
    for (std::size_t i = 0; i < shown.implementations.size(); ++i) {
        const Merged& merged = shown.implementations[i];
        shown.code = graver(shown.code, merged.code);
        const Merged* const then = counterpart(merged.implementation, earlier);
        for (Column& column : columns_of(merged, i)) {
            if (then != nullptr) add_earlier(column, *then);
            shown.columns.push_back(std::move(column));
        }
    }
    for (std::size_t i = 0; i < shown.columns.size(); ++i) {
        const Column& column = shown.columns[i];
        for (const Requirement& requirement : shown.requirements) {
            const auto now = column.verdicts.find(requirement.id);
            const auto then = column.earlier.find(requirement.id);
            if (now == column.verdicts.end() || then == column.earlier.end()) continue;
            const TestVerdict verdict = now->second->worst.verdict;
            if (verdict != then->second)
                shown.changes.push_back({i, requirement.id, then->second, verdict});
        }
    }
    return shown;
}

void print_changes(std::ostream& out, const Presentation& presentation) {
    if (!presentation.has_earlier_run) return;
    for (const Change& change : presentation.changes) {
        const Column& column = presentation.columns[change.column];
        out << "change: " << change.requirement << " of "
            << one_line(
                   title_of(presentation.implementations[column.implementation].implementation),
                   200)
            << " on " << one_line(column.title(), 200) << ": " << to_string(change.earlier)
            << ", now " << to_string(change.now) << '\n';
    }
    int without = 0;
    for (const Column& column : presentation.columns)
        without += column.has_earlier ? 0 : 1;
    out << presentation.changes.size()
        << (presentation.changes.size() == 1 ? " change" : " changes") << " since the earlier run";
    if (without > 0)
        out << "; it has nothing of " << without << " of " << presentation.columns.size()
            << " columns";
    out << '\n';
}

}  // namespace conformance::runner
