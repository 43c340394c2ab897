/// What `print` and `list` are in Python, as far as the documented examples need them.
///
/// A line must reach a pipe when it is printed and in one piece, or the order in which workers
/// print is lost. Hence an osyncstream: it collects the line and hands it on whole, so that lines
/// of threads never mix, and its `endl` empties the stream behind it, so that every line is one
/// write, which a pipe keeps whole for processes, too.
#pragma once

#include <concepts>
#include <iomanip>
#include <iostream>
#include <ranges>
#include <sstream>
#include <string>
#include <string_view>
#include <syncstream>
#include <utility>

/// Prints the parts, one after the other, as one line.
template <typename... Parts>
void print(const Parts&... parts) {
    (std::osyncstream(std::cout) << ... << parts) << std::endl;
}

/// The items of a range as text: `[0, 1, 4]` or `['Daemon']`.
template <std::ranges::input_range Range>
std::string list(Range&& range) {
    std::ostringstream text;
    const char* separator = "";
    for (auto&& item : range) {
        text << std::exchange(separator, ", ");
        if constexpr (std::convertible_to<decltype(item), std::string_view>) {
            text << std::quoted(std::string_view(item), '\'');
        } else {
            text << item;
        }
    }
    return "[" + text.str() + "]";
}
