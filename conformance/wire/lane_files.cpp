#include "conformance/wire/lane_files.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

namespace conformance {
namespace {

/// Of each lane; the rest is a hole (rule 4.1). Most scenarios need no more, and every page costs its zeroing in every run.
constexpr std::size_t allocated_slots = 64;

[[noreturn]] void fail(int error, const std::filesystem::path& file) {
    throw std::system_error(error, std::generic_category(), file.string());
}

std::span<LaneSlot> make_lane(const std::filesystem::path& file, std::size_t slots) {
    const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) fail(errno, file);
    const std::size_t size = slots * sizeof(LaneSlot);
    const std::size_t allocated = std::min(slots, allocated_slots) * sizeof(LaneSlot);
    int full = posix_fallocate(descriptor, 0, static_cast<off_t>(allocated));
    if (full == 0 && ftruncate(descriptor, static_cast<off_t>(size)) != 0) full = errno;
    void* const memory =
        full == 0 ? mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
                  : MAP_FAILED;
    const int error = full != 0 ? full : errno;
    close(descriptor);
    if (memory == MAP_FAILED) fail(error, file);
    return {static_cast<LaneSlot*>(memory), slots};
}

}  // namespace

LaneFiles::LaneFiles(const std::filesystem::path& folder, std::size_t lanes, std::size_t slots) {
    for (std::size_t i = 0; i < lanes; ++i)
        lanes_.push_back(make_lane(folder / ("lane-" + std::to_string(i)), slots));
}

LaneFiles::~LaneFiles() {
    for (const auto& lane : lanes_)
        munmap(lane.data(), lane.size_bytes());
}

}  // namespace conformance
