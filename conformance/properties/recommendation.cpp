#include "conformance/properties/recommendation.hpp"

#include <algorithm>
#include <string>

#include "spec/model/offer.hpp"

namespace conformance::properties {
namespace {

/// The call that came to this object; null if it is no result.
const Call* origin_of(const Scenario& scenario, Id result) {
    for (const WorkerPlan& worker : scenario.workers) {
        for (const Call& call : worker.calls) {
            if (call.into == result && result != no_object) return &call;
        }
    }
    return nullptr;
}

/// What came of this call is enough to say so, whatever else happened. Such a call upsets those after it
/// and beside it, so that one of them may be what nothing explains.
std::string_view recommendation_broken_by(const Scenario& scenario, const Entry& entry) {
    const Call& call = entry.call;
    const bool raised = entry.responded && entry.outcome.is_error();
    const bool raised_other = raised && entry.outcome.error() == ErrorKind::Other;
    // Or for another reason: the caller does not hold the lock, say.
    const bool refused = raised && (entry.outcome.error() == ErrorKind::ValueError ||
                                    entry.outcome.error() == ErrorKind::RuntimeError);
    if (call.time_limit.is_nan() && !refused) return "GEN-7";
    if (call.time_limit == TimeLimit::infinite() && raised_other) return "GEN-6";
    if (call.operation == Operation::create && entry.responded && !raised) {
        const Object* const object = scenario.find_object(call.object);
        if (object != nullptr && object->type == Type::Barrier &&
            model::number(object->arguments, 0, 1) < 1)
            return "BARRIER-2";
    }
    return {};
}

bool is_of_bad_chunks(const Call& call) {
    switch (call.operation) {
        case Operation::map:
        case Operation::map_async:
        case Operation::starmap:
        case Operation::starmap_async:
            return model::number(call.arguments, 2, 1) <= 0;
        default:
            return false;
    }
}

/// What a result shows for ever that nobody completes.
bool shows_no_result(const Entry& entry) {
    switch (entry.call.operation) {
        case Operation::apply:
        case Operation::map:
        case Operation::starmap:
        case Operation::wait:
            return !entry.responded;
        case Operation::get:
        case Operation::next:
            return !entry.responded || entry.outcome == Outcome(ErrorKind::TimeoutError);
        case Operation::ready:
            return entry.responded && entry.outcome == Outcome(Value(false));
        case Operation::successful:
            return entry.responded && entry.outcome == Outcome(ErrorKind::ValueError);
        default:
            return false;
    }
}

/// Before the end of what is shown.
bool was_terminated(const JudgedRun& run, Id pool) {
    return std::ranges::any_of(run.result.history.entries, [=](const Entry& entry) {
        return entry.call.object == pool && (entry.call.operation == Operation::terminate ||
                                             entry.call.operation == Operation::with);
    });
}

}  // namespace

std::string_view recommendation_broken(const JudgedRun& run) {
    const Judgement& judgement = run.judgement;
    if (judgement.verdict != Judgement::Verdict::violates) return {};
    for (const Entry& entry : run.result.history.entries) {
        const std::string_view broken = recommendation_broken_by(run.scenario, entry);
        if (!broken.empty()) return broken;
    }
    if (!judgement.marked) return {};

    const Entry& entry = judgement.shown.entries.at(*judgement.marked);
    const Object* const object = run.scenario.find_object(entry.call.object);
    if (object == nullptr) return {};
    if (object->type == Type::Barrier) {
        const std::string action = model::text(object->arguments, 1);
        return action == "abort" || action == "reset" || action == "wait" ? "BARRIER-10" : "";
    }
    const Call* const origin = origin_of(run.scenario, object->id);
    const Object* const pool =
        origin == nullptr ? object : run.scenario.find_object(origin->object);
    if (pool == nullptr || pool->type != Type::WorkerPool) return {};
    if (is_of_bad_chunks(origin == nullptr ? entry.call : *origin)) return "POOL-11";
    return shows_no_result(entry) && was_terminated(run, pool->id) ? "POOL-23" : "";
}

const Requirement* only_recommended(const Requirements& requirements, const JudgedRun& run) {
    const Requirement* const broken = requirements.find(std::string(recommendation_broken(run)));
    return broken != nullptr && broken->level == Level::recommended ? broken : nullptr;
}

}  // namespace conformance::properties
