#include "conformance/engine/program_end.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

namespace conformance {
namespace {

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

/// As it was given, or set by a call that returned, or as its parent.
bool is_daemon(const Scenario& scenario, const History& history, Id worker) {
    // A worker may stand below itself in a scenario that makes no sense.
    for (std::size_t depth = 0; worker > 0 && depth < scenario.workers.size(); ++depth) {
        const WorkerPlan* const plan = scenario.find_worker(worker);
        if (plan == nullptr) return false;
        std::optional<bool> daemon = plan->daemon;
        for (const Entry& entry : history.entries) {
            const bool sets = entry.call.object == worker &&
                              entry.call.operation == Operation::set_daemon && entry.responded &&
                              !entry.outcome.is_error() && !entry.call.arguments.empty();
            if (sets) daemon = entry.call.arguments[0] == Value(true);
        }
        if (daemon) return *daemon;
        worker = plan->parent;
    }
    return false;
}

bool was_killed(const History& history, Id worker) {
    return std::ranges::any_of(history.entries, [=](const Entry& entry) {
        return entry.call.operation == Operation::kill && entry.call.object == worker &&
               entry.responded && !entry.outcome.is_error();
    });
}

bool has_ended_by(const History& history, Id worker, std::int64_t time) {
    return std::ranges::any_of(history.entries, [=](const Entry& entry) {
        return entry.worker == worker && entry.call.operation == Operation::run &&
               entry.responded && *entry.responded <= time;
    });
}

/// A started worker that the program has to wait for, and of whose end there is no record from
/// before `time`; none if there is none.
std::optional<Id> unfinished(const Scenario& scenario, const History& history, std::int64_t time) {
    for (const Entry& start : history.entries) {
        const Id worker = start.call.object;
        const bool counts = start.call.operation == Operation::start && start.responded &&
                            !start.outcome.is_error() && !is_daemon(scenario, history, worker) &&
                            !was_killed(history, worker);
        if (!counts) continue;
        if (!has_ended_by(history, worker, time)) return worker;
    }
    return std::nullopt;
}

std::string went_on(std::size_t processes) {
    return std::to_string(processes) + (processes == 1 ? " process" : " processes") +
           " of the program went on after it had ";
}

std::string fault_of(const Scenario& scenario, const History& history, const EndOfProgram& end) {
    if (scenario.ends == ProgramEnd::by_death)
        return end.left_over > 0 ? went_on(end.left_over) + "been killed (FAULT-26)" : "";
    if (end.status < 0) return "the program " + end.text + " at its end";
    if (const auto worker = unfinished(scenario, history, end.time))
        return "the program ended while worker " + std::to_string(*worker) +
               ", which is no daemon, had not come to its end (WORKER-20)";
    for (const Entry& entry : history.entries) {
        if (std::max(entry.invoked, entry.responded.value_or(0)) > end.time)
            return "worker " + std::to_string(entry.worker) +
                   " went on after the program had ended (WORKER-21)";
    }
    if (end.left_over > 0) return went_on(end.left_over) + "ended (WORKER-21)";
    const bool returns = scenario.ends == ProgramEnd::by_return;
    if (returns != (end.status == 0))
        return std::string("the main function ") + (returns ? "returned" : "failed") +
               ", and the program " + end.text + (returns ? " (WORKER-12)" : " (WORKER-20)");
    return {};
}

}  // namespace

int exit_status_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool has_ended(const History& history, Id worker) {
    return has_ended_by(history, worker, never);
}

void cut_off(const Scenario& scenario, History& history) {
    for (std::size_t i = 0; i < history.entries.size(); ++i) {
        Entry& entry = history.entries[i];
        if (!entry.responded &&
            (scenario.ends == ProgramEnd::by_death || is_daemon(scenario, history, entry.worker)))
            entry.killed = true;
    }
}

std::string fault_of_end(const Scenario& scenario, const RunResult& result) {
    if (scenario.ends == ProgramEnd::none) return {};
    if (result.end) return fault_of(scenario, result.history, *result.end);
    if (result.status == RunResult::Status::stuck && has_ended(result.history, 0) &&
        !unfinished(scenario, result.history, never))
        return "the main function has come to its end, so have all workers that are no daemons, "
               "and the program does not end (WORKER-21, POOL-25)";
    return {};
}

}  // namespace conformance
