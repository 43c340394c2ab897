// Condition, against the condition variables of others: two workers pass a turn to and fro, and many are
// notified at once.

#include <condition_variable>
#include <mutex>
#include <string>

#include "contest.hpp"
#include "freethreading/condition.hpp"
#include "peers/limit.hpp"
#include "peers/pthread_mutex.hpp"
#ifdef BENCH_HAS_ABSEIL
#include <absl/synchronization/mutex.h>
#endif
#ifdef BENCH_HAS_BOOST
#include <boost/interprocess/sync/interprocess_condition.hpp>
#include <boost/interprocess/sync/interprocess_mutex.hpp>
#include <boost/interprocess/sync/scoped_lock.hpp>
#endif

namespace bench {
namespace {

// Each contender guards `holder` in its own way: `await(me)` waits until it is `me`, `pass(me)` makes it
// the other worker's.

/// Guarded by the reference's lock; it lies outside of the handle.
struct Turns {
    std::uint32_t holder = 0;
};
struct ReferenceCondition {
    static constexpr const char* name = "reference";
    freethreading::Condition condition;
    Shared<Turns> turns;
    static ReferenceCondition make(Shared<Turns> turns) {
        return {freethreading::Condition(freethreading::Lock()), turns};
    }
    void await(std::uint32_t me) const {
        const std::scoped_lock guard(condition);
        while (turns->holder != me)
            condition.wait();
    }
    void pass(std::uint32_t me) const {
        const std::scoped_lock guard(condition);
        turns->holder = 1 - me;
        condition.notify();
    }
};

struct StdCondition {
    static constexpr const char* name = "std::condition_variable";
    std::mutex mutex;
    std::condition_variable condition;
    std::uint32_t holder = 0;
    void await(std::uint32_t me) {
        std::unique_lock lock(mutex);
        condition.wait(lock, [&] { return holder == me; });
    }
    void pass(std::uint32_t me) {
        {
            const std::scoped_lock lock(mutex);
            holder = 1 - me;
        }
        condition.notify_one();
    }
};

#ifdef BENCH_HAS_ABSEIL
struct AbslCondition {
    static constexpr const char* name = "absl::CondVar";
    AbslCondition() { absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore); }
    absl::Mutex mutex;
    absl::CondVar condition;
    std::uint32_t holder = 0;
    void await(std::uint32_t me) {
        const absl::MutexLock lock(&mutex);
        while (holder != me)
            condition.Wait(&mutex);
    }
    void pass(std::uint32_t me) {
        const absl::MutexLock lock(&mutex);
        holder = 1 - me;
        condition.Signal();
    }
};
using AbslConditions = Contenders<AbslCondition>;
#else
using AbslConditions = Contenders<>;
#endif

struct PthreadCondition {
    static constexpr const char* name = "pthread_cond";
    PthreadCondition() {
        pthread_condattr_t attributes;
        pthread_condattr_init(&attributes);
        pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
        require_zero(pthread_cond_init(&condition, &attributes), "pthread_cond_init");
        pthread_condattr_destroy(&attributes);
    }
    ~PthreadCondition() { pthread_cond_destroy(&condition); }
    PthreadCondition(const PthreadCondition&) = delete;
    PthreadCondition& operator=(const PthreadCondition&) = delete;
    PthreadMutex<PthreadKind::normal> lock{};
    pthread_cond_t condition;
    std::uint32_t holder = 0;
    void await(std::uint32_t me) {
        lock.acquire();
        while (holder != me)
            pthread_cond_wait(&condition, &lock.mutex);
        lock.release();
    }
    void pass(std::uint32_t me) {
        lock.acquire();
        holder = 1 - me;
        lock.release();
        pthread_cond_signal(&condition);
    }
};

#ifdef BENCH_HAS_BOOST
struct BoostCondition {
    static constexpr const char* name = "boost::interprocess_condition";
    boost::interprocess::interprocess_mutex mutex;
    boost::interprocess::interprocess_condition condition;
    std::uint32_t holder = 0;
    using Guard = boost::interprocess::scoped_lock<boost::interprocess::interprocess_mutex>;
    void await(std::uint32_t me) {
        Guard guard(mutex);
        while (holder != me)
            condition.wait(guard);
    }
    void pass(std::uint32_t me) {
        {
            const Guard guard(mutex);
            holder = 1 - me;
        }
        condition.notify_one();
    }
};
using BoostConditions = Contenders<BoostCondition>;
#else
using BoostConditions = Contenders<>;
#endif

using OnThreads = AllOf<Contenders<ReferenceCondition, StdCondition>, AbslConditions>;
using OnProcesses = AllOf<Contenders<ReferenceCondition, PthreadCondition>, BoostConditions>;

/// One operation is a round trip.
struct PassToAndFro {
    template <class Handle>
    static void run(const Handle& turns, Seat seat, std::uint64_t operations) {
        const auto me = static_cast<std::uint32_t>(seat.index);
        for (std::uint64_t i = 0; i < operations; ++i) {
            turns->await(me);
            turns->pass(me);
        }
    }
};

struct NotifyNobody {
    template <class Handle>
    static void once(const Handle& entry) {
        const std::scoped_lock guard(entry->condition);
        entry->condition.notify_all();
    }
};
struct WaitTooLate {
    template <class Handle>
    static void once(const Handle& entry) {
        const std::scoped_lock guard(entry->condition);
        benchmark::DoNotOptimize(entry->condition.wait(std::chrono::seconds(0)));
    }
};

/// All wait for all: whoever comes last notifies the others.
struct NotifyAll {
    template <class Handle>
    static void run(const Handle& entry, Seat seat, std::uint64_t operations) {
        for (std::uint64_t i = 0; i < operations; ++i) {
            const std::scoped_lock guard(entry->condition);
            Turns& turns = *entry->turns;
            const auto generation = turns.holder / most_workers;
            if (++turns.holder % most_workers == static_cast<std::uint32_t>(seat.workers)) {
                turns.holder = (generation + 1) * most_workers;
                entry->condition.notify_all();
            }
            while (turns.holder / most_workers == generation)
                entry->condition.wait();
        }
    }
};

}  // namespace

void register_benchmarks() {
    // For the whole program: the handles refer to it.
    static const SharedObject<Turns> turns;
    static const SharedObject<Turns> many;
    for (const Placement placement : all_placements) {
        const auto round_trip = [&]<class Contender>(auto... arguments) {
            together<Contender, PassToAndFro>(
                {.row = std::string("condition/round_trip/") + name_of(placement),
                 .placement = placement,
                 .operations = 200,
                 .counted_workers = 1},
                arguments...);
        };
        round_trip.template operator()<PolledBall>();
        for_each_contender<OnThreads, OnProcesses>([&]<class Contender>() {
            if constexpr (OfTheReference<Contender>) {
                round_trip.template operator()<Contender>(turns.handle());
            } else {
                round_trip.template operator()<Contender>();
            }
        });
    }
    for (const int workers : {2, 4, 8})
        together<ReferenceCondition, NotifyAll>(
            {.row = "condition/notify_all/workers:" + std::to_string(workers),
             .workers = workers,
             .operations = 100,
             .counted_workers = 1},
            many.handle());
    alone<ReferenceCondition, NotifyNobody>("condition/notify_nobody", turns.handle());
    alone<ReferenceCondition, WaitTooLate>("condition/wait_too_late", turns.handle());
}

}  // namespace bench
