#include "conformance/properties/settle.hpp"

#include <algorithm>
#include <set>

#include "conformance/properties/model_walk.hpp"

namespace conformance::properties {
namespace {

constexpr int runs = 24;

bool takes_time_limit(const Scenario& scenario, const Call& call) {
    const Object* const object = scenario.find_object(call.object);
    if (object == nullptr || object->type == Type::SimpleQueue) return false;
    switch (call.operation) {
        case Operation::acquire:
        case Operation::wait:
        case Operation::wait_for:
        case Operation::put:
        case Operation::get:
            return true;
        default:
            return false;
    }
}

void limit(Call& call, std::uint64_t random) {
    // Below the tolerance of the judge, a millisecond, nobody could tell a limit that passed too early.
    call.time_limit = TimeLimit::milliseconds(static_cast<std::int64_t>(2 + random % 4));
    // `blocking` stands before the limit, where there is one.
    const std::size_t place = call.operation == Operation::put ? 1 : 0;
    const bool has_flag = call.operation == Operation::acquire ||
                          call.operation == Operation::get || call.operation == Operation::put;
    if (!has_flag) return;
    call.arguments.resize(place);
    call.arguments.emplace_back(true);
}

}  // namespace

void settle(Scenario& scenario, std::uint64_t seed) {
    // Each round limits or removes a call at least, so that it ends.
    while (true) {
        const std::vector<Id> stuck = stuck_calls(scenario, runs, seed++);
        if (stuck.empty()) return;
        bool edited = false;
        for (WorkerPlan& worker : scenario.workers) {
            for (std::size_t i = 0; i < worker.calls.size(); ++i) {
                Call& call = worker.calls[i];
                if (std::ranges::find(stuck, call.id) == stuck.end()) continue;
                // The end of a worker comes when that worker does not block.
                const bool waits_for_worker = scenario.find_worker(call.object) != nullptr;
                if (waits_for_worker && stuck.size() > 1) continue;
                if (takes_time_limit(scenario, call) &&
                    (call.time_limit.is_none() || !call.time_limit.is_finite() ||
                     call.time_limit.is_negative())) {
                    limit(call, hash_of_both(seed, i));
                } else {
                    worker.calls.erase(worker.calls.begin() + static_cast<std::ptrdiff_t>(i));
                }
                edited = true;
                break;
            }
        }
        if (!edited) {  // all wait for workers, in a circle or for one that was not started
            for (WorkerPlan& worker : scenario.workers)
                std::erase_if(worker.calls, [&](const Call& call) {
                    return std::ranges::find(stuck, call.id) != stuck.end();
                });
        }
    }
}

}  // namespace conformance::properties
