#include "freethreading/timeout.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <ratio>
#include <type_traits>

#include "freethreading/error.hpp"

namespace freethreading {
namespace {

using namespace std::chrono_literals;
using Seconds = std::chrono::duration<double>;
using std::chrono::duration;
using std::chrono::nanoseconds;

// GEN-8: nothing but a duration, or none.
static_assert(!std::is_convertible_v<int, Timeout> && !std::is_convertible_v<double, Timeout>);
static_assert(!std::is_constructible_v<Timeout, int> && !std::is_convertible_v<bool, Timeout>);
static_assert(!std::is_constructible_v<Timeout, const char*>);
static_assert(std::is_convertible_v<std::chrono::minutes, Timeout>);
static_assert(std::is_convertible_v<std::nullopt_t, Timeout>);
static_assert(Timeout(1ms).nanoseconds() == 1'000'000 && Timeout().is_none());

constexpr auto largest = std::numeric_limits<std::int64_t>::max();
constexpr auto lowest = std::numeric_limits<std::int64_t>::min();

std::int64_t clock_now() {
    return std::chrono::duration_cast<nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

TEST(Timeout, default_and_nullopt_are_none) {
    for (const Timeout timeout : {Timeout(), Timeout(std::nullopt)}) {
        EXPECT_TRUE(timeout.is_none());
        EXPECT_TRUE(timeout.is_unlimited());
        EXPECT_FALSE(timeout.is_negative());
        EXPECT_FALSE(timeout.is_zero_or_negative());
        EXPECT_EQ(timeout.nanoseconds(), std::nullopt);
    }
}

TEST(Timeout, whole_durations_are_exact) {
    EXPECT_EQ(Timeout(0s).nanoseconds(), 0);
    EXPECT_EQ(Timeout(1ns).nanoseconds(), 1);
    EXPECT_EQ(Timeout(-1ns).nanoseconds(), -1);
    EXPECT_EQ(Timeout(50ms).nanoseconds(), 50'000'000);
    EXPECT_EQ(Timeout(std::chrono::hours(24 * 365 * 200)).nanoseconds(), 6'307'200'000'000'000'000);
    EXPECT_EQ(Timeout(nanoseconds(largest - 1)).nanoseconds(), largest - 1);
    EXPECT_EQ(Timeout(std::chrono::duration<unsigned char>(7)).nanoseconds(), 7'000'000'000);
    EXPECT_FALSE(Timeout(0s).is_none());
    EXPECT_FALSE(Timeout(0s).is_unlimited());
}

TEST(Timeout, GEN_9_parts_of_nanoseconds_are_rounded_up) {
    EXPECT_EQ(Timeout(duration<int, std::pico>(1)).nanoseconds(), 1);
    EXPECT_EQ(Timeout(duration<int, std::pico>(-1)).nanoseconds(), 0);
    EXPECT_EQ(Timeout(duration<int, std::ratio<1, 3>>(1)).nanoseconds(), 333'333'334);
    EXPECT_EQ(Timeout(duration<int, std::ratio<1, 3>>(3)).nanoseconds(), 1'000'000'000);
    EXPECT_EQ(Timeout(Seconds(1e-12)).nanoseconds(), 1);
    EXPECT_EQ(Timeout(Seconds(0.5)).nanoseconds(), 500'000'000);
    std::mt19937_64 random(1);
    for (int round = 0; round < 10'000; ++round) {
        const double seconds = std::ldexp(static_cast<double>(random() >> 11), -30);
        const auto found = *Timeout(Seconds(seconds)).nanoseconds();
        const long double exact = static_cast<long double>(seconds) * 1e9L;
        ASSERT_GE(static_cast<long double>(found), exact - 0.5L) << seconds;
        ASSERT_LE(static_cast<long double>(found), exact + 1.5L) << seconds;
    }
}

TEST(Timeout, GEN_6_beyond_the_clock_means_unlimited) {
    EXPECT_EQ(Timeout(Seconds(1e9)).nanoseconds(), 1'000'000'000'000'000'000);
    for (const Timeout timeout :
         {Timeout(Seconds(1e10)), Timeout(Seconds(1e20)), Timeout(Seconds(1e300)),
          Timeout(Seconds(std::numeric_limits<double>::infinity())),
          Timeout(duration<float>(std::numeric_limits<float>::infinity())),
          Timeout(std::chrono::hours::max()), Timeout(std::chrono::seconds::max()),
          Timeout(nanoseconds::max()), Timeout(duration<int, std::exa>(1)),
          Timeout(duration<std::uint64_t>(std::numeric_limits<std::uint64_t>::max())),
          Timeout(duration<long double, std::exa>(1e4000L))}) {
        EXPECT_TRUE(timeout.is_unlimited());
        EXPECT_FALSE(timeout.is_none());
        EXPECT_FALSE(timeout.is_zero_or_negative());
    }
}

TEST(Timeout, GEN_5_negative_ones_are_known_as_such) {
    for (const Timeout timeout :
         {Timeout(-1ns), Timeout(Seconds(-0.5)), Timeout(Seconds(-1e20)),
          Timeout(Seconds(-std::numeric_limits<double>::infinity())),
          Timeout(std::chrono::hours::min()), Timeout(nanoseconds(lowest))}) {
        EXPECT_TRUE(timeout.is_negative());
        EXPECT_TRUE(timeout.is_zero_or_negative());
        EXPECT_FALSE(timeout.is_unlimited());
    }
    EXPECT_FALSE(Timeout(Seconds(-0.0)).is_negative());
    EXPECT_TRUE(Timeout(Seconds(-0.0)).is_zero_or_negative());
}

TEST(Timeout, GEN_7_not_a_number_is_a_ValueError) {
    EXPECT_THROW(Timeout{Seconds(std::nan(""))}, ValueError);
    EXPECT_THROW(Timeout{duration<float>(std::nanf(""))}, ValueError);
    EXPECT_THROW(Timeout{duration<long double>(-std::nanl(""))}, ValueError);
}

TEST(Deadline, default_is_never) {
    EXPECT_TRUE(Deadline().is_never());
    EXPECT_EQ(Deadline(), Deadline::never());
    EXPECT_FALSE(Deadline::never().expired());
    EXPECT_EQ(Deadline::never().remaining(), std::nullopt);
    EXPECT_EQ(Deadline::never().nanoseconds(), largest);
}

TEST(Deadline, unlimited_or_past_the_end_of_the_clock_is_never) {
    EXPECT_TRUE(Deadline::after(Timeout()).is_never());
    EXPECT_TRUE(Deadline::after(Seconds(1e300)).is_never());
    EXPECT_TRUE(Deadline::after(nanoseconds(largest - 1)).is_never());
    EXPECT_FALSE(Deadline::after(nanoseconds(largest / 2)).is_never());
}

TEST(Deadline, zero_or_negative_has_expired) {
    for (const Timeout timeout : {Timeout(0s), Timeout(-1ns), Timeout(nanoseconds(lowest))}) {
        const auto deadline = Deadline::after(timeout);
        EXPECT_FALSE(deadline.is_never());
        EXPECT_TRUE(deadline.expired());
        EXPECT_EQ(deadline.remaining(), 0ns);
    }
}

TEST(Deadline, GEN_9_is_that_long_from_now_on_the_monotonic_clock) {
    const auto before = clock_now();
    const auto deadline = Deadline::after(1h);
    const auto after = clock_now();
    constexpr auto hour = nanoseconds(1h).count();
    EXPECT_GE(deadline.nanoseconds(), before + hour);
    EXPECT_LE(deadline.nanoseconds(), after + hour);
    EXPECT_FALSE(deadline.expired());
    const auto remaining = deadline.remaining();
    ASSERT_TRUE(remaining.has_value());
    EXPECT_LE(*remaining, 1h);
    EXPECT_GE(remaining->count(), deadline.nanoseconds() - clock_now());
}

TEST(Deadline, expires_when_the_clock_reaches_it) {
    const auto now = clock_now();
    EXPECT_TRUE(Deadline::at(now).expired());
    EXPECT_EQ(Deadline::at(now).remaining(), 0ns);
    EXPECT_FALSE(Deadline::at(now + nanoseconds(1h).count()).expired());
    EXPECT_LT(Deadline::at(now), Deadline::at(now + 1));
    EXPECT_LT(Deadline::at(now), Deadline::never());
}

}  // namespace
}  // namespace freethreading
