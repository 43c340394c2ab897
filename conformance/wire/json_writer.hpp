#pragma once
/// \file
/// Appends JSON to a text. By hand, because drivers do it beside every call and a tree of nodes
/// would cost more than many a call itself.
///
/// Pure. Bytes of strings pass as they are: a string that is no UTF-8 makes JSON that readers
/// reject.

#include <string>
#include <string_view>

#include "spec/scenario/value.hpp"

namespace conformance {

/// The text between quotation marks, with what JSON wants escaped.
void append_quoted(std::string& json, std::string_view text);

/// Section 6 of the driver protocol.
void append_json(std::string& json, const Value& value);

}  // namespace conformance
