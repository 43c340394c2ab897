#include "conformance/engine/idle_watch.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace conformance {
namespace {

constexpr std::int64_t millisecond = 1'000'000;

/// Observes every 100 ms of a time of its own, until the driver was idle for two seconds.
class Watched {
  public:
    /// Returns after how many milliseconds that was; -1: not within ten seconds.
    template <class See>
    std::int64_t idle_after(See see) {
        for (std::int64_t time = 0; time < 10'000; time += 100) {
            Observation observation = see(time);
            observation.now = (1'000'000 + time) * millisecond;
            if (watch_.observe(observation) >= std::chrono::seconds(2)) return time;
        }
        return -1;
    }

  private:
    IdleWatch watch_;
};

TEST(IdleWatch, threads_that_sleep_for_two_seconds_are_idle) {
    EXPECT_EQ(Watched().idle_after([](std::int64_t) {
        return Observation{.threads = {{1, true, 5}, {2, true, 7}}};
    }),
              2000);
}

TEST(IdleWatch, a_driver_without_threads_is_idle) {
    EXPECT_EQ(Watched().idle_after([](std::int64_t) { return Observation{}; }), 2000);
}

TEST(IdleWatch, a_thread_that_waits_for_a_processor_is_not_idle) {
    EXPECT_EQ(Watched().idle_after([](std::int64_t) {
        return Observation{.threads = {{1, true, 5}, {2, false, 7}}};
    }),
              -1);
}

TEST(IdleWatch, a_thread_that_runs_between_observations_is_not_idle) {
    EXPECT_EQ(Watched().idle_after([](std::int64_t time) {
        return Observation{.threads = {{1, true, time / 100 * millisecond}}};
    }),
              -1);
}

TEST(IdleWatch, a_thread_that_uses_a_little_and_often_is_not_idle) {
    EXPECT_EQ(Watched().idle_after([](std::int64_t time) {
        return Observation{.threads = {{1, true, time / 100 * millisecond / 2}}};
    }),
              -1);
}

TEST(IdleWatch, a_background_thread_does_not_count) {
    // It uses 20 us each time, and every fourth time it is seen awake.
    EXPECT_EQ(Watched().idle_after([](std::int64_t time) {
        const bool asleep = time % 400 != 100;
        return Observation{.threads = {{1, true, 5}, {2, asleep, time / 100 * 20'000}}};
    }),
              2000);
}

TEST(IdleWatch, nobody_is_awake_when_it_is_said) {
    EXPECT_EQ(Watched().idle_after(
                  [](std::int64_t time) { return Observation{.threads = {{1, time != 2000, 5}}}; }),
              2100);
}

TEST(IdleWatch, a_move_begins_the_time_anew) {
    EXPECT_EQ(Watched().idle_after([](std::int64_t time) {
        return Observation{.threads = {{1, true, time < 1500 ? 0 : 2 * millisecond}}};
    }),
              3500);
}

TEST(IdleWatch, a_new_thread_and_the_end_of_one_are_moves) {
    EXPECT_EQ(Watched().idle_after([](std::int64_t time) {
        Observation observation{.threads = {{1, true, 0}}};
        if (time >= 500 && time < 1000) observation.threads.push_back({2, true, 0});
        return observation;
    }),
              3000);
}

TEST(IdleWatch, progress_is_a_move) {
    EXPECT_EQ(Watched().idle_after([](std::int64_t time) {
        return Observation{.threads = {{1, true, 0}},
                           .progress = static_cast<std::size_t>(time < 700 ? time : 700)};
    }),
              2700);
}

TEST(IdleWatch, nothing_is_idle_before_a_deadline) {
    EXPECT_EQ(Watched().idle_after([](std::int64_t) {
        return Observation{.threads = {{1, true, 0}}, .deadline = 1'003'000 * millisecond};
    }),
              5000);
}

TEST(IdleWatch, the_window_has_to_pass_as_a_whole) {
    IdleWatch watch;
    const auto observe = [&](std::int64_t time) {
        return watch.observe({.now = time * millisecond, .threads = {{1, true, 0}}});
    };
    EXPECT_EQ(observe(0).count(), 0);
    EXPECT_EQ(observe(100).count(), 0);
    EXPECT_EQ(observe(299).count(), 0);
    EXPECT_EQ(observe(300), std::chrono::milliseconds(300));
    EXPECT_EQ(observe(450), std::chrono::milliseconds(450));
}

}  // namespace
}  // namespace conformance
