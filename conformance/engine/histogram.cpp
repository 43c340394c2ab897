#include "conformance/engine/histogram.hpp"

#include <algorithm>
#include <iomanip>
#include <set>
#include <sstream>
#include <utility>

#include "conformance/engine/call_text.hpp"

namespace conformance {
namespace {

constexpr std::size_t most_rows = 12;
constexpr std::size_t most_outcomes_told = 8;
/// Numbers of processes and the like differ every time, which says nothing.
constexpr std::size_t most_combinations = 1000;

bool is_choice_of_schedule(Operation operation) {
    return operation != Operation::run && operation != Operation::get_ident &&
           operation != Operation::current_worker && operation != Operation::active_children &&
           operation != Operation::enumerate;
}

}  // namespace

void OutcomeHistogram::add(const Scenario& scenario, const History& history, bool conforms) {
    if (scenario.has_rounds() || counts_.size() >= most_combinations) return;
    std::map<Id, std::string> outcomes;
    for (const Entry& entry : history.entries) {
        if (is_choice_of_schedule(entry.call.operation))
            outcomes[entry.call.id] = entry.responded ? to_string(entry.outcome)
                                      : entry.killed  ? "killed"
                                                      : "pending";
    }
    ++runs_;
    Count& count = counts_[std::move(outcomes)];
    ++count.runs;
    if (!conforms) ++count.forbidden;
}

std::string OutcomeHistogram::text(const Scenario& scenario) const {
    if (!has_choices()) return {};
    std::map<Id, std::set<std::string>> seen;  // of each call, in all combinations
    std::vector<std::pair<const std::map<Id, std::string>*, Count>> rows;
    for (const auto& [outcomes, count] : counts_) {
        rows.emplace_back(&outcomes, count);
        for (const auto& [call, outcome] : outcomes)
            seen[call].insert(outcome);
    }
    for (const auto& [outcomes, count] : counts_) {
        for (auto& [call, texts] : seen) {
            if (!outcomes.contains(call)) texts.insert("not made");
        }
    }
    std::ranges::sort(rows, [](const auto& left, const auto& right) {
        if (left.second.forbidden != right.second.forbidden)
            return left.second.forbidden > right.second.forbidden;
        if (left.second.runs != right.second.runs) return left.second.runs > right.second.runs;
        return *left.first < *right.first;
    });
    std::map<Id, std::string> names;
    for (const WorkerPlan& worker : scenario.workers) {
        for (const Call& call : worker.calls)
            names[call.id] =
                "worker " + std::to_string(worker.id) + ": " + to_text(scenario, call) + " -> ";
    }
    std::ostringstream text;
    text << "     runs  kind         outcomes that differ between runs\n";
    for (std::size_t i = 0; i < std::min(rows.size(), most_rows); ++i) {
        const auto& [outcomes, count] = rows[i];
        const bool is_rare = count.runs * rare < runs_;
        text << std::setw(9) << count.runs << "  "
             << (count.forbidden > 0 ? "forbidden    "
                 : is_rare           ? "interesting  "
                                     : "acceptable   ");
        std::size_t told = 0;
        for (const auto& [call, texts] : seen) {
            if (texts.size() < 2 || told == most_outcomes_told) continue;
            const auto outcome = outcomes->find(call);
            text << (told++ > 0 ? "; " : "") << names[call]
                 << (outcome != outcomes->end() ? outcome->second : "not made");
        }
        text << '\n';
    }
    if (rows.size() > most_rows)
        text << "           [" << rows.size() - most_rows << " more combinations]\n";
    return text.str();
}

}  // namespace conformance
