// WorkerPool, against parallel loops.

#include <atomic>
#include <cstdint>
#include <numeric>
#include <string>
#include <tuple>
#include <vector>

#include "contest.hpp"
#include "freethreading/worker_pool.hpp"
#ifdef BENCH_HAS_TBB
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/partitioner.h>
#include <oneapi/tbb/task_arena.h>
#endif

namespace bench {
namespace {

constexpr int pool_workers = 2;

// Called, not inlined, by all contenders: it stands for functions that a loop cannot swallow.
[[gnu::noinline]] std::int64_t increment(std::int64_t number) {
    return number + 1;
}
std::int64_t add(std::int64_t left, std::int64_t right) {
    return left + right;
}

std::vector<std::int64_t> numbers(std::size_t count) {
    std::vector<std::int64_t> made(count);
    std::iota(made.begin(), made.end(), 0);
    return made;
}

/// Registers what does `items` calls at a time; `make` prepares and returns what does them.
template <class Make>
void by_items(const std::string& row, const std::string& contender, std::int64_t items, Make make) {
    const auto run = [=](benchmark::State& state) {
        try {
            auto work = make();
            work();  // else the pages that it touches for the first time are most of what is measured
            while (state.KeepRunningBatch(items))
                work();
            state.SetItemsProcessed(state.iterations());
        } catch (const std::exception& error) {
            state.SkipWithError(error.what());
        }
    };
    const std::string name =
        std::string(freethreading::get_backend()) + '/' + row + '/' + contender;
    benchmark::RegisterBenchmark(name.c_str(), run)->UseRealTime();
}

/// Registers an operation of the reference's pool on a range.
template <class Operation>
void of_reference(const std::string& row, std::int64_t items, Operation operation) {
    by_items(row, "reference", items, [=] {
        return [=, pool = freethreading::WorkerPool(pool_workers),
                range = numbers(static_cast<std::size_t>(items))]() mutable {
            operation(pool, range);
        };
    });
}

/// What handing out the items costs at least: a counter that the workers advance.
struct SharedCounter {
    static constexpr const char* name = "limit";
    std::atomic<std::uint64_t> next = 0;
};
template <std::uint64_t chunk>
struct CountOff {
    template <class Handle>
    static void run(const Handle& counter, Seat seat, std::uint64_t operations) {
        const std::uint64_t share = operations / static_cast<std::uint64_t>(seat.workers);
        std::int64_t sum = 0;
        for (std::uint64_t done = 0; done < share; done += chunk) {
            counter->next.fetch_add(chunk);
            for (std::uint64_t i = 0; i < chunk; ++i)
                benchmark::DoNotOptimize(sum = increment(sum));
        }
    }
};

#ifdef BENCH_HAS_TBB
template <class Partitioner>
void tbb_map(const std::string& row, std::int64_t items) {
    by_items(row, "tbb::parallel_for", items, [=] {
        return [in = numbers(static_cast<std::size_t>(items)),
                out = numbers(static_cast<std::size_t>(items))]() mutable {
            tbb::parallel_for(
                tbb::blocked_range<std::size_t>(0, in.size(), 1),
                [&](const auto& range) {
                    for (std::size_t i = range.begin(); i < range.end(); ++i)
                        out[i] = increment(in[i]);
                },
                Partitioner());
            benchmark::ClobberMemory();
        };
    });
}
#endif

}  // namespace

void register_benchmarks() {
    constexpr std::int64_t million = 1'000'000;
    constexpr std::int64_t many = 100'000;
    const std::string automatic = "pool/map/automatic_chunks";
    const std::string chunks_of_one = "pool/map/chunk:1";

    together<SharedCounter, CountOff<million / 8>>(
        {.row = automatic, .workers = pool_workers, .operations = million, .counted_workers = 1});
    together<SharedCounter, CountOff<1>>(
        {.row = chunks_of_one, .workers = pool_workers, .operations = many, .counted_workers = 1});
    of_reference(automatic, million, [](auto& pool, const auto& range) {
        benchmark::DoNotOptimize(pool.map(increment, range));
    });
    of_reference(chunks_of_one, many, [](auto& pool, const auto& range) {
        benchmark::DoNotOptimize(pool.map(increment, range, 1));
    });
#ifdef BENCH_HAS_TBB
    if (!on_processes()) {
        tbb_map<tbb::auto_partitioner>(automatic, million);
        tbb_map<tbb::simple_partitioner>(chunks_of_one, many);
    }
#endif
    of_reference("pool/map/chunk:1000", many, [](auto& pool, const auto& range) {
        benchmark::DoNotOptimize(pool.map(increment, range, 1000));
    });
    of_reference("pool/imap/chunk:100", many, [](auto& pool, const auto& range) {
        for (const auto number : pool.imap(increment, range, 100))
            benchmark::DoNotOptimize(number);
    });
    of_reference("pool/imap_unordered/chunk:100", many, [](auto& pool, const auto& range) {
        for (const auto number : pool.imap_unordered(increment, range, 100))
            benchmark::DoNotOptimize(number);
    });
    of_reference("pool/starmap/chunk:1000", many, [](auto& pool, const auto& range) {
        std::vector<std::tuple<std::int64_t, std::int64_t>> pairs;
        pairs.reserve(range.size());
        for (const auto number : range)
            pairs.emplace_back(number, number);
        benchmark::DoNotOptimize(pool.starmap(add, pairs, 1000));
    });
    of_reference("pool/apply", 1, [](auto& pool, const auto&) {
        benchmark::DoNotOptimize(pool.apply(increment, std::int64_t{1}));
    });
    of_reference("pool/apply_async", 100, [](auto& pool, const auto& range) {
        std::vector<freethreading::AsyncResult<std::int64_t>> results;
        for (const auto number : range)
            results.push_back(pool.apply_async(increment, number));
        for (const auto& result : results)
            benchmark::DoNotOptimize(result.get());
    });
    by_items("pool/create", "reference", 1, [] {
        return [] {
            freethreading::WorkerPool pool(pool_workers);
            pool.close();
            pool.join();
        };
    });
}

}  // namespace bench
