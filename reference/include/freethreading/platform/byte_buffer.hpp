#pragma once
/// \file
/// Bytes that are appended one value after the other. Internal.
///
/// A std::vector<std::byte> would do, but for three things: a few bytes cost no allocation here, appending a
/// number is a comparison and a store, and large buffers grow without being copied (realloc moves their pages).

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <span>

namespace freethreading::platform {

/// Copies in pieces: memcpy of glibc 2.36 falls to a twentieth of its speed for large copies whose
/// destination lies a few bytes above the source modulo 4096.
inline constexpr std::size_t copied_at_once = 1024;
inline void copy_bytes(std::byte* to, const std::byte* from, std::size_t size) {
    for (std::size_t done = 0; done < size; done += copied_at_once)
        std::memcpy(to + done, from + done, std::min(copied_at_once, size - done));
}

/// Movable; what it was moved from is empty.
class ByteBuffer {
  public:
    ByteBuffer() noexcept = default;
    ByteBuffer(ByteBuffer&& other) noexcept { take(other); }
    ByteBuffer& operator=(ByteBuffer&& other) noexcept {
        if (this == &other) return *this;
        give_back();
        take(other);
        return *this;
    }
    ~ByteBuffer() { give_back(); }

    /// Throws std::bad_alloc.
    void append(const void* data, std::size_t size) {
        if (size > capacity_ - size_) grow(size);
        copy_bytes(data_ + size_, static_cast<const std::byte*>(data), size);
        size_ += size;
    }
    /// Makes room for so many more bytes. Throws std::bad_alloc.
    void reserve(std::size_t more) {
        if (more > capacity_ - size_) grow(more);
    }
    /// Keeps the first bytes, and the memory.
    void shrink_to(std::size_t size) noexcept { size_ = std::min(size_, size); }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return {data_, size_}; }

  private:
    static constexpr std::size_t in_place = 64;
    static constexpr std::size_t most = ~std::size_t{0} / 2;

    void grow(std::size_t more) {
        if (more > most - size_) throw std::bad_alloc();
        const std::size_t capacity = std::max(size_ + more, 2 * capacity_);
        void* const larger = std::realloc(data_ == place_ ? nullptr : data_, capacity);
        if (larger == nullptr) throw std::bad_alloc();
        if (data_ == place_) std::memcpy(larger, place_, size_);
        data_ = static_cast<std::byte*>(larger);
        capacity_ = capacity;
    }
    void take(ByteBuffer& other) noexcept {
        size_ = other.size_;
        if (other.data_ == other.place_) {
            std::memcpy(place_, other.place_, size_);
            data_ = place_;
        } else {
            data_ = other.data_;
        }
        capacity_ = other.capacity_;
        other.data_ = other.place_;
        other.size_ = 0;
        other.capacity_ = in_place;
    }
    void give_back() noexcept {
        if (data_ != place_) std::free(data_);
    }

    std::byte* data_ = place_;
    std::size_t size_ = 0;
    std::size_t capacity_ = in_place;
    std::byte place_[in_place];
};

}  // namespace freethreading::platform
