#include "conformance/kit/channel.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

namespace conformance::kit {
namespace {

constexpr std::size_t longest_line = std::size_t{16} << 20;

}  // namespace

Channel::Channel() : output_(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)) {
    dup2(STDERR_FILENO, STDOUT_FILENO);
    // A runner that is gone shows at the next reading.
    signal(SIGPIPE, SIG_IGN);
}

Channel::~Channel() {
    close(output_);
}

std::optional<std::string> Channel::read_line() {
    std::size_t searched = begin_;
    for (;;) {
        const auto end = received_.find('\n', searched);
        if (end != std::string::npos) {
            std::string line = received_.substr(begin_, end - begin_);
            begin_ = end + 1;
            if (begin_ == received_.size()) {
                received_.clear();
                begin_ = 0;
            }
            return line;
        }
        if (received_.size() - begin_ > longest_line) return std::nullopt;
        searched = received_.size();
        received_.resize(searched + (std::size_t{1} << 16));
        const ssize_t size =
            read(STDIN_FILENO, received_.data() + searched, received_.size() - searched);
        received_.resize(searched + (size > 0 ? static_cast<std::size_t>(size) : 0));
        if (size == 0 || (size < 0 && errno != EINTR)) return std::nullopt;
    }
}

void Channel::write_line(std::string line) const {
    line += '\n';
    for (std::size_t written = 0; written < line.size();) {
        const ssize_t size = write(output_, line.data() + written, line.size() - written);
        if (size < 0 && errno != EINTR) return;
        if (size > 0) written += static_cast<std::size_t>(size);
    }
}

}  // namespace conformance::kit
