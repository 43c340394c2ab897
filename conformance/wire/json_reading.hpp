#pragma once
/// \file
/// What bodies share to read JSON, those of this folder, the engine and the runner. Internal: it
/// includes the JSON library, which costs seconds of compile time.

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

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

/// As a T; nothing if it is of another type, or a number beyond what a T can be. (The library's own
/// conversion would cut an integer, and for a fraction be undefined.)
template <class T>
[[nodiscard]] std::optional<T> as(const Json& json) {
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
        if (!json.is_number_integer()) return std::nullopt;
        const auto fitting = [](auto number) {
            return std::in_range<T>(number) ? std::optional(static_cast<T>(number)) : std::nullopt;
        };
        return json.is_number_unsigned() ? fitting(json.get<std::uint64_t>())
                                         : fitting(json.get<std::int64_t>());
    } else {
        try {
            return json.get<T>();
        } catch (const Json::exception&) {
            return std::nullopt;
        }
    }
}

/// The member of that name as a T; nothing if there is none, or as above.
template <class T>
[[nodiscard]] std::optional<T> member_as(const Json& object, const char* name) {
    const Json* const found = optional_member(object, name);
    return found != nullptr ? as<T>(*found) : std::nullopt;
}

/// Section 6. `depth` counts the lists around the value.
[[nodiscard]] Value value(const Json& json, int depth = 0);

/// Section 5.
[[nodiscard]] Scenario scenario(const Json& json);

}  // namespace conformance::json_reading
