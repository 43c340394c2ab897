// WorkerPoolExecutor, against the thread pools of others.

#include <cstdint>
#include <future>
#include <numeric>
#include <vector>

#include "contest.hpp"
#include "freethreading/worker_pool_executor.hpp"
#include "peers/limit.hpp"
#ifdef BENCH_HAS_BOOST
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#endif
#ifdef BENCH_HAS_TBB
#include <oneapi/tbb/task_arena.h>
#endif

namespace bench {
namespace {

constexpr int pool_workers = 2;

std::int64_t increment(std::int64_t number) {
    return number + 1;
}

struct ReferenceExecutor {
    static constexpr const char* name = "reference";
    std::shared_ptr<freethreading::WorkerPoolExecutor> executor;
    static ReferenceExecutor make() {
        return {std::make_shared<freethreading::WorkerPoolExecutor>(pool_workers)};
    }
    std::int64_t call(std::int64_t number) const {
        return executor->submit(increment, number).result();
    }
};

#ifdef BENCH_HAS_BOOST
struct AsioPool {
    static constexpr const char* name = "boost::asio::thread_pool";
    boost::asio::thread_pool pool{pool_workers};
    std::int64_t call(std::int64_t number) {
        std::promise<std::int64_t> promise;
        auto future = promise.get_future();
        boost::asio::post(pool, [&promise, number] { promise.set_value(increment(number)); });
        return future.get();
    }
};
using AsioPools = Contenders<AsioPool>;
#else
using AsioPools = Contenders<>;
#endif

#ifdef BENCH_HAS_TBB
struct TbbArena {
    static constexpr const char* name = "tbb::task_arena";
    tbb::task_arena arena{pool_workers, 0};
    std::int64_t call(std::int64_t number) {
        std::promise<std::int64_t> promise;
        auto future = promise.get_future();
        arena.enqueue([&promise, number] { promise.set_value(increment(number)); });
        return future.get();
    }
};
using TbbArenas = Contenders<TbbArena>;
#else
using TbbArenas = Contenders<>;
#endif

using OnThreads = AllOf<Contenders<ReferenceExecutor>, AsioPools, TbbArenas>;
using OnProcesses = Contenders<ReferenceExecutor>;

struct Call {
    template <class Handle>
    static void once(const Handle& pool) {
        benchmark::DoNotOptimize(pool->call(1));
    }
};

/// The limit: two workers that pass a word to and fro.
struct PassToAndFro {
    template <class Handle>
    static void run(const Handle& ball, Seat seat, std::uint64_t operations) {
        const auto me = static_cast<std::uint32_t>(seat.index);
        for (std::uint64_t i = 0; i < operations; ++i) {
            ball->await(me);
            ball->pass(me);
        }
    }
};

struct SubmitMany {
    template <class Handle>
    static void once(const Handle& entry) {
        std::vector<freethreading::Future<std::int64_t>> futures;
        for (std::int64_t i = 0; i < 100; ++i)
            futures.push_back(entry->executor->submit(increment, i));
        for (const auto& future : futures)
            benchmark::DoNotOptimize(future.result());
    }
};
struct Map {
    template <class Handle>
    static void once(const Handle& entry) {
        std::vector<std::int64_t> numbers(1000);
        std::iota(numbers.begin(), numbers.end(), 0);
        for (const auto number : entry->executor->map({.chunksize = 100}, increment, numbers))
            benchmark::DoNotOptimize(number);
    }
};
struct Create {
    template <class Handle>
    static void once(const Handle&) {
        benchmark::DoNotOptimize(ReferenceExecutor::make().call(1));
    }
};

}  // namespace

void register_benchmarks() {
    together<PolledBall, PassToAndFro>(
        {.row = "executor/submit_result", .operations = 200, .counted_workers = 1});
    for_each_contender<OnThreads, OnProcesses>(
        []<class Contender>() { alone<Contender, Call>("executor/submit_result")->UseRealTime(); });
    alone<ReferenceExecutor, SubmitMany>("executor/submit_100")->UseRealTime();
    alone<ReferenceExecutor, Map>("executor/map_1000/chunk:100")->UseRealTime();
    alone<ReferenceExecutor, Create>("executor/create")->UseRealTime();
}

}  // namespace bench
