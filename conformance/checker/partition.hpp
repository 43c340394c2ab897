#pragma once
/// \file
/// Checks a history of several independent objects one object at a time.
///
///     const auto verdict = check_parts(model, history, [](const auto& call) { return call.operation.key; });
///
/// A history can be explained if and only if, for each object, the calls on it can (Herlihy and Wing,
/// "Linearizability", TOPLAS 1990, theorem 1; Horn and Kroening, "Faster linearizability checking via
/// P-compositionality", FORTE 2015, for parts of one object, such as the keys of a map). That holds for
/// blocking, too: whether a call is blocked depends on its object's state alone, so there is a last
/// state in which all pending calls are blocked if and only if there is one of each object. It does
/// NOT hold for calls that touch two objects, such as waiting on a condition, which is one object
/// together with its lock.

#include <cstddef>
#include <map>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "conformance/checker/check.hpp"

namespace conformance::checker {

/// The calls on one object, and their places in the whole history.
template <Model M>
struct Part {
    std::vector<Interval<typename M::Operation, typename M::Outcome>> history{};
    std::vector<std::size_t> places{};
};

/// `key_of(interval)` says which part a call belongs to; any type with an order.
template <Model M, class KeyOf>
[[nodiscard]] auto split(Calls<M> history, const KeyOf& key_of) {
    using Key = std::remove_cvref_t<decltype(key_of(history[0]))>;
    std::map<Key, Part<M>> parts;
    for (std::size_t i = 0; i < history.size(); ++i) {
        Part<M>& part = parts[key_of(history[i])];
        part.history.push_back(history[i]);
        part.places.push_back(i);
    }
    return parts;
}

template <Model M, class Key>
struct PartsVerdict {
    Judgement judgement = Judgement::linearizable;
    /// The part that is to blame if the judgement is another.
    std::optional<Key> part{};
    /// Places are those of the whole history, but for `event`, which counts in the part.
    std::optional<Violation<M>> violation{};
    std::map<Key, Certificate> certificates{};  ///< of the parts that were found linearizable
    std::size_t steps = 0;
};

/// The first violation wins; otherwise one part that stays unknown makes the whole unknown. Each part
/// has the whole budget. `model` describes one object. Throws what `check` does.
template <Model M, class KeyOf>
[[nodiscard]] auto check_parts(const M& model, Calls<M> history, const KeyOf& key_of,
                               const Budget& budget = {}) {
    using Key = std::remove_cvref_t<decltype(key_of(history[0]))>;
    PartsVerdict<M, Key> whole;
    const auto relocate = [](Certificate steps, const Part<M>& part) {
        for (CertificateStep& step : steps)
            step.call = part.places[step.call];
        return steps;
    };
    for (const auto& [key, part] : split<M>(history, key_of)) {
        Verdict<M> verdict = check(model, Calls<M>(part.history), budget);
        whole.steps += verdict.steps;
        if (verdict.judgement == Judgement::linearizable) {
            whole.certificates[key] = relocate(std::move(verdict.certificate), part);
            continue;
        }
        whole.judgement = verdict.judgement;
        whole.part = key;
        if (verdict.judgement == Judgement::unknown) continue;
        whole.violation = std::move(verdict.violation);
        whole.violation->call = part.places[whole.violation->call];
        whole.violation->prefix = relocate(std::move(whole.violation->prefix), part);
        break;
    }
    return whole;
}

}  // namespace conformance::checker
