#pragma once
/// \file
/// What a driver answers: rules 2.2, 2.3 and 3.4 to 3.8 of the driver protocol. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/wire/json_writer.hpp"

namespace conformance::kit {

namespace detail {
[[nodiscard]] inline std::string run_answer(std::string_view name, std::uint64_t run) {
    return "{\"" + std::string(name) + "\":" + std::to_string(run);
}
inline void append_text(std::string& json, std::string_view name, std::string_view text) {
    json += ",\"" + std::string(name) + "\":";
    append_quoted(json, text);
}
inline void append_texts(std::string& json, std::string_view name,
                         const std::vector<std::string>& texts) {
    json += ",\"" + std::string(name) + "\":[";
    for (const std::string& text : texts) {
        if (json.back() != '[') json += ',';
        append_quoted(json, text);
    }
    json += ']';
}
}  // namespace detail

template <class Traits>
[[nodiscard]] std::string hello_answer(const std::vector<std::string>& capabilities) {
    std::string json = "{\"hello\":{\"protocol\":1";
    detail::append_text(json, "implementation", Traits::name);
    detail::append_text(json, "version", Traits::version);
    detail::append_text(json, "language", "C++");
    detail::append_texts(json, "backends", {Traits::backends.begin(), Traits::backends.end()});
    detail::append_texts(json, "capabilities", capabilities);
    return json + "}}";
}

[[nodiscard]] inline std::string error_answer(std::string_view sentence) {
    std::string json = "{\"error\":";
    append_quoted(json, sentence);
    return json + '}';
}
[[nodiscard]] inline std::string done_answer(std::uint64_t run) {
    return detail::run_answer("done", run) + '}';
}
[[nodiscard]] inline std::string overflow_answer(std::uint64_t run) {
    return detail::run_answer("overflow", run) + '}';
}
[[nodiscard]] inline std::string unsupported_answer(std::uint64_t run, std::string_view what) {
    std::string json = detail::run_answer("unsupported", run);
    detail::append_text(json, "what", what);
    return json + '}';
}
[[nodiscard]] inline std::string failed_answer(std::uint64_t run, std::string_view why) {
    std::string json = detail::run_answer("failed", run);
    detail::append_text(json, "why", why);
    return json + '}';
}

}  // namespace conformance::kit
