#pragma once
// What a test and its workers tell one another without the library: memory that all of them share.

#include <gtest/gtest.h>
#include <sys/types.h>

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <string>

#include "freethreading/freethreading.hpp"

namespace kill_tests {

using namespace std::chrono_literals;

/// After which a call of the living counts as hanging.
inline constexpr auto hang = 20s;

struct Board {
    std::atomic<pid_t> victim = 0;
    std::atomic<bool> attached = false;
    std::atomic<bool> left = false;
    struct Seat {
        std::atomic<pid_t> process = 0;
        std::atomic<int> result = 0;
    };
    std::array<Seat, 4> seats;
    std::atomic<int> note = 0;
    void clear();
};
[[nodiscard]] Board& board();

/// In a worker: makes its process known; a result, which is not 0.
void take_seat(std::size_t seat);
void report(std::size_t seat, int result);

/// In the test. What the worker in this seat reported; 0 while it has not.
[[nodiscard]] int result_of(std::size_t seat);
/// Waits for the report; fails if it does not come.
int await_result(std::size_t seat);
/// Waits until the worker sleeps in a futex; fails if it does not.
void await_sleep(std::size_t seat);
[[nodiscard]] bool sleeps(std::size_t seat);
[[nodiscard]] bool sleeps_in_futex(pid_t process);
[[nodiscard]] bool is_stopped(pid_t process);

/// Waits for `condition` for as long as nobody would call it a hang.
[[nodiscard]] bool eventually(const std::function<bool()>& condition);

/// Makes a call in a worker of its own, which must end in time.
template <class... Call>
void in_another_worker(const Call&... call) {
    const freethreading::Worker worker(call...);
    worker.start();
    worker.join(hang);
    EXPECT_FALSE(worker.is_alive()) << "another worker hangs";
}

/// A worker that is started with its round and ends, or is killed, with it at the latest.
class Partner {
  public:
    template <class... Call>
    explicit Partner(std::size_t seat, const Call&... call) : seat_(seat), worker_(call...) {
        worker_.start();
    }
    ~Partner() { dismiss(); }
    Partner(const Partner&) = delete;
    Partner& operator=(const Partner&) = delete;
    /// Kills the worker, for which nothing is left to wait.
    void kill() const;
    /// Stops it as SIGSTOP does, until `go_on`.
    void stop() const;
    void go_on() const;

  private:
    void dismiss() const;
    std::size_t seat_;
    freethreading::Worker worker_;
};

}  // namespace kill_tests
