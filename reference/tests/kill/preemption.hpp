#pragma once
// What the tests share in which a worker is interrupted at every instruction while another one acts. The
// program that links this runs on one core: who waits sleeps at once then, and no run depends on the clock.

#include <cstddef>

#include "survey.hpp"

namespace kill_tests {

/// In the other worker, before all else.
void stand_by(std::size_t seat);

/// Base of a round: another worker, from seat 0, which goes on when the victim stands still. It is done then,
/// or sleeps until the victim goes on. It is there before, since the victim may stand where no worker can be
/// started.
class Interrupted {
  public:
    template <class... Call>
    explicit Interrupted(const Call&... call) : other_(0, call..., std::size_t{0}) {
        await_standing_by();
    }
    ~Interrupted();
    Interrupted(const Interrupted&) = delete;
    Interrupted& operator=(const Interrupted&) = delete;
    void meanwhile();
    void expect_result(int expected) const;
    /// Whether there was a meanwhile in this run.
    [[nodiscard]] bool is_asked() const { return is_asked_; }

  private:
    static void await_standing_by();
    Partner other_;
    bool is_asked_ = false;
};

}  // namespace kill_tests
