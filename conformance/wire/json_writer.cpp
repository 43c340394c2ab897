#include "conformance/wire/json_writer.hpp"

#include <cstdint>

namespace conformance {
namespace {

constexpr std::string_view hexadecimal = "0123456789abcdef";

void append_hexadecimal(std::string& json, unsigned char byte) {
    json += hexadecimal[byte / 16];
    json += hexadecimal[byte % 16];
}

/// Readers of JSON may hold numbers as doubles, which are exact up to here.
constexpr std::int64_t largest_plain = (std::int64_t{1} << 53) - 1;

void append_tagged(std::string& json, std::string_view tag, std::string_view content) {
    json += "{\"";
    json += tag;
    json += "\":\"";
    json += content;
    json += "\"}";
}

void append_integer(std::string& json, std::int64_t number) {
    if (number >= -largest_plain && number <= largest_plain) {
        json += std::to_string(number);
    } else {
        append_tagged(json, "int", std::to_string(number));
    }
}

void append_bytes(std::string& json, std::string_view content) {
    json += "{\"bytes\":\"";
    for (const char byte : content)
        append_hexadecimal(json, static_cast<unsigned char>(byte));
    json += "\"}";
}

}  // namespace

void append_quoted(std::string& json, std::string_view text) {
    json += '"';
    for (const char character : text) {
        if (character == '"' || character == '\\') {
            json += '\\';
            json += character;
        } else if (character == '\n') {
            json += "\\n";
        } else if (static_cast<unsigned char>(character) < 0x20) {
            json += "\\u00";
            append_hexadecimal(json, static_cast<unsigned char>(character));
        } else {
            json += character;
        }
    }
    json += '"';
}

void append_json(std::string& json, const Value& value) {
    if (value.is_null()) {
        json += "null";
    } else if (value.is_bool()) {
        json += value.as_bool() ? "true" : "false";
    } else if (value.is_int()) {
        append_integer(json, value.as_int());
    } else if (value.is_string()) {
        append_quoted(json, value.as_string());
    } else if (value.is_bytes()) {
        append_bytes(json, value.as_bytes().content);
    } else if (value.is_opaque()) {
        append_tagged(json, "opaque", to_string(value.as_opaque()));
    } else if (value.is_fraction()) {
        append_tagged(json, "fraction", digits_of(value.as_fraction()));
    } else {
        json += '[';
        bool is_first = true;
        for (const Value& element : value.as_list()) {
            if (!is_first) json += ',';
            is_first = false;
            append_json(json, element);
        }
        json += ']';
    }
}

}  // namespace conformance
