#pragma once
/// \file
/// The states that a certificate leads through, and where a part of one leads to. Internal.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "conformance/checker/interval.hpp"
#include "conformance/checker/verdict.hpp"

namespace conformance::checker {

/// Takes the steps one after the other; calls `visit(step, outcome, state)` after each. Returns the
/// last state. Trusts the certificate: it is one that a search has just made.
template <Model M, class Visit>
typename M::State replay(const M& model, Calls<M> history, const Certificate& steps,
                         const Visit& visit) {
    typename M::State state = model.initial();
    std::vector<Stage> stages(history.size(), 0);
    std::vector<Step<typename M::State, typename M::Outcome>> offered;
    for (const CertificateStep& step : steps) {
        const auto& call = history[step.call];
        offered.clear();
        model.steps(state, {call.operation, call.worker, stages[step.call], step.time_is_up},
                    offered);
        state = std::move(offered.at(step.choice).next);
        stages[step.call] = step.stage;
        visit(step, offered.at(step.choice).outcome, state);
    }
    return state;
}

/// What `call` may do at the end of `steps`.
template <Model M>
[[nodiscard]] Reached<M> reach(const M& model, Calls<M> history, const Certificate& steps,
                               std::size_t call, bool time_is_up) {
    Stage stage = 0;
    const auto follow = [&](const CertificateStep& step, const auto&, const auto&) {
        if (step.call == call) stage = step.stage;
    };
    Reached<M> reached{.state = replay(model, history, steps, follow)};
    std::vector<Step<typename M::State, typename M::Outcome>> offered;
    model.steps(reached.state, {history[call].operation, history[call].worker, stage, time_is_up},
                offered);
    reached.blocked = offered.empty();
    for (const auto& step : offered) {
        if (step.stage == completed && !std::ranges::count(reached.allowed, step.outcome))
            reached.allowed.push_back(step.outcome);
    }
    return reached;
}

/// The steps before the one by which `call` completed; all of them if it did not.
[[nodiscard]] inline Certificate before_completion(Certificate steps, std::size_t call) {
    const auto completion = std::ranges::find_if(steps, [&](const CertificateStep& step) {
        return step.call == call && step.stage == completed;
    });
    steps.erase(completion, steps.end());
    return steps;
}

}  // namespace conformance::checker
