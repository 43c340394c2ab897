// Barrier, against the barriers of others. An operation is a generation, which all workers pass.

#include <pthread.h>

#include <atomic>
#include <barrier>
#include <cstdint>
#include <string>

#include "contest.hpp"
#include "freethreading/barrier.hpp"
#include "peers/limit.hpp"
#include "peers/pthread_mutex.hpp"

namespace bench {
namespace {

struct ReferenceBarrier {
    static constexpr const char* name = "reference";
    freethreading::Barrier barrier;
    static ReferenceBarrier make(int parties) { return {freethreading::Barrier(parties)}; }
    void wait() const { barrier.wait(); }
};

struct StdBarrier {
    static constexpr const char* name = "std::barrier";
    explicit StdBarrier(int parties) : barrier(parties) {}
    std::barrier<> barrier;
    void wait() { barrier.arrive_and_wait(); }
};

struct PthreadBarrier {
    static constexpr const char* name = "pthread_barrier";
    explicit PthreadBarrier(int parties) {
        pthread_barrierattr_t attributes;
        pthread_barrierattr_init(&attributes);
        pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
        require_zero(pthread_barrier_init(&barrier, &attributes, static_cast<unsigned>(parties)),
                     "pthread_barrier_init");
        pthread_barrierattr_destroy(&attributes);
    }
    ~PthreadBarrier() { pthread_barrier_destroy(&barrier); }
    PthreadBarrier(const PthreadBarrier&) = delete;
    PthreadBarrier& operator=(const PthreadBarrier&) = delete;
    pthread_barrier_t barrier;
    void wait() { pthread_barrier_wait(&barrier); }
};

/// The central barrier that counts generations.
struct PolledBarrier {
    static constexpr const char* name = "limit";
    explicit PolledBarrier(int parties) : parties(static_cast<std::uint32_t>(parties)) {}
    std::uint32_t parties;
    std::atomic<std::uint32_t> arrived = 0;
    std::atomic<std::uint32_t> generation = 0;
    void wait() {
        const auto mine = generation.load();
        if (arrived.fetch_add(1) + 1 == parties) {
            arrived.store(0);
            generation.store(mine + 1);
            return;
        }
        poll_until([&] { return generation.load() != mine; });
    }
};

using OnThreads = Contenders<PolledBarrier, ReferenceBarrier, StdBarrier, PthreadBarrier>;
using OnProcesses = Contenders<PolledBarrier, ReferenceBarrier, PthreadBarrier>;

struct Pass {
    template <class Handle>
    static void run(const Handle& barrier, Seat, std::uint64_t operations) {
        for (std::uint64_t i = 0; i < operations; ++i)
            barrier->wait();
    }
};
struct PassAlone {
    template <class Handle>
    static void once(const Handle& barrier) {
        barrier->wait();
    }
};
struct Reset {
    template <class Handle>
    static void once(const Handle& entry) {
        entry->barrier.reset();
    }
};

}  // namespace

void register_benchmarks() {
    for (const int workers : {2, 4, 8, 16}) {
        for_each_contender<OnThreads, OnProcesses>([&]<class Contender>() {
            together<Contender, Pass>(
                {.row = "barrier/generation/workers:" + std::to_string(workers),
                 .workers = workers,
                 .placement = Placement::cross,
                 .operations = 200,
                 .counted_workers = 1},
                workers);
        });
    }
    constexpr int one = 1;
    alone<ReferenceBarrier, PassAlone>("barrier/alone", one);
    alone<ReferenceBarrier, Reset>("barrier/reset", one);
}

}  // namespace bench
