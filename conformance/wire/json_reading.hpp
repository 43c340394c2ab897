#pragma once
/// \file
/// What the bodies of this folder share to read JSON. Internal: it includes the JSON library, which
/// costs seconds of compile time.

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "conformance/wire/scenario_json.hpp"

namespace conformance::json_reading {

using Json = nlohmann::json;

/// Throws MalformedMessage: "rule 5.1: what is wrong".
[[noreturn]] void reject(std::string_view rule, const std::string& what);

/// Rule 1.2.
[[nodiscard]] Json parse(std::string_view text);

/// The member of that name. Its absence breaks `rule`.
[[nodiscard]] const Json& member(const Json& object, const char* name, std::string_view rule);
[[nodiscard]] const Json* optional_member(const Json& object, const char* name);

[[nodiscard]] std::int64_t integer(const Json& json, std::string_view rule, const char* what,
                                   std::int64_t minimum = std::numeric_limits<std::int64_t>::min(),
                                   std::int64_t maximum = std::numeric_limits<std::int64_t>::max());
[[nodiscard]] const std::string& text(const Json& json, std::string_view rule, const char* what);

/// Section 6. `depth` counts the lists around the value.
[[nodiscard]] Value value(const Json& json, int depth = 0);

/// Section 5.
[[nodiscard]] Scenario scenario(const Json& json);

}  // namespace conformance::json_reading
