#pragma once
/// \file
/// Values and scenarios as JSON: sections 5 and 6 of the driver protocol.
///
///     const std::string line = to_json(scenario);
///     const Scenario same = scenario_from_json(line);
///
/// Pure. The JSON library stays in the body, since it costs seconds of compile time.

#include <stdexcept>
#include <string>
#include <string_view>

#include "spec/scenario/scenario.hpp"

namespace conformance {

/// What was read is not what the protocol says; `what()` names the place and the rule.
class MalformedMessage : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

[[nodiscard]] std::string to_json(const Value& value);
/// Throws MalformedMessage.
[[nodiscard]] Value value_from_json(std::string_view text);

/// One line. What has its default value is left out.
[[nodiscard]] std::string to_json(const Scenario& scenario);
/// Throws MalformedMessage: for bad JSON, another version, unknown types, operations and members,
/// ids that are used twice or belong to nothing.
[[nodiscard]] Scenario scenario_from_json(std::string_view text);

}  // namespace conformance
