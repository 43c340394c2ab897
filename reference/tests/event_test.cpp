#include "freethreading/event.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "await.hpp"
#include "freethreading/current_worker.hpp"
#include "freethreading/simple_queue.hpp"
#include "freethreading/worker.hpp"
#include "shared_cell.hpp"

namespace freethreading {
namespace {

using namespace std::chrono_literals;
using Idents = SimpleQueue<std::uint64_t>;
using Results = SimpleQueue<bool>;

const SharedCell<int> message;

static_assert(!std::is_constructible_v<Event, bool> && !std::is_constructible_v<Event, int>);
static_assert(std::is_same_v<bool, decltype(Event().wait())>);
static_assert(std::is_void_v<decltype(Event().set())> && std::is_void_v<decltype(Event().clear())>);

void wait_once(Event event, Idents waiting, Results results) {
    waiting.put(get_ident());
    results.put(event.wait());
}

TEST(Event, EVENT_1_starts_clear) {
    const Event event;
    EXPECT_FALSE(event.is_set());
    EXPECT_FALSE(event.wait(0s));
}

TEST(Event, EVENT_2_set_and_clear_are_idempotent_and_the_event_is_reusable) {
    const Event event;
    for (int round = 0; round < 3; ++round) {
        event.set();
        event.set();
        EXPECT_TRUE(event.is_set());
        EXPECT_TRUE(event.wait());
        event.clear();
        event.clear();
        EXPECT_FALSE(event.is_set());
        EXPECT_FALSE(event.wait(1ms));
    }
}

TEST(Event, EVENT_2_waits_block_again_after_clear) {
    const Event event;
    event.set();
    event.clear();
    const Idents waiting;
    const Results results;
    const Worker worker = started(wait_once, event, waiting, results);
    await_blocked(waiting);
    EXPECT_TRUE(results.empty());
    event.set();
    EXPECT_TRUE(results.get());
    worker.join();
}

TEST(Event, EVENT_3_wait_on_a_set_event_returns_true_at_once) {
    const Event event;
    event.set();
    EXPECT_TRUE(event.wait());
    EXPECT_TRUE(event.wait(1h));
    EXPECT_TRUE(event.wait(0s));
    EXPECT_TRUE(event.wait(-1s));
    EXPECT_TRUE(event.is_set());
}

TEST(Event, EVENT_4_wait_on_a_clear_event_returns_false_after_its_time) {
    const Event event;
    bool raised = true;
    EXPECT_GE(time_of([&] { raised = event.wait(30ms); }), 30ms);
    EXPECT_FALSE(raised);
    EXPECT_FALSE(event.wait(0s));
    EXPECT_FALSE(event.wait(-1s));
}

TEST(Event, EVENT_5_wait_blocks_until_another_worker_sets_it) {
    const Event event;
    const Worker worker = started(
        [](Event signal) {
            *message = 42;
            signal.set();
        },
        event);
    EXPECT_TRUE(event.wait());
    EXPECT_EQ(*message, 42);
    worker.join();
    EXPECT_TRUE(event.is_set());
}

TEST(Event, EVENT_6_one_set_releases_all_waiters_and_later_ones) {
    const Event event;
    const Idents waiting;
    const Results results;
    std::vector<Worker> workers;
    for (int i = 0; i < 6; ++i)
        workers.push_back(started(wait_once, event, waiting, results));
    await_blocked(waiting, 6);
    EXPECT_TRUE(results.empty());
    run_in_worker([](Event signal) { signal.set(); }, event);
    for (int i = 0; i < 6; ++i)
        EXPECT_TRUE(results.get());
    for (const auto& worker : workers)
        worker.join();
    run_in_worker(wait_once, event, waiting, results);
    EXPECT_TRUE(results.get());
}

TEST(Event, EVENT_7_set_and_clear_at_once_release_every_waiter) {
    const Event event;
    const Idents waiting;
    const Results results;
    std::vector<Worker> workers;
    for (int i = 0; i < 4; ++i)
        workers.push_back(started(wait_once, event, waiting, results));
    await_blocked(waiting, 4);
    event.set();
    event.clear();
    for (int i = 0; i < 4; ++i)
        EXPECT_TRUE(results.get());
    for (const auto& worker : workers)
        worker.join();
    EXPECT_FALSE(event.is_set());
}

TEST(Event, EVENT_7_set_clear_set_clear_releases_every_waiter) {
    const Event event;
    const Idents waiting;
    const Results results;
    std::vector<Worker> workers;
    for (int i = 0; i < 2; ++i)
        workers.push_back(started(wait_once, event, waiting, results));
    await_blocked(waiting, 2);
    for (int i = 0; i < 8; ++i) {
        event.set();
        event.clear();
    }
    for (int i = 0; i < 2; ++i)
        EXPECT_TRUE(results.get());
    for (const auto& worker : workers)
        worker.join();
}

TEST(Event, copies_refer_to_the_same_event) {
    const Event event;
    const Event copy = event;
    copy.set();
    EXPECT_TRUE(event.is_set());
}

}  // namespace
}  // namespace freethreading
