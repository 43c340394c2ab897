#pragma once
/// \file
/// Texts of drivers - names, values, errors, output - made fit to be shown: they may hold anything, of
/// any length. Pure.

#include <cstddef>
#include <string>
#include <string_view>

namespace conformance {

/// Valid UTF-8 that XML and HTML can hold. What is none, control characters but tab and line feed, and
/// the marks that turn the direction of writing (with which a text can pose as another) are
/// replacement characters.
[[nodiscard]] std::string cleaned(std::string_view text);

/// Cleaned, and if it has more bytes than `most`, cut between two characters, with a note of how much is
/// missing.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t most);

/// Shortened, on one line: what separates words is one space.
[[nodiscard]] std::string one_line(std::string_view text, std::size_t most);

/// For texts and attributes of XML and HTML. Cleaned as well.
[[nodiscard]] std::string escaped_for_xml(std::string_view text);

}  // namespace conformance
