#include "conformance/wire/json_reading.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>
#include <utility>

#include "conformance/wire/json_writer.hpp"

namespace conformance {
namespace json_reading {
namespace {

constexpr std::int64_t largest_plain = (std::int64_t{1} << 53) - 1;

/// Far deeper than a scenario needs, far shallower than the stack.
constexpr int deepest = 200;

std::int64_t large_integer(const std::string& digits) {
    std::int64_t number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [parsed, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc{} || parsed != end || digits.empty())
        reject("6.1", "\"" + digits + "\" is no integer of 64 bits");
    return number;
}

int hexadecimal_digit(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    reject("6.1", "bytes are hexadecimal digits");
}

Bytes bytes(const std::string& digits) {
    if (digits.size() % 2 != 0) reject("6.1", "bytes have two hexadecimal digits each");
    Bytes result;
    for (std::size_t i = 0; i < digits.size(); i += 2)
        result.content +=
            static_cast<char>(hexadecimal_digit(digits[i]) * 16 + hexadecimal_digit(digits[i + 1]));
    return result;
}

double fraction(const std::string& digits) {
    double number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [parsed, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc{} || parsed != end || !std::isfinite(number))
        reject("6.1", "\"" + digits + "\" is no fraction");
    return number;
}

Opaque opaque(const std::string& kind) {
    for (const Opaque one : {Opaque::transfer, Opaque::rebuild}) {
        if (kind == to_string(one)) return one;
    }
    reject("6.3", "there is no opaque value \"" + kind + "\"");
}

Value tagged(const Json& json) {
    if (json.size() != 1) reject("6.1", "an object that is no value");
    const std::string& tag = json.begin().key();
    const Json& content = json.begin().value();
    if (tag == "int") return large_integer(text(content, "6.1", "int"));
    if (tag == "bytes") return bytes(text(content, "6.1", "bytes"));
    if (tag == "opaque") return opaque(text(content, "6.3", "opaque"));
    if (tag == "fraction") return fraction(text(content, "6.1", "fraction"));
    reject("6.1", "an object with the member \"" + tag + "\" is no value");
}

}  // namespace

void reject(std::string_view rule, const std::string& what) {
    throw MalformedMessage("rule " + std::string(rule) + ": " + what);
}

Json parse(std::string_view text) {
    try {
        return Json::parse(text);
    } catch (const Json::exception& exception) {
        reject("1.2", exception.what());
    }
}

const Json* optional_member(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() ? &*found : nullptr;
}

const Json& member(const Json& object, const char* name, std::string_view rule) {
    if (!object.is_object()) reject(rule, "an object is expected");
    const Json* const found = optional_member(object, name);
    if (found == nullptr) reject(rule, std::string(name) + " is missing");
    return *found;
}

std::int64_t integer(const Json& json, std::string_view rule, const char* what,
                     std::int64_t minimum, std::int64_t maximum) {
    const bool fits = json.is_number_integer() &&
                      (!json.is_number_unsigned() ||
                       json.get<std::uint64_t>() <=
                           static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) &&
                      json.get<std::int64_t>() >= minimum && json.get<std::int64_t>() <= maximum;
    if (!fits) reject(rule, std::string(what) + " is no integer in its range");
    return json.get<std::int64_t>();
}

const std::string& text(const Json& json, std::string_view rule, const char* what) {
    if (!json.is_string()) reject(rule, std::string(what) + " is no text");
    return json.get_ref<const std::string&>();
}

Value value(const Json& json, int depth) {
    switch (json.type()) {
        case Json::value_t::null:
            return {};
        case Json::value_t::boolean:
            return json.get<bool>();
        case Json::value_t::string:
            return json.get_ref<const std::string&>();
        case Json::value_t::number_integer:
        case Json::value_t::number_unsigned:
            return integer(json, "6.1", "the number", -largest_plain, largest_plain);
        case Json::value_t::object:
            return tagged(json);
        case Json::value_t::array: {
            if (depth >= deepest) reject("6.1", "lists are nested too deep");
            List list;
            list.reserve(json.size());
            for (const Json& element : json)
                list.push_back(value(element, depth + 1));
            return list;
        }
        default:
            reject("6.1", "a number with a fraction is no value");
    }
}

}  // namespace json_reading

std::string to_json(const Value& value) {
    std::string json;
    append_json(json, value);
    return json;
}

Value value_from_json(std::string_view text) {
    return json_reading::value(json_reading::parse(text));
}

}  // namespace conformance
