// Lock, against the locks of others.

#include <chrono>
#include <mutex>
#include <string>

#include "contest.hpp"
#include "freethreading/lock.hpp"
#include "freethreading/with.hpp"
#include "lock_rows.hpp"
#include "peers/limit.hpp"
#include "peers/posix_semaphore.hpp"
#include "peers/pthread_mutex.hpp"
#ifdef BENCH_HAS_ABSEIL
#include <absl/synchronization/mutex.h>
#endif
#ifdef BENCH_HAS_BOOST
#include <boost/interprocess/sync/interprocess_mutex.hpp>
#endif
#ifdef BENCH_HAS_TBB
#include <oneapi/tbb/mutex.h>
#endif

namespace bench {
namespace {

using namespace std::chrono_literals;

struct ReferenceLock {
    static constexpr const char* name = "reference";
    freethreading::Lock lock;
    static ReferenceLock make() { return {}; }
    void acquire() const { static_cast<void>(lock.acquire()); }
    bool try_acquire() const { return lock.acquire(false); }
    void release() const { lock.release(); }
};

struct StdMutex {
    static constexpr const char* name = "std::mutex";
    std::mutex mutex;
    void acquire() { mutex.lock(); }
    bool try_acquire() { return mutex.try_lock(); }
    void release() { mutex.unlock(); }
};

#ifdef BENCH_HAS_TBB
struct TbbMutex {
    static constexpr const char* name = "tbb::mutex";
    tbb::mutex mutex;
    void acquire() { mutex.lock(); }
    bool try_acquire() { return mutex.try_lock(); }
    void release() { mutex.unlock(); }
};
using TbbLocks = Contenders<TbbMutex>;
#else
using TbbLocks = Contenders<>;
#endif

#ifdef BENCH_HAS_ABSEIL
struct AbslMutex {
    static constexpr const char* name = "absl::Mutex";
    // Debian's package looks for deadlocks otherwise, at five times the price.
    AbslMutex() { absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore); }
    absl::Mutex mutex;
    void acquire() ABSL_NO_THREAD_SAFETY_ANALYSIS { mutex.Lock(); }
    bool try_acquire() ABSL_NO_THREAD_SAFETY_ANALYSIS { return mutex.TryLock(); }
    void release() ABSL_NO_THREAD_SAFETY_ANALYSIS { mutex.Unlock(); }
};
using AbslLocks = Contenders<AbslMutex>;
#else
using AbslLocks = Contenders<>;
#endif

#ifdef BENCH_HAS_BOOST
struct BoostMutex {
    static constexpr const char* name = "boost::interprocess_mutex";
    boost::interprocess::interprocess_mutex mutex;
    void acquire() { mutex.lock(); }
    bool try_acquire() { return mutex.try_lock(); }
    void release() { mutex.unlock(); }
};
using BoostLocks = Contenders<BoostMutex>;
#else
using BoostLocks = Contenders<>;
#endif

using OnThreads = AllOf<Contenders<ReferenceLock, StdMutex, PosixSemaphore>, TbbLocks, AbslLocks>;
using OnProcesses =
    AllOf<Contenders<ReferenceLock, PosixSemaphore, PthreadMutex<PthreadKind::normal>,
                     PthreadMutex<PthreadKind::robust>>,
          BoostLocks>;

struct Exchange {
    template <class Handle>
    static void once(const Handle& word) {
        word->exchange();
    }
};
struct AcquireTimed {
    template <class Handle>
    static void once(const Handle& entry) {
        benchmark::DoNotOptimize(entry->lock.acquire(1s));
        entry->lock.release();
    }
};
struct AskLocked {
    template <class Handle>
    static void once(const Handle& entry) {
        benchmark::DoNotOptimize(entry->lock.locked());
    }
};
struct Guarded {
    template <class Handle>
    static void once(const Handle& entry) {
        const std::scoped_lock guard(entry->lock);
    }
};
struct Create {
    template <class Handle>
    static void once(const Handle&) {
        benchmark::DoNotOptimize(freethreading::Lock());
    }
};

}  // namespace

void register_benchmarks() {
    alone<OneExchange, Exchange>("lock/uncontended");
    for_each_contender<OnThreads, OnProcesses>([]<class Contender>() {
        alone<Contender, AcquireRelease<1>>("lock/uncontended");
        alone<Contender, TryHeld>("lock/try_held");
    });
    for (const int workers : {1, 2, 4, 8, 16}) {
        const auto contended = [&]<class Contender>() {
            const std::string row = "lock/contended/workers:" + std::to_string(workers);
            together<Contender, Contend<0>>(
                {.row = row + "/steps:0", .workers = workers, .placement = Placement::cross});
            together<Contender, Contend<50>>(
                {.row = row + "/steps:50", .workers = workers, .placement = Placement::cross});
        };
        contended.template operator()<PolledLock>();
        for_each_contender<OnThreads, OnProcesses>(contended);
    }
    alone<ReferenceLock, AcquireTimed>("lock/timed");
    alone<ReferenceLock, AskLocked>("lock/locked");
    alone<ReferenceLock, Guarded>("lock/scoped_lock");
    alone<ReferenceLock, With>("lock/with");
    alone<ReferenceLock, Create>("lock/create");
}

}  // namespace bench
