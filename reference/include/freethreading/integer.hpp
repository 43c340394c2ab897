#pragma once
/// \file
/// The parameter of constructors that take a count.
///
///     freethreading::Semaphore two(2);
///     static_assert(!std::is_constructible_v<freethreading::Semaphore, double>);
///
/// With a plain std::int64_t fractions and flags would become integers silently. Fulfils SEM-4,
/// BARRIER-3, EXEC-3. Pure; nothing blocks or throws.

#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace freethreading {

/// Made from integers only; one beyond the range of std::int64_t becomes the largest there is.
class Integer {
  public:
    template <std::integral T>
        requires(!std::is_same_v<T, bool>)
    constexpr Integer(T value) noexcept : value_(static_cast<std::int64_t>(value)) {
        if constexpr (std::is_unsigned_v<T> && sizeof(T) >= sizeof value_) {
            if (value_ < 0) value_ = std::numeric_limits<std::int64_t>::max();
        }
    }
    constexpr operator std::int64_t() const noexcept { return value_; }

  private:
    std::int64_t value_;
};

}  // namespace freethreading
