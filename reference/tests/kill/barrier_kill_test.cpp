// Workers killed at every instruction of a Barrier's wait, action, abort and reset: FAULT-7.

#include <memory>
#include <utility>

#include "survey.hpp"

namespace kill_tests {
namespace {

using freethreading::Barrier;
using freethreading::BrokenBarrierError;
using freethreading::Worker;

// Results of a wait.
constexpr int passed = 1;
constexpr int broken = 2;

int wait_at(const Barrier& barrier) {
    try {
        static_cast<void>(barrier.wait(hang));
        return passed;
    } catch (const BrokenBarrierError&) {
        return broken;
    }
}
void wait_from_seat(Barrier barrier, std::size_t seat) {
    take_seat(seat);
    report(seat, wait_at(barrier));
}
void count_action() {
    ++board().note;
}

// For two parties, of which one may be waiting already.
struct BarrierRound {
    Barrier barrier;
    std::unique_ptr<Partner> other;
    explicit BarrierRound(Barrier under_test = Barrier(2)) : barrier(std::move(under_test)) {}
    // Waits, and does nothing else before `go_on`: it must not meet the victim at the barrier's lock,
    // or no two runs would be alike.
    void add_other() {
        other = std::make_unique<Partner>(0, wait_from_seat, barrier, std::size_t{0});
        await_sleep(0);
        other->stop();
    }
    void wake() const {}
    // Returns at once, whatever the victim was about.
    void go_on() const {
        EXPECT_GE(barrier.n_waiting(), 0);
        if (other != nullptr) other->go_on();
    }
    // What the other one's wait came to; 0: it waits on, and nothing is wrong with the barrier.
    [[nodiscard]] int outcome_of_other() const {
        const auto decided = [&] { return result_of(0) != 0 || barrier.n_waiting() == 1; };
        EXPECT_TRUE(eventually(decided));
        if (barrier.n_waiting() == 1 && barrier.broken())
            ADD_FAILURE() << "waits at a broken barrier";
        return result_of(0);
    }
    void expect_good_end() const {
        if (barrier.broken()) {
            EXPECT_THROW(static_cast<void>(barrier.wait(hang)), BrokenBarrierError);
            barrier.reset();
        }
        EXPECT_EQ(barrier.n_waiting(), 0);
        const Partner late(1, wait_from_seat, barrier, std::size_t{1});
        EXPECT_EQ(wait_at(barrier), passed);
        EXPECT_EQ(await_result(1), passed);
        EXPECT_FALSE(barrier.broken());
    }
};

void wait_in_region(Barrier barrier) {
    const Region region;
    static_cast<void>(wait_at(barrier));
}

// The victim waits until the test comes.
struct FirstRound : BarrierRound {
    Worker victim{wait_in_region, barrier};
    int mine = 0;
    void wake() { mine = wait_at(barrier); }
    void check(bool completed) const {
        EXPECT_NE(mine, broken);
        EXPECT_TRUE(mine == passed || !completed);
        EXPECT_EQ(barrier.n_waiting(), 0) << "the dead is still waiting";
        if (mine == passed) EXPECT_FALSE(barrier.broken());
        expect_good_end();
    }
};
TEST(KillEverywhere, FAULT_7_wait) {
    kill_everywhere<FirstRound>("Barrier.wait asleep");
}

// The victim comes last, with an action or without one.
template <bool acts>
struct LastRound : BarrierRound {
    Worker victim;
    LastRound()
        : BarrierRound(acts ? Barrier(2, count_action) : Barrier(2)),
          victim(wait_in_region, barrier) {
        add_other();
    }
    void check(bool completed) const {
        const int outcome = outcome_of_other();
        if (completed) EXPECT_EQ(outcome, passed);
        if (acts && outcome == passed) EXPECT_EQ(board().note, 1);
        if (outcome == 0) {  // the victim had not arrived
            EXPECT_EQ(board().note, 0);
            EXPECT_EQ(wait_at(barrier), passed);
            EXPECT_EQ(await_result(0), passed);
        }
        EXPECT_EQ(barrier.broken(), outcome == broken);
        expect_good_end();
    }
};
TEST(KillEverywhere, FAULT_7_wait_of_the_last) {
    kill_everywhere<LastRound<false>>("Barrier.wait of the last");
    kill_everywhere<LastRound<true>>("Barrier.wait of the last, with an action");
}

// Three parties, of which one waits before the victim and one comes later.
struct MiddleRound : BarrierRound {
    int mine = 0;
    Worker victim;
    MiddleRound() : BarrierRound(Barrier(3)), victim(wait_in_region, barrier) { add_other(); }
    void wake() { mine = wait_at(barrier); }
    void check(bool completed) const {
        const int outcome = outcome_of_other();
        EXPECT_TRUE(outcome == passed || !completed);
        if (mine == passed) EXPECT_EQ(outcome, passed);
        if (outcome == 0) {
            barrier.abort();
            EXPECT_EQ(await_result(0), broken);
        }
        EXPECT_EQ(barrier.broken(), outcome != passed);
        if (barrier.broken()) barrier.reset();
        EXPECT_EQ(barrier.n_waiting(), 0);
        const Partner second(1, wait_from_seat, barrier, std::size_t{1});
        const Partner third(2, wait_from_seat, barrier, std::size_t{2});
        EXPECT_EQ(wait_at(barrier), passed);
    }
};
TEST(KillEverywhere, FAULT_7_wait_between_others) {
    kill_everywhere<MiddleRound>("Barrier.wait between others");
}

void abort_in_region(Barrier barrier) {
    const Region region;
    barrier.abort();
}
void reset_in_region(Barrier barrier) {
    const Region region;
    barrier.reset();
}

template <void (*target)(Barrier), bool breaks>
struct SendAwayRound : BarrierRound {
    Worker victim{target, barrier};
    SendAwayRound() { add_other(); }
    void check(bool completed) const {
        const int outcome = outcome_of_other();
        EXPECT_NE(outcome, passed);
        EXPECT_TRUE(outcome == broken || !completed);
        EXPECT_EQ(barrier.broken(), outcome == broken && breaks);
        if (outcome == 0) EXPECT_EQ(wait_at(barrier), passed);
        expect_good_end();
    }
};
TEST(KillEverywhere, FAULT_7_abort) {
    kill_everywhere<SendAwayRound<abort_in_region, true>>("Barrier.abort with one waiting");
}
TEST(KillEverywhere, FAULT_7_reset) {
    kill_everywhere<SendAwayRound<reset_in_region, false>>("Barrier.reset with one waiting");
}

}  // namespace
}  // namespace kill_tests
