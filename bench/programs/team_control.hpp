#pragma once
/// \file
/// How the workers of a team begin a round together and say what it cost. Used by team.hpp only.
///
/// The team's own sleeping and waking goes through futexes here, not through what is measured.

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

namespace bench {

inline constexpr int most_workers = 16;

/// Where workers run. `free`: wherever the system puts them. `cross`: on one core each, in turn.
/// `same`: all on one core.
enum class Placement : std::uint32_t { free, cross, same };

/// Which worker of how many.
struct Seat {
    int index;
    int workers;
};

/// The end of a round that lasts a certain time.
class Until {
  public:
    explicit Until(std::int64_t nanoseconds) : nanoseconds_(nanoseconds) {}
    [[nodiscard]] bool over() const;

  private:
    std::int64_t nanoseconds_;  // of the monotonic clock
};

/// What one worker's part in a round cost.
struct Report {
    std::int64_t begin = 0;  // nanoseconds of the monotonic clock
    std::int64_t end = 0;
    std::int64_t cpu = 0;  // nanoseconds of processor time
    std::int64_t sleeps = 0;
    std::int64_t preemptions = 0;
    std::uint64_t operations = 0;
    std::array<char, 128> failure{};  // empty: none
};

/// In shared memory. The team's owner writes what a round is, then starts it.
struct TeamControl {
    std::atomic<std::uint32_t> round = 0;
    std::atomic<std::uint32_t> ready = 0;
    std::atomic<std::uint32_t> done = 0;
    std::atomic<std::uint32_t> over = 0;
    std::uint32_t workers = 0;
    Placement placement = Placement::free;
    std::uint64_t operations = 0;  // of each worker, where their number is fixed
    std::int64_t duration = 0;     // nanoseconds, where the time is
    std::array<Report, most_workers> reports{};
};

/// For workers: sleeps until round `number` begins; false if there will be none.
[[nodiscard]] bool await_round(TeamControl& control, std::uint32_t number);

/// For the owner: starts a round, or tells the workers that there are no more.
void start_round(TeamControl& control);
void end_rounds(TeamControl& control);
/// For the owner: sleeps until all have done their part, a second at most; whether they have.
[[nodiscard]] bool await_reports(TeamControl& control);

/// A worker's part in a round: begins when all workers are there, ends with the object.
class Turn {
  public:
    Turn(TeamControl& control, Seat seat);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    void fail(const char* why);
    void count(std::uint64_t operations) { report_.operations = operations; }
    /// When a round of fixed duration ends for this worker.
    [[nodiscard]] Until until() const { return Until(report_.begin + control_.duration); }

  private:
    TeamControl& control_;
    Report& report_;
};

/// All workers' reports of a round taken together.
struct Round {
    double seconds = 0;  // from the first that began to the last that ended
    double cpu_seconds = 0;
    double sleeps = 0;
    double preemptions = 0;
    double operations = 0;  // of all workers, in a round of fixed duration
    std::string failure{};
};
[[nodiscard]] Round sum_up(const TeamControl& control);

}  // namespace bench
