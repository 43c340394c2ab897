// Workers that wait for a lock, a token, an item or a place, interrupted at every instruction while others bring
// one, take it away, or wait too; and those who bring it. Nobody is killed. LOCK-13, SEM-11, QUEUE-4, QUEUE-8.

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <thread>

#include "preemption.hpp"

namespace kill_tests {
namespace {

using freethreading::Empty;
using freethreading::Full;
using freethreading::Lock;
using freethreading::Queue;
using freethreading::Semaphore;
using freethreading::Timeout;
using freethreading::Worker;

// What one waits for in the same way: a lock, a token, an item, a place. None is there at first.
template <class L>
struct Locked {
    L object;
    Locked() { object.lock(); }
    static bool take(const L& lock, Timeout limit) { return lock.acquire(limit); }
    static void give(const L& lock) { lock.release(); }
};
struct Tokens {
    Semaphore object{0};
    static bool take(const Semaphore& tokens, Timeout limit) { return tokens.acquire(limit); }
    static void give(const Semaphore& tokens) { tokens.release(); }
};
struct Items {
    Queue<int> object;
    static bool take(const Queue<int>& items, Timeout limit) {
        try {
            static_cast<void>(items.get(limit));
            return true;
        } catch (const Empty&) {
            return false;
        }
    }
    static void give(const Queue<int>& items) { items.put(1); }
};
struct Places {
    Queue<int> object{1};
    Places() { object.put(0); }
    static bool take(const Queue<int>& places, Timeout limit) {
        try {
            places.put(1, limit);
            return true;
        } catch (const Full&) {
            return false;
        }
    }
    static void give(const Queue<int>& places) { static_cast<void>(places.get()); }
};

template <class S>
using ObjectOf = decltype(S::object);

// Without a limit: whoever is not woken would find what it waits for when its limit passes.
constexpr int taken = 1;
constexpr int not_taken = 2;

template <class S>
void take_from_seat(ObjectOf<S> object, std::size_t seat) {
    take_seat(seat);
    report(seat, S::take(object, std::nullopt) ? taken : not_taken);
}

template <class S>
void take_in_region(ObjectOf<S> object) {
    const Region region;
    static_cast<void>(S::take(object, std::nullopt));
}

template <class S>
void give_and_take(ObjectOf<S> object, std::size_t seat) {
    stand_by(seat);
    S::give(object);
    report(seat, S::take(object, 0ms) ? taken : not_taken);
}

// What comes goes at once; the next one is for the victim.
template <class S>
struct GoneRound : S, Interrupted {
    int given = 0;
    Worker victim{take_in_region<S>, this->object};
    GoneRound() : Interrupted(give_and_take<S>, this->object) {}
    void give() {
        S::give(this->object);
        ++given;
    }
    void wake() { give(); }
    void go_on() { give(); }
    void check(bool) {
        int left = given - 1;
        if (is_asked() && await_result(0) == not_taken) ++left;
        for (int i = 0; i < left; ++i)
            EXPECT_TRUE(S::take(this->object, 0ms)) << "lost";
        EXPECT_FALSE(S::take(this->object, 0ms)) << "doubled";
    }
};
TEST(PreemptEverywhere, SEM_11_a_token_that_is_gone_again) {
    preempt_everywhere<GoneRound<Tokens>>("Semaphore.acquire, and release and acquire");
}
TEST(PreemptEverywhere, QUEUE_8_an_item_that_is_gone_again) {
    preempt_everywhere<GoneRound<Items>>("Queue.get, and put and get");
}

template <class S>
void take_in_region_and_give(ObjectOf<S> object) {
    const Region region;
    static_cast<void>(S::take(object, std::nullopt));
    Region::leave();
    S::give(object);
}

template <class S>
void take_and_give(ObjectOf<S> object, std::size_t seat) {
    stand_by(seat);
    const bool is_taken = S::take(object, std::nullopt);
    if (is_taken) S::give(object);
    report(seat, is_taken ? taken : not_taken);
}

// There is one, which goes from hand to hand.
template <class S>
struct HandedOnRound : S, Interrupted {
    bool given = false;
    Worker victim{take_in_region_and_give<S>, this->object};
    HandedOnRound() : Interrupted(take_and_give<S>, this->object) {}
    void wake() {
        S::give(this->object);
        given = true;
    }
    void go_on() {
        if (!given) wake();
    }
    void check(bool) {
        expect_result(taken);
        EXPECT_TRUE(S::take(this->object, 0ms)) << "lost";
        EXPECT_FALSE(S::take(this->object, 0ms)) << "doubled";
        S::give(this->object);
    }
};
TEST(PreemptEverywhere, LOCK_13_handed_on) {
    preempt_everywhere<HandedOnRound<Locked<Lock>>>("Lock.acquire, twice");
}
TEST(PreemptEverywhere, SEM_11_handed_on) {
    preempt_everywhere<HandedOnRound<Tokens>>("Semaphore.acquire, twice");
}
TEST(PreemptEverywhere, QUEUE_8_handed_on) {
    preempt_everywhere<HandedOnRound<Items>>("Queue.get, twice");
}
TEST(PreemptEverywhere, QUEUE_4_handed_on) {
    preempt_everywhere<HandedOnRound<Places>>("Queue.put, twice");
}

template <class S>
void take_when_asked(ObjectOf<S> object, std::size_t seat) {
    stand_by(seat);
    report(seat, S::take(object, std::nullopt) ? taken : not_taken);
}

template <class S, int sleepers>
void give_in_region(ObjectOf<S> object) {
    const Region region;
    for (int i = 0; i <= sleepers; ++i)
        S::give(object);
}

// The other way round: the victim gives while others come to take, and maybe some sleep already.
template <class S, int sleepers>
struct GivenRound : S, Interrupted {
    std::unique_ptr<Partner> sleeper;
    Worker victim{give_in_region<S, sleepers>, this->object};
    GivenRound() : Interrupted(take_when_asked<S>, this->object) {
        if (sleepers == 0) return;
        sleeper = std::make_unique<Partner>(1, take_from_seat<S>, this->object, std::size_t{1});
        await_sleep(1);
    }
    ~GivenRound() {
        if (sleeper != nullptr && result_of(1) == 0) sleeper->kill();
    }
    GivenRound(const GivenRound&) = delete;
    GivenRound& operator=(const GivenRound&) = delete;
    void wake() const {}
    void go_on() const {}
    void check(bool) {
        expect_result(taken);
        if (sleeper != nullptr) EXPECT_EQ(await_result(1), taken);
        if (!is_asked()) EXPECT_TRUE(S::take(this->object, 0ms)) << "lost";
        EXPECT_FALSE(S::take(this->object, 0ms)) << "doubled";
    }
};
TEST(PreemptEverywhere, SEM_11_given) {
    preempt_everywhere<GivenRound<Tokens, 0>>("Semaphore.release, and acquire");
    preempt_everywhere<GivenRound<Tokens, 1>>("Semaphore.release with a sleeper, and acquire");
}
TEST(PreemptEverywhere, QUEUE_8_given) {
    preempt_everywhere<GivenRound<Items, 0>>("Queue.put, and get");
    preempt_everywhere<GivenRound<Items, 1>>("Queue.put with a sleeper, and get");
}
TEST(PreemptEverywhere, QUEUE_4_given) {
    preempt_everywhere<GivenRound<Places, 0>>("Queue.get, and put");
}

template <class S>
void take_in_region_in_time(ObjectOf<S> object, int milliseconds) {
    const Region region;
    static_cast<void>(S::take(object, std::chrono::milliseconds(milliseconds)));
}

template <class S>
void take_at_once(ObjectOf<S> object, std::size_t seat) {
    stand_by(seat);
    report(seat, S::take(object, 0ms) ? taken : not_taken);
}

// The victim is woken, finds that somebody else was faster, and its limit passes: the next one is for whoever
// sleeps behind it.
template <class S>
struct LateRound : S, Interrupted {
    const int limit = Survey::is_recording() ? 10'000 : 40;
    std::chrono::steady_clock::time_point end{};
    std::unique_ptr<Partner> behind;
    Worker victim{take_in_region_in_time<S>, this->object, limit};
    LateRound() : Interrupted(take_at_once<S>, this->object) {}
    ~LateRound() {
        if (behind != nullptr && result_of(1) == 0) behind->kill();
    }
    LateRound(const LateRound&) = delete;
    LateRound& operator=(const LateRound&) = delete;
    void wake() {
        if (behind != nullptr) return;
        end = std::chrono::steady_clock::now() + std::chrono::milliseconds(limit);
        behind = std::make_unique<Partner>(1, take_from_seat<S>, this->object, std::size_t{1});
        await_sleep(1);
        S::give(this->object);
    }
    void meanwhile() {
        if (behind == nullptr) return;
        Interrupted::meanwhile();
        std::this_thread::sleep_until(end);
    }
    void go_on() {
        if (behind != nullptr) {
            victim.join(hang);
            if (is_asked()) await_result(0);
        }
        S::give(this->object);
    }
    void check(bool) {
        if (behind != nullptr) EXPECT_EQ(await_result(1), taken);
        while (S::take(this->object, 0ms)) {
        }
    }
};
TEST(PreemptEverywhere, LOCK_13_late) {
    preempt_everywhere<LateRound<Locked<Lock>>>("Lock.acquire until too late");
}
TEST(PreemptEverywhere, SEM_11_late) {
    preempt_everywhere<LateRound<Tokens>>("Semaphore.acquire until too late");
}
TEST(PreemptEverywhere, QUEUE_8_late) {
    preempt_everywhere<LateRound<Items>>("Queue.get until too late");
}
TEST(PreemptEverywhere, QUEUE_4_late) {
    preempt_everywhere<LateRound<Places>>("Queue.put until too late");
}

}  // namespace
}  // namespace kill_tests
