#include "conformance/engine/run_check.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace conformance {
namespace {

constexpr std::int64_t longest_sleep = std::int64_t{3600} * 1'000'000'000;

/// The sum of all integers in a value.
std::int64_t sum_of(const Value& value) {
    if (value.is_int()) return std::clamp<std::int64_t>(value.as_int(), 0, longest_sleep);
    std::int64_t sum = 0;
    if (value.is_list()) {
        for (const Value& element : value.as_list())
            sum += sum_of(element);
    }
    return sum;
}

/// How long the tasks may sleep that these arguments of a pool, or of a call on one, name.
std::int64_t sleep_in(const List& arguments) {
    const bool sleeps = std::ranges::find(arguments, Value("sleep")) != arguments.end();
    return sleeps ? sum_of(arguments) : 0;
}

/// The time limit of a barrier itself, for calls of `wait` that give none.
std::int64_t own_limit_of(const Scenario& scenario, const Call& call) {
    const Object* const object = scenario.find_object(call.object);
    if (object == nullptr || object->type != Type::Barrier || object->arguments.size() < 3)
        return 0;
    return object->arguments[2].is_int() ? std::max<std::int64_t>(object->arguments[2].as_int(), 0)
                                         : 0;
}

std::string name_of(const Entry& entry) {
    return "call " + std::to_string(entry.call.id) + " of worker " + std::to_string(entry.worker);
}

/// The workers that a call may have ended before their time.
std::set<Id> killed_in(const Scenario& scenario) {
    std::set<Id> killed;
    for (const WorkerPlan& worker : scenario.workers) {
        for (const Call& call : worker.calls) {
            if (call.operation == Operation::kill || call.operation == Operation::stop)
                killed.insert(call.object);
        }
    }
    return killed;
}

/// The objects that a failed call should have made, and those that calls on them should have. Calls on
/// them need not be recorded (rule 5.4).
std::set<Id> unmade_in(const Scenario& scenario, const History& history) {
    std::set<Id> unmade;
    for (const Entry& entry : history.entries) {
        if (!entry.responded || !entry.outcome.is_error()) continue;
        if (entry.call.into != no_object) unmade.insert(entry.call.into);
        if (entry.call.operation == Operation::create) unmade.insert(entry.call.object);
    }
    // Objects that result from calls stay with the worker that made the call: its order suffices.
    for (const WorkerPlan& worker : scenario.workers) {
        for (const Call& call : worker.calls) {
            if (call.into != no_object && unmade.contains(call.object)) unmade.insert(call.into);
        }
    }
    return unmade;
}

}  // namespace

std::int64_t last_deadline(const Scenario& scenario, const History& history, std::int64_t horizon) {
    std::int64_t last = 0;
    std::int64_t newest = 0;
    std::int64_t sleeps = 0;
    const auto consider = [&](std::int64_t invoked, std::int64_t limit) {
        if (limit > 0 && limit < horizon - invoked) last = std::max(last, invoked + limit);
    };
    for (const Object& object : scenario.objects)
        sleeps += sleep_in(object.arguments);
    for (const Entry& entry : history.entries) {
        newest = std::max(newest, entry.responded.value_or(entry.invoked));
        sleeps += sleep_in(entry.call.arguments);
        if (entry.responded) continue;
        if (entry.call.time_limit.is_finite()) {
            consider(entry.invoked, entry.call.time_limit.count());
        } else {
            consider(entry.invoked, own_limit_of(scenario, entry.call));
        }
    }
    // When a task begins to sleep nobody knows; the last of them has ended after the sum of all.
    consider(newest, sleeps);
    return last;
}

std::size_t progress_of(const History& history) {
    std::size_t hash = history.entries.size();
    for (const Entry& entry : history.entries)
        hash = hash_of_both(hash, static_cast<std::size_t>(entry.responded.value_or(0)));
    return hash;
}

std::string untruth_in(const Scenario& scenario, const History& history, std::int64_t sent,
                       std::int64_t answered) {
    std::map<Id, std::size_t> calls;
    std::set<Id> ended;
    const std::set<Id> killed = killed_in(scenario);
    const std::set<Id> unmade = unmade_in(scenario, history);
    const auto is_due = [&](const Call& call) { return !unmade.contains(call.object); };
    for (const Entry& entry : history.entries) {
        if (entry.invoked < sent || entry.invoked > answered)
            return "rule 4.2: " + name_of(entry) + " has a time of invocation outside of the run";
        if (entry.responded && (*entry.responded < entry.invoked || *entry.responded > answered))
            return "rule 4.5: " + name_of(entry) +
                   " has a time of response before its invocation, or after the answer";
        if (entry.call.operation == Operation::run) {
            if (entry.responded) ended.insert(entry.worker);
            continue;
        }
        if (is_due(entry.call)) ++calls[entry.worker];
        // A program that ends cuts off daemons, and nobody else; that it does is for the judge.
        if (!entry.responded && !entry.killed && !killed.contains(entry.worker) &&
            scenario.ends == ProgramEnd::none)
            return "rule 3.4: the driver answered \"done\", but " + name_of(entry) +
                   " has no response";
    }
    for (const WorkerPlan& worker : scenario.workers) {
        const bool came_to_its_end = worker.id == 0 || ended.contains(worker.id);
        const auto due = static_cast<std::size_t>(std::ranges::count_if(worker.calls, is_due)) *
                         static_cast<std::size_t>(worker.repeat);
        if (came_to_its_end && !killed.contains(worker.id) && calls[worker.id] != due)
            return "rule 3.3: worker " + std::to_string(worker.id) + " recorded " +
                   std::to_string(calls[worker.id]) + " of its " + std::to_string(due) + " calls";
    }
    return {};
}

}  // namespace conformance
