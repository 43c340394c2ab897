// Workers killed at every instruction of acquire and release with others asleep, and of an Event's
// wait and set: FAULT-1, 2, 6.

#include <atomic>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include "freethreading/platform/object.hpp"
#include "survey.hpp"

namespace kill_tests {
namespace {

using freethreading::BoundedSemaphore;
using freethreading::Event;
using freethreading::Lock;
using freethreading::RLock;
using freethreading::Semaphore;
using freethreading::Worker;

template <class T>
constexpr bool is_semaphore = std::is_same_v<T, Semaphore> || std::is_same_v<T, BoundedSemaphore>;

// Whether it could be acquired now. Asking the lock itself would change its state, and might repair
// what is broken.
template <class L>
bool is_free(const L& lock) {
    freethreading::PortableOutput output;
    lock.save(output);
    const auto* const object = output.references()[0].get();
    const auto* const word = reinterpret_cast<const std::atomic<std::uint32_t>*>(object + 1);
    const auto value = word->load() & 0x7fff'ffff;
    return is_semaphore<L> ? value > 0 : value == 0;
}

template <class L>
void acquire_and_release(L lock, std::size_t seat) {
    take_seat(seat);
    const bool acquired = lock.acquire(hang);
    if (acquired) lock.release();
    report(seat, acquired ? 1 : 2);
}

// A lock that is taken, or a semaphore without a token.
template <class L>
struct TakenLock {
    L lock;
    std::vector<std::unique_ptr<Partner>> sleepers;
    TakenLock() {
        if (!lock.acquire(false)) throw std::logic_error("a new lock is not free");
    }
    void add_sleeper() {
        const auto seat = sleepers.size();
        sleepers.push_back(std::make_unique<Partner>(seat, acquire_and_release<L>, lock, seat));
        await_sleep(seat);
    }
    // Everybody who sleeps does so because the dead has the lock, or did not release it. Whether
    // nobody sleeps.
    [[nodiscard]] bool settle() const {
        bool all_reported = false;
        const auto settled = [&] {
            const bool available = is_free(lock);
            all_reported = true;
            for (std::size_t seat = 0; seat < sleepers.size(); ++seat) {
                if (result_of(seat) != 0) continue;
                all_reported = false;
                if (available || !sleeps(seat)) return false;
            }
            return true;
        };
        EXPECT_TRUE(eventually(settled)) << "somebody sleeps although the lock is free";
        return all_reported;
    }
    void expect_good_end() {
        static_cast<void>(settle());
        if constexpr (std::is_same_v<L, RLock>) {
            if (!is_free(lock)) {  // and stays so for ever
                EXPECT_FALSE(lock.acquire(1ms));
                EXPECT_THROW(lock.release(), freethreading::RuntimeError);
                for (const auto& sleeper : sleepers)
                    sleeper->kill();
                return;
            }
        } else {
            if (!is_free(lock)) lock.release();
        }
        for (std::size_t seat = 0; seat < sleepers.size(); ++seat)
            EXPECT_EQ(await_result(seat), 1);
        EXPECT_TRUE(lock.acquire(hang));
        lock.release();
        in_another_worker(acquire_and_release<L>, lock, std::size_t{3});
        EXPECT_EQ(result_of(3), 1);
    }
};

template <class L>
void acquire_in_region(L lock) {
    const Region region;
    lock.lock();
}

// The victim sleeps first, somebody else behind it.
template <class L>
struct AcquireRound : TakenLock<L> {
    Worker victim{acquire_in_region<L>, this->lock};
    void wake() {
        this->add_sleeper();
        this->lock.release();
    }
    void go_on() {
        if (this->sleepers.empty()) this->lock.release();
    }
    void check(bool completed) {
        if (completed) EXPECT_FALSE(is_free(this->lock));
        this->expect_good_end();
    }
};
TEST(KillEverywhere, FAULT_1_acquire_asleep) {
    kill_everywhere<AcquireRound<Lock>>("Lock.acquire asleep");
    kill_everywhere<AcquireRound<Semaphore>>("Semaphore.acquire asleep");
    kill_everywhere<AcquireRound<BoundedSemaphore>>("BoundedSemaphore.acquire asleep");
}
TEST(KillEverywhere, FAULT_2_acquire_asleep) {
    kill_everywhere<AcquireRound<RLock>>("RLock.acquire asleep");
}

template <class L>
void release_in_region(L lock) {
    if constexpr (!is_semaphore<L>) lock.lock();
    const Region region;
    lock.release();
}

// Two others sleep.
template <class L>
struct ReleaseRound : TakenLock<L> {
    Worker victim{release_in_region<L>, this->lock};
    ReleaseRound() {
        if constexpr (!is_semaphore<L>) this->lock.release();
    }
    [[nodiscard]] bool may_interfere() const { return true; }
    void interfere() {
        this->add_sleeper();
        this->add_sleeper();
    }
    void wake() const {}
    void go_on() const {
        // Returns at once, whatever it returns.
        if (this->lock.try_lock()) this->lock.release();
    }
    void check(bool completed) {
        if (completed) EXPECT_TRUE(this->settle());
        this->expect_good_end();
    }
};
TEST(KillEverywhere, FAULT_1_release_for_sleepers) {
    kill_everywhere<ReleaseRound<Lock>>("Lock.release for sleepers");
    kill_everywhere<ReleaseRound<Semaphore>>("Semaphore.release for sleepers");
    kill_everywhere<ReleaseRound<BoundedSemaphore>>("BoundedSemaphore.release for sleepers");
}
TEST(KillEverywhere, FAULT_2_release_for_sleepers) {
    kill_everywhere<ReleaseRound<RLock>>("RLock.release for sleepers");
}

void wait_in_region(Event event) {
    const Region region;
    event.wait();
}
void set_in_region(Event event) {
    const Region region;
    event.set();
}
void wait_from_seat(Event event, std::size_t seat) {
    take_seat(seat);
    report(seat, event.wait(hang) ? 1 : 2);
}

struct EventWaitRound {
    Event event;
    std::unique_ptr<Partner> other;
    Worker victim{wait_in_region, event};
    void wake() {
        other = std::make_unique<Partner>(0, wait_from_seat, event, std::size_t{0});
        await_sleep(0);
        event.set();
    }
    void go_on() const {
        event.set();
        if (other != nullptr) EXPECT_EQ(await_result(0), 1);
    }
    void check(bool) const {
        event.clear();
        EXPECT_FALSE(event.is_set());
        const Partner late(1, wait_from_seat, event, std::size_t{1});
        await_sleep(1);
        event.set();
        EXPECT_EQ(await_result(1), 1);
    }
};
TEST(KillEverywhere, FAULT_6_event_wait) {
    kill_everywhere<EventWaitRound>("Event.wait asleep");
}

struct EventSetRound {
    Event event;
    Partner first{0, wait_from_seat, event, std::size_t{0}};
    Partner second{1, wait_from_seat, event, std::size_t{1}};
    Worker victim{set_in_region, event};
    EventSetRound() {
        await_sleep(0);
        await_sleep(1);
    }
    void wake() const {}
    void go_on() const {}
    void check(bool completed) const {
        EXPECT_TRUE(event.is_set() || !completed);
        // Does nothing if the victim had come so far; then it must have woken everybody, or others
        // in its place.
        event.set();
        EXPECT_EQ(await_result(0), 1);
        EXPECT_EQ(await_result(1), 1);
        in_another_worker(wait_from_seat, event, std::size_t{2});
        EXPECT_EQ(result_of(2), 1);
    }
};
TEST(KillEverywhere, FAULT_6_event_set) {
    kill_everywhere<EventSetRound>("Event.set for sleepers");
}

}  // namespace
}  // namespace kill_tests
