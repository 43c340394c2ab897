#include "conformance/engine/unroll.hpp"

#include <algorithm>

#include "spec/scenario/round.hpp"

namespace conformance {
namespace {

/// Ids of calls are below it; the rounds are told apart by multiples of it.
Id stride_of(const Scenario& scenario) {
    Id largest = 0;
    for (const WorkerPlan& worker : scenario.workers) {
        for (const Call& call : worker.calls)
            largest = std::max(largest, call.id);
    }
    return largest + 1;
}

}  // namespace

ResultsOfRounds::ResultsOfRounds(const Scenario& scenario) {
    for (const WorkerPlan& worker : scenario.workers) {
        first_free_ = std::max(first_free_, worker.id + 1);
        if (worker.repeat == 1) continue;
        for (const Call& call : worker.calls) {
            if (call.into != no_object)
                places_.try_emplace(call.into, static_cast<Id>(places_.size()));
        }
    }
    for (const Object& object : scenario.objects)
        first_free_ = std::max(first_free_, object.id + 1);
}

Id ResultsOfRounds::apart(Id object, std::int64_t round) const {
    const auto place = places_.find(object);
    if (place == places_.end() || round == 0) return object;
    return first_free_ + static_cast<Id>(places_.size()) * static_cast<Id>(round - 1) +
           place->second;
}

Call ResultsOfRounds::apart(Call call, std::int64_t round) const {
    call.object = apart(call.object, round);
    call.into = apart(call.into, round);
    return call;
}

void ResultsOfRounds::add_objects(Scenario& scenario, std::int64_t rounds) const {
    for (const auto& [id, place] : places_) {
        const Object result = *scenario.find_object(id);
        for (std::int64_t round = 1; round < rounds; ++round) {
            scenario.objects.push_back(result);
            scenario.objects.back().id = apart(id, round);
        }
    }
}

std::int64_t rounds_that_fit(const Scenario& scenario, std::int64_t slots,
                             std::int64_t most_calls) {
    std::int64_t longest = 1;
    std::int64_t all = 1;
    for (const WorkerPlan& worker : scenario.workers) {
        const auto calls = static_cast<std::int64_t>(worker.calls.size());
        longest = std::max(longest, calls);
        all += calls;
    }
    return std::max<std::int64_t>(std::min((slots - 1) / longest, most_calls / all), 2);
}

Scenario unrolled(const Scenario& scenario, std::int64_t most_rounds) {
    const Id stride = stride_of(scenario);
    const ResultsOfRounds results(scenario);
    Scenario whole = scenario;
    if (!results.empty())
        results.add_objects(whole, std::min(number_of_rounds(scenario), most_rounds));
    for (WorkerPlan& worker : whole.workers) {
        if (worker.repeat == 1) continue;
        const std::vector<Call> calls = std::move(worker.calls);
        worker.calls.clear();
        for (std::int64_t round = 0; round < std::min(worker.repeat, most_rounds); ++round) {
            for (const Call& call : calls) {
                worker.calls.push_back(results.apart(in_round(call, round), round));
                worker.calls.back().id = call.id + stride * static_cast<Id>(round);
            }
        }
        worker.repeat = 1;
    }
    return whole;
}

Id call_before_unrolling(const Scenario& scenario, Id call) {
    return call % stride_of(scenario);
}

std::int64_t number_of_rounds(const Scenario& scenario) {
    std::int64_t most = 1;
    for (const WorkerPlan& worker : scenario.workers)
        most = std::max(most, worker.repeat);
    return most;
}

void set_rounds(Scenario& scenario, std::int64_t rounds) {
    for (WorkerPlan& worker : scenario.workers) {
        if (worker.repeat > 1) worker.repeat = rounds;
    }
}

}  // namespace conformance
