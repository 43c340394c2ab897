#pragma once
/// \file
/// What a driver writes to standard error. It goes to a file in memory, so that the driver never waits
/// for the runner, and nothing has to be read while a scenario runs.

#include <string>

namespace conformance {

class ErrorOutput {
  public:
    /// More than this is not kept: the beginning and the end are.
    static constexpr std::size_t most = std::size_t{64} << 10;

    /// Throws std::system_error.
    ErrorOutput();
    ~ErrorOutput();
    ErrorOutput(const ErrorOutput&) = delete;
    ErrorOutput& operator=(const ErrorOutput&) = delete;

    [[nodiscard]] int descriptor() const { return descriptor_; }
    /// Returns what was written since the last call, and gives its memory back.
    [[nodiscard]] std::string take();
    /// Keeps the memory bounded while nobody takes anything.
    void trim();

  private:
    void drain();

    int descriptor_;
    std::string kept_;
};

/// The last lines of a text, as a part of a sentence: `; its last words: "..."`, or nothing.
[[nodiscard]] std::string last_words(const std::string& text);

}  // namespace conformance
