// How much memory objects, workers and items take: the counter `bytes`, and of it what lies in the program's
// private memory where the rest is shared between processes, `private_bytes`.

#include <malloc.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "contest.hpp"
#include "freethreading/freethreading.hpp"
#include "freethreading/platform/arena.hpp"

namespace bench {
namespace {

struct Use {
    double shared;
    double heap;
};
Use current_use() {
    return {.shared = static_cast<double>(freethreading::platform::arena_use().bytes),
            .heap = static_cast<double>(mallinfo2().uordblks)};
}

/// On threads the shared state is a part of the heap.
void report(benchmark::State& state, Use before, Use after, double count) {
    const double heap = (after.heap - before.heap) / count;
    const double shared = (after.shared - before.shared) / count;
    state.counters["bytes"] = on_processes() ? shared + heap : heap;
    state.counters["state_bytes"] = shared;
}

void add(const std::string& row, const std::function<void(benchmark::State&)>& run) {
    const std::string name =
        std::string(freethreading::get_backend()) + "/memory/" + row + "/reference";
    benchmark::RegisterBenchmark(name.c_str(), [run](benchmark::State& state) {
        try {
            run(state);
        } catch (const std::exception& error) {
            state.SkipWithError(error.what());
        }
    })->Iterations(1);
}

template <class Make>
void add_object(const std::string& row, Make make) {
    add(row, [make](benchmark::State& state) {
        constexpr int count = 1000;
        std::vector<decltype(make())> objects;
        objects.reserve(count);
        const Use before = current_use();
        for (auto _ : state) {
            for (int i = 0; i < count; ++i)
                objects.push_back(make());
        }
        report(state, before, current_use(), count);
    });
}

/// Bytes that only this process has.
double private_bytes_of(std::uint64_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/smaps_rollup");
    double kibibytes = 0;
    for (std::string word; file >> word;) {
        double value = 0;
        if ((word == "Private_Clean:" || word == "Private_Dirty:") && file >> value)
            kibibytes += value;
    }
    if (kibibytes == 0) throw std::runtime_error("smaps_rollup cannot be read");
    return kibibytes * 1024;
}

void wait_for(freethreading::Event event, freethreading::Semaphore there) {
    there.release();
    event.wait();
}

/// Of a worker that sleeps, what it alone has.
void idle_worker(benchmark::State& state) {
    constexpr int count = 8;
    const freethreading::Event over;
    const freethreading::Semaphore there(0);
    std::vector<freethreading::Worker> workers;
    const auto here = static_cast<std::uint64_t>(getpid());
    const double before = private_bytes_of(here);
    for (auto _ : state) {
        for (int i = 0; i < count; ++i) {
            workers.emplace_back(wait_for, over, there);
            workers.back().start();
        }
        for (int i = 0; i < count; ++i)
            there.lock();
    }
    double bytes = 0;
    if (on_processes()) {
        for (const auto& child : freethreading::active_children())
            bytes += private_bytes_of(child.ident());
    } else {
        bytes = private_bytes_of(here) - before;
    }
    state.counters["bytes"] = bytes / count;
    over.set();
    for (const auto& worker : workers)
        worker.join();
}

void queued_items(benchmark::State& state) {
    constexpr int count = 10'000;
    const freethreading::Queue<std::uint64_t> queue;
    const Use before = current_use();
    for (auto _ : state) {
        for (std::uint64_t i = 0; i < count; ++i)
            queue.put(i);
    }
    report(state, before, current_use(), count);
}

}  // namespace

void register_benchmarks() {
    add_object("lock", [] { return freethreading::Lock(); });
    add_object("rlock", [] { return freethreading::RLock(); });
    add_object("semaphore", [] { return freethreading::Semaphore(1); });
    add_object("event", [] { return freethreading::Event(); });
    add_object("condition", [] { return freethreading::Condition(); });
    add_object("barrier", [] { return freethreading::Barrier(2); });
    add_object("queue", [] { return freethreading::Queue<int>(); });
    add("queue_item", queued_items);
    add("idle_worker", idle_worker);
}

}  // namespace bench
