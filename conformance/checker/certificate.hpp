#pragma once
/// \file
/// Whether a certificate proves that a history can be explained.
///
/// It shares no code with any search, only the definition in check.hpp: whoever doubts a verdict
/// `linearizable` need read no more than this.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "conformance/checker/interval.hpp"
#include "conformance/checker/verdict.hpp"

namespace conformance::checker {

/// What is wrong with it; empty if nothing is.
template <Model M>
[[nodiscard]] std::string fault_of(const Certificate& certificate, const M& model,
                                   Calls<M> history) {
    // Steps may be anywhere in their calls' intervals, in order. As late as possible is best: then
    // most deadlines have passed. A step must not be later than its own response or a later step.
    std::vector<std::int64_t> times(certificate.size());
    std::int64_t latest = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = certificate.size(); i-- > 0;) {
        if (certificate[i].call >= history.size()) return "there is no such call";
        latest = std::min(latest, history[certificate[i].call].responded.value_or(latest));
        times[i] = latest;
    }

    std::vector<Step<typename M::State, typename M::Outcome>> offered;
    std::vector<Stage> stages(history.size(), 0);
    std::map<std::int32_t, std::pair<std::int64_t, std::size_t>> newest;  // call of each worker
    typename M::State state = model.initial();
    for (std::size_t i = 0; i < certificate.size(); ++i) {
        const CertificateStep& step = certificate[i];
        const auto& call = history[step.call];
        if (stages[step.call] == completed) return "a step after completion";
        if (times[i] < call.invoked) return "a step before the invocation or after a response";
        const std::pair age{call.invoked, step.call};
        auto& newest_age = newest.try_emplace(call.worker, age).first->second;
        if (age < newest_age && call.responded && *call.responded <= newest_age.first)
            return "a worker's calls out of order";
        newest_age = std::max(newest_age, age);
        const bool time_is_up = call.deadline && *call.deadline <= times[i];
        offered.clear();
        model.steps(state, {call.operation, call.worker, stages[step.call], time_is_up}, offered);
        if (step.choice >= offered.size()) return "a step that the model does not allow";
        if (offered[step.choice].stage != step.stage) return "another stage than the model's";
        if (step.stage == completed && (call.responded || !call.killed)) {
            if (!call.responded) return "a call completed that never responded";
            if (!(offered[step.choice].outcome == call.outcome)) return "another outcome";
        }
        stages[step.call] = step.stage;
        state = std::move(offered[step.choice].next);
    }

    for (std::size_t i = 0; i < history.size(); ++i) {
        const auto& call = history[i];
        if (call.responded && stages[i] != completed) return "a call responded uncompleted";
        if (call.responded || call.killed) continue;
        offered.clear();
        model.steps(state, {call.operation, call.worker, stages[i], call.deadline.has_value()},
                    offered);
        if (!offered.empty()) return "a call hangs although it could proceed";
    }
    return {};
}

}  // namespace conformance::checker
