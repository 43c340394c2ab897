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
#include <tuple>
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

/// What happened until just before the event with that number, of all invocations and responses in the
/// order of time: whoever had not responded then may still do anything.
template <Model M>
[[nodiscard]] auto history_until(Calls<M> history, std::size_t event) {
    struct Moment {
        std::int64_t time;
        bool is_response;
        std::size_t call;
    };
    std::vector<Moment> moments;
    for (std::size_t i = 0; i < history.size(); ++i) {
        moments.push_back({history[i].invoked, false, i});
        if (history[i].responded) moments.push_back({*history[i].responded, true, i});
    }
    std::sort(moments.begin(), moments.end(), [](const Moment& left, const Moment& right) {
        return std::tuple(left.time, left.is_response, left.call) <
               std::tuple(right.time, right.is_response, right.call);
    });
    std::vector<typename Calls<M>::value_type> past(history.begin(), history.end());
    for (auto& call : past) {
        call.killed = true;
        call.responded.reset();
    }
    for (std::size_t i = 0; i < std::min(event, moments.size()); ++i) {
        if (moments[i].is_response) past[moments[i].call] = history[moments[i].call];
    }
    return past;
}

/// The same of a violation: that its prefix explains what came before, and that the call that it blames
/// does not fit there. That it fits nowhere else either is what only a search can tell.
template <Model M>
[[nodiscard]] std::string fault_of(const Violation<M>& violation, const M& model,
                                   Calls<M> history) {
    if (violation.call >= history.size()) return "there is no such call";
    const auto& blamed = history[violation.call];
    if (violation.hangs && (blamed.responded || blamed.killed))
        return "a call is said to hang that responded or was killed";
    if (!violation.hangs && !blamed.responded) return "a response is blamed that there is not";
    const auto past = history_until<M>(history, violation.event);
    if (past[violation.call].responded) return "the blamed response came before what explains it";
    if (const std::string fault = fault_of<M>(violation.prefix, model, past); !fault.empty())
        return "of what came before: " + fault;

    Stage stage = 0;
    std::vector<Stage> stages(history.size(), 0);
    std::vector<Step<typename M::State, typename M::Outcome>> offered;
    typename M::State state = model.initial();
    for (const CertificateStep& step : violation.prefix) {
        const auto& call = history[step.call];
        offered.clear();
        model.steps(state, {call.operation, call.worker, stages[step.call], step.time_is_up},
                    offered);
        if (step.choice >= offered.size()) return "a step that the model does not allow";
        stages[step.call] = step.stage;
        if (step.call == violation.call) stage = step.stage;
        state = std::move(offered[step.choice].next);
    }
    if (stage == completed) return {};
    const bool time_is_up =
        blamed.deadline.has_value() && (violation.hangs || *blamed.deadline <= *blamed.responded);
    offered.clear();
    model.steps(state, {blamed.operation, blamed.worker, stage, time_is_up}, offered);
    if (violation.hangs) return offered.empty() ? "the call that hangs is blocked" : "";
    for (std::size_t i = 0; i < history.size(); ++i) {
        // An older call of the same worker that touches this one has to be completed first.
        const auto& own = history[i];
        if (own.worker == blamed.worker && own.responded && *own.responded <= blamed.invoked &&
            std::pair(own.invoked, i) < std::pair(blamed.invoked, violation.call) &&
            stages[i] != completed)
            return {};
    }
    for (const auto& step : offered) {
        if (step.stage == completed && step.outcome == blamed.outcome)
            return "the blamed response is allowed there";
    }
    return {};
}

}  // namespace conformance::checker
