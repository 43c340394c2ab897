#include "conformance/properties/excerpt.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "conformance/engine/unroll.hpp"
#include "conformance/properties/cell_guards.hpp"
#include "conformance/properties/choices.hpp"
#include "conformance/properties/model_walk.hpp"
#include "conformance/properties/settle.hpp"
#include "conformance/properties/simplify.hpp"
#include "spec/model/components.hpp"
#include "spec/scenario/callback.hpp"
#include "spec/scenario/round.hpp"

namespace conformance::properties {
namespace {

constexpr int walks = 12;

bool is_about_worker(const Scenario& scenario, const Call& call) {
    return scenario.find_worker(call.object) != nullptr;
}

std::vector<Id> workers_with_calls(const Scenario& scenario) {
    std::vector<Id> workers;
    for (const WorkerPlan& worker : scenario.workers) {
        if (std::ranges::any_of(worker.calls,
                                [&](const Call& call) { return !is_about_worker(scenario, call); }))
            workers.push_back(worker.id);
    }
    return workers;
}

/// Only these workers make calls, but for starts and joins.
void keep_workers(Scenario& scenario, const std::vector<Id>& kept) {
    const auto is_kept = [&](Id worker) { return std::ranges::find(kept, worker) != kept.end(); };
    std::erase_if(scenario.workers,
                  [&](const WorkerPlan& worker) { return worker.id != 0 && !is_kept(worker.id); });
    for (WorkerPlan& worker : scenario.workers) {
        std::erase_if(worker.calls, [&](const Call& call) {
            if (is_about_worker(scenario, call))
                return call.operation != Operation::start && call.operation != Operation::join;
            return !is_kept(worker.id);
        });
    }
    scenario = tidied(std::move(scenario));
}

void remove_call(Scenario& scenario, int place) {
    for (WorkerPlan& worker : scenario.workers) {
        for (auto call = worker.calls.begin(); call != worker.calls.end(); ++call) {
            if (is_about_worker(scenario, *call) || place-- > 0) continue;
            worker.calls.erase(call);
            return;
        }
    }
}

/// Of the results of calls one or two that follow each other.
void keep_some_results(Scenario& scenario, Choices& choices) {
    std::vector<Id> results;
    for (const Object& object : scenario.objects) {
        if (is_result(object.type)) results.push_back(object.id);
    }
    if (results.empty()) return;
    const auto first = choices.below(static_cast<int>(results.size()));
    const std::set<Id> dropped = [&] {
        std::set<Id> ids(results.begin(), results.end());
        for (int i = first; i < first + choices.between(1, 2) && i < std::ssize(results); ++i)
            ids.erase(results[static_cast<std::size_t>(i)]);
        return ids;
    }();
    for (WorkerPlan& worker : scenario.workers)
        std::erase_if(worker.calls, [&](const Call& call) {
            return dropped.contains(call.object) || dropped.contains(call.into);
        });
    scenario = tidied(std::move(scenario));
}

/// As many parties as can come.
void fit_barriers(Scenario& scenario) {
    for (Object& object : scenario.objects) {
        if (object.type != Type::Barrier) continue;
        const auto comers = std::ranges::count_if(scenario.workers, [&](const auto& worker) {
            return std::ranges::any_of(worker.calls, [&](const Call& call) {
                return call.object == object.id && call.operation == Operation::wait;
            });
        });
        if (comers > 0 && model::number(object.arguments, 0, 1) > comers)
            object.arguments[0] = comers;
    }
}

/// The main worker repeats its calls only if there is nobody else, and callbacks of a Cell would race with
/// those of the round before.
bool can_have_rounds(const Scenario& scenario) {
    if (scenario.workers.size() == 1) {
        const auto& calls = scenario.workers.front().calls;
        return std::ranges::none_of(calls, [&](const Call& call) {
            return is_about_worker(scenario, call) || !callback_places(call).empty() ||
                   call.operation == Operation::create;
        });
    }
    return std::ranges::all_of(scenario.workers, [&](const WorkerPlan& worker) {
        return std::ranges::all_of(worker.calls, [&](const Call& call) {
            return call.into == no_object && (worker.id != 0 || is_about_worker(scenario, call));
        });
    });
}

void give_rounds(Scenario& scenario) {
    for (WorkerPlan& worker : scenario.workers) {
        if ((worker.id == 0 && scenario.workers.size() > 1) || worker.repeat > 1) continue;
        worker.repeat = few_rounds;
        for (Call& call : worker.calls) {
            const bool puts =
                call.operation == Operation::put || call.operation == Operation::put_nowait;
            if (puts && !call.arguments.empty() && !names_round(call))
                call.arguments[0] = List{call.arguments[0], round_text};
        }
    }
}

}  // namespace

Scenario excerpt(const Scenario& scenario, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    Choices choices(
        [&](int bound) { return static_cast<int>(random() % static_cast<std::uint64_t>(bound)); });
    Scenario part = scenario;
    std::vector<Id> workers = workers_with_calls(scenario);
    // The main worker seldom takes part in what goes wrong, and it makes no rounds.
    if (workers.size() > 2 && !choices.one_in(8)) std::erase(workers, 0);
    std::ranges::shuffle(workers, random);
    const int count = choices.pick<int>({1, 2, 2, 2, 3, most_workers_of_excerpt});
    if (workers.size() > static_cast<std::size_t>(count))
        workers.resize(static_cast<std::size_t>(count));
    keep_workers(part, workers);
    if (!choices.one_in(3)) keep_some_results(part, choices);
    if (can_have_rounds(part) && choices.one_in(2)) {
        give_rounds(part);
    } else {
        part = unrolled(part, 1);
    }
    const auto calls = static_cast<int>(number_of_calls(part));
    for (int left = calls; left > choices.between(2, most_calls_of_excerpt); --left)
        remove_call(part, choices.below(left));
    while (number_of_calls(part) > static_cast<std::size_t>(most_calls_of_excerpt))
        remove_call(part, choices.below(static_cast<int>(number_of_calls(part))));
    part = tidied(std::move(part));
    fit_barriers(part);
    remove_unguarded_uses(part);
    do {
        settle(part, seed);
        remove_unguarded_uses(part);
    } while (!stuck_calls(part, walks, seed).empty());
    return part;
}

}  // namespace conformance::properties
