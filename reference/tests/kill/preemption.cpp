#include "preemption.hpp"

#include <sched.h>
#include <signal.h>

namespace kill_tests {
namespace {

// Before the library looks how many there are.
[[gnu::constructor(101)]] void use_one_core() {
    cpu_set_t mine;
    CPU_ZERO(&mine);
    CPU_SET(static_cast<std::size_t>(sched_getcpu()), &mine);
    sched_setaffinity(0, sizeof mine, &mine);
}

}  // namespace

void stand_by(std::size_t seat) {
    take_seat(seat);
    raise(SIGSTOP);
}

void Interrupted::await_standing_by() {
    EXPECT_TRUE(eventually([] {
        const pid_t process = board().seats[0].process;
        return process != 0 && is_stopped(process);
    }));
}

Interrupted::~Interrupted() {
    if (result_of(0) == 0) other_.kill();
}

void Interrupted::meanwhile() {
    is_asked_ = true;
    other_.go_on();
    EXPECT_TRUE(eventually([] { return result_of(0) != 0 || sleeps(0); }));
}

void Interrupted::expect_result(int expected) const {
    if (is_asked_) EXPECT_EQ(await_result(0), expected);
}

}  // namespace kill_tests
