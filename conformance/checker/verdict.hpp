#pragma once
/// \file
/// What a checker answers, with the reasons.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "spec/model/step.hpp"

namespace conformance::checker {

enum class Judgement : std::uint8_t {
    linearizable,  ///< the certificate shows an order of steps that explains every call
    violation,     ///< there is none
    unknown,       ///< the budget ran out before either was certain
};

[[nodiscard]] constexpr std::string_view to_string(Judgement judgement) {
    switch (judgement) {
        case Judgement::linearizable:
            return "linearizable";
        case Judgement::violation:
            return "violation";
        case Judgement::unknown:
            break;
    }
    return "unknown";
}

/// One step of a linearization.
struct CertificateStep {
    std::size_t call = 0;     ///< its place in the history
    Stage stage = completed;  ///< that the call reached by it
    std::size_t choice = 0;   ///< which of the steps that the model offered there
    bool time_is_up = false;  ///< whether its deadline had passed

    friend bool operator==(const CertificateStep&, const CertificateStep&) = default;
};

/// Steps in the order in which they took effect. The states in between follow from the choices.
using Certificate = std::vector<CertificateStep>;

/// A state that the explainable part of a history leads to, and what the failing call may do there.
template <Model M>
struct Reached {
    typename M::State state;
    std::vector<typename M::Outcome> allowed{};  ///< outcomes with which it may complete at once
    bool blocked = true;                         ///< it can take no step at all
};

template <Model M>
struct Violation {
    /// The call that nothing explains.
    std::size_t call = 0;
    /// False: its response cannot be explained, whatever the calls that were pending then would have
    /// returned. True: it hangs, but in every explanation of the rest it could proceed.
    bool hangs = false;
    /// The place of that response among all invocations and responses in the order of time, or their
    /// number if the call hangs. What came before can be explained.
    std::size_t event = 0;
    /// One explanation of what came before. The failing call may have a place in it, if the rest can
    /// only be explained by its having completed otherwise.
    Certificate prefix{};
    /// Where it leads to (just before that place, if there is one), and where other explanations do:
    /// at most a few.
    std::vector<Reached<M>> reached{};
    /// The outcomes that the failing call could have had in any explanation: at most a few.
    std::vector<typename M::Outcome> allowed{};
};

template <Model M>
struct Verdict {
    Judgement judgement = Judgement::unknown;
    Certificate certificate{};                ///< if linearizable
    std::optional<Violation<M>> violation{};  ///< if it is one
    std::size_t steps = 0;                    ///< what the search cost
};

}  // namespace conformance::checker
