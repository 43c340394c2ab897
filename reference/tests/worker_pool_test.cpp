// Longer than other files: a test or more for every requirement of WorkerPool.

#include "freethreading/worker_pool.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <forward_list>
#include <fstream>
#include <limits>
#include <list>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <thread>
#include <tuple>
#include <type_traits>
#include <vector>

#include "freethreading/barrier.hpp"
#include "freethreading/error.hpp"
#include "freethreading/portable.hpp"
#include "freethreading/queue.hpp"
#include "freethreading/worker.hpp"
#include "freethreading/worker_pool_executor.hpp"
#include "pool_tasks.hpp"

namespace freethreading {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

static_assert(!Portable<WorkerPool> && !Portable<AsyncResult<int>>, "GEN-17");
static_assert(!std::is_constructible_v<WorkerPool, std::string>, "POOL-2");
static_assert(!std::is_constructible_v<WorkerPool, double>, "POOL-2");
static_assert(!std::is_copy_constructible_v<WorkerPool> &&
              std::is_nothrow_move_constructible_v<WorkerPool>);

template <class Error, class Call>
std::string message_of(Call call) {
    try {
        call();
    } catch (const Error& error) {
        return error.what();
    }
    return "nothing was thrown";
}

TEST(WorkerPool, POOL_1_n_workers_work_at_the_same_time) {
    const ArenaUnchanged unchanged;
    WorkerPool pool(3);
    const Barrier barrier(3);
    std::vector<AsyncResult<std::int64_t>> results;
    for (int i = 0; i < 3; ++i)
        results.push_back(pool.apply_async([](Barrier all) { return all.wait(); }, barrier));
    std::set<std::int64_t> places;
    for (const auto& result : results)
        places.insert(result.get());
    EXPECT_THAT(places, ElementsAre(0, 1, 2));
}

TEST(WorkerPool, POOL_1_the_default_is_at_least_one_worker) {
    WorkerPool pool;
    EXPECT_EQ(pool.apply(square, 3), 9);
}

TEST(WorkerPool, POOL_2_rejects_bad_sizes) {
    EXPECT_THROW(WorkerPool(0), ValueError);
    EXPECT_THROW(WorkerPool(-3), ValueError);
    EXPECT_THROW(WorkerPool{std::numeric_limits<std::int64_t>::max()}, ResourceError);
}

thread_local int initialized = 0;

TEST(WorkerPool, POOL_3_the_initializer_runs_once_in_every_worker_before_its_tasks) {
    const SimpleQueue<int> calls;
    WorkerPool pool(2, [](SimpleQueue<int> made, int n) { made.put(initialized = n); }, calls, 5);
    const auto seen = [](int) { return initialized; };
    EXPECT_THAT(pool.map(seen, std::vector{1, 2, 3, 4}, 1), ElementsAre(5, 5, 5, 5));
    pool.close();
    pool.join();
    EXPECT_EQ(calls.get() + calls.get(), 10);
    EXPECT_TRUE(calls.empty());
}

TEST(WorkerPool, POOL_4_a_failing_initializer_breaks_the_pool) {
    const ArenaUnchanged unchanged;
    testing::internal::CaptureStderr();
    WorkerPool pool(2, fail, 3);
    const auto result = pool.apply_async(square, 2);
    EXPECT_THROW(result.get(), BrokenWorkerPool);
    EXPECT_THROW(pool.apply(square, 2), BrokenWorkerPool);
    EXPECT_THROW((void)pool.map(square, std::vector{1, 2}), BrokenWorkerPool);
    pool.close();
    pool.join();
    const std::string report = testing::internal::GetCapturedStderr();
    if (!platform::mode().worker_processes) {  // else it is another process that writes
        EXPECT_THAT(report, HasSubstr("no 3"));
        EXPECT_EQ(report.find("no 3"), report.rfind("no 3"));
    }
}

TEST(WorkerPool, POOL_5_apply_returns_the_value_or_throws_the_exception) {
    WorkerPool pool(2);
    EXPECT_EQ(pool.apply(multiply, 6, 7), 42);
    EXPECT_EQ(pool.apply(text, "hello"), "hello!");
    pool.apply(nothing);
    EXPECT_EQ(message_of<std::out_of_range>([&] { pool.apply(fail, 5); }), "no 5");
    EXPECT_EQ(pool.apply([](int n) { return n + 1; }, 1), 2);
}

// A class of the program's own that looks like a vector, and is not one of the containers that are known.
struct Log {
    std::vector<int> lines;
    [[nodiscard]] auto begin() { return lines.begin(); }
    [[nodiscard]] auto end() { return lines.end(); }
    [[nodiscard]] std::size_t size() const { return lines.size(); }
    void reserve(std::size_t size) { lines.reserve(size); }
    template <class Iterator>
    void insert(Iterator at, Iterator first, Iterator last) {
        lines.insert(at, first, last);
    }
};
static_assert(Portable<Log>);

TEST(WorkerPool, POOL_5_a_class_like_a_vector_is_a_result_like_any_other) {
    WorkerPool pool(1);
    EXPECT_THAT(pool.apply([] { return Log{{1, 2}}; }).lines, ElementsAre(1, 2));
}

TEST(WorkerPool, POOL_7_one_worker_keeps_the_order) {
    WorkerPool pool(1);
    const SimpleQueue<int> order;
    for (int i = 0; i < 20; ++i)
        static_cast<void>(
            pool.apply_async([](SimpleQueue<int> out, int n) { out.put(n); }, order, i));
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(order.get(), i);
}

TEST(WorkerPool, POOL_7_several_threads_submit) {
    const ArenaUnchanged unchanged;
    WorkerPool pool(2);
    std::vector<std::thread> threads;
    std::atomic<int> sum = 0;
    for (int t = 0; t < 3; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 30; ++i)
                sum += pool.apply(square, 2);
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(sum, 360);
}

TEST(WorkerPool, POOL_8_map_keeps_the_order_of_any_range) {
    WorkerPool pool(2);
    EXPECT_THAT(pool.map(square, std::vector{1, 2, 3}), ElementsAre(1, 4, 9));
    EXPECT_THAT(pool.map(square, std::list{1, 2, 3}), ElementsAre(1, 4, 9));
    EXPECT_THAT(pool.map(square, std::forward_list{3}), ElementsAre(9));
    EXPECT_THAT(pool.map(square, std::views::iota(0, 4)), ElementsAre(0, 1, 4, 9));
    EXPECT_THAT(pool.map(square, std::vector<int>{}), ElementsAre());
    std::istringstream numbers("4 5 6");
    EXPECT_THAT(pool.map(square, std::ranges::istream_view<int>(numbers)), ElementsAre(16, 25, 36));
    EXPECT_THAT(pool.map(text, std::vector<const char*>{"a", "b"}), ElementsAre("a!", "b!"));
    EXPECT_THAT(pool.map([](bool b) { return !b; }, std::vector<bool>{true, false}),
                ElementsAre(false, true));
}

TEST(WorkerPool, POOL_8_an_input_that_throws_fails_in_the_caller) {
    WorkerPool pool(2);
    const auto failing =
        std::views::iota(0, 9) | std::views::transform([](int n) { return n < 5 ? n : fail(n); });
    EXPECT_THROW((void)pool.map(square, failing), std::out_of_range);
    EXPECT_EQ(pool.apply(square, 3), 9);
}

TEST(WorkerPool, POOL_9_starmap_spreads_tuples_and_pairs) {
    WorkerPool pool(2);
    EXPECT_THAT(pool.starmap(multiply, std::vector{std::tuple(2, 3), std::tuple(4, 5)}),
                ElementsAre(6, 20));
    EXPECT_THAT(pool.starmap(multiply, std::vector{std::pair(2, 3)}), ElementsAre(6));
    EXPECT_THAT(pool.starmap(ident, std::vector<std::tuple<>>(3)).size(), 3U);
    EXPECT_THAT(
        pool.map([](std::pair<int, int> p) { return p.first; }, std::vector{std::pair(2, 3)}),
        ElementsAre(2));
}

TEST(WorkerPool, POOL_10_the_chunk_size_changes_nothing) {
    WorkerPool pool(2);
    std::vector<int> numbers(25);
    std::iota(numbers.begin(), numbers.end(), 0);
    const auto expected = pool.map(square, numbers);
    for (const int size : {1, 2, 7, 25, 1000})
        EXPECT_EQ(pool.map(square, numbers, size), expected);
    EXPECT_EQ(expected[24], 576);
}

struct Sample {
    bool is_good;
    double value;
    friend bool operator==(const Sample&, const Sample&) = default;
};

// Elements that are plain bytes go side by side, and those of a vector all at once.
TEST(WorkerPool, POOL_10_chunks_of_plain_bytes) {
    WorkerPool pool(2);
    std::vector<Sample> samples;
    for (int i = 0; i < 25; ++i)
        samples.push_back({.is_good = i % 3 == 0, .value = i / 2.0});
    const std::list<Sample> one_by_one(samples.begin(), samples.end());
    const auto same = [](Sample sample) { return sample; };
    const auto value = [](Sample sample) { return std::to_string(sample.value); };
    const auto is_good = [](bool good, double) { return good; };
    std::vector<std::pair<bool, double>> pairs;
    std::vector<bool> all_good;
    for (const auto& sample : samples) {
        pairs.emplace_back(sample.is_good, sample.value);
        all_good.push_back(sample.is_good);
    }
    for (const int size : {1, 2, 7, 25, 1000}) {
        EXPECT_EQ(pool.map(same, samples, size), samples);
        EXPECT_EQ(pool.map(same, std::span(samples).first(24), size),
                  std::vector(samples.begin(), samples.end() - 1));
        EXPECT_EQ(pool.map(same, one_by_one, size), samples);
        EXPECT_EQ(pool.map(value, samples, size).back(), "12.000000");
        EXPECT_EQ(pool.starmap(is_good, pairs, size), all_good);
    }
    EXPECT_THAT(pool.map(fail_if_odd, std::array{0, 2}), ElementsAre(0, 2));
    EXPECT_EQ(message_of<std::out_of_range>(
                  [&] { static_cast<void>(pool.map(fail_if_odd, std::array{0, 3, 5}, 1)); }),
              "no 3");
}

TEST(WorkerPool, POOL_11_rejects_bad_chunk_sizes) {
    WorkerPool pool(1);
    EXPECT_THROW((void)pool.map(square, std::vector{1}, 0), ValueError);
    EXPECT_THROW((void)pool.map(square, std::vector{1}, -1), ValueError);
    EXPECT_THROW((void)pool.starmap(multiply, std::vector{std::pair(1, 2)}, 0), ValueError);
}

TEST(WorkerPool, POOL_12_a_map_fails_when_all_chunks_have_ended) {
    WorkerPool pool(2);
    const SimpleQueue<int> made;
    const auto call = [](SimpleQueue<int> out, int n) {
        out.put(n);
        return fail_if_odd(n);
    };
    std::vector<std::tuple<SimpleQueue<int>, int>> items;
    for (int i = 0; i < 6; ++i)
        items.emplace_back(made, i);
    EXPECT_THAT(message_of<std::out_of_range>([&] { (void)pool.starmap(call, items, 1); }),
                HasSubstr("no "));
    int sum = 0;
    while (!made.empty())
        sum += made.get();
    EXPECT_EQ(sum, 15);
}

TEST(WorkerPool, POOL_12_the_first_failure_in_order_is_thrown_whichever_came_first) {
    WorkerPool pool(2);
    const Event second_failed;
    const auto call = [](Event failed, int n) {
        if (n == 1) static_cast<void>(failed.wait());
        return n == 0 ? n : (n == 2 ? (failed.set(), fail(2)) : fail(1));
    };
    std::vector<std::tuple<Event, int>> items;
    for (int i = 0; i < 3; ++i)
        items.emplace_back(second_failed, i);
    EXPECT_EQ(message_of<std::out_of_range>([&] { (void)pool.starmap(call, items, 1); }), "no 1");
}

// Results lie in the task up to some size, and elsewhere above.
TEST(WorkerPool, POOL_8_results_of_all_sizes) {
    const ArenaUnchanged unchanged;
    WorkerPool pool(2);
    std::vector<int> sizes(60);
    std::iota(sizes.begin(), sizes.end(), 0);
    sizes.push_back(100'000);
    const auto repeat = [](int n) { return std::string(static_cast<std::size_t>(n), 'x'); };
    for (const int chunk : {1, 7, 61}) {
        const auto results = pool.map(repeat, sizes, chunk);
        ASSERT_EQ(results.size(), sizes.size());
        for (std::size_t i = 0; i < sizes.size(); ++i)
            EXPECT_EQ(results[i], repeat(sizes[i]));
    }
    for (const int size : sizes)
        EXPECT_EQ(pool.apply(repeat, size), repeat(size));
    pool.close();
    pool.join();
}

// So does what is called. Of the objects that travel with a task each call gets its own.
TEST(WorkerPool, GEN_12_every_element_brings_its_own_handles) {
    const ArenaUnchanged unchanged;
    WorkerPool pool(2);
    std::vector<std::tuple<SimpleQueue<int>, std::vector<SimpleQueue<int>>, int>> items;
    for (int i = 0; i < 9; ++i)
        items.emplace_back(SimpleQueue<int>(),
                           std::vector<SimpleQueue<int>>(static_cast<std::size_t>(i % 3)), i);
    const auto put = [](SimpleQueue<int> out, const std::vector<SimpleQueue<int>>& others, int n) {
        out.put(n);
        for (const auto& other : others)
            other.put(10 * n);
        return out;
    };
    for (const int chunk : {1, 2, 9}) {
        const auto returned = pool.starmap(put, items, chunk);
        ASSERT_EQ(returned.size(), items.size());
        for (int i = 0; i < 9; ++i) {
            const auto& [queue, others, number] = items[static_cast<std::size_t>(i)];
            ASSERT_FALSE(queue.empty());
            EXPECT_EQ(returned[static_cast<std::size_t>(i)].get(), i);
            EXPECT_TRUE(queue.empty());
            for (const auto& other : others) {
                ASSERT_FALSE(other.empty());
                EXPECT_EQ(other.get(), 10 * i);
            }
        }
    }
    pool.close();
    pool.join();
}

TEST(WorkerPool, POOL_19_no_submission_after_close) {
    WorkerPool pool(2);
    const Event go;
    const auto running = pool.apply_async(wait_for, go, 1);
    const auto queued = pool.map_async(square, std::vector{1, 2, 3});
    pool.close();
    pool.close();
    EXPECT_THROW(pool.apply(square, 1), ValueError);
    EXPECT_THROW((void)pool.apply_async(square, 1), ValueError);
    EXPECT_THROW((void)pool.map(square, std::vector<int>{}), ValueError);
    EXPECT_THROW((void)pool.imap(square, std::vector{1}), ValueError);
    go.set();
    EXPECT_EQ(running.get(), 1);
    EXPECT_THAT(queued.get(), ElementsAre(1, 4, 9));
    pool.join();
}

TEST(WorkerPool, POOL_20_join_needs_close_and_may_be_repeated) {
    const ArenaUnchanged unchanged;
    WorkerPool pool(2);
    EXPECT_THROW(pool.join(), ValueError);
    EXPECT_EQ(active_count(), 3U);
    pool.close();
    pool.join();
    EXPECT_EQ(active_count(), 1U);
    pool.join();
}

// A worker told of a task may find that there is none any more: the others must hear of it too.
TEST(WorkerPool, POOL_20_every_worker_leaves_whatever_it_was_told_before) {
    const ArenaUnchanged unchanged;
    for (int i = 0; i < 100; ++i) {
        WorkerPool pool(3);
        while (i % 4 < 2 && active_count() < 4) {
        }
        const auto first = pool.apply_async(nothing);
        if (i % 3 == 0) first.wait();
        const auto second = pool.apply_async(nothing);
        i % 2 == 0 ? pool.terminate() : pool.close();
        pool.join();
    }
}

TEST(WorkerPool, FAULT_14_death_in_the_last_task_of_a_closed_pool_holds_nobody_up) {
    SKIP_UNLESS_WORKERS_ARE_PROCESSES();
    const ArenaUnchanged unchanged;
    for (int i = 0; i < 20; ++i) {
        WorkerPool pool(3);
        std::vector<std::uint64_t> idents;
        for (const auto& worker : active_children())
            idents.push_back(worker.ident());
        await_blocked(idents);
        const auto last = pool.apply_async(die);
        pool.close();
        pool.join();
        EXPECT_THROW(last.get(), BrokenWorkerPool);
    }
}

TEST(WorkerPool, POOL_22_join_after_terminate_reads_no_input) {
    const ArenaUnchanged unchanged;
    WorkerPool pool(2);
    auto results = pool.imap(square, std::views::iota(0));
    EXPECT_EQ(results.next(), 0);
    pool.terminate();
    pool.join();
}

TEST(WorkerPool, POOL_4_callbacks_are_called_after_the_initializer_failed) {
    const ArenaUnchanged unchanged;
    WorkerPool pool(2, [] { throw RuntimeError("no"); });
    EXPECT_THROW(pool.apply(square, 1), BrokenWorkerPool);
    bool called = false;
    const auto result = pool.apply_async(
        Callbacks<int>{.callback = {},
                       .error_callback = [&](std::exception_ptr) { called = true; }},
        square, 1);
    EXPECT_THROW(result.get(), BrokenWorkerPool);
    EXPECT_TRUE(called);
    pool.close();
    pool.join();
}

TEST(WorkerPool, POOL_21_terminate_drops_what_is_queued) {
    const ArenaUnchanged unchanged;
    WorkerPool pool(1);
    const Event go;
    const SimpleQueue<std::uint64_t> idents;
    const SimpleQueue<int> made;
    const auto running = pool.apply_async(block, idents, go);
    const auto queued = pool.apply_async([](SimpleQueue<int> out) { out.put(1); }, made);
    static_cast<void>(idents.get());
    pool.terminate();
    pool.terminate();
    EXPECT_THROW(running.get(), BrokenWorkerPool);
    EXPECT_THROW(queued.get(), BrokenWorkerPool);
    EXPECT_THROW(pool.apply(square, 1), ValueError);
    go.set();
    pool.join();
    EXPECT_TRUE(made.empty());
}

TEST(WorkerPool, POOL_23_terminate_in_the_middle_of_a_map) {
    const ArenaUnchanged unchanged;
    const SimpleQueue<std::uint64_t> idents;
    const Event go;
    {
        WorkerPool pool(2);
        const std::vector<std::tuple<SimpleQueue<std::uint64_t>, Event>> items(5, {idents, go});
        const auto result = pool.starmap_async(block, items, 1);
        static_cast<void>(idents.get());
        static_cast<void>(idents.get());  // two run, three are queued
        pool.terminate();
        EXPECT_TRUE(result.ready());
        EXPECT_FALSE(result.successful());
        EXPECT_THROW(result.get(), BrokenWorkerPool);
        go.set();
        pool.join();
    }
    EXPECT_TRUE(idents.empty()) << "a call was made after terminate";
}

TEST(WorkerPool, FAULT_20_terminate_ends_the_wait_of_other_threads) {
    WorkerPool pool(1);
    const Event go;
    const SimpleQueue<std::uint64_t> idents;
    std::atomic<int> broken = 0;
    std::atomic<int> refused = 0;
    const SimpleQueue<std::uint64_t> callers;
    const auto expect_broken = [&](auto call) {
        return std::thread([&, call] {
            callers.put(static_cast<std::uint64_t>(gettid()));
            try {
                call();
            } catch (const BrokenWorkerPool&) {
                ++broken;
            } catch (const ValueError&) {  // it slept before its call had begun
                ++refused;
            }
        });
    };
    auto apply = expect_broken([&] { pool.apply(block, idents, go); });
    static_cast<void>(idents.get());
    auto map = expect_broken([&] { (void)pool.map(square, std::vector{1, 2}); });
    auto imap = expect_broken([&] { (void)pool.imap(square, std::vector{1, 2}).next(); });
    await_blocked(callers, 3);
    pool.terminate();
    apply.join();
    map.join();
    imap.join();
    go.set();
    EXPECT_EQ(broken + refused, 3);
    EXPECT_GE(broken, 1);
}

TEST(WorkerPool, POOL_24_the_destructor_terminates_and_a_moved_pool_does_not) {
    std::optional<WorkerPool> pool(std::in_place, 1);
    WorkerPool moved = *std::move(pool);
    pool.reset();
    const auto result = moved.apply_async(square, 4);
    EXPECT_EQ(result.get(), 16);
    const Event go;
    const auto pending = moved.apply_async(wait_for, go, 1);
    moved = WorkerPool(1);
    EXPECT_EQ(moved.apply(square, 5), 25);
    EXPECT_THROW(pending.get(), BrokenWorkerPool);
    go.set();
}

TEST(WorkerPool, POOL_26_a_value_that_cannot_be_encoded) {
    WorkerPool pool(1);
    EXPECT_THROW(pool.apply([] { return Unportable(); }), ValueError);
    EXPECT_EQ(pool.apply(square, 2), 4);
}

TEST(WorkerPool, GEN_10_an_argument_that_cannot_be_encoded_is_rejected_at_the_call) {
    WorkerPool pool(1);
    const auto take = [](Unportable) { return 1; };
    EXPECT_THROW((void)pool.apply_async(take, Unportable()), ValueError);
    const char* const null = nullptr;
    EXPECT_THROW((void)pool.apply_async(text, null), ValueError);
}

TEST(WorkerPool, GEN_11_an_element_that_cannot_be_encoded_fails_the_result) {
    WorkerPool pool(1);
    const auto take = [](Unportable) { return 1; };
    const std::vector<Unportable> items{Unportable{false}, Unportable{true}, Unportable{false}};
    const auto result = pool.map_async(take, items);
    EXPECT_THROW(result.get(), ValueError);
    auto results = pool.imap(take, items);
    EXPECT_EQ(results.next(), 1);
    EXPECT_THROW((void)results.next(), ValueError);
    EXPECT_EQ(results.next(), 1);
    EXPECT_EQ(results.next(), std::nullopt);
}

// Of a worker. Not in the test: its lambdas would not register the destructor in their threads.
thread_local std::optional<Queue<int>> shared;

TEST(WorkerPool, GEN_14_a_primitive_among_the_initargs_is_shared_by_all_tasks) {
    const Queue<int> numbers;
    WorkerPool pool(2, [](Queue<int> queue) { shared.emplace(queue); }, numbers);
    static_cast<void>(pool.map(
        [](int n) {
            shared->put(n);
            return 0;
        },
        std::vector{1, 2, 3, 4}));
    EXPECT_EQ(numbers.qsize(), 4);
    pool.close();
    pool.join();
}

TEST(WorkerPool, POOL_27_an_exception_that_cannot_be_rebuilt_is_a_runtime_error) {
    struct Strange : std::runtime_error {
        explicit Strange(int) : std::runtime_error("strange") {}
    };
    WorkerPool pool(1);
    EXPECT_EQ(message_of<RuntimeError>([&] { pool.apply([] { throw Strange(1); }); }), "strange");
    EXPECT_EQ(pool.apply(square, 2), 4);
}

TEST(WorkerPool, POOL_28_whatever_is_thrown_is_delivered) {
    WorkerPool pool(1);
    EXPECT_THROW(pool.apply([] { throw 42; }), RuntimeError);
    EXPECT_EQ(pool.apply(square, 2), 4);
}

// Whether all other threads of this process sleep, and none on a futex with a time limit, the fourth argument.
bool others_sleep_for_good() {
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
        if (task.path().filename() == std::to_string(gettid())) continue;
        std::ifstream file(task.path() / "syscall");
        std::string call, argument;
        file >> call;
        for (int i = 0; i < 4; ++i)
            file >> argument;
        if (!file || (call == std::to_string(SYS_futex) && argument != "0x0")) return false;
    }
    return true;
}

TEST(WorkerPool, an_idle_pool_does_not_wake_up) {
    WorkerPool pool(2);
    EXPECT_EQ(pool.apply(square, 3), 9);
    eventually(others_sleep_for_good);
}

TEST(WorkerPool, POOL_29_tasks_cannot_start_workers_or_pools) {
    WorkerPool pool(1);
    EXPECT_THROW(pool.apply([] { Worker(nothing).start(); }), RuntimeError);
    EXPECT_THROW(pool.apply([] { WorkerPool nested(1); }), RuntimeError);
    EXPECT_THROW(pool.apply([] { WorkerPoolExecutor nested(1); }), RuntimeError);
}

TEST(WorkerPool, UTIL_10_helpers_are_not_workers) {
    const ArenaUnchanged unchanged;
    WorkerPool pool(3);
    EXPECT_EQ(active_count(), 4U);
    for (const auto& child : active_children())
        EXPECT_TRUE(child.daemon());
    pool.terminate();
    pool.join();
}

TEST(WorkerPool, FAULT_14_a_worker_that_dies_loses_its_task_and_is_replaced) {
    SKIP_UNLESS_WORKERS_ARE_PROCESSES();
    const ArenaUnchanged unchanged;
    WorkerPool pool(2);
    const Event go;
    const auto other = pool.apply_async(wait_for, go, 3);
    EXPECT_THROW(pool.apply(die), BrokenWorkerPool);
    EXPECT_THROW((void)pool.map(die_at_three, std::vector{1, 2, 3, 4}, 1), BrokenWorkerPool);
    const Barrier barrier(2);
    go.set();
    EXPECT_EQ(other.get(), 3);
    const auto first = pool.apply_async([](Barrier both) { both.wait(); }, barrier);
    const auto second = pool.apply_async([](Barrier both) { both.wait(); }, barrier);
    first.get();
    second.get();
    pool.close();
    pool.join();
}

TEST(WorkerPool, FAULT_14_join_returns_though_workers_died_after_close) {
    SKIP_UNLESS_WORKERS_ARE_PROCESSES();
    const ArenaUnchanged unchanged;
    WorkerPool pool(2);
    const auto deaths =
        pool.map_async([](int n) { return die(), n; }, std::vector{1, 2, 3, 4, 5}, 1);
    const auto last = pool.apply_async(square, 3);
    pool.close();
    pool.join();
    EXPECT_THROW(deaths.get(), BrokenWorkerPool);
    EXPECT_EQ(last.get(), 9);
}

TEST(WorkerPool, FAULT_14_a_map_outlives_workers_killed_at_any_time) {
    SKIP_UNLESS_WORKERS_ARE_PROCESSES();
    const ArenaUnchanged unchanged;
    WorkerPool pool(2);
    std::vector<int> numbers(200);
    std::iota(numbers.begin(), numbers.end(), 0);
    const SimpleQueue<int> made;
    const auto call = [](SimpleQueue<int> out, int n) {
        out.put(n);
        return square(n);
    };
    std::vector<std::tuple<SimpleQueue<int>, int>> items;
    for (const int number : numbers)
        items.emplace_back(made, number);
    for (int round = 0; round < 30; ++round) {
        const auto results = pool.starmap_async(call, items, 1);
        static_cast<void>(made.get());  // it is under way
        for (const auto& worker : active_children()) {
            if (worker.ident() % 2 == static_cast<unsigned>(round) % 2) kill_worker(worker.ident());
        }
        try {
            EXPECT_EQ(results.get(), pool.map(square, numbers));
        } catch (const BrokenWorkerPool&) {  // one that was killed ran a call
        }
        // All but the calls of the dead were made.
        int calls = 1;
        for (; !made.empty(); ++calls)
            static_cast<void>(made.get());
        EXPECT_GE(calls, 198);
    }
    pool.close();
    pool.join();
}

TEST(WorkerPool, FAULT_15_an_idle_worker_that_dies_is_replaced) {
    SKIP_UNLESS_WORKERS_ARE_PROCESSES();
    const ArenaUnchanged unchanged;
    WorkerPool pool(1);
    auto worker = pool.apply(ident);
    for (int i = 0; i < 10; ++i) {
        await_blocked(std::vector{worker});
        kill_worker(worker);
        const auto next = pool.apply(ident);
        EXPECT_NE(next, worker);
        worker = next;
    }
    eventually([] { return active_count() == 2; });
}

int initializations = 0;

TEST(WorkerPool, FAULT_15_a_worker_that_dies_after_its_initializer_is_replaced) {
    SKIP_UNLESS_WORKERS_ARE_PROCESSES();
    const ArenaUnchanged unchanged;
    WorkerPool pool(1, [] { ++initializations; });
    for (int i = 0; i < 3; ++i) {
        const auto worker = pool.apply(ident);
        EXPECT_EQ(pool.apply([] { return initializations; }), 1);
        await_blocked(std::vector{worker});
        kill_worker(worker);
    }
    EXPECT_EQ(pool.apply(square, 3), 9);
    EXPECT_THROW(pool.apply(die), BrokenWorkerPool);
    EXPECT_EQ(pool.apply(square, 4), 16);
}

TEST(WorkerPool, FAULT_15_workers_killed_at_any_time) {
    SKIP_UNLESS_WORKERS_ARE_PROCESSES();
    const ArenaUnchanged unchanged;
    WorkerPool pool(2);
    for (int round = 0; round < 30; ++round) {
        std::vector<AsyncResult<int>> results;
        for (int i = 0; i < 20; ++i)
            results.push_back(pool.apply_async(square, i));
        for (const auto& worker : active_children()) {
            if (worker.ident() % 2 == static_cast<unsigned>(round) % 2) kill_worker(worker.ident());
        }
        int lost = 0;
        for (int i = 0; i < 20; ++i) {
            try {
                EXPECT_EQ(results[static_cast<std::size_t>(i)].get(), i * i);
            } catch (const BrokenWorkerPool&) {
                ++lost;
            }
        }
        EXPECT_LE(lost, 2);
    }
    pool.close();
    pool.join();
}

TEST(WorkerPool, POOL_4_a_worker_that_dies_in_the_initializer_breaks_the_pool) {
    SKIP_UNLESS_WORKERS_ARE_PROCESSES();
    const ArenaUnchanged unchanged;
    WorkerPool pool(2, die);
    EXPECT_THROW(pool.apply(square, 1), BrokenWorkerPool);
    pool.close();
    pool.join();
}

TEST(WorkerPool, the_death_of_its_creator_ends_the_workers) {
    SKIP_UNLESS_WORKERS_ARE_PROCESSES();
    const ArenaUnchanged unchanged;
    const SimpleQueue<std::uint64_t> idents;
    const Worker creator(
        {.name = {}, .daemon = false},
        [](SimpleQueue<std::uint64_t> out) {
            WorkerPool pool(2);
            const auto running = pool.apply_async(ident);
            out.put(running.get());
            die();
        },
        idents);
    creator.start();
    creator.join();
    const auto worker = static_cast<pid_t>(idents.get());
    eventually([&] { return kill(worker, 0) != 0; });
}

}  // namespace
}  // namespace freethreading
