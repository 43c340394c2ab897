#pragma once
/// \file
/// A call together with what was seen of it.
///
/// What some calls return no model can foretell: an identifier, a default name, the result of a
/// task that tells where it ran. A model answers such a call with the recorded outcome itself if
/// that is of the right kind and agrees with what was seen before, and with some other outcome if
/// not. So steps and checkers need no notion of "any integer". All other models ignore `seen`.

#include <optional>

#include "spec/scenario/call.hpp"

namespace conformance::model {

struct Observed {
    Call call{};
    std::optional<Outcome> seen{};  ///< none: it was pending at the end
    bool killed = false;            ///< its worker was killed in it
    friend bool operator==(const Observed&, const Observed&) = default;

    /// The value seen; null if there is none.
    [[nodiscard]] Value value() const {
        return seen && !seen->is_error() ? seen->value() : Value();
    }
    /// What was seen, whatever it was.
    [[nodiscard]] Outcome anything() const { return seen.value_or(Outcome()); }
};

/// Instead of an object whose making failed. A call on it means nothing: models let it end in any
/// way.
struct Unmade {
    /// As what its making fails: ValueError, TypeError, or either.
    bool is_bad_value = true;
    bool is_bad_type = false;
    friend bool operator==(Unmade, Unmade) = default;
    [[nodiscard]] static std::size_t hash() { return 1; }
};

}  // namespace conformance::model
