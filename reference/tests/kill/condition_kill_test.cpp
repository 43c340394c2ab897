// Workers killed at every instruction of a Condition's wait, notify and notify_all: FAULT-4,
// FAULT-5.

#include <memory>

#include "survey.hpp"

namespace kill_tests {
namespace {

using freethreading::Condition;
using freethreading::Lock;
using freethreading::Worker;

void wait_from_seat(Condition condition, std::size_t seat) {
    take_seat(seat);
    condition.lock();
    const bool notified = condition.wait(hang);
    condition.release();
    report(seat, notified ? 1 : 2);
}

// A Lock, since anybody may release it for the dead.
struct ConditionOverLock {
    Lock lock;
    Condition condition{lock};

    // Frees the lock if the dead held it; up to `seats` others may hold it for a moment.
    void release_for_the_dead(std::size_t seats) const {
        const auto decided = [&] {
            if (!lock.locked()) return true;
            for (std::size_t seat = 0; seat < seats; ++seat) {
                if (result_of(seat) == 0 && !sleeps(seat)) return false;
            }
            if (!lock.locked()) return true;
            lock.release();
            return true;
        };
        EXPECT_TRUE(eventually(decided));
    }
    void notify(std::int64_t n) const {
        EXPECT_TRUE(condition.acquire(hang));
        condition.notify(n);
        condition.release();
    }
    // Nobody else waits, not even the dead: one notification is enough.
    void expect_good_end(std::size_t free_seat) const {
        const Partner late(free_seat, wait_from_seat, condition, free_seat);
        await_sleep(free_seat);
        notify(1);
        EXPECT_EQ(await_result(free_seat), 1);
    }
};

void wait_in_region(Condition condition) {
    condition.lock();
    const Region region;
    condition.wait();
    Region::leave();
    condition.release();
}

// The victim waits first, somebody else behind it; notified, it sleeps again because the lock is
// taken.
struct WaitRound : ConditionOverLock {
    std::unique_ptr<Partner> other;
    bool locked = false;
    Worker victim{wait_in_region, condition};
    void wake() {
        if (locked) return unlock();
        other = std::make_unique<Partner>(0, wait_from_seat, condition, std::size_t{0});
        await_sleep(0);
        locked = condition.acquire(hang);
        condition.notify();
    }
    void unlock() {
        if (locked) condition.release();
        locked = false;
    }
    void go_on() { unlock(); }
    void check(bool completed) const {
        if (!completed) release_for_the_dead(0);
        if (other != nullptr) {
            EXPECT_EQ(result_of(0), 0) << "the notification went to two waiters";
            notify(1);
            EXPECT_EQ(await_result(0), 1);
        }
        expect_good_end(1);
    }
};
TEST(KillEverywhere, FAULT_4_wait) {
    kill_everywhere<WaitRound>("Condition.wait asleep");
}

template <int count>
void notify_in_region(Condition condition) {
    condition.lock();
    const Region region;
    condition.notify(count);
    Region::leave();
    condition.release();
}

// Two others wait.
template <int count>
struct NotifyRound : ConditionOverLock {
    std::unique_ptr<Partner> first = waiter(0);
    std::unique_ptr<Partner> second = waiter(1);
    Worker victim{notify_in_region<count>, condition};
    [[nodiscard]] std::unique_ptr<Partner> waiter(std::size_t seat) const {
        auto partner = std::make_unique<Partner>(seat, wait_from_seat, condition, seat);
        await_sleep(seat);
        return partner;
    }
    void wake() const {}
    void go_on() const {}
    void check(bool completed) const {
        if (!completed) release_for_the_dead(2);
        if (completed) {
            for (std::size_t seat = 0; seat < count; ++seat)
                EXPECT_EQ(await_result(seat), 1);
        }
        if (count == 1) EXPECT_EQ(result_of(1), 0) << "one notification woke two";
        notify(2);
        EXPECT_EQ(await_result(0), 1);
        EXPECT_EQ(await_result(1), 1);
        expect_good_end(2);
    }
};
TEST(KillEverywhere, FAULT_5_notify) {
    kill_everywhere<NotifyRound<1>>("Condition.notify for two waiters");
    kill_everywhere<NotifyRound<2>>("Condition.notify_all for two waiters");
}

}  // namespace
}  // namespace kill_tests
