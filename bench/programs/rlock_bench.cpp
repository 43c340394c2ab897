// RLock, against the recursive locks of others.

#include <chrono>
#include <mutex>
#include <string>

#include "contest.hpp"
#include "freethreading/rlock.hpp"
#include "freethreading/with.hpp"
#include "lock_rows.hpp"
#include "peers/limit.hpp"
#include "peers/pthread_mutex.hpp"
#ifdef BENCH_HAS_BOOST
#include <boost/interprocess/sync/interprocess_recursive_mutex.hpp>
#endif

namespace bench {
namespace {

struct ReferenceRLock {
    static constexpr const char* name = "reference";
    freethreading::RLock lock;
    static ReferenceRLock make() { return {}; }
    void acquire() const { static_cast<void>(lock.acquire()); }
    void release() const { lock.release(); }
};

struct StdRecursiveMutex {
    static constexpr const char* name = "std::recursive_mutex";
    std::recursive_mutex mutex;
    void acquire() { mutex.lock(); }
    void release() { mutex.unlock(); }
};

#ifdef BENCH_HAS_BOOST
struct BoostRecursiveMutex {
    static constexpr const char* name = "boost::interprocess_recursive_mutex";
    boost::interprocess::interprocess_recursive_mutex mutex;
    void acquire() { mutex.lock(); }
    void release() { mutex.unlock(); }
};
using BoostLocks = Contenders<BoostRecursiveMutex>;
#else
using BoostLocks = Contenders<>;
#endif

using OnThreads = Contenders<ReferenceRLock, StdRecursiveMutex>;
using OnProcesses =
    AllOf<Contenders<ReferenceRLock, PthreadMutex<PthreadKind::recursive>>, BoostLocks>;

struct Exchange {
    template <class Handle>
    static void once(const Handle& word) {
        word->exchange();
    }
};
struct Create {
    template <class Handle>
    static void once(const Handle&) {
        benchmark::DoNotOptimize(freethreading::RLock());
    }
};

}  // namespace

void register_benchmarks() {
    for (const char* const row : {"rlock/depth:1", "rlock/depth:3"})
        alone<OneExchange, Exchange>(row);
    for_each_contender<OnThreads, OnProcesses>([]<class Contender>() {
        alone<Contender, AcquireRelease<1>>("rlock/depth:1");
        alone<Contender, AcquireRelease<3>>("rlock/depth:3");
    });
    for (const int workers : {2, 4, 8, 16}) {
        const auto contended = [&]<class Contender>() {
            together<Contender, Contend<0>>(
                {.row = "rlock/contended/workers:" + std::to_string(workers),
                 .workers = workers,
                 .placement = Placement::cross});
        };
        contended.template operator()<PolledLock>();
        for_each_contender<OnThreads, OnProcesses>(contended);
    }
    alone<ReferenceRLock, With>("rlock/with");
    alone<ReferenceRLock, Create>("rlock/create");
}

}  // namespace bench
