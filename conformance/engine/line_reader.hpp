#pragma once
/// \file
/// Lines from a pipe, each of 16 MiB at most (rule 1.2 of the driver protocol).

#include <chrono>
#include <cstddef>
#include <string>

namespace conformance {

class LineReader {
  public:
    static constexpr std::size_t longest = std::size_t{16} << 20;
    enum class Event {
        line,      ///< `line()` is one, without its newline
        nothing,   ///< the time is up
        end,       ///< nothing will come any more; `line()` is what came without a newline
        too_long,  ///< a line grows beyond the limit; `line()` is how it begins
    };

    /// Takes the descriptor over.
    explicit LineReader(int descriptor);
    ~LineReader();
    LineReader(const LineReader&) = delete;
    LineReader& operator=(const LineReader&) = delete;

    /// Blocks for `time` at most.
    Event next(std::chrono::nanoseconds time);
    [[nodiscard]] const std::string& line() const { return line_; }
    /// Whether something came that no call of `next` has returned.
    [[nodiscard]] bool has_more() const { return !buffer_.empty(); }

  private:
    bool take_line();

    int descriptor_;
    std::string buffer_;
    std::size_t searched_ = 0;  ///< so much of the buffer holds no newline
    std::string line_;
};

}  // namespace conformance
