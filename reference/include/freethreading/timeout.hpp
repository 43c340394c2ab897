#pragma once
/// \file
/// How long a call may block, and the point in time that follows from it.
///
///     using namespace std::chrono_literals;
///     lock.acquire(50ms);                              // 50 milliseconds
///     event.wait(std::chrono::duration<double>(0.5));  // half a second
///     event.wait(std::nullopt);                        // no time-out; so does event.wait()

#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>

namespace freethreading {

/// A time-out: none, or a duration. The default is none. What a negative one means is up to the
/// call.
class Timeout {
  public:
    constexpr Timeout() noexcept = default;
    constexpr Timeout(std::nullopt_t) noexcept {}

    /// Any duration of whole or floating numbers, rounded up to nanoseconds. Infinity and whatever
    /// lies beyond the range of the clock mean unlimited. Throws ValueError if it is not a number.
    /// Fulfils GEN-6, GEN-7, GEN-8 (nothing but a duration converts).
    template <class Rep, class Period>
        requires std::is_arithmetic_v<Rep>
    constexpr Timeout(std::chrono::duration<Rep, Period> duration) : is_none_(false) {
        // The 64-bit mantissa of long double holds every count exactly, so that only a product that
        // is out of range or no whole number is rounded, by far less than a nanosecond.
        const long double nanoseconds = static_cast<long double>(duration.count()) *
                                        (static_cast<long double>(Period::num) * 1e9L) /
                                        static_cast<long double>(Period::den);
        if (nanoseconds != nanoseconds) reject_not_a_number();
        if (nanoseconds >= static_cast<long double>(unlimited)) {
            nanoseconds_ = unlimited;
        } else if (nanoseconds <= static_cast<long double>(lowest)) {
            nanoseconds_ = lowest;
        } else {
            nanoseconds_ = static_cast<std::int64_t>(nanoseconds);  // towards zero
            if (static_cast<long double>(nanoseconds_) < nanoseconds) ++nanoseconds_;
        }
    }

    /// Whether no time-out was given at all.
    [[nodiscard]] constexpr bool is_none() const noexcept { return is_none_; }
    /// Whether a call may block for ever: no time-out, or one beyond the range of the clock.
    [[nodiscard]] constexpr bool is_unlimited() const noexcept { return nanoseconds_ == unlimited; }
    [[nodiscard]] constexpr bool is_negative() const noexcept { return nanoseconds_ < 0; }
    [[nodiscard]] constexpr bool is_zero_or_negative() const noexcept { return nanoseconds_ <= 0; }
    /// The duration; nothing if unlimited.
    [[nodiscard]] constexpr std::optional<std::int64_t> nanoseconds() const noexcept {
        if (is_unlimited()) return std::nullopt;
        return nanoseconds_;
    }

  private:
    static constexpr std::int64_t unlimited = std::numeric_limits<std::int64_t>::max();
    static constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
    [[noreturn]] static void reject_not_a_number();

    std::int64_t nanoseconds_ = unlimited;
    bool is_none_ = true;
};

/// A point on the monotonic clock (`CLOCK_MONOTONIC`, one clock for all processes), or never.
/// Setting the system's time has no influence on it. Fulfils GEN-9.
class Deadline {
  public:
    /// Never.
    constexpr Deadline() noexcept = default;
    [[nodiscard]] static constexpr Deadline never() noexcept { return {}; }
    /// The given point of the clock.
    [[nodiscard]] static constexpr Deadline at(std::int64_t nanoseconds) noexcept {
        return Deadline(nanoseconds);
    }
    /// That long from now: never if unlimited or past the end of the clock; if zero or negative, a
    /// point long gone, found without reading the clock.
    [[nodiscard]] static Deadline after(Timeout timeout) {
        return timeout.is_unlimited() ? never() : after_limit(timeout);
    }

    [[nodiscard]] constexpr bool is_never() const noexcept { return nanoseconds_ == never_; }
    /// Whether the clock has reached it.
    [[nodiscard]] bool expired() const;
    /// How long from now; zero if expired, nothing if never.
    [[nodiscard]] std::optional<std::chrono::nanoseconds> remaining() const;
    /// The point itself, as clock_gettime counts; the largest number if never.
    [[nodiscard]] constexpr std::int64_t nanoseconds() const noexcept { return nanoseconds_; }

    friend constexpr auto operator<=>(Deadline, Deadline) = default;

  private:
    static constexpr std::int64_t never_ = std::numeric_limits<std::int64_t>::max();
    constexpr explicit Deadline(std::int64_t nanoseconds) noexcept : nanoseconds_(nanoseconds) {}
    [[nodiscard]] static Deadline after_limit(Timeout timeout);

    std::int64_t nanoseconds_ = never_;
};

namespace detail {
/// The clock of all deadlines, in nanoseconds.
[[nodiscard]] std::int64_t now();
/// Of `acquire(false, timeout)`.
[[noreturn]] void reject_timeout_of_poll();
}  // namespace detail

}  // namespace freethreading
