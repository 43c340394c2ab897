#pragma once
/// \file
/// Whether a history of calls, which may block, can be explained by a model.
///
///     const auto verdict = check(model, history);
///     if (verdict.judgement == Judgement::violation) report(*verdict.violation);
///
/// It can if there is an order of the calls' steps such that
/// - every step lies between its call's invocation and response, and a worker's calls follow one
///   another;
/// - each call that responded completed, with the outcome that it returned;
/// - a call gives up only from its deadline on;
/// - each call that never responded is blocked in the last state: it did not complete, and can take
///   no step. A call that hangs although the model says that it could proceed is a lost wake-up, or
///   a deadlock that the model does not have;
/// - a call whose worker was killed took any of its steps or none.

#include <algorithm>
#include <cstddef>
#include <utility>

#include "conformance/checker/budget.hpp"
#include "conformance/checker/depth_first.hpp"
#include "conformance/checker/interval.hpp"
#include "conformance/checker/search.hpp"
#include "conformance/checker/verdict.hpp"

namespace conformance::checker {

/// Requires that models are pure and that what a call may do before its deadline it may do after it.
/// Throws std::invalid_argument if a call of the history responded before it was invoked. When the
/// budget runs out the judgement is `unknown`.
///
/// A violation is searched for a second time, without foresight and with the same budget again, to
/// blame the right call: in a history where A's wrong result is only noticed because B returned
/// earlier what can be explained only by A's right result, it is A that is wrong.
template <Model M>
[[nodiscard]] Verdict<M> check(const M& model, Calls<M> history, const Budget& budget = {}) {
    Verdict<M> verdict = Search<M>(model, history, budget, Foresight::recorded).run();
    if (verdict.judgement != Judgement::violation) return verdict;
    Verdict<M> exact = Search<M>(model, history, budget, Foresight::none).run();
    return exact.judgement == Judgement::violation ? std::move(exact) : std::move(verdict);
}

/// The same answer as that of `check`, for many short histories most of which conform.
///
/// A search depth first goes first, for a few steps per call. Where little depends on the order it
/// runs into the goal nearly straight, at a quarter of the cost of following all configurations at
/// once; where much does it is given up soon, and has cost a fraction of what is still to come. Only
/// its yes counts: whom to blame it does not know.
template <Model M>
[[nodiscard]] Verdict<M> check_optimistically(const M& model, Calls<M> history,
                                              const Budget& budget = {}) {
    constexpr std::size_t few_calls = 1000;  // it remembers all it has tried
    if (history.size() > few_calls) return check(model, history, budget);
    Budget attempt = budget;
    attempt.steps = std::min(budget.steps, 8 * history.size() + 16);
    Verdict<M> verdict = check_depth_first(model, history, attempt);
    if (verdict.judgement == Judgement::linearizable) return verdict;
    return check(model, history, budget);
}

}  // namespace conformance::checker
