#pragma once
/// \file
/// The bytes of a fuzzer as choices, one after the other.
///
///     ByteSource source(data, size);
///     const int workers = 1 + source.below(3);
///     const std::string text = source.text(20);
///
/// When the bytes are used up every choice is 0 and every text empty, so that a short input is a small case and a
/// fuzzer can make it longer. Never throws, never reads past the end.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace fuzz {

class ByteSource {
  public:
    ByteSource(const std::uint8_t* data, std::size_t size) : bytes_(data, size) {}

    [[nodiscard]] bool is_empty() const { return bytes_.empty(); }
    [[nodiscard]] std::size_t remaining() const { return bytes_.size(); }

    [[nodiscard]] std::uint8_t byte() {
        if (bytes_.empty()) return 0;
        const std::uint8_t first = bytes_.front();
        bytes_ = bytes_.subspan(1);
        return first;
    }
    /// From 0 up to `bound`, exclusive; requires 1 <= bound <= 256.
    [[nodiscard]] int below(int bound) { return byte() % bound; }
    [[nodiscard]] bool flag() { return (byte() & 1) != 0; }

    /// A number, or any other type all of whose bytes make one, little endian; padded with zeros.
    template <class T>
        requires(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>)
    [[nodiscard]] T number() {
        T result{};
        const std::string_view taken = take(sizeof result);
        if (!taken.empty()) std::memcpy(&result, taken.data(), taken.size());
        return result;
    }
    /// At most `longest` characters: a byte says how many.
    [[nodiscard]] std::string text(std::size_t longest) {
        return std::string(take(std::min<std::size_t>(byte(), longest)));
    }
    /// All that is left.
    [[nodiscard]] std::string_view rest() { return take(bytes_.size()); }

  private:
    [[nodiscard]] std::string_view take(std::size_t count) {
        const auto taken = bytes_.first(std::min(count, bytes_.size()));
        bytes_ = bytes_.subspan(taken.size());
        return {reinterpret_cast<const char*>(taken.data()), taken.size()};
    }

    std::span<const std::uint8_t> bytes_;
};

}  // namespace fuzz
