#include "conformance/engine/safe_text.hpp"

#include <cstdint>

namespace conformance {
namespace {

constexpr const char* replacement = "\xef\xbf\xbd";

struct Character {
    std::size_t bytes = 1;  ///< that it takes, or that are skipped
    bool is_fit = false;
};

bool is_fit(std::uint32_t code) {
    const bool is_control =
        (code < 0x20 && code != '\t' && code != '\n') || (code >= 0x7f && code < 0xa0);
    const bool turns_direction = (code >= 0x202a && code <= 0x202e) ||
                                 (code >= 0x2066 && code <= 0x2069) || code == 0x200e ||
                                 code == 0x200f || code == 0x61c;
    const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
    const bool is_none = (code & 0xfffe) == 0xfffe || (code >= 0xfdd0 && code <= 0xfdef);
    return !is_control && !turns_direction && !is_surrogate && !is_none && code <= 0x10ffff;
}

/// The one that begins at `at`.
Character character(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(at);
    if (first < 0x80) return {1, is_fit(first)};
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
    if (length == 1 || first > 0xf4) return {};
    std::uint32_t code = first & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if (at + i >= text.size() || (byte(at + i) & 0xc0U) != 0x80) return {};
        code = (code << 6) | (byte(at + i) & 0x3fU);
    }
    // Longer than it need be: a way to smuggle what is filtered.
    constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    return {length, code >= least[length] && is_fit(code)};
}

}  // namespace

std::string cleaned(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const Character it = character(text, i);
        if (it.is_fit) {
            result += text.substr(i, it.bytes);
        } else {
            result += replacement;
        }
        i += it.bytes;
    }
    return result;
}

std::string shortened(std::string_view text, std::size_t most) {
    if (text.size() <= most) return cleaned(text);
    std::size_t kept = 0;
    while (kept < most) {
        const std::size_t next = kept + character(text, kept).bytes;
        if (next > most) break;
        kept = next;
    }
    return cleaned(text.substr(0, kept)) + "... (" + std::to_string(text.size() - kept) +
           " more bytes)";
}

std::string one_line(std::string_view text, std::size_t most) {
    std::string line;
    bool is_between = false;
    for (const char c : text) {
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            is_between = true;
            continue;
        }
        if (is_between && !line.empty()) line += ' ';
        is_between = false;
        line += c;
    }
    return shortened(line, most);
}

std::string escaped_for_xml(std::string_view text) {
    std::string result;
    for (const char c : cleaned(text)) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            case '\'':
                result += "&#39;";
                break;
            default:
                result += c;
        }
    }
    return result;
}

}  // namespace conformance
