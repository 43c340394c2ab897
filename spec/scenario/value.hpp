#pragma once
/// \file
/// The values that calls take and return: what every language can write down.
///
///     const Value nothing;                          // null
///     const Value pair = List{Value(1), Value("one")};
///     pair.as_list()[0] == Value(1);
///
/// Regular: equality, hash and text agree with one another. Pure; nothing blocks or throws but
/// `std::bad_variant_access` from `as_*` of another kind.

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace conformance {

/// Mixes `part` into `seed`, order-dependently. Source: the finalizer of splitmix64 (Steele, Lea and
/// Flood, OOPSLA 2014).
[[nodiscard]] constexpr std::size_t hash_of_both(std::size_t seed, std::size_t part) {
    std::uint64_t mixed = seed * 0x9e3779b97f4a7c15ULL + part + 0x9e3779b97f4a7c15ULL;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
    return mixed ^ (mixed >> 31);
}

class Value;
using List = std::vector<Value>;

/// A string of bytes that need not be text.
struct Bytes {
    std::string content;
    friend bool operator==(const Bytes&, const Bytes&) = default;
};

/// A value that only exists to be refused: `transfer` cannot be transferred to another process,
/// `rebuild` can, but cannot be rebuilt there.
enum class Opaque : std::uint8_t { transfer, rebuild };

[[nodiscard]] constexpr std::string_view to_string(Opaque opaque) {
    return opaque == Opaque::transfer ? "transfer" : "rebuild";
}

class Value {
  public:
    Value() = default;
    template <class T>
        requires std::is_integral_v<T>
    Value(T number)  // NOLINT(google-explicit-constructor): a literal is a value
        : content_(make(number)) {}
    Value(std::string text) : content_(std::move(text)) {}         // NOLINT
    Value(std::string_view text) : content_(std::string(text)) {}  // NOLINT
    Value(const char* text) : content_(std::string(text)) {}       // NOLINT
    Value(Bytes bytes) : content_(std::move(bytes)) {}             // NOLINT
    Value(List list) : content_(std::move(list)) {}                // NOLINT
    Value(Opaque opaque) : content_(opaque) {}                     // NOLINT
    /// A fraction: finite, and no argument that any call takes.
    Value(double fraction) : content_(fraction) {}  // NOLINT

    [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(content_); }
    [[nodiscard]] bool is_bool() const { return std::holds_alternative<bool>(content_); }
    [[nodiscard]] bool is_int() const { return std::holds_alternative<std::int64_t>(content_); }
    [[nodiscard]] bool is_string() const { return std::holds_alternative<std::string>(content_); }
    [[nodiscard]] bool is_bytes() const { return std::holds_alternative<Bytes>(content_); }
    [[nodiscard]] bool is_list() const { return std::holds_alternative<List>(content_); }
    [[nodiscard]] bool is_opaque() const { return std::holds_alternative<Opaque>(content_); }
    [[nodiscard]] bool is_fraction() const { return std::holds_alternative<double>(content_); }
    /// Whether it is this opaque value, or contains it.
    [[nodiscard]] bool contains(Opaque opaque) const;

    [[nodiscard]] bool as_bool() const { return std::get<bool>(content_); }
    [[nodiscard]] std::int64_t as_int() const { return std::get<std::int64_t>(content_); }
    [[nodiscard]] const std::string& as_string() const { return std::get<std::string>(content_); }
    [[nodiscard]] const Bytes& as_bytes() const { return std::get<Bytes>(content_); }
    [[nodiscard]] const List& as_list() const { return std::get<List>(content_); }
    [[nodiscard]] Opaque as_opaque() const { return std::get<Opaque>(content_); }
    [[nodiscard]] double as_fraction() const { return std::get<double>(content_); }

    friend bool operator==(const Value&, const Value&) = default;
    [[nodiscard]] std::size_t hash() const {
        const auto kind = content_.index();
        if (is_list()) {
            std::size_t hash = kind;
            for (const Value& element : as_list())
                hash = hash_of_both(hash, element.hash());
            return hash;
        }
        if (is_bool()) return hash_of_both(kind, as_bool() ? 1 : 0);
        if (is_int()) return hash_of_both(kind, static_cast<std::size_t>(as_int()));
        if (is_string()) return hash_of_both(kind, std::hash<std::string>()(as_string()));
        if (is_bytes()) return hash_of_both(kind, std::hash<std::string>()(as_bytes().content));
        if (is_opaque()) return hash_of_both(kind, static_cast<std::size_t>(as_opaque()));
        if (is_fraction()) return hash_of_both(kind, std::hash<double>()(as_fraction()));
        return kind;
    }

  private:
    using Content =
        std::variant<std::monostate, bool, std::int64_t, std::string, Bytes, List, Opaque, double>;
    template <class T>
    static Content make(T number) {
        if constexpr (std::is_same_v<T, bool>) {
            return number;
        } else {
            return static_cast<std::int64_t>(number);
        }
    }
    Content content_;
};

/// Whether one of them is this opaque value, or contains it.
[[nodiscard]] inline bool contain(const List& values, Opaque opaque) {
    return std::ranges::any_of(values,
                               [opaque](const Value& value) { return value.contains(opaque); });
}
inline bool Value::contains(Opaque opaque) const {
    return is_list() ? contain(as_list(), opaque) : is_opaque() && as_opaque() == opaque;
}

/// The shortest digits that give the number back, never those of an integer: "1.5", "2.0".
[[nodiscard]] inline std::string digits_of(double fraction) {
    std::array<char, 32> digits;
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), fraction);
    std::string text(digits.data(), error == std::errc() ? end : digits.data());
    if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
    return text;
}

/// As in the program text of a scenario: `null`, `true`, `7`, `1.5`, `"one"`, `bytes("00ff")`,
/// `opaque("transfer")`, `[7, "one"]`.
[[nodiscard]] inline std::string to_string(const Value& value) {
    if (value.is_bool()) return value.as_bool() ? "true" : "false";
    if (value.is_int()) return std::to_string(value.as_int());
    if (value.is_string()) return '"' + value.as_string() + '"';
    if (value.is_bytes()) {
        std::string text = "bytes(\"";
        for (const char character : value.as_bytes().content) {
            const auto byte = static_cast<unsigned char>(character);
            text += "0123456789abcdef"[byte / 16];
            text += "0123456789abcdef"[byte % 16];
        }
        return text + "\")";
    }
    if (value.is_opaque()) return "opaque(\"" + std::string(to_string(value.as_opaque())) + "\")";
    if (value.is_fraction()) return digits_of(value.as_fraction());
    if (!value.is_list()) return "null";
    std::string text = "[";
    for (const Value& element : value.as_list())
        text += (text.size() > 1 ? ", " : "") + to_string(element);
    return text + "]";
}

}  // namespace conformance
