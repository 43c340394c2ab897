#include "conformance/engine/line_reader.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace conformance {

using Clock = std::chrono::steady_clock;

LineReader::LineReader(int descriptor) : descriptor_(descriptor) {
    ::fcntl(descriptor_, F_SETFL, O_NONBLOCK);
}

LineReader::~LineReader() {
    ::close(descriptor_);
}

bool LineReader::take_line() {
    const std::size_t end = buffer_.find('\n', searched_);
    if (end == std::string::npos) {
        searched_ = buffer_.size();
        return false;
    }
    line_.assign(buffer_, 0, end);
    buffer_.erase(0, end + 1);
    searched_ = 0;
    return true;
}

LineReader::Event LineReader::next(std::chrono::nanoseconds time) {
    const auto limit = Clock::now() + time;
    std::array<char, 65536> chunk;
    while (!take_line()) {
        if (buffer_.size() > longest) {
            line_.assign(buffer_, 0, 200);
            return Event::too_long;
        }
        // At least once, so that a time of zero takes what is there.
        const auto left = std::max<Clock::duration>(limit - Clock::now(), Clock::duration::zero());
        pollfd waiting{.fd = descriptor_, .events = POLLIN, .revents = 0};
        const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(left).count();
        if (::poll(&waiting, 1, static_cast<int>(milliseconds)) == 0) return Event::nothing;
        const ssize_t size = ::read(descriptor_, chunk.data(), chunk.size());
        if (size > 0) {
            buffer_.append(chunk.data(), static_cast<std::size_t>(size));
        } else if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
            line_ = buffer_;
            return Event::end;
        }
    }
    return Event::line;
}

}  // namespace conformance
