// Workers that wait for what others do, interrupted at every instruction while those do it, and the other way
// round. Nobody is killed. EVENT-5, EVENT-6, COND-14, BARRIER-6, QUEUE-22.

#include <cstddef>

#include "preemption.hpp"

namespace kill_tests {
namespace {

using freethreading::Barrier;
using freethreading::Condition;
using freethreading::Event;
using freethreading::Queue;
using freethreading::Worker;

template <class T>
struct Of {
    T object;
};

void wait_for_event_in_region(Event event) {
    const Region region;
    static_cast<void>(event.wait());
}
void set_and_clear(Event event, std::size_t seat) {
    stand_by(seat);
    event.set();
    event.clear();
    report(seat, 1);
}

struct EventRound : Of<Event>, Interrupted {
    EventRound() : Interrupted(set_and_clear, object) {}
    Worker victim{wait_for_event_in_region, object};
    void wake() const { object.set(); }
    void go_on() const { object.set(); }
    void check(bool) const {
        expect_result(1);
        EXPECT_TRUE(object.is_set());
    }
};
TEST(PreemptEverywhere, EVENT_6_set_and_cleared) {
    preempt_everywhere<EventRound>("Event.wait, and set and clear");
}

void set_in_region(Event event) {
    const Region region;
    event.set();
}
void wait_for_event(Event event, std::size_t seat) {
    stand_by(seat);
    report(seat, event.wait() ? 1 : 2);
}

struct SetRound : Of<Event>, Interrupted {
    SetRound() : Interrupted(wait_for_event, object) {}
    Worker victim{set_in_region, object};
    void wake() const {}
    void go_on() const {}
    void check(bool) const { expect_result(1); }
};
TEST(PreemptEverywhere, EVENT_5_set) {
    preempt_everywhere<SetRound>("Event.set, and wait");
}

void wait_for_condition_in_region(Condition condition) {
    condition.lock();
    const Region region;
    report(1, condition.wait() ? 1 : 2);
    Region::leave();
    condition.release();
}
void notify_one(Condition condition, std::size_t seat) {
    stand_by(seat);
    condition.lock();
    condition.notify();
    condition.release();
    report(seat, 1);
}

// Nobody gets the lock but while the victim waits, so that a notification has to reach it.
struct ConditionRound : Of<Condition>, Interrupted {
    ConditionRound() : Interrupted(notify_one, object) {}
    Worker victim{wait_for_condition_in_region, object};
    void wake() const {
        object.lock();
        object.notify();
        object.release();
    }
    void go_on() const {}
    void check(bool) const {
        expect_result(1);
        EXPECT_EQ(await_result(1), 1);
    }
};
TEST(PreemptEverywhere, COND_14_notified) {
    preempt_everywhere<ConditionRound>("Condition.wait, and notify");
}

void wait_at_barrier_in_region(Barrier barrier) {
    const Region region;
    static_cast<void>(barrier.wait());
}
void wait_at_barrier(Barrier barrier, std::size_t seat) {
    stand_by(seat);
    static_cast<void>(barrier.wait());
    report(seat, 1);
}

struct BarrierRound : Of<Barrier>, Interrupted {
    bool met = false;
    BarrierRound() : Of<Barrier>{Barrier(2)}, Interrupted(wait_at_barrier, object) {}
    Worker victim{wait_at_barrier_in_region, object};
    void wake() {
        static_cast<void>(object.wait(hang));
        met = true;
    }
    void go_on() const {
        if (met && is_asked()) static_cast<void>(object.wait(hang));
    }
    void check(bool) const {
        expect_result(1);
        EXPECT_FALSE(object.broken());
        EXPECT_EQ(object.n_waiting(), 0);
    }
};
TEST(PreemptEverywhere, BARRIER_6_met) {
    preempt_everywhere<BarrierRound>("Barrier.wait, twice");
}

void join_in_region(Queue<int> queue) {
    const Region region;
    queue.join();
}
void put_get_and_finish(Queue<int> queue, std::size_t seat) {
    stand_by(seat);
    queue.put(1);
    static_cast<void>(queue.get());
    queue.task_done();
    report(seat, 1);
}

// One item has been taken and is not finished.
struct JoinRound : Of<Queue<int>>, Interrupted {
    bool finished = false;
    JoinRound() : Interrupted(put_get_and_finish, object) {
        object.put(0);
        static_cast<void>(object.get());
    }
    Worker victim{join_in_region, object};
    void wake() {
        object.task_done();
        finished = true;
    }
    void go_on() {
        if (!finished) wake();
    }
    void check(bool) const {
        expect_result(1);
        EXPECT_THROW(object.task_done(), freethreading::ValueError);
    }
};
TEST(PreemptEverywhere, QUEUE_22_joined) {
    preempt_everywhere<JoinRound>("Queue.join, and put, get and task_done");
}

void finish_in_region(Queue<int> queue) {
    const Region region;
    queue.task_done();
}
void join_queue(Queue<int> queue, std::size_t seat) {
    stand_by(seat);
    queue.join();
    report(seat, 1);
}

struct FinishRound : Of<Queue<int>>, Interrupted {
    FinishRound() : Interrupted(join_queue, object) {
        object.put(0);
        static_cast<void>(object.get());
    }
    Worker victim{finish_in_region, object};
    void wake() const {}
    void go_on() const {}
    void check(bool) const { expect_result(1); }
};
TEST(PreemptEverywhere, QUEUE_22_finished) {
    preempt_everywhere<FinishRound>("Queue.task_done, and join");
}

}  // namespace
}  // namespace kill_tests
