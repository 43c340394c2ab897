#include "conformance/engine/error_output.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace conformance {
namespace {

std::string read_part(int descriptor, std::size_t offset, std::size_t size) {
    std::string text(size, '\0');
    const ssize_t got = ::pread(descriptor, text.data(), size, static_cast<off_t>(offset));
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
}

}  // namespace

ErrorOutput::ErrorOutput() : descriptor_(::memfd_create("driver-stderr", MFD_CLOEXEC)) {
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "memfd_create");
    // All processes of the driver write at the end, also after it was emptied.
    ::fcntl(descriptor_, F_SETFL, O_APPEND);
}

ErrorOutput::~ErrorOutput() {
    ::close(descriptor_);
}

void ErrorOutput::drain() {
    struct stat status{};
    if (::fstat(descriptor_, &status) != 0 || status.st_size == 0) return;
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size <= most) {
        kept_ += read_part(descriptor_, 0, size);
    } else {
        kept_ += read_part(descriptor_, 0, most / 2) + "\n[...]\n" +
                 read_part(descriptor_, size - most / 2, most / 2);
    }
    // What is written between the two calls is lost; it is not worth a lock.
    static_cast<void>(::ftruncate(descriptor_, 0) + 0);
    if (kept_.size() > 2 * most)
        kept_ = kept_.substr(0, most / 2) + "\n[...]\n" + kept_.substr(kept_.size() - most / 2);
}

std::string ErrorOutput::take() {
    drain();
    return std::exchange(kept_, {});
}

void ErrorOutput::trim() {
    struct stat status{};
    if (::fstat(descriptor_, &status) == 0 && status.st_size > static_cast<off_t>(most)) drain();
}

std::string last_words(const std::string& text) {
    std::size_t end = text.find_last_not_of(" \n\r\t");
    if (end == std::string::npos) return {};
    std::size_t begin = end;
    for (int lines = 0; begin > 0 && end - begin < 400; --begin) {
        if (text[begin - 1] == '\n' && ++lines == 3) break;
    }
    return "; its last words: \"" + text.substr(begin, end + 1 - begin) + '"';
}

}  // namespace conformance
