#pragma once
/// \file
/// The bytes that carry portable values from one worker to another, and the shared objects that
/// travel with them. Written with `encode` and read with `decode` (portable.hpp).
///
/// A handle (Lock, Queue, ...) is not copied: its shared state is carried as a reference beside the
/// bytes, which hold its index. Whoever stores the bytes keeps the references alive.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "freethreading/platform/byte_buffer.hpp"

namespace freethreading {

namespace platform {
struct Object;  // the state that the copies of a handle share
}

namespace detail {

/// Counts how deeply a value being copied contains others of its own kind. The limit keeps a long
/// chain, or corrupt bytes that look like one, from exhausting the stack.
class Nesting {
  public:
    static constexpr std::uint32_t limit = 500;

    /// Throws ValueError beyond the limit.
    explicit Nesting(std::uint32_t& depth);
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    ~Nesting() { --depth_; }

  private:
    std::uint32_t& depth_;
};

}  // namespace detail

/// A growing buffer. Not synchronised.
class PortableOutput {
  public:
    void write(const void* data, std::size_t size) { bytes_.append(data, size); }
    void write_size(std::size_t size) {
        const std::uint64_t wide = size;
        write(&wide, sizeof wide);
    }
    void write_byte(std::uint8_t byte) { bytes_.append(&byte, 1); }
    /// The same bytes, but large ones stay where they are: they have to live, unchanged, until the
    /// output has been copied.
    void borrow(const void* data, std::size_t size) {
        if (size < least_borrowed) return write(data, size);
        borrowed_.push_back({bytes_.size(), {static_cast<const std::byte*>(data), size}});
        borrowed_bytes_ += size;
    }
    /// Makes room for so many more bytes.
    void reserve(std::size_t size) { bytes_.reserve(size); }
    /// Carries `object` along and writes its index. What a handle's `save` calls.
    void reference(const std::shared_ptr<platform::Object>& object) {
        const auto index = static_cast<std::uint32_t>(references_.size() - first_of_part_);
        references_.push_back(object);
        write(&index, sizeof index);
    }

    /// All that was written, unless some of it was borrowed: that is missing here.
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_.bytes(); }
    /// Of all that was written.
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size() + borrowed_bytes_; }
    /// All that was written, in order, to `size()` bytes.
    void copy_to(std::byte* to) const noexcept;
    [[nodiscard]] std::span<const std::shared_ptr<platform::Object>> references() const noexcept {
        return references_;
    }
    /// How much has been written.
    struct Position {
        std::uint64_t bytes = 0;
        std::uint64_t references = 0;
    };
    [[nodiscard]] Position position() const noexcept {
        return {.bytes = size(), .references = references_.size()};
    }
    /// What follows is read by itself, with only those objects that follow.
    [[nodiscard]] Position begin_part() noexcept {
        first_of_part_ = references_.size();
        return position();
    }
    /// Forgets what was written since. Nothing may have been borrowed.
    void return_to(Position position) {
        bytes_.shrink_to(position.bytes);
        references_.resize(position.references);
    }
    /// Forgets what was written and keeps the memory.
    void clear() noexcept {
        bytes_.shrink_to(0);
        borrowed_.clear();
        borrowed_bytes_ = 0;
        references_.clear();
        first_of_part_ = 0;
    }
    /// Held while the elements of a container are written. Throws ValueError if nested too deeply.
    [[nodiscard]] detail::Nesting nest() { return detail::Nesting(depth_); }

  private:
    struct Borrowed {
        std::size_t before;  // so many of the own bytes come before
        std::span<const std::byte> bytes;
    };
    static constexpr std::size_t least_borrowed = 4096;

    platform::ByteBuffer bytes_;
    std::vector<Borrowed> borrowed_;
    std::size_t borrowed_bytes_ = 0;
    std::vector<std::shared_ptr<platform::Object>> references_;
    std::size_t first_of_part_ = 0;
    std::uint32_t depth_ = 0;
};

/// A reader of what a PortableOutput holds; both spans must outlive it. Bytes that nobody wrote in
/// this order make it throw ValueError: it never reads past the end.
class PortableInput {
  public:
    explicit PortableInput(std::span<const std::byte> bytes,
                           std::span<const std::shared_ptr<platform::Object>> references = {})
        : bytes_(bytes), references_(references) {}
    explicit PortableInput(const PortableOutput& output)
        : PortableInput(output.bytes(), output.references()) {}

    void read(void* data, std::size_t size) {
        if (size > bytes_.size()) reject("the bytes end before the value does");
        platform::copy_bytes(static_cast<std::byte*>(data), bytes_.data(), size);
        bytes_ = bytes_.subspan(size);
    }
    /// A number of elements of at least `element_size` bytes each, so that whoever reserves memory
    /// for them is bounded by what is left.
    [[nodiscard]] std::size_t read_size(std::size_t element_size) {
        std::uint64_t size = 0;
        read(&size, sizeof size);
        if (size > remaining() / element_size) reject("more elements than the bytes can hold");
        return static_cast<std::size_t>(size);
    }
    [[nodiscard]] std::uint8_t read_byte() {
        std::uint8_t byte = 0;
        read(&byte, sizeof byte);
        return byte;
    }
    /// The next carried object. What a handle's constructor calls.
    [[nodiscard]] std::shared_ptr<platform::Object> reference() {
        std::uint32_t index = 0;
        read(&index, sizeof index);
        if (index >= references_.size()) reject("a handle without the object it refers to");
        return references_[index];
    }
    [[nodiscard]] std::size_t remaining() const noexcept { return bytes_.size(); }
    [[nodiscard]] detail::Nesting nest() { return detail::Nesting(depth_); }

    /// Throws ValueError.
    [[noreturn]] static void reject(const char* reason);

  private:
    std::span<const std::byte> bytes_;
    std::span<const std::shared_ptr<platform::Object>> references_;
    std::uint32_t depth_ = 0;
};

}  // namespace freethreading
