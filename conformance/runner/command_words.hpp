#pragma once
/// \file
/// A command as a shell would split it: words, quotes and backslashes; nothing is substituted. Pure.
///
///     command_words("'my driver' --verbose")  // {"my driver", "--verbose"}

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace conformance::runner {

/// The user asked for what cannot be done; `what()` is one sentence.
class UsageError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Throws UsageError for a quote without its end.
[[nodiscard]] std::vector<std::string> command_words(std::string_view command);

}  // namespace conformance::runner
