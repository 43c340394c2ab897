#pragma once
/// \file
/// Whether what happened is what the specification allows.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "conformance/engine/run_result.hpp"
#include "spec/scenario/scenario.hpp"

namespace conformance {

struct Judgement {
    enum class Verdict {
        conforms,
        violates,
        unsupported,
        inconclusive,  ///< the checker's budget or a lane ran out
        driver_error
    };
    Verdict verdict = Verdict::inconclusive;
    std::string reason{};    ///< one sentence, unless it conforms
    std::string timeline{};  ///< the history as text, a column per worker, with the explanation

    /// A step of the order that explains what came before the violation.
    struct Step {
        std::size_t entry = 0;    ///< in `shown`
        bool completes = true;    ///< else the call has further steps
        bool time_is_up = false;  ///< the call gave up
    };
    /// What a picture of the violation shows: the history, or the part of it that matters.
    History shown{};
    std::optional<std::size_t> marked{};  ///< the call that nothing explains, in `shown`
    std::vector<Step> order{};
};

/// Judges by the models: every response must be explained by an order of steps, and every call that
/// is pending at the end must be blocked in the state they lead to. A history of rounds that is too
/// much for them (long_history.hpp) is judged as below.
[[nodiscard]] Judgement judge(const Scenario& scenario, const RunResult& result);

/// Judges a history of rounds by near-linear checks, which the scenario has to be made for
/// (rounds_judge.hpp).
[[nodiscard]] Judgement judge_by_checks(const Scenario& scenario, const RunResult& result);

}  // namespace conformance
