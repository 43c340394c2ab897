#include "conformance/properties/projection.hpp"

#include <algorithm>
#include <cstddef>

namespace conformance::properties {
namespace {

constexpr std::size_t longest_history = 400;

/// Whether all that `part` has is in the whole as well.
bool is_part(const Scenario& part, const Scenario& whole) {
    const bool has_same_calls = std::ranges::all_of(part.workers, [&](const WorkerPlan& worker) {
        const WorkerPlan* const before = whole.find_worker(worker.id);
        return before != nullptr && before->repeat == worker.repeat &&
               std::ranges::all_of(worker.calls, [&](const Call& call) {
                   return std::ranges::find(before->calls, call) != before->calls.end();
               });
    });
    return has_same_calls && std::ranges::all_of(part.objects, [&](const Object& object) {
               const Object* const before = whole.find_object(object.id);
               return before != nullptr && *before == object;
           });
}

/// Lives of workers are entries as well, of no planned call.
bool is_left_out(const Entry& entry, const Scenario& whole, const Scenario& part) {
    const WorkerPlan* const after = part.find_worker(entry.worker);
    if (after == nullptr) return true;
    const WorkerPlan* const before = whole.find_worker(entry.worker);
    const auto has = [&](const WorkerPlan& worker) {
        return std::ranges::find(worker.calls, entry.call.id, &Call::id) != worker.calls.end();
    };
    return before != nullptr && has(*before) && !has(*after);
}

}  // namespace

std::optional<JudgedRun> projection(const JudgedRun& run, const Scenario& part) {
    if (run.result.history.entries.size() > longest_history) return std::nullopt;
    if (!is_part(part, run.scenario)) return std::nullopt;
    JudgedRun projected{.scenario = part, .result = run.result};
    std::erase_if(projected.result.history.entries,
                  [&](const Entry& entry) { return is_left_out(entry, run.scenario, part); });
    projected.judgement = judge(projected.scenario, projected.result);
    return projected;
}

bool fails_alike(const JudgedRun& one, const JudgedRun& other) {
    const auto blamed = [](const JudgedRun& run) -> std::optional<Id> {
        const Judgement& judgement = run.judgement;
        if (!judgement.marked) return std::nullopt;
        return judgement.shown.entries[*judgement.marked].call.id;
    };
    return one.judgement.verdict == Judgement::Verdict::violates &&
           other.judgement.verdict == Judgement::Verdict::violates &&
           blamed(one) == blamed(other) && one.judgement.reason == other.judgement.reason;
}

}  // namespace conformance::properties
