#include "conformance/engine/long_history.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>

namespace conformance {
namespace {

/// Of each worker so many calls are shown before and after what is wrong.
constexpr std::ptrdiff_t shown_before = 8;
constexpr std::ptrdiff_t shown_after = 3;

/// About a microsecond for each call, and as much memory as a run of a stress test takes.
constexpr std::size_t most_entries_for_models = 120'000;
constexpr std::ptrdiff_t most_workers_for_models = 4;
/// The model of a pool keeps each of its results.
constexpr std::int64_t most_results_for_models = 1000;

bool is_lively(const Call& call) {
    return call.operation != Operation::start && call.operation != Operation::join &&
           call.operation != Operation::await_blocked;
}

bool models_know(const Call& call) {
    return call.operation != Operation::kill && call.operation != Operation::stop;
}

std::int64_t results_of(const Scenario& scenario) {
    std::int64_t results = 0;
    for (const WorkerPlan& worker : scenario.workers)
        results += worker.repeat * std::ranges::count_if(worker.calls, [](const Call& call) {
                       return call.into != no_object;
                   });
    return results;
}

}  // namespace

bool models_can_judge(const Scenario& scenario, const History& history) {
    const auto workers = std::ranges::count_if(scenario.workers, [](const WorkerPlan& worker) {
        return std::ranges::any_of(worker.calls, is_lively);
    });
    return workers <= most_workers_for_models &&
           history.entries.size() <= most_entries_for_models &&
           results_of(scenario) <= most_results_for_models &&
           std::ranges::all_of(scenario.workers, [](const WorkerPlan& worker) {
               return std::ranges::all_of(worker.calls, models_know);
           });
}

std::vector<std::size_t> places_around(const History& history,
                                       const std::vector<std::size_t>& entries) {
    std::set<std::size_t> chosen(entries.begin(), entries.end());
    std::int64_t time = std::numeric_limits<std::int64_t>::max();
    if (!entries.empty()) time = history.entries[entries.back()].responded.value_or(time);
    const auto entry_at = [&](std::ptrdiff_t i) -> const Entry& {
        return history.entries[static_cast<std::size_t>(i)];
    };
    const auto all = static_cast<std::ptrdiff_t>(history.entries.size());
    for (std::ptrdiff_t begin = 0; begin < all;) {
        std::ptrdiff_t end = begin;
        std::ptrdiff_t middle = begin;
        for (; end < all && entry_at(end).worker == entry_at(begin).worker; ++end) {
            if (entry_at(end).invoked <= time) middle = end + 1;
        }
        chosen.insert(static_cast<std::size_t>(begin));  // its life
        for (std::ptrdiff_t i = std::max(begin, middle - shown_before);
             i < std::min(end, middle + shown_after); ++i)
            chosen.insert(static_cast<std::size_t>(i));
        begin = end;
    }
    return {chosen.begin(), chosen.end()};
}

}  // namespace conformance
