#include "conformance/engine/judge.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "conformance/checker/certificate.hpp"
#include "conformance/checker/check.hpp"
#include "conformance/engine/call_text.hpp"
#include "conformance/engine/long_history.hpp"
#include "conformance/engine/program_end.hpp"
#include "conformance/engine/rounds_judge.hpp"
#include "conformance/engine/timeline.hpp"
#include "conformance/engine/unroll.hpp"
#include "spec/model/world.hpp"

namespace conformance {
namespace {

using Verdict = Judgement::Verdict;
using Status = RunResult::Status;
using Interval = checker::Interval<model::World::Operation, model::World::Outcome>;

/// A time-out may come so much too early (decision 16 of the design): clocks and timers are coarse.
constexpr std::int64_t tolerance = 1'000'000;
constexpr checker::Budget budget{.time = std::chrono::seconds(20)};
/// Of a history of rounds, which other checks can judge as well.
constexpr checker::Budget budget_of_rounds{.time = std::chrono::seconds(3)};
constexpr std::size_t most_steps_told = 30;

/// The calls that one component of the scenario concerns, and their places in the history.
struct Part {
    std::vector<Interval> calls;
    std::vector<std::size_t> places;
};

/// When the call may give up; none if that moment did not come.
std::optional<std::int64_t> deadline_of(const Entry& entry, TimeLimit limit, std::int64_t ended) {
    if (!limit.is_finite()) return std::nullopt;
    if (limit.count() <= tolerance) return entry.invoked;
    if (limit.count() > std::numeric_limits<std::int64_t>::max() - entry.invoked)
        return std::nullopt;
    const std::int64_t deadline = entry.invoked + limit.count() - tolerance;
    if (!entry.responded && deadline > ended) return std::nullopt;
    return deadline;
}

/// What calls result in has to be another object in each round.
Part part_of(const Scenario& scenario, const model::World& world, const RunResult& result) {
    const ResultsOfRounds results(scenario);
    Part part;
    for (std::size_t i = 0; i < result.history.entries.size(); ++i) {
        const Entry& entry = result.history.entries[i];
        const Call made = results.empty() ? entry.call : results.apart(entry.call, entry.round);
        if (!world.concerns(made)) continue;
        Interval call{.worker = entry.worker,
                      .operation = {.call = made, .killed = entry.killed},
                      .invoked = entry.invoked,
                      .responded = entry.responded,
                      .outcome = entry.outcome,
                      .deadline = deadline_of(entry, world.time_limit(made), result.ended),
                      .killed = entry.killed};
        if (entry.responded) call.operation.seen = entry.outcome;
        part.calls.push_back(std::move(call));
        part.places.push_back(i);
    }
    return part;
}

std::string outcomes_text(const std::vector<Outcome>& outcomes) {
    std::vector<std::string> texts;
    for (const Outcome& outcome : outcomes)
        texts.push_back(to_text(outcome));
    std::ranges::sort(texts);
    texts.erase(std::ranges::unique(texts).begin(), texts.end());
    std::string text;
    for (std::size_t i = 0; i < texts.size(); ++i)
        text += (i == 0 ? "" : i + 1 == texts.size() ? " or " : ", ") + texts[i];
    return text;
}

/// The one who made a call, and the call: `worker 2: Lock#1.acquire()`.
std::string who_called(const Scenario& scenario, const Entry& entry) {
    return "worker " + std::to_string(entry.worker) + ": " + to_text(scenario, entry.call);
}

std::string in_round(const Scenario& scenario, const Entry& entry) {
    const WorkerPlan* const plan = scenario.find_worker(entry.worker);
    return plan != nullptr && plan->repeat > 1 ? ", in round " + std::to_string(entry.round) : "";
}

std::string reason_of(const Scenario& scenario, const Entry& entry,
                      const checker::Violation<model::World>& violation) {
    std::string reason = who_called(scenario, entry);
    if (violation.hangs) {
        reason += " never returned, though it could proceed";
        return violation.allowed.empty()
                   ? reason
                   : reason + " and return " + outcomes_text(violation.allowed);
    }
    if (!entry.responded) return reason + " never returned, and nothing explains what came before";
    reason += (entry.outcome.is_error() ? " raised " : " returned ") + to_text(entry.outcome);
    return violation.allowed.empty()
               ? reason + ", though nothing lets it return at that time"
               : reason + ", though only " + outcomes_text(violation.allowed) + " is allowed";
}

/// Of a long history its end.
std::string timeline_of(const Scenario& scenario, const History& history) {
    if (history.entries.empty()) return {};
    if (!scenario.has_rounds()) return timeline(scenario, history);
    History end;
    for (const std::size_t place : places_around(history, {}))
        end.entries.push_back(history.entries[place]);
    return timeline(scenario, end);
}

/// One order of steps that explains what came before the violation.
std::string prefix_text(const Scenario& scenario, const History& history, const Part& part,
                        const checker::Certificate& prefix) {
    std::string text = "What came before can be explained by this order:\n";
    const std::size_t left_out =
        prefix.size() > most_steps_told ? prefix.size() - most_steps_told : 0;
    if (left_out > 0) text += "  [" + std::to_string(left_out) + " steps left out]\n";
    for (std::size_t i = left_out; i < prefix.size(); ++i) {
        const Entry& entry = history.entries[part.places[prefix[i].call]];
        text += "  " + who_called(scenario, entry);
        text += prefix[i].stage == completed && entry.responded ? " -> " + to_text(entry.outcome)
                                                                : " (a part of it)";
        text += prefix[i].time_is_up ? ", as its time was up\n" : "\n";
    }
    return prefix.empty() ? "Nothing came before that matters.\n" : text;
}

/// No verdict is believed that its certificate does not show. Costs a fraction of the search.
void require_certificate(const checker::Verdict<model::World>& verdict, const model::World& world,
                         const std::vector<Interval>& calls) {
    std::string fault;
    if (verdict.judgement == checker::Judgement::linearizable) {
        fault = checker::fault_of<model::World>(verdict.certificate, world, calls);
    } else if (verdict.violation) {
        fault = checker::fault_of<model::World>(*verdict.violation, world, calls);
    }
    if (!fault.empty())
        throw std::logic_error("the checker contradicts itself: " + fault +
                               ", in its certificate of a " +
                               std::string(to_string(verdict.judgement)) + " history");
}

Judgement told(const Scenario& scenario, const History& history, const Part& part,
               const checker::Violation<model::World>& violation) {
    const std::size_t place = part.places[violation.call];
    Judgement judgement{.verdict = Verdict::violates,
                        .reason = reason_of(scenario, history.entries[place], violation)};
    std::vector<std::size_t> shown;  // places in the history
    if (scenario.has_rounds()) {
        shown = places_around(history, {place});
        for (const std::size_t i : shown)
            judgement.shown.entries.push_back(history.entries[i]);
        judgement.reason += in_round(scenario, history.entries[place]);
        judgement.timeline =
            "(of " + std::to_string(history.entries.size()) + " calls those that matter)\n";
    } else {
        shown.resize(history.entries.size());
        std::iota(shown.begin(), shown.end(), std::size_t{0});
        judgement.shown = history;
    }
    const auto found = [&](std::size_t i) { return std::ranges::lower_bound(shown, i); };
    judgement.marked = static_cast<std::size_t>(found(place) - shown.begin());
    for (const checker::CertificateStep& step : violation.prefix) {
        const auto i = found(part.places[step.call]);
        if (i != shown.end() && *i == part.places[step.call])
            judgement.order.push_back({static_cast<std::size_t>(i - shown.begin()),
                                       step.stage == completed, step.time_is_up});
    }
    judgement.timeline += timeline(scenario, judgement.shown, judgement.marked) + '\n' +
                          prefix_text(scenario, history, part, violation.prefix);
    return judgement;
}

Judgement judge_part(const Scenario& scenario, const RunResult& result, const model::World& world) {
    const Part part = part_of(scenario, world, result);
    if (part.calls.empty()) return {.verdict = Verdict::conforms};
    const auto verdict = checker::check_optimistically<model::World>(
        world, part.calls, scenario.has_rounds() ? budget_of_rounds : budget);
    require_certificate(verdict, world, part.calls);
    if (verdict.judgement == checker::Judgement::linearizable)
        return {.verdict = Verdict::conforms};
    if (verdict.judgement == checker::Judgement::unknown)
        return {.verdict = Verdict::inconclusive,
                .reason = "the checker's budget ran out before the history was judged",
                .timeline = timeline_of(scenario, result.history)};
    return told(scenario, result.history, part, *verdict.violation);
}

/// By the models alone.
Judgement judge_history(const Scenario& scenario, const RunResult& result) {
    Judgement worst{.verdict = Verdict::conforms};
    const bool has_results = scenario.has_rounds() && !ResultsOfRounds(scenario).empty();
    const Scenario apart =
        has_results ? unrolled(scenario, number_of_rounds(scenario)) : Scenario();
    const Scenario& whole = has_results ? apart : scenario;
    for (const std::vector<Id>& ids : model::components(whole)) {
        Judgement judgement = judge_part(scenario, result, model::World(whole, ids));
        if (judgement.verdict == Verdict::violates) return judgement;
        if (judgement.verdict == Verdict::inconclusive) worst = std::move(judgement);
    }
    return worst;
}

/// A worker whose start returned, and of whose life there is no record; null if there is none.
const Entry* start_without_life(const History& history) {
    std::set<Id> alive;
    for (const Entry& entry : history.entries)
        alive.insert(entry.worker);
    const auto found = std::ranges::find_if(history.entries, [&](const Entry& entry) {
        return entry.call.operation == Operation::start && entry.responded &&
               !entry.outcome.is_error() && !alive.contains(entry.call.object);
    });
    return found != history.entries.end() ? &*found : nullptr;
}

bool uses_pools(const Scenario& scenario, const WorkerPlan& worker) {
    return std::ranges::any_of(worker.calls, [&](const Call& call) {
        const Object* const object = scenario.find_object(call.object);
        return object != nullptr &&
               (object->type == Type::WorkerPool || object->type == Type::WorkerPoolExecutor ||
                is_result(object->type));
    });
}

/// Whether somebody that this worker started, or that one of those did, is still there.
bool has_living_descendant(const Scenario& scenario, Id worker, const std::set<Id>& living) {
    return std::ranges::any_of(scenario.workers, [&](const WorkerPlan& other) {
        return other.id != worker && other.id != 0 && other.parent == worker &&
               (living.contains(other.id) || has_living_descendant(scenario, other.id, living));
    });
}

/// The life of a worker that made all its calls and does not end, though it has nobody to wait for; null if there is
/// none. A join of it that blocks conforms to the models, for which it has not ended.
const Entry* life_without_end(const Scenario& scenario, const History& history) {
    std::map<Id, std::int64_t> responses;
    std::map<Id, const Entry*> lives;
    std::set<Id> living;
    std::set<Id> stopped;
    for (const Entry& entry : history.entries) {
        if (entry.call.operation == Operation::stop) stopped.insert(entry.call.object);
        if (entry.call.operation == Operation::run) {
            lives[entry.worker] = &entry;
            if (!entry.responded && !entry.killed) living.insert(entry.worker);
        } else if (entry.responded) {
            ++responses[entry.worker];
        }
    }
    for (const WorkerPlan& worker : scenario.workers) {
        const auto calls = std::ssize(worker.calls) * worker.repeat;
        if (worker.id != 0 && living.contains(worker.id) && responses[worker.id] == calls &&
            !stopped.contains(worker.id) && !uses_pools(scenario, worker) &&
            !has_living_descendant(scenario, worker.id, living))
            return lives.at(worker.id);
    }
    return nullptr;
}

/// What the models do not know of: a hang outside of every call, or in the driver's own operations.
Judgement judge_standstill(const Scenario& scenario, const RunResult& result) {
    if (const Entry* const start = start_without_life(result.history))
        return {.verdict = Verdict::violates,
                .reason = "worker " + std::to_string(start->call.object) +
                          " was started, and never began to run",
                .timeline = timeline_of(scenario, result.history)};
    if (const Entry* const life = life_without_end(scenario, result.history))
        return {.verdict = Verdict::violates,
                .reason = "worker " + std::to_string(life->worker) +
                          " made its last call, and then does not come to its end",
                .timeline = timeline_of(scenario, result.history)};
    bool any_pending = false;
    for (const Entry& entry : result.history.entries) {
        if (entry.responded || entry.killed) continue;
        if (entry.call.operation == Operation::await_blocked)
            return {.verdict = Verdict::driver_error,
                    .reason = "rule 5.12: " + who_called(scenario, entry) +
                              " does not return, though every thread of the driver sleeps",
                    .timeline = timeline_of(scenario, result.history)};
        any_pending |= entry.call.operation != Operation::run;
    }
    if (any_pending) return {.verdict = Verdict::conforms};
    return {.verdict = Verdict::violates,
            .reason =
                "all calls returned, and then nothing moves any more: a worker does not come "
                "to its end, or an object cannot be released",
            .timeline = timeline_of(scenario, result.history)};
}

Judgement with_timeline(Verdict verdict, std::string reason, const Scenario& scenario,
                        const RunResult& result) {
    return {.verdict = verdict,
            .reason = std::move(reason),
            .timeline = timeline_of(scenario, result.history)};
}

/// Of rounds: whether calls came to their end until the last. So they do on a slow machine, and not where
/// workers spin for nothing.
bool got_on(const Scenario& scenario, const RunResult& result) {
    if (!scenario.has_rounds() || result.history.entries.empty()) return false;
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    std::int64_t last = 0;
    for (const Entry& entry : result.history.entries) {
        first = std::min(first, entry.invoked);
        last = std::max(last, entry.responded.value_or(0));
    }
    return (result.ended - last) * 4 < result.ended - first;
}

/// `by_models`: else a history of rounds is judged by near-linear checks.
Judgement judge(const Scenario& scenario, const RunResult& result, bool by_models) {
    const auto told = [&](Verdict verdict, const std::string& reason) {
        return with_timeline(verdict, reason, scenario, result);
    };
    if (result.status != Status::unsupported && !result.sanitizer_report.empty()) {
        const bool races = result.sanitizer_report.find("data race") != std::string::npos;
        return told(Verdict::violates, races ? "the race detector reports a data race (RACE-1)"
                                             : "a sanitizer reports an error: the implementation "
                                               "crashed, or would have");
    }
    switch (result.status) {
        case Status::unsupported:
            return {Verdict::unsupported, result.explanation, {}};
        case Status::overflow:
            return told(Verdict::inconclusive, result.explanation);
        case Status::driver_fault:
            return told(Verdict::driver_error, result.explanation);
        case Status::crashed:
            return told(Verdict::violates, "the implementation crashed: " + result.explanation);
        case Status::over_time:
            return got_on(scenario, result)
                       ? told(Verdict::inconclusive,
                              result.explanation + ", and calls came to their end until then")
                       : told(Verdict::violates, result.explanation);
        case Status::completed:
        case Status::stuck:
            break;
    }
    if (const std::string fault = fault_of_end(scenario, result); !fault.empty())
        return told(Verdict::violates, fault);
    if (scenario.has_rounds() && !by_models) return judge_rounds(scenario, result);
    Judgement judgement = judge_history(scenario, result);
    if (judgement.verdict == Verdict::inconclusive && scenario.has_rounds() &&
        result.status == Status::completed && checks_can_judge(scenario, result.history))
        return judge_rounds(scenario, result);
    if (judgement.verdict == Verdict::conforms && result.status == Status::stuck)
        return judge_standstill(scenario, result);
    return judgement;
}

}  // namespace

Judgement judge(const Scenario& scenario, const RunResult& result) {
    return judge(scenario, result, models_can_judge(scenario, result.history));
}
Judgement judge_by_checks(const Scenario& scenario, const RunResult& result) {
    return judge(scenario, result, false);
}

}  // namespace conformance
