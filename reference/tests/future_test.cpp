#include "freethreading/future.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <thread>
#include <vector>

#include "freethreading/error.hpp"
#include "freethreading/worker_pool_executor.hpp"
#include "pool_tasks.hpp"

namespace freethreading {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

// An executor whose one worker is busy until `go` is set.
struct Busy {
    WorkerPoolExecutor executor{1};
    Event go;
    SimpleQueue<std::uint64_t> idents;
    Future<int> running = executor.submit(block, idents, go);

    Busy() { static_cast<void>(idents.get()); }
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;
    ~Busy() { go.set(); }
};

TEST(Future, FUT_1_pending_running_done) {
    const ArenaUnchanged unchanged;
    Busy busy;
    const auto pending = busy.executor.submit(square, 3);
    EXPECT_TRUE(busy.running.running() && !busy.running.done());
    EXPECT_FALSE(pending.running() || pending.done() || pending.cancelled());
    busy.go.set();
    EXPECT_EQ(pending.result(), 9);
    EXPECT_TRUE(pending.done() && busy.running.done());
    EXPECT_FALSE(pending.running() || busy.running.running() || pending.cancelled());
}

TEST(Future, FUT_2_result_and_exception_may_be_repeated) {
    WorkerPoolExecutor executor(1);
    const auto value = executor.submit(text, "a");
    const auto failure = executor.submit(fail, 4);
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(value.result(), "a!");
        EXPECT_EQ(value.exception(), nullptr);
        EXPECT_THROW(failure.result(), std::out_of_range);
        EXPECT_THROW(std::rethrow_exception(failure.exception()), std::out_of_range);
    }
    executor.submit(nothing).result();
}

TEST(Future, FUT_3_whatever_is_thrown_is_delivered) {
    WorkerPoolExecutor executor(1);
    EXPECT_THROW(executor.submit([] { throw 1; }).result(), RuntimeError);
    EXPECT_EQ(executor.submit(square, 2).result(), 4);
}

TEST(Future, FUT_4_gives_up_after_the_limit) {
    Busy busy;
    EXPECT_THROW(busy.running.result(0s), TimeoutError);
    EXPECT_THROW(busy.running.result(-1s), TimeoutError);
    EXPECT_THROW((void)busy.running.exception(0s), TimeoutError);
    EXPECT_GE(time_of([&] { EXPECT_THROW(busy.running.result(20ms), TimeoutError); }), 20ms);
    EXPECT_GE(time_of([&] { EXPECT_THROW((void)busy.running.exception(20ms), TimeoutError); }),
              20ms);
}

TEST(Future, FUT_5_cancel_takes_a_queued_task_back) {
    const ArenaUnchanged unchanged;
    Busy busy;
    const SimpleQueue<int> made;
    const auto queued = busy.executor.submit([](SimpleQueue<int> out) { out.put(1); }, made);
    EXPECT_TRUE(queued.cancel());
    EXPECT_TRUE(queued.cancel());
    EXPECT_TRUE(queued.cancelled() && queued.done() && !queued.running());
    EXPECT_THROW(queued.result(), CancelledError);
    EXPECT_THROW((void)queued.exception(), CancelledError);
    busy.go.set();
    busy.executor.shutdown();
    EXPECT_TRUE(made.empty());
}

TEST(Future, FUT_6_cancel_does_nothing_to_a_running_or_finished_task) {
    Busy busy;
    EXPECT_FALSE(busy.running.cancel());
    busy.go.set();
    EXPECT_EQ(busy.running.result(), 7);
    EXPECT_FALSE(busy.running.cancel());
    EXPECT_FALSE(busy.running.cancelled());
}

TEST(Future, FUT_8_callbacks_run_once_in_their_order) {
    const ArenaUnchanged unchanged;
    Busy busy;
    std::vector<int> calls;
    for (int i = 0; i < 3; ++i) {
        busy.running.add_done_callback(
            [&calls, i](const Future<int>& done) { calls.push_back(i + 10 * done.result()); });
    }
    busy.go.set();
    busy.executor.shutdown();
    EXPECT_THAT(calls, ElementsAre(70, 71, 72));
    std::thread::id caller;
    busy.running.add_done_callback(
        [&](const Future<int>&) { caller = std::this_thread::get_id(); });
    EXPECT_EQ(caller, std::this_thread::get_id());
}

TEST(Future, FUT_8_cancel_makes_the_calls) {
    const ArenaUnchanged unchanged;
    Busy busy;
    const auto queued = busy.executor.submit(square, 1);
    int calls = 0;
    queued.add_done_callback([&](const Future<int>& done) { calls += done.cancelled() ? 1 : 100; });
    EXPECT_TRUE(queued.cancel());
    EXPECT_EQ(calls, 1);
    EXPECT_TRUE(queued.cancel());
    EXPECT_EQ(calls, 1);
}

TEST(Future, FUT_10_a_callback_that_throws_is_reported) {
    testing::internal::CaptureStderr();
    Busy busy;
    std::atomic<int> calls = 0;
    busy.running.add_done_callback([](const Future<int>&) { throw std::runtime_error("oh"); });
    busy.running.add_done_callback([](const Future<int>&) { throw 17; });  // FAULT-19
    busy.running.add_done_callback([&](const Future<int>&) { ++calls; });
    busy.go.set();
    EXPECT_EQ(busy.running.result(), 7);
    EXPECT_EQ(busy.executor.submit(square, 2).result(), 4);
    busy.executor.shutdown();
    EXPECT_EQ(calls, 1);
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("oh"));
}

TEST(Future, FUT_11_callbacks_may_submit_but_not_wait_for_the_executor) {
    WorkerPoolExecutor executor(1);
    std::atomic<bool> refused = false;
    std::atomic<int> second = 0;
    const Event go;
    const auto first = executor.submit(wait_for, go, 3);
    first.add_done_callback([&](const Future<int>& done) {
        executor.submit(square, done.result()).add_done_callback([&](const Future<int>& next) {
            second = next.result();
        });
        try {
            executor.shutdown();
        } catch (const RuntimeError&) {
            refused = true;
        }
    });
    go.set();
    EXPECT_EQ(first.result(), 3);
    eventually([&] { return refused.load(); });
    executor.shutdown();
    EXPECT_EQ(second, 9);
}

TEST(Future, EXEC_21_callbacks_learn_of_a_death) {
    SKIP_UNLESS_WORKERS_ARE_PROCESSES();
    const ArenaUnchanged unchanged;
    WorkerPoolExecutor executor(1);
    std::atomic<int> calls = 0;
    const Event go;
    const auto killed = executor.submit(
        [](Event when) {
            static_cast<void>(when.wait());
            die();
        },
        go);
    const auto queued = executor.submit(square, 1);
    killed.add_done_callback([&](const Future<void>&) { ++calls; });
    queued.add_done_callback(
        [&](const Future<int>& done) { calls += done.exception() != nullptr ? 1 : 100; });
    go.set();
    executor.shutdown();
    EXPECT_EQ(calls, 2);
    EXPECT_THROW(queued.result(), BrokenWorkerPool);
}

}  // namespace
}  // namespace freethreading
