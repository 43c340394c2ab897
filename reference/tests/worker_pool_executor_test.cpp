#include "freethreading/worker_pool_executor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <chrono>
#include <list>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "freethreading/error.hpp"
#include "freethreading/platform/process.hpp"
#include "freethreading/portable.hpp"
#include "freethreading/worker.hpp"
#include "freethreading/worker_pool.hpp"
#include "pool_tasks.hpp"
#include "sanitizer.hpp"

namespace freethreading {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

static_assert(!Portable<WorkerPoolExecutor> && !Portable<Future<int>>, "GEN-17");
static_assert(!std::is_constructible_v<WorkerPoolExecutor, std::string>, "EXEC-3");
static_assert(!std::is_constructible_v<WorkerPoolExecutor, double>, "EXEC-3");
static_assert(std::input_iterator<decltype(std::declval<ExecutorMap<int>&>().begin())>);

template <class Source>
std::vector<int> all_of(Source&& source) {
    std::vector<int> values;
    for (const int value : source)
        values.push_back(value);
    return values;
}

TEST(WorkerPoolExecutor, EXEC_1_the_default_is_at_least_one_worker) {
    WorkerPoolExecutor executor;
    EXPECT_EQ(executor.submit(square, 3).result(), 9);
}

TEST(WorkerPoolExecutor, EXEC_2_rejects_bad_sizes) {
    EXPECT_THROW(WorkerPoolExecutor(0), ValueError);
    EXPECT_THROW(WorkerPoolExecutor(-1), ValueError);
}

TEST(WorkerPoolExecutor, EXEC_2_has_as_many_workers_as_there_can_be) {
    EXPECT_THROW(WorkerPoolExecutor(platform::context_capacity + 1), ResourceError);
    WorkerPoolExecutor largest(platform::context_capacity);  // they start as they are needed
    EXPECT_EQ(largest.submit(square, 3).result(), 9);
}

TEST(WorkerPoolExecutor, leaves_nothing_on_the_heap) {
    if (is_sanitized) GTEST_SKIP() << "the allocator of a sanitizer does not count";
    const auto use_some = [] {
        for (int i = 0; i < 100; ++i)
            WorkerPoolExecutor(1).shutdown();
        return mallinfo2().uordblks;
    };
    const auto before = use_some();
    EXPECT_LT(use_some(), before + 100 * sizeof(void*));
}

thread_local int initialized = 0;

TEST(WorkerPoolExecutor, EXEC_5_the_initializer_runs_before_the_tasks) {
    WorkerPoolExecutor executor(1, [](int n) { initialized += n; }, 5);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(executor.submit([] { return initialized; }).result(), 5);
    executor.shutdown();
}

TEST(WorkerPoolExecutor, EXEC_6_a_failing_initializer_breaks_the_executor) {
    const ArenaUnchanged unchanged;
    testing::internal::CaptureStderr();
    WorkerPoolExecutor executor(2, fail, 3);
    const auto future = executor.submit(square, 2);
    EXPECT_THROW(future.result(), BrokenWorkerPool);
    EXPECT_THROW(executor.submit(square, 2), BrokenWorkerPool);
    executor.shutdown();
    EXPECT_THROW(executor.submit(square, 2), BrokenWorkerPool);
    const std::string report = testing::internal::GetCapturedStderr();
    if (!platform::mode().worker_processes) EXPECT_THAT(report, HasSubstr("no 3"));
}

TEST(WorkerPoolExecutor, EXEC_7_one_worker_keeps_the_order) {
    WorkerPoolExecutor executor(1);
    const SimpleQueue<int> order;
    for (int i = 0; i < 10; ++i)
        executor.submit([](SimpleQueue<int> out, int n) { out.put(n); }, order, i);
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(order.get(), i);
}

TEST(WorkerPoolExecutor, EXEC_8_map_stops_with_the_shortest_range) {
    const ArenaUnchanged unchanged;
    WorkerPoolExecutor executor(2);
    EXPECT_THAT(all_of(executor.map(square, std::vector{1, 2, 3})), ElementsAre(1, 4, 9));
    EXPECT_THAT(all_of(executor.map(multiply, std::vector{1, 2, 3}, std::list{4, 5})),
                ElementsAre(4, 10));
    EXPECT_THAT(all_of(executor.map({.timeout = {}, .chunksize = 2}, multiply, std::vector{1, 2, 3},
                                    std::views::iota(4))),
                ElementsAre(4, 10, 18));
    EXPECT_THAT(all_of(executor.map(square, std::vector<int>{})), ElementsAre());
    EXPECT_THAT(all_of(executor.map([] { return 1; })), ElementsAre());
    std::vector<std::string> texts;
    for (auto& result : executor.map(text, std::vector<std::string>{"a", "b"}))
        texts.push_back(result);
    EXPECT_THAT(texts, ElementsAre("a!", "b!"));
}

TEST(WorkerPoolExecutor, EXEC_9_map_reads_and_submits_everything_at_once) {
    WorkerPoolExecutor executor(1);
    const SimpleQueue<int> made;
    std::vector<SimpleQueue<int>> queues(3, made);
    auto results = executor.map(
        [](SimpleQueue<int> out, int n) {
            out.put(n);
            return n;
        },
        queues, std::vector{1, 2, 3});
    EXPECT_EQ(made.get() + made.get() + made.get(), 6);
    const auto failing =
        std::views::iota(0, 9) | std::views::transform([](int n) { return n < 5 ? n : fail(n); });
    EXPECT_THROW((void)executor.map(square, failing), std::out_of_range);
}

TEST(WorkerPoolExecutor, EXEC_10_a_failure_ends_the_map_and_cancels_the_rest) {
    const ArenaUnchanged unchanged;
    WorkerPoolExecutor executor(1);
    const SimpleQueue<int> made;
    const Event go;
    const auto call = [](SimpleQueue<int> out, Event event, int n) {
        if (n == 2) static_cast<void>(event.wait());
        out.put(n);
        return fail_if_odd(n);
    };
    {
        auto results = executor.map(call, std::vector(5, made), std::vector(5, go),
                                    std::vector{0, 1, 2, 3, 4});
        EXPECT_EQ(results.next(), 0);
        EXPECT_THROW((void)results.next(), std::out_of_range);
        EXPECT_EQ(results.next(), std::nullopt);
        go.set();
    }
    executor.shutdown();
    int last = -1;
    while (!made.empty())
        last = made.get();
    EXPECT_LE(last, 2);  // the one that was running when the others were cancelled
}

TEST(WorkerPoolExecutor, EXEC_10_abandoning_the_iterator_cancels) {
    WorkerPoolExecutor executor(1);
    const Event go;
    const SimpleQueue<std::uint64_t> idents;
    {
        auto results = executor.map(block, std::vector(4, idents), std::vector(4, go));
    }
    go.set();
    executor.shutdown();
    int started = 0;
    for (; !idents.empty(); ++started)
        static_cast<void>(idents.get());
    EXPECT_LE(started, 1);
}

TEST(WorkerPoolExecutor, EXEC_11_results_before_the_failing_chunk_are_delivered) {
    WorkerPoolExecutor executor(2);
    auto results =
        executor.map({.timeout = {}, .chunksize = 2}, fail_if_odd, std::vector{0, 2, 3, 4});
    EXPECT_EQ(results.next(), 0);
    EXPECT_EQ(results.next(), 2);
    EXPECT_THROW((void)results.next(), std::out_of_range);
    EXPECT_EQ(results.next(), std::nullopt);
}

TEST(WorkerPoolExecutor, EXEC_12_rejects_bad_chunk_sizes) {
    WorkerPoolExecutor executor(1);
    EXPECT_THROW((void)executor.map({.timeout = {}, .chunksize = 0}, square, std::vector{1}),
                 ValueError);
    EXPECT_THROW((void)executor.map({.timeout = {}, .chunksize = -1}, square, std::vector{1}),
                 ValueError);
}

TEST(WorkerPoolExecutor, EXEC_13_the_time_out_counts_from_the_call) {
    WorkerPoolExecutor executor(2);
    const Event go;
    executor.submit(square, 2).result();
    auto results = executor.map(
        {.timeout = 30ms, .chunksize = 1},
        [](Event event, int n) {
            if (n > 0) static_cast<void>(event.wait());
            return n;
        },
        std::vector(2, go), std::vector{0, 1});
    EXPECT_EQ(results.next(), 0);
    EXPECT_THROW((void)results.next(), TimeoutError);
    EXPECT_EQ(results.next(), std::nullopt);
    auto late =
        executor.map({.timeout = 0s, .chunksize = 1}, wait_for, std::vector{go}, std::vector{5});
    EXPECT_THROW((void)late.next(), TimeoutError);
    go.set();
}

TEST(WorkerPoolExecutor, EXEC_14_workers_are_started_when_needed) {
    const ArenaUnchanged unchanged;
    WorkerPoolExecutor executor(2);
    EXPECT_EQ(active_count(), 1U);
    executor.submit(square, 1).result();
    EXPECT_EQ(active_count(), 2U);
    executor.submit(square, 1).result();
    EXPECT_LE(active_count(), 3U);
    const Event go;
    std::vector<Future<int>> futures;
    for (int i = 0; i < 5; ++i)
        futures.push_back(executor.submit(wait_for, go, i));
    EXPECT_EQ(active_count(), 3U);
    for (const auto& child : active_children())
        EXPECT_FALSE(child.daemon());
    go.set();
}

TEST(WorkerPoolExecutor, EXEC_15_shutdown_waits_or_not) {
    const ArenaUnchanged unchanged;
    WorkerPoolExecutor executor(1);
    const Event go;
    const auto running = executor.submit(wait_for, go, 1);
    const auto queued = executor.submit(square, 3);
    executor.shutdown(false);
    EXPECT_FALSE(queued.done());
    go.set();
    executor.shutdown();
    EXPECT_TRUE(running.done() && queued.done());
    EXPECT_EQ(queued.result(), 9);
    EXPECT_EQ(active_count(), 1U);
    executor.shutdown();
}

TEST(WorkerPoolExecutor, EXEC_16_shutdown_can_cancel_what_is_queued) {
    const ArenaUnchanged unchanged;
    WorkerPoolExecutor executor(1);
    const Event go;
    const SimpleQueue<std::uint64_t> idents;
    const auto running = executor.submit(block, idents, go);
    static_cast<void>(idents.get());
    std::vector<Future<int>> queued;
    std::atomic<int> calls = 0;
    for (int i = 0; i < 5; ++i)
        queued.push_back(executor.submit(square, i));
    for (const auto& future : queued)
        future.add_done_callback(
            [&](const Future<int>& done) { calls += done.cancelled() ? 1 : 100; });
    executor.shutdown(false, true);
    for (const auto& future : queued)
        EXPECT_TRUE(future.cancelled());
    go.set();
    executor.shutdown();
    EXPECT_EQ(running.result(), 7);
    EXPECT_EQ(calls, 5);
}

TEST(WorkerPoolExecutor, EXEC_16_what_is_cancelled_and_kept_by_nobody_is_gone) {
    const ArenaUnchanged unchanged;
    WorkerPoolExecutor executor(1);
    const Event go;
    const SimpleQueue<std::uint64_t> idents;
    const auto running = executor.submit(block, idents, go);
    static_cast<void>(idents.get());
    for (int i = 0; i < 5; ++i)
        static_cast<void>(executor.submit(square, i));
    executor.shutdown(false, true);
    go.set();
    executor.shutdown();
}

TEST(WorkerPoolExecutor, EXEC_17_no_submission_after_shutdown) {
    WorkerPoolExecutor executor(1);
    executor.shutdown();
    EXPECT_THROW(executor.submit(square, 1), RuntimeError);
    EXPECT_THROW((void)executor.map(square, std::vector{1}), RuntimeError);
    EXPECT_THAT(all_of(executor.map(square, std::vector<int>{})), ElementsAre());
}

TEST(WorkerPoolExecutor, EXEC_18_the_destructor_waits) {
    std::optional<Future<int>> future;
    {
        WorkerPoolExecutor executor(2);
        future = executor.submit(
            [](int n) {
                std::this_thread::sleep_for(20ms);
                return n;
            },
            4);
    }
    EXPECT_TRUE(future->done());
    EXPECT_EQ(future->result(), 4);
}

TEST(WorkerPoolExecutor, EXEC_21_a_worker_that_dies_breaks_the_executor) {
    SKIP_UNLESS_WORKERS_ARE_PROCESSES();
    const ArenaUnchanged unchanged;
    WorkerPoolExecutor executor(2);
    const Event go;
    const SimpleQueue<std::uint64_t> idents;
    const auto running = executor.submit(block, idents, go);
    static_cast<void>(idents.get());
    const Event end;
    const auto killed = executor.submit([](Event event) { event.wait(), die(); }, end);
    const auto queued = executor.submit(block, idents, go);
    end.set();
    EXPECT_THROW(killed.result(), BrokenWorkerPool);
    EXPECT_THROW(running.result(), BrokenWorkerPool);
    EXPECT_THROW(queued.result(), BrokenWorkerPool);
    EXPECT_THROW(executor.submit(square, 1), BrokenWorkerPool);
    EXPECT_THROW((void)executor.map(square, std::vector{1}), BrokenWorkerPool);
    executor.shutdown();  // does not wait for the task that runs
    EXPECT_THROW(executor.submit(square, 1), BrokenWorkerPool);
}

TEST(WorkerPoolExecutor, FAULT_16_an_idle_worker_that_dies_breaks_the_executor) {
    SKIP_UNLESS_WORKERS_ARE_PROCESSES();
    const ArenaUnchanged unchanged;
    for (int i = 0; i < 10; ++i) {
        WorkerPoolExecutor executor(1);
        const auto worker = executor.submit(ident).result();
        await_blocked(std::vector{worker});
        kill_worker(worker);
        eventually([&] { return active_count() == 1; });
        EXPECT_THROW(executor.submit(square, 1), BrokenWorkerPool);
        executor.shutdown();
    }
}

TEST(WorkerPoolExecutor, FAULT_16_a_worker_killed_at_any_time) {
    SKIP_UNLESS_WORKERS_ARE_PROCESSES();
    const ArenaUnchanged unchanged;
    for (int round = 0; round < 20; ++round) {
        WorkerPoolExecutor executor(2);
        std::vector<Future<int>> futures;
        for (int i = 0; i < 20; ++i)
            futures.push_back(executor.submit(square, i));
        kill_worker(active_children().front().ident());
        for (int i = 0; i < 20; ++i) {
            try {
                EXPECT_EQ(futures[static_cast<std::size_t>(i)].result(), i * i);
            } catch (const BrokenWorkerPool&) {
            }
        }
        executor.shutdown();
        // Broken, unless the worker died when all was done.
        EXPECT_ANY_THROW(executor.submit(square, 1));
    }
}

TEST(WorkerPoolExecutor, EXEC_22_and_23_what_cannot_be_encoded_or_rebuilt) {
    struct Strange : std::runtime_error {
        explicit Strange(int) : std::runtime_error("strange") {}
    };
    WorkerPoolExecutor executor(1);
    EXPECT_THROW(executor.submit([] { return Unportable(); }).result(), ValueError);
    EXPECT_THROW(executor.submit([] { throw Strange(1); }).result(), RuntimeError);
    EXPECT_THROW(executor.submit([](Unportable) {}, Unportable()), ValueError);
    EXPECT_EQ(executor.submit(square, 2).result(), 4);
}

TEST(WorkerPoolExecutor, EXEC_24_tasks_may_start_workers_and_pools) {
    const ArenaUnchanged unchanged;
    WorkerPoolExecutor executor(1);
    const auto nested = executor.submit([] {
        const Worker worker(nothing);
        worker.start();
        worker.join();
        WorkerPool pool(1);
        WorkerPoolExecutor inner(1);
        return pool.apply(square, 2) + inner.submit(square, 3).result();
    });
    EXPECT_EQ(nested.result(), 13);
}

}  // namespace
}  // namespace freethreading
