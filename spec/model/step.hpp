#pragma once
/// \file
/// What a model is: a state, and the atomic steps that each call may take in it.
///
/// A call takes one step or several, from its invocation to its response, one after the other. The
/// step that completes it says with which outcome. A call that can take no step in a state is blocked
/// there. Example, a counter on which `get` waits for more than nothing:
///
///     struct CounterModel {
///         using Operation = std::string;
///         using Outcome = int;
///         using State = int;
///         State initial() const { return 0; }
///         void steps(const State& state, const Turn<Operation>& turn,
///                    std::vector<Step<State, Outcome>>& out) const {
///             if (turn.operation == "put") out.push_back({state + 1, completed, 0});
///             if (turn.operation == "get" && state > 0) out.push_back({state - 1, completed, state});
///         }
///         static std::size_t hash(const State& state) { return static_cast<std::size_t>(state); }
///     };
///
/// Models are pure: `steps` depends on its arguments only, and states are regular values.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace conformance {

/// How far a call has got: 0 before its first step; what its last step said, later.
using Stage = std::int32_t;
inline constexpr Stage completed = -1;

/// A call that has begun and is not completed.
template <class Operation>
struct Turn {
    const Operation& operation;
    std::int32_t worker = 0;
    Stage stage = 0;
    /// Its time limit has passed, so it may give up; from the beginning if it is zero or less. A
    /// model offers the step of giving up only where the call would block.
    bool time_is_up = false;
};

/// One atomic step: the state after it, and how far the call has got. `outcome` counts if that is
/// `completed`.
template <class State, class Outcome>
struct Step {
    State next;
    Stage stage = completed;
    Outcome outcome{};
};

template <class M>
concept Model = std::copyable<typename M::State> && std::equality_comparable<typename M::State> &&
                std::equality_comparable<typename M::Outcome> &&
                requires(const M& model, const typename M::State& state,
                         const Turn<typename M::Operation>& turn,
                         std::vector<Step<typename M::State, typename M::Outcome>>& out) {
                    { model.initial() } -> std::same_as<typename M::State>;
                    model.steps(state, turn, out);
                    { M::hash(state) } -> std::convertible_to<std::size_t>;
                };

}  // namespace conformance
