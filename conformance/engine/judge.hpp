#pragma once
/// \file
/// Whether what happened is what the specification allows.

#include <string>

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
};

/// Judges by the models: every response must be explained by an order of steps, and every call that
/// is pending at the end must be blocked in the state they lead to.
[[nodiscard]] Judgement judge(const Scenario& scenario, const RunResult& result);

}  // namespace conformance
