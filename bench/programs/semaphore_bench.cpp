// Semaphore and BoundedSemaphore, against the semaphores of others.

#include <semaphore>
#include <string>

#include "contest.hpp"
#include "freethreading/bounded_semaphore.hpp"
#include "freethreading/semaphore.hpp"
#include "lock_rows.hpp"
#include "peers/limit.hpp"
#include "peers/posix_semaphore.hpp"
#ifdef BENCH_HAS_BOOST
#include <boost/interprocess/sync/interprocess_semaphore.hpp>
#endif
#ifdef BENCH_HAS_MOODYCAMEL
// The first one defines what the second one needs.
#include <concurrentqueue/concurrentqueue.h>

#include <concurrentqueue/lightweightsemaphore.h>
#endif

namespace bench {
namespace {

template <class Semaphore>
struct OfReference {
    static constexpr const char* name = "reference";
    Semaphore semaphore;
    static OfReference make(int tokens) { return {Semaphore(tokens)}; }
    void acquire() const { static_cast<void>(semaphore.acquire()); }
    bool try_acquire() const { return semaphore.acquire(false); }
    void release() const { semaphore.release(); }
};
using ReferenceSemaphore = OfReference<freethreading::Semaphore>;
using ReferenceBoundedSemaphore = OfReference<freethreading::BoundedSemaphore>;

struct StdSemaphore {
    static constexpr const char* name = "std::counting_semaphore";
    explicit StdSemaphore(int tokens) : semaphore(tokens) {}
    std::counting_semaphore<> semaphore;
    void acquire() { semaphore.acquire(); }
    bool try_acquire() { return semaphore.try_acquire(); }
    void release() { semaphore.release(); }
};

#ifdef BENCH_HAS_MOODYCAMEL
struct LightweightSemaphore {
    static constexpr const char* name = "moodycamel::LightweightSemaphore";
    explicit LightweightSemaphore(int tokens) : semaphore(tokens) {}
    moodycamel::LightweightSemaphore semaphore;
    void acquire() { semaphore.wait(); }
    bool try_acquire() { return semaphore.tryWait(); }
    void release() { semaphore.signal(); }
};
using MoodycamelSemaphores = Contenders<LightweightSemaphore>;
#else
using MoodycamelSemaphores = Contenders<>;
#endif

#ifdef BENCH_HAS_BOOST
struct BoostSemaphore {
    static constexpr const char* name = "boost::interprocess_semaphore";
    explicit BoostSemaphore(int tokens) : semaphore(static_cast<unsigned>(tokens)) {}
    boost::interprocess::interprocess_semaphore semaphore;
    void acquire() { semaphore.wait(); }
    bool try_acquire() { return semaphore.try_wait(); }
    void release() { semaphore.post(); }
};
using BoostSemaphores = Contenders<BoostSemaphore>;
#else
using BoostSemaphores = Contenders<>;
#endif

using OnThreads =
    AllOf<Contenders<ReferenceSemaphore, StdSemaphore, PosixSemaphore>, MoodycamelSemaphores>;
using OnProcesses = AllOf<Contenders<ReferenceSemaphore, PosixSemaphore>, BoostSemaphores>;

template <class Semaphore>
struct Create {
    template <class Handle>
    static void once(const Handle&) {
        benchmark::DoNotOptimize(Semaphore(1));
    }
};

}  // namespace

void register_benchmarks() {
    constexpr int one = 1;
    constexpr int none = 0;
    constexpr int permits = 2;
    const auto uncontended = [&]<class Contender>() {
        alone<Contender, AcquireRelease<1>>("semaphore/uncontended", one);
        alone<Contender, TryHeld>("semaphore/try_empty", none);
    };
    uncontended.template operator()<PolledSemaphore>();
    for_each_contender<OnThreads, OnProcesses>(uncontended);
    for (const int workers : {2, 4, 8, 16}) {
        const auto contended = [&]<class Contender>() {
            together<Contender, Contend<0>>(
                {.row = "semaphore/contended/workers:" + std::to_string(workers) + "/permits:2",
                 .workers = workers,
                 .placement = Placement::cross},
                permits);
        };
        contended.template operator()<PolledSemaphore>();
        for_each_contender<OnThreads, OnProcesses>(contended);
    }
    alone<PolledSemaphore, AcquireRelease<1>>("bounded_semaphore/uncontended", one);
    alone<ReferenceBoundedSemaphore, AcquireRelease<1>>("bounded_semaphore/uncontended", one);
    alone<ReferenceSemaphore, Create<freethreading::Semaphore>>("semaphore/create", one);
}

}  // namespace bench
