#include "freethreading/async_result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "freethreading/error.hpp"
#include "freethreading/worker_pool.hpp"
#include "pool_tasks.hpp"

namespace freethreading {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(AsyncResult, ARES_1_ready_when_the_outcome_is_in) {
    WorkerPool pool(2);
    const Event go;
    const auto result = pool.apply_async(wait_for, go, 1);
    EXPECT_FALSE(result.ready());
    const auto results = pool.starmap_async(
        [](Event last, int n) {
            if (n > 0) static_cast<void>(last.wait());
            return fail_if_odd(n + 1);
        },
        std::vector{std::pair(go, 0), std::pair(go, 1)}, 1);
    EXPECT_FALSE(results.ready());
    go.set();
    results.wait();
    result.wait();
    EXPECT_TRUE(results.ready() && result.ready());
    EXPECT_TRUE(result.successful());
    EXPECT_FALSE(results.successful());
}

TEST(AsyncResult, ARES_2_successful_needs_a_ready_result) {
    WorkerPool pool(1);
    const Event go;
    const auto result = pool.apply_async(wait_for, go, 1);
    EXPECT_THROW((void)result.successful(), ValueError);
    const auto failure = pool.apply_async(fail, 1);
    go.set();
    failure.wait();
    EXPECT_TRUE(result.successful());
    EXPECT_FALSE(failure.successful());
}

TEST(AsyncResult, ARES_3_get_may_be_repeated_and_outlives_the_pool) {
    const ArenaUnchanged unchanged;
    std::optional<WorkerPool> pool(std::in_place, 2);
    const auto value = pool->apply_async(text, "a long text that lies in no small buffer");
    const auto failure = pool->apply_async(fail, 3);
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&] {
            EXPECT_EQ(value.get().size(), 41U);
            EXPECT_THROW(failure.get(), std::out_of_range);
        });
    }
    for (auto& thread : threads)
        thread.join();
    pool.reset();
    EXPECT_EQ(value.get().size(), 41U);
    EXPECT_THROW(failure.get(), std::out_of_range);
}

TEST(AsyncResult, ARES_4_get_gives_up_after_the_limit) {
    WorkerPool pool(1);
    const Event go;
    const auto result = pool.apply_async(wait_for, go, 1);
    EXPECT_THROW(result.get(0s), TimeoutError);
    EXPECT_THROW(result.get(-1s), TimeoutError);
    EXPECT_GE(time_of([&] { EXPECT_THROW(result.get(30ms), TimeoutError); }), 30ms);
    EXPECT_THROW(
        result.get(std::chrono::duration<double>(std::numeric_limits<double>::quiet_NaN())),
        ValueError);
    go.set();
    EXPECT_EQ(result.get(1e30 * 1s), 1);
    EXPECT_EQ(result.get(0s), 1);
}

TEST(AsyncResult, ARES_5_wait_says_nothing) {
    WorkerPool pool(1);
    const Event go;
    const auto result = pool.apply_async(wait_for, go, 1);
    EXPECT_GE(time_of([&] { result.wait(20ms); }), 20ms);
    go.set();
    const auto failure = pool.apply_async(fail, 1);
    failure.wait();
    EXPECT_TRUE(failure.ready());
}

TEST(AsyncResult, POOL_14_one_callback_is_called_before_the_result_is_ready) {
    const ArenaUnchanged unchanged;
    WorkerPool pool(2);
    std::atomic<int> value = 0;
    std::atomic<int> calls = 0;
    std::atomic<bool> early = false;
    std::shared_ptr<AsyncResult<int>> self;
    const Event go;
    self = std::make_shared<AsyncResult<int>>(
        pool.apply_async(Callbacks<int>{.callback =
                                            [&](int n) {
                                                early = self->ready();
                                                value = n;
                                                ++calls;
                                            },
                                        .error_callback = [&](std::exception_ptr) { ++calls; }},
                         wait_for, go, 4));
    go.set();
    EXPECT_EQ(self->get(), 4);
    EXPECT_EQ(value, 4);
    EXPECT_FALSE(early);

    std::vector<int> values;
    const auto many =
        pool.map_async(square, std::vector{1, 2, 3}, 1,
                       {.callback = [&](const std::vector<int>& all) { values = all, ++calls; },
                        .error_callback = {}});
    many.wait();
    EXPECT_THAT(values, ElementsAre(1, 4, 9));

    std::string error;
    const auto failure = pool.map_async(fail, std::vector{1, 2, 3}, 1,
                                        {.callback = [&](const std::vector<int>&) { ++calls; },
                                         .error_callback =
                                             [&](std::exception_ptr exception) {
                                                 ++calls;
                                                 error = describe_exception(exception);
                                             }});
    failure.wait();
    EXPECT_THAT(error, HasSubstr("no "));
    bool was_called = false;
    pool.apply_async(Callbacks<void>{.callback = [&] { was_called = true; }, .error_callback = {}},
                     nothing)
        .get();
    EXPECT_TRUE(was_called);
    EXPECT_EQ(calls, 3);
    self.reset();
}

TEST(AsyncResult, POOL_15_a_map_over_nothing_is_ready_at_once) {
    WorkerPool pool(1);
    const auto result = pool.map_async(square, std::vector<int>{});
    EXPECT_TRUE(result.ready());
    EXPECT_TRUE(result.successful());
    EXPECT_TRUE(result.get().empty());
}

TEST(AsyncResult, POOL_17_a_callback_that_throws_is_reported) {
    testing::internal::CaptureStderr();
    WorkerPool pool(1);
    const auto result =
        pool.apply_async(Callbacks<int>{.callback = [](int) { throw std::runtime_error("oh"); },
                                        .error_callback = {}},
                         square, 3);
    EXPECT_EQ(result.get(), 9);
    const auto failure = pool.apply_async(
        Callbacks<int>{.callback = {}, .error_callback = [](std::exception_ptr) { throw 5; }}, fail,
        3);
    EXPECT_THROW(failure.get(), std::out_of_range);
    EXPECT_EQ(pool.apply(square, 2), 4);
    pool.close();
    pool.join();
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("oh"));
}

TEST(AsyncResult, POOL_18_callbacks_may_submit_but_not_wait_for_the_pool) {
    WorkerPool pool(1);
    std::optional<AsyncResult<int>> second;
    std::atomic<bool> refused = false;
    const auto first = pool.apply_async(Callbacks<int>{.callback =
                                                           [&](int n) {
                                                               second = pool.apply_async(square, n);
                                                               pool.close();
                                                               try {
                                                                   pool.join();
                                                               } catch (const RuntimeError&) {
                                                                   refused = true;
                                                               }
                                                           },
                                                       .error_callback = {}},
                                        square, 3);
    EXPECT_EQ(first.get(), 9);
    EXPECT_EQ(second->get(), 81);
    EXPECT_TRUE(refused);
}

TEST(AsyncResult, POOL_23_callbacks_learn_of_terminate_and_death) {
    const ArenaUnchanged unchanged;
    WorkerPool pool(1);
    const Event go;
    std::atomic<int> errors = 0;
    const Callbacks<int> count{.callback = {},
                               .error_callback = [&](std::exception_ptr) { ++errors; }};
    const auto running = pool.apply_async(count, wait_for, go, 1);
    const auto queued = pool.apply_async(count, square, 1);
    pool.terminate();
    EXPECT_THROW(running.get(), BrokenWorkerPool);
    EXPECT_THROW(queued.get(), BrokenWorkerPool);
    EXPECT_EQ(errors, 2);
    go.set();
}

}  // namespace
}  // namespace freethreading
