#include "conformance/properties/unroll.hpp"

#include <algorithm>

#include "spec/scenario/round.hpp"

namespace conformance::properties {
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

Scenario unrolled(const Scenario& scenario, std::int64_t most_rounds) {
    const Id stride = stride_of(scenario);
    Scenario whole = scenario;
    for (WorkerPlan& worker : whole.workers) {
        if (worker.repeat == 1) continue;
        const std::vector<Call> calls = std::move(worker.calls);
        worker.calls.clear();
        for (std::int64_t round = 0; round < std::min(worker.repeat, most_rounds); ++round) {
            for (const Call& call : calls) {
                worker.calls.push_back(in_round(call, round));
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

}  // namespace conformance::properties
