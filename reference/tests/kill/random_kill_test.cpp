// Random workers killed at random instants, while others use the same queue, pool or executor:
// FAULT-8 to FAULT-16.
//
// FREETHREADING_KILL_ROUNDS and FREETHREADING_KILL_SEED say how many rounds there are and which.

#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <new>
#include <random>
#include <string>
#include <vector>

#include "../await.hpp"
#include "../footprint.hpp"
#include "freethreading/freethreading.hpp"
#include "freethreading/platform/item_queue.hpp"
#include "freethreading/platform/mode.hpp"

namespace freethreading {
namespace {

using namespace std::chrono_literals;
using Random = std::mt19937_64;

/// After which a call of the living counts as hanging.
constexpr auto hang = 60s;
constexpr std::size_t producers = 2;
constexpr std::size_t consumers = 2;
constexpr std::size_t items_each = 100;
constexpr std::size_t tasks = 200;

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// What the workers note, without the library, in memory that all of them share.
struct Ledger {
    std::array<std::atomic<std::size_t>, producers> put_returned{};
    std::array<std::array<std::atomic<int>, items_each>, producers> received{};
    std::atomic<int> out_of_order = 0;
    std::atomic<int> torn = 0;
    std::array<std::atomic<int>, tasks> runs{};

    void clear() { new (this) Ledger; }
};
// Mapped before main, so that the fork server and all workers inherit it.
Ledger& ledger = []() -> Ledger& {
    void* const memory =
        mmap(nullptr, sizeof(Ledger), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) std::abort();
    return *new (memory) Ledger;
}();

/// Finds the instant of a kill: as likely early as late in the time that such a round takes.
class Instant {
  public:
    void begin() { begin_ = Clock::now(); }
    void await(Random& random) const {
        const auto until =
            begin_ + Clock::duration(random() % static_cast<std::uint64_t>(usual_.count()));
        while (Clock::now() < until) {
            if (random() % 8 == 0) sched_yield();
        }
    }
    /// Everything that there was to do is done.
    void end() { usual_ = (usual_ * 7 + (Clock::now() - begin_)) / 8; }

  private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point begin_;
    Clock::duration usual_ = std::chrono::milliseconds(1);
};

/// Whether there was somebody to kill.
bool kill_one_of(const std::vector<WorkerHandle>& workers, Random& random) {
    if (workers.empty()) return false;
    return kill(static_cast<pid_t>(workers[random() % workers.size()].ident()), SIGKILL) == 0;
}

struct Item {
    std::size_t producer;
    std::size_t number;
    std::string filling;  // in every third item, too large to travel in the queue itself
};
constexpr std::size_t nobody = ~std::size_t{0};

std::string filling_of(std::size_t producer, std::size_t number) {
    const std::size_t too_large = platform::Item::largest_inline_size + 1;
    return std::string(number % 3 == 0 ? too_large + number : number,
                       static_cast<char>('a' + producer));
}

void produce(Queue<Item> queue, std::size_t producer) {
    for (std::size_t number = 0; number < items_each; ++number) {
        queue.put({producer, number, filling_of(producer, number)}, hang);
        ++ledger.put_returned[producer];
    }
}

void note_receipt(const Item& item) {
    ++ledger.received[item.producer][item.number];
    if (item.filling != filling_of(item.producer, item.number)) ++ledger.torn;
}

void consume(Queue<Item> queue) {
    std::array<std::size_t, producers> next{};
    for (;;) {
        const Item item = queue.get(hang);
        if (item.producer == nobody) return queue.task_done();
        note_receipt(item);
        if (item.number < next[item.producer]) ++ledger.out_of_order;
        next[item.producer] = item.number + 1;
        queue.task_done();
    }
}

/// One producer or consumer dies. Returns how many items were lost with it.
int queue_round(Random& random, Instant& instant) {
    constexpr std::array sizes{0, 1, 4};
    const Queue<Item> queue(sizes[random() % sizes.size()]);
    std::vector<Worker> all;
    for (std::size_t i = 0; i < producers; ++i)
        all.emplace_back(produce, queue, i);
    for (std::size_t i = 0; i < consumers; ++i)
        all.emplace_back(consume, queue);
    for (const auto& worker : all)
        worker.start();
    instant.begin();
    const auto workers = active_children();
    instant.await(random);
    kill_one_of(workers, random);
    for (std::size_t i = 0; i < producers; ++i)
        all[i].join();
    for (std::size_t i = 0; i < consumers; ++i)
        queue.put({nobody, 0, ""}, hang);
    for (const auto& worker : all)
        worker.join();
    instant.end();
    while (!queue.empty()) {
        const Item item = queue.get(hang);
        if (item.producer != nobody) note_receipt(item);
    }
    EXPECT_EQ(ledger.out_of_order, 0);
    EXPECT_EQ(ledger.torn, 0);
    int lost = 0;
    for (std::size_t producer = 0; producer < producers; ++producer) {
        const std::size_t committed = ledger.put_returned[producer];
        for (std::size_t number = 0; number < items_each; ++number) {
            const int times = ledger.received[producer][number];
            EXPECT_LE(times, 1) << "item " << number << " was received more than once";
            if (number < committed && times == 0) ++lost;
            // The put in which the producer died may have committed, no later one.
            if (number > committed) EXPECT_EQ(times, 0) << "item " << number << " was never put";
        }
    }
    EXPECT_LE(lost, 1) << "items were lost that no dead consumer can have taken";
    // The count of unfinished items is that of the items, of which some were never dealt with.
    try {
        for (;;)
            queue.task_done();
    } catch (const ValueError&) {
    }
    queue.join();
    queue.put({0, 0, "new"}, hang);
    EXPECT_EQ(queue.get(hang).filling, "new");
    return lost;
}

std::size_t note_run(std::size_t task) {
    ++ledger.runs[task];
    return task * task;
}

/// Of the tasks up to `count`: what there is of results, and how many are lost.
template <class Results, class Get>
int collect(const Results& results, Get get) {
    int lost = 0;
    for (std::size_t task = 0; task < results.size(); ++task) {
        try {
            EXPECT_EQ(get(results[task]), task * task);
            EXPECT_EQ(ledger.runs[task], 1);
        } catch (const BrokenWorkerPool&) {
            ++lost;
            EXPECT_LE(ledger.runs[task], 1);
        }
    }
    return lost;
}

int pool_round(Random& random, Instant& instant) {
    WorkerPool pool(3);
    instant.begin();
    std::vector<AsyncResult<std::size_t>> results;
    for (std::size_t task = 0; task < tasks; ++task)
        results.push_back(pool.apply_async(note_run, task));
    instant.await(random);
    const bool killed = kill_one_of(active_children(), random);
    EXPECT_TRUE(killed);
    const int lost = collect(results, [](const auto& result) { return result.get(hang); });
    instant.end();
    EXPECT_LE(lost, 1) << "a worker has one task at a time";
    // The pool is as large as before, and works.
    EXPECT_EQ(pool.apply_async(note_run, std::size_t{1}).get(hang), 1U);
    pool.close();
    pool.join();
    return lost;
}

int executor_round(Random& random, Instant& instant) {
    WorkerPoolExecutor executor(3);
    instant.begin();
    std::vector<Future<std::size_t>> futures;
    for (std::size_t task = 0; task < tasks; ++task)
        futures.push_back(executor.submit(note_run, task));
    instant.await(random);
    const bool killed = kill_one_of(active_children(), random);
    EXPECT_TRUE(killed);
    const int lost = collect(futures, [](const auto& future) { return future.result(hang); });
    instant.end();
    eventually([&] {
        try {
            static_cast<void>(executor.submit(note_run, std::size_t{0}));
            return false;
        } catch (const BrokenWorkerPool&) {
            return true;
        }
    });
    executor.shutdown();
    return lost;
}

TEST(KillAtRandom, FAULT_8_to_16_the_living_go_on_and_nothing_is_left_behind) {
    if (!platform::mode().worker_processes) GTEST_SKIP() << "threads cannot be killed";
    const auto rounds = setting("FREETHREADING_KILL_ROUNDS", 1000);
    const auto seed = setting("FREETHREADING_KILL_SEED", 20261124);
    constexpr std::array round_of{queue_round, pool_round, executor_round};
    constexpr std::array name_of{"queue", "pool", "executor"};
    std::array<Instant, round_of.size()> instant_of;
    std::array<int, round_of.size()> count{};
    std::array<int, round_of.size()> lost{};
    Footprint before;
    constexpr std::uint64_t first_ones = 50;  // until whatever grows with them has grown
    for (std::uint64_t i = 0; i < rounds + first_ones; ++i) {
        Random random(seed + i);
        const std::size_t kind = i % round_of.size();
        SCOPED_TRACE(std::string(name_of[kind]) + " round, to be repeated with " +
                     "FREETHREADING_KILL_ROUNDS=1 FREETHREADING_KILL_SEED=" +
                     std::to_string(seed + i - i % round_of.size()));
        ledger.clear();
        lost[kind] += round_of[kind](random, instant_of[kind]);
        ++count[kind];
        if (HasFailure()) break;
        if (i + 1 == first_ones) before = Footprint::now();
    }
    for (std::size_t kind = 0; kind < count.size(); ++kind)
        std::cout << "[ KILLS    ] " << count[kind] << " " << name_of[kind] << " rounds; "
                  << lost[kind] << " items or results lost with their workers\n";
    expect_no_more_than(before);
}

}  // namespace
}  // namespace freethreading
