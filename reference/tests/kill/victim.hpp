#pragma once
// A worker process that is traced with ptrace(2), to be killed at an instruction chosen beforehand.

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "board.hpp"
#include "freethreading/worker.hpp"

namespace kill_tests {

/// In the worker: encloses the operation under test. A traced worker stops at its beginning.
class Region {
  public:
    Region();
    ~Region() { leave(); }
    Region(const Region&) = delete;
    Region& operator=(const Region&) = delete;
    static void leave() { board().left.store(true, std::memory_order_release); }
};

class Victim {
  public:
    /// Starts the worker and lets it run to the beginning of its region.
    explicit Victim(const freethreading::Worker& worker);
    ~Victim();
    Victim(const Victim&) = delete;
    Victim& operator=(const Victim&) = delete;

    enum class Event { stepped, fell_asleep, left, ended };
    /// One instruction, or the way into sleep within one, or the rest of one in which the victim
    /// slept.
    [[nodiscard]] Event step();
    /// Runs until it is about to execute the instruction at `address` for the n-th time, not
    /// counting the place where it is now. False: it ended before, or fell asleep for good.
    [[nodiscard]] bool run_to(std::uint64_t address, std::uint64_t times);
    /// The end, for the fork server to see.
    void kill();
    /// Leaves the victim to itself, as soon as it does not sleep; somebody has to wake it.
    void let_go();

    /// Of the instruction that comes next, or in which it sleeps.
    [[nodiscard]] std::uint64_t address() const { return address_; }
    [[nodiscard]] bool asleep() const { return asleep_; }
    [[nodiscard]] std::string place() const;

  private:
    [[nodiscard]] bool is_at_system_call() const;
    void note_address();
    /// Lets it go on; whether it stopped again.
    bool resume(bool for_one_instruction);

    pid_t process_ = 0;
    int status_ = 0;
    bool asleep_ = false;
    bool gone_ = false;
    std::uint64_t address_ = 0;
};

}  // namespace kill_tests
