#pragma once
/// \file
/// The driver's end of the conversation: lines in on standard input, lines out on what was standard
/// output (section 1 of the driver protocol). Used by one thread.

#include <optional>
#include <string>
#include <string_view>

namespace conformance::kit {

class Channel {
  public:
    /// Takes standard output for itself: what anybody prints from now on goes to standard error.
    Channel();
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;
    ~Channel();

    /// The next line, without its end; nothing once the runner is gone. Blocks. Lines longer than
    /// the protocol allows are given up: as if the runner were gone.
    [[nodiscard]] std::optional<std::string> read_line();

    /// Appends the end of the line. What a runner that is gone does not read is lost.
    void write_line(std::string line) const;

  private:
    int output_;
    std::string received_;
    std::size_t begin_ = 0;  // of what is not read yet
};

}  // namespace conformance::kit
