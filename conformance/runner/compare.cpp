#include "conformance/runner/compare.hpp"

#include <map>

#include "conformance/engine/safe_text.hpp"

namespace conformance::runner {
namespace {

using ById = std::map<std::string, const RequirementVerdict*>;

bool was_judged(const TestRecord& record) {
    return record.verdict != TestVerdict::not_run && record.verdict != TestVerdict::unsupported;
}

void compare_requirement(const RequirementVerdict& threading,
                         const RequirementVerdict& multiprocessing, Comparison& comparison) {
    const TestRecord* worst_of_threading = nullptr;
    const TestRecord* worst_of_multiprocessing = nullptr;
    const auto take = [](const TestRecord*& worst, const TestRecord& record) {
        if (worst == nullptr || is_worse(record.verdict, worst->verdict)) worst = &record;
    };
    for (const auto& [name, record] : threading.tests) {
        const auto other = multiprocessing.tests.find(name);
        if (other == multiprocessing.tests.end()) continue;
        if (!was_judged(record) || !was_judged(other->second)) continue;
        take(worst_of_threading, record);
        take(worst_of_multiprocessing, other->second);
    }
    if (worst_of_threading == nullptr) {
        ++comparison.not_compared;
    } else if (worst_of_threading->verdict == worst_of_multiprocessing->verdict) {
        ++comparison.agreeing;
    } else {
        comparison.differences.push_back(
            {threading.requirement, *worst_of_threading, *worst_of_multiprocessing});
    }
}

std::string count_of(int requirements) {
    return std::to_string(requirements) + (requirements == 1 ? " requirement" : " requirements");
}

}  // namespace

std::vector<Comparison> compare(const std::vector<RequirementVerdict>& verdicts) {
    std::map<std::string, std::map<std::string, ById>> variants;
    for (const RequirementVerdict& verdict : verdicts)
        variants[verdict.variant][verdict.backend][verdict.requirement] = &verdict;

    std::vector<Comparison> comparisons;
    for (const auto& [variant, backends] : variants) {
        Comparison comparison{.variant = variant};
        if (backends.size() == 1) {
            comparison.only = backends.begin()->first;
            comparisons.push_back(std::move(comparison));
            continue;
        }
        const ById& others = backends.at("multiprocessing");
        for (const RequirementVerdict& verdict : verdicts) {  // in their order
            if (verdict.variant != variant || verdict.backend != "threading") continue;
            const auto other = others.find(verdict.requirement);
            if (other != others.end()) compare_requirement(verdict, *other->second, comparison);
        }
        comparisons.push_back(std::move(comparison));
    }
    return comparisons;
}

void print_comparison(std::ostream& out, const Comparison& comparison) {
    const std::string prefix =
        "comparison" +
        (comparison.variant.empty() ? "" : " (" + one_line(comparison.variant, 200) + ')') + ": ";
    if (!comparison.only.empty()) {
        out << prefix << "only " << comparison.only
            << " was run; the other backend was not run: merge its report with --merge\n";
        return;
    }
    for (const Difference& it : comparison.differences) {
        const TestRecord& worse = is_worse(it.threading.verdict, it.multiprocessing.verdict)
                                      ? it.threading
                                      : it.multiprocessing;
        out << prefix << it.requirement << ": " << to_string(it.threading.verdict)
            << " on threading, " << to_string(it.multiprocessing.verdict)
            << " on multiprocessing: " << worse.test;
        if (!worse.reason.empty()) out << ": " << one_line(worse.reason, 2000);
        out << '\n';
    }
    out << prefix;
    if (comparison.agreeing == 0 && comparison.differences.empty()) {
        out << "nothing was judged on both backends";
    } else {
        out << "both backends agree on " << count_of(comparison.agreeing);
        if (!comparison.differences.empty())
            out << " and differ on " << comparison.differences.size();
    }
    if (comparison.not_compared > 0)
        out << "; " << count_of(comparison.not_compared) << " could not be compared";
    out << '\n';
}

}  // namespace conformance::runner
