// Longer than other files: a test or more for every requirement of Queue.

#include "freethreading/queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "await.hpp"
#include "freethreading/current_worker.hpp"
#include "freethreading/error.hpp"
#include "freethreading/event.hpp"
#include "freethreading/lock.hpp"
#include "freethreading/platform/arena.hpp"
#include "freethreading/platform/mode.hpp"
#include "freethreading/portable.hpp"
#include "freethreading/simple_queue.hpp"
#include "freethreading/worker.hpp"

namespace app {

/// Nested more deeply than can be encoded, if one wants.
struct Tree {
    int value = 0;
    std::vector<Tree> children{};
};

Tree tree_of_depth(int depth) {
    Tree tree;
    for (int i = 1; i < depth; ++i) {
        Tree parent;
        parent.children.push_back(std::move(tree));
        tree = std::move(parent);
    }
    return tree;
}

/// Can always be written, but not every one of them read.
class Unlucky {
  public:
    Unlucky() = default;
    explicit Unlucky(int number) : number_(number) {}
    [[nodiscard]] int number() const { return number_; }

    template <class Archive>
    void save(Archive& archive) const {
        archive(number_);
    }
    template <class Archive>
    void load(Archive& archive) {
        archive(number_);
        if (number_ == 13) throw std::out_of_range("thirteen");
    }

  private:
    int number_ = 0;
};

struct Everything {
    std::string text;
    std::map<std::string, std::vector<double>> table;
    std::variant<int, std::string> either;
    std::optional<std::pair<bool, char>> maybe;
    friend bool operator==(const Everything&, const Everything&) = default;
};

}  // namespace app

namespace freethreading {
namespace {

using namespace std::chrono_literals;
using Idents = SimpleQueue<std::uint64_t>;

static_assert(!std::is_constructible_v<Queue<int>, std::string>);  // QUEUE-3
static_assert(!std::is_constructible_v<Queue<int>, std::nullptr_t>);
static_assert(!std::is_constructible_v<Queue<int>, double>);
static_assert(!std::is_convertible_v<int, Queue<int>>);
static_assert(!Portable<int*> && !Portable<std::unique_ptr<int>>);  // so they are no items
template <class T>
concept TellsMaxsize = requires(const T& queue) { queue.maxsize(); };
static_assert(!TellsMaxsize<Queue<int>>);  // GEN-3
static_assert(std::is_void_v<decltype(Queue<int>().put(1))>);

void get_once(Queue<int> queue, Idents idents, SimpleQueue<int> results) {
    idents.put(get_ident());
    results.put(queue.get());
}

void put_once(Queue<int> queue, Idents idents, int item) {
    idents.put(get_ident());
    queue.put(item);
}

TEST(Queue, QUEUE_1_is_unlimited_by_default) {
    for (const auto& queue : {Queue<int>(), Queue<int>(0), Queue<int>(-1),
                              Queue<int>{std::numeric_limits<std::int64_t>::min()}}) {
        for (int i = 0; i < 3000; ++i)
            queue.put_nowait(i);
        EXPECT_FALSE(queue.full());
        EXPECT_EQ(queue.qsize(), 3000);
        for (int i = 0; i < 3000; ++i)
            ASSERT_EQ(queue.get_nowait(), i);
        EXPECT_TRUE(queue.empty());
    }
}

TEST(Queue, QUEUE_2_never_holds_more_than_maxsize) {
    const Queue<int> queue(2);
    EXPECT_FALSE(queue.full());
    queue.put(1);
    EXPECT_FALSE(queue.full());
    queue.put(2);
    EXPECT_TRUE(queue.full());
    EXPECT_THROW(queue.put_nowait(3), Full);
    EXPECT_EQ(queue.qsize(), 2);
    EXPECT_EQ(queue.get(), 1);
    EXPECT_FALSE(queue.full());
}

TEST(Queue, QUEUE_3_maxsize_above_2147483647_is_an_error) {
    const Queue<int> largest(2147483647);
    largest.put(1);
    EXPECT_FALSE(largest.full());
    EXPECT_THROW(Queue<int>(2147483648), ValueError);
    EXPECT_THROW((void)Queue<int>{std::numeric_limits<std::int64_t>::max()}, ValueError);
}

TEST(Queue, QUEUE_4_blocked_put_proceeds_when_an_item_is_taken) {
    const Queue<int> queue(1);
    const Idents idents;
    queue.put(1);
    const Worker worker = started(put_once, queue, idents, 2);
    await_blocked(idents);
    EXPECT_EQ(queue.qsize(), 1);
    EXPECT_EQ(queue.get(), 1);
    EXPECT_EQ(queue.get(), 2);
    worker.join();
}

TEST(Queue, QUEUE_4_several_blocked_puts_proceed_one_by_one) {
    const Queue<int> queue(1);
    const Idents idents;
    queue.put(0);
    std::vector<Worker> workers;
    for (int i = 1; i <= 4; ++i)
        workers.push_back(started(put_once, queue, idents, i));
    await_blocked(idents, 4);
    int sum = 0;
    for (int i = 0; i <= 4; ++i)
        sum += queue.get();
    EXPECT_EQ(sum, 10);
    for (const auto& worker : workers)
        worker.join();
    EXPECT_TRUE(queue.empty());
}

TEST(Queue, QUEUE_5_put_on_a_full_queue_raises_full) {
    const Queue<int> queue(1);
    queue.put(1);
    EXPECT_THROW(queue.put(2, false), Full);
    EXPECT_THROW(queue.put_nowait(2), Full);
    EXPECT_THROW(queue.put(2, 0s), Full);
    EXPECT_THROW(queue.put(2, true, 0s), Full);
    EXPECT_GE(time_of([&] { EXPECT_THROW(queue.put(2, 30ms), Full); }), 30ms);
    EXPECT_EQ(queue.qsize(), 1);
    EXPECT_EQ(queue.get(), 1);
    EXPECT_TRUE(queue.empty());
}

TEST(Queue, QUEUE_6_timeout_without_blocking_is_ignored) {
    const Queue<int> queue(1);
    EXPECT_THROW((void)queue.get(false, -1s), Empty);
    EXPECT_THROW((void)queue.get(false, 1h), Empty);
    queue.put(1, false, -1s);
    EXPECT_THROW(queue.put(2, false, -1s), Full);
    EXPECT_THROW(queue.put(2, false, 1h), Full);
    EXPECT_EQ(queue.get(false, -1s), 1);
}

TEST(Queue, QUEUE_7_negative_timeout_of_put_is_an_error) {
    for (const auto& queue : {Queue<int>(), Queue<int>(1)}) {
        EXPECT_THROW(queue.put(1, -1s), ValueError);
        EXPECT_THROW(queue.put(1, true, -1ns), ValueError);
        EXPECT_TRUE(queue.empty());
    }
}

TEST(Queue, QUEUE_8_get_blocks_until_an_item_comes) {
    const Queue<int> queue;
    const Idents idents;
    const SimpleQueue<int> results;
    const Worker worker = started(get_once, queue, idents, results);
    await_blocked(idents);
    EXPECT_TRUE(results.empty());
    queue.put(7);
    EXPECT_EQ(results.get(), 7);
    worker.join();
}

TEST(Queue, QUEUE_8_blocked_getters_each_get_one_item) {
    const Queue<int> queue;
    const Idents idents;
    const SimpleQueue<int> results;
    std::vector<Worker> workers;
    for (int i = 0; i < 5; ++i)
        workers.push_back(started(get_once, queue, idents, results));
    await_blocked(idents, 5);
    for (int i = 0; i < 5; ++i)
        queue.put(1 << i);
    int sum = 0;
    for (int i = 0; i < 5; ++i)
        sum += results.get();
    EXPECT_EQ(sum, 31);
    for (const auto& worker : workers)
        worker.join();
}

TEST(Queue, QUEUE_9_get_on_an_empty_queue_raises_empty) {
    const Queue<int> queue;
    EXPECT_THROW((void)queue.get(false), Empty);
    EXPECT_THROW((void)queue.get_nowait(), Empty);
    EXPECT_THROW((void)queue.get(0s), Empty);
    EXPECT_THROW((void)queue.get(true, 0s), Empty);
    EXPECT_GE(time_of([&] { EXPECT_THROW((void)queue.get(30ms), Empty); }), 30ms);
    queue.put(1);
    EXPECT_EQ(queue.get(30ms), 1);
}

TEST(Queue, QUEUE_10_timed_get_fails_in_time_while_another_worker_waits) {
    const Queue<int> queue;
    const Idents idents;
    const SimpleQueue<int> results;
    const Worker worker = started(get_once, queue, idents, results);
    await_blocked(idents);
    EXPECT_THROW((void)queue.get_nowait(), Empty);
    EXPECT_GE(time_of([&] { EXPECT_THROW((void)queue.get(20ms), Empty); }), 20ms);
    queue.put(1);
    EXPECT_EQ(results.get(), 1);
    worker.join();
}

TEST(Queue, QUEUE_11_negative_timeout_of_get_is_an_error) {
    const Queue<int> queue;
    EXPECT_THROW((void)queue.get(-1s), ValueError);
    queue.put(1);
    EXPECT_THROW((void)queue.get(-1s), ValueError);
    EXPECT_THROW((void)queue.get(true, -1ns), ValueError);
    EXPECT_EQ(queue.get(), 1);
}

TEST(Queue, QUEUE_12_item_is_visible_when_put_returns) {
    const Queue<int> queue;
    for (int i = 0; i < 200; ++i) {
        queue.put(i);
        ASSERT_FALSE(queue.empty());
        ASSERT_EQ(queue.get_nowait(), i);
        ASSERT_TRUE(queue.empty());
        queue.put(i);
        ASSERT_EQ(queue.get(0s), i);
    }
}

TEST(Queue, QUEUE_12_item_is_visible_to_other_workers_when_put_returns) {
    const Queue<int> queue;
    const Event put;
    const SimpleQueue<int> results;
    const Worker worker = started(
        [](Queue<int> source, Event ready, SimpleQueue<int> result) {
            ready.wait();
            result.put(source.empty() ? -1 : 0);
            result.put(source.get_nowait());
        },
        queue, put, results);
    queue.put(9);
    put.set();
    EXPECT_EQ(results.get(), 0);
    EXPECT_EQ(results.get(), 9);
    worker.join();
}

TEST(Queue, QUEUE_13_qsize_counts_in_every_worker) {
    const Queue<int> queue(3);
    EXPECT_EQ(queue.qsize(), 0);
    run_in_worker([](Queue<int> filled) { filled.put(1); }, queue);
    EXPECT_EQ(queue.qsize(), 1);
    const SimpleQueue<std::int64_t> sizes;
    run_in_worker([](Queue<int> looked_at,
                     SimpleQueue<std::int64_t> result) { result.put(looked_at.qsize()); },
                  queue, sizes);
    EXPECT_EQ(sizes.get(), 1);
}

TEST(Queue, QUEUE_14_each_producers_items_arrive_in_its_order) {
    constexpr int items = 2000;
    const Queue<std::pair<int, int>> queue(50);
    std::vector<Worker> workers;
    for (int producer = 0; producer < 3; ++producer) {
        workers.push_back(started(
            [](Queue<std::pair<int, int>> sink, int me) {
                for (int i = 0; i < items; ++i)
                    sink.put({me, i});
            },
            queue, producer));
    }
    std::vector<int> next(3);
    for (int i = 0; i < 3 * items; ++i) {
        const auto [producer, number] = queue.get();
        ASSERT_EQ(number, next.at(static_cast<std::size_t>(producer))++);
    }
    for (const auto& worker : workers)
        worker.join();
    EXPECT_TRUE(queue.empty());
}

TEST(Queue, QUEUE_15_causal_order_is_kept) {
    const Queue<int> queue;
    for (int round = 0; round < 20; ++round) {
        const Event first_is_in;
        const Worker second = started(
            [](Queue<int> sink, Event before) {
                before.wait();
                sink.put(2);
            },
            queue, first_is_in);
        const Worker first = started(
            [](Queue<int> sink, Event before) {
                sink.put(1);
                before.set();
            },
            queue, first_is_in);
        EXPECT_EQ(queue.get(), 1);
        EXPECT_EQ(queue.get(), 2);
        first.join();
        second.join();
    }
}

TEST(Queue, QUEUE_16_every_item_is_delivered_exactly_once_and_in_order) {
    constexpr int items = 3000;
    const Queue<int> queue(20);
    const SimpleQueue<std::vector<int>> received;
    std::vector<Worker> workers;
    for (int i = 0; i < 3; ++i) {
        workers.push_back(started(
            [](Queue<int> source, SimpleQueue<std::vector<int>> result) {
                std::vector<int> mine;
                for (int item = source.get(); item >= 0; item = source.get())
                    mine.push_back(item);
                result.put(mine);
            },
            queue, received));
    }
    for (int i = 0; i < items; ++i)
        queue.put(i);
    for (int i = 0; i < 3; ++i)
        queue.put(-1);
    std::vector<int> all;
    for (int i = 0; i < 3; ++i) {
        const auto one = received.get();
        EXPECT_TRUE(std::is_sorted(one.begin(), one.end()));
        all.insert(all.end(), one.begin(), one.end());
    }
    std::sort(all.begin(), all.end());
    std::vector<int> expected(items);
    std::iota(expected.begin(), expected.end(), 0);
    EXPECT_EQ(all, expected);
    for (const auto& worker : workers)
        worker.join();
}

TEST(Queue, QUEUE_17_values_of_all_kinds_arrive_equal) {
    const app::Everything everything{.text = std::string("with \0 zero", 11),
                                     .table = {{"a", {1.5, -0.0}}, {"", {}}},
                                     .either = "text",
                                     .maybe = std::pair(true, 'x')};
    const Queue<app::Everything> sent;
    const Queue<app::Everything> returned;
    const Worker worker = started(
        [](Queue<app::Everything> source, Queue<app::Everything> sink) { sink.put(source.get()); },
        sent, returned);
    sent.put(everything);
    EXPECT_EQ(returned.get(), everything);
    worker.join();
    const Queue<std::optional<int>> options;
    options.put(std::nullopt);
    EXPECT_EQ(options.get(), std::nullopt);
}

TEST(Queue, QUEUE_17_payloads_of_every_size_arrive_equal) {
    const Queue<std::string> sent(2);
    const Queue<std::string> returned(2);
    const Worker worker = started(
        [](Queue<std::string> source, Queue<std::string> sink) {
            for (auto text = source.get(); !text.empty(); text = source.get())
                sink.put(text);
        },
        sent, returned);
    // Around the sizes at which items are stored in another way, and large ones.
    std::vector<std::size_t> sizes{1, 5'000'000};
    for (const std::size_t about : {1272U, 4096U}) {
        for (std::size_t size = about - 12; size < about + 12; ++size)
            sizes.push_back(size);
    }
    for (const std::size_t size : {65536U, 1'000'000U})
        sizes.push_back(size);
    for (const auto size : sizes) {
        std::string text(size, 'x');
        text.front() = 'a';
        text.back() = 'z';
        sent.put(text);
        EXPECT_TRUE(returned.get() == text) << size;
    }
    sent.put("");
    worker.join();
}

TEST(Queue, QUEUE_18_put_takes_a_snapshot) {
    const Queue<std::vector<int>> queue;
    for (const std::size_t size : {3U, 100'000U}) {
        std::vector<int> numbers(size, 1);
        queue.put(numbers);
        numbers[0] = 100;
        auto received = queue.get();
        EXPECT_EQ(received, std::vector<int>(size, 1));
        received[1] = 200;
        EXPECT_EQ(numbers[1], 1);
    }
}

TEST(Queue, QUEUE_19_item_that_cannot_be_encoded_leaves_the_queue_unchanged) {
    const Queue<app::Tree> queue(2);
    const app::Tree too_deep = app::tree_of_depth(2000);
    EXPECT_THROW(queue.put(too_deep), ValueError);
    EXPECT_THROW(queue.put_nowait(too_deep), ValueError);
    EXPECT_TRUE(queue.empty());
    queue.join();
    queue.put(app::tree_of_depth(3));
    EXPECT_EQ(queue.get().children.front().children.size(), 1U);
}

TEST(Queue, QUEUE_20_decoding_error_comes_once_and_consumes_the_item) {
    const Queue<app::Unlucky> queue;
    queue.put(app::Unlucky(12));
    queue.put(app::Unlucky(13));
    queue.put(app::Unlucky(14));
    EXPECT_EQ(queue.get().number(), 12);
    EXPECT_THROW((void)queue.get(), std::out_of_range);
    EXPECT_EQ(queue.qsize(), 1);
    EXPECT_EQ(queue.get().number(), 14);
}

TEST(Queue, QUEUE_21_task_done_more_often_than_put_is_an_error) {
    const Queue<int> queue;
    EXPECT_THROW(queue.task_done(), ValueError);
    queue.put(1);
    queue.put(2);
    queue.task_done();  // before any get
    run_in_worker([](Queue<int> finished) { finished.task_done(); }, queue);
    EXPECT_THROW(queue.task_done(), ValueError);
    EXPECT_THROW(queue.task_done(), ValueError);
    queue.join();
    queue.put(3);
    queue.task_done();
    queue.join();
}

TEST(Queue, QUEUE_22_join_blocks_until_all_items_are_done) {
    const Queue<int> queue;
    const Idents idents;
    const SimpleQueue<int> joined;
    queue.join();
    for (int round = 0; round < 2; ++round) {
        queue.put(1);
        queue.put(2);
        std::vector<Worker> workers;
        for (int i = 0; i < 3; ++i) {
            workers.push_back(started(
                [](Queue<int> waited_for, Idents who, SimpleQueue<int> result) {
                    who.put(get_ident());
                    waited_for.join();
                    result.put(1);
                },
                queue, idents, joined));
        }
        const auto blocked = await_blocked(idents, 3);
        EXPECT_EQ(queue.get() + queue.get(), 3);
        await_blocked(blocked);
        EXPECT_TRUE(joined.empty());
        queue.task_done();
        await_blocked(blocked);
        EXPECT_TRUE(joined.empty());
        queue.task_done();
        for (int i = 0; i < 3; ++i)
            EXPECT_EQ(joined.get(), 1);
        for (const auto& worker : workers)
            worker.join();
    }
}

TEST(Queue, QUEUE_24_get_nowait_finds_an_item_while_there_is_one) {
    constexpr int items = 2000;
    const Queue<int> queue;
    for (int i = 0; i < items; ++i)
        queue.put(i);
    const SimpleQueue<int> missed;
    const auto take_half = [](Queue<int> source, SimpleQueue<int> result) {
        int empties = 0;
        for (int i = 0; i < items / 2; ++i) {
            try {
                (void)source.get_nowait();
            } catch (const Empty&) {
                ++empties;
            }
        }
        result.put(empties);
    };
    const Worker first = started(take_half, queue, missed);
    const Worker second = started(take_half, queue, missed);
    EXPECT_EQ(missed.get(), 0);
    EXPECT_EQ(missed.get(), 0);
    first.join();
    second.join();
    EXPECT_TRUE(queue.empty());
}

TEST(Queue, QUEUE_25_items_of_an_ended_worker_are_delivered) {
    const Queue<int> queue;
    for (int i = 0; i < 5; ++i) {
        run_in_worker([](Queue<int> sink) { sink.put(1); }, queue);
        EXPECT_FALSE(queue.empty());
        run_in_worker(
            [](Queue<int> sink) {
                sink.put(2);
                throw std::out_of_range("after the put");
            },
            queue);
        EXPECT_EQ(queue.get_nowait(), 1);
        EXPECT_EQ(queue.get_nowait(), 2);
    }
}

TEST(Queue, QUEUE_26_joining_a_producer_before_draining_its_output_does_not_block) {
    const Queue<std::string> queue;
    run_in_worker(
        [](Queue<std::string> sink) {
            for (int i = 0; i < 10; ++i)
                sink.put(std::string(1'000'000, 'x'));
        },
        queue);
    EXPECT_EQ(queue.qsize(), 10);
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(queue.get().size(), 1'000'000U);
}

TEST(Queue, FAULT_13_count_of_an_ended_consumer_is_not_repaired) {
    const Queue<int> queue;
    queue.put(1);
    run_in_worker([](Queue<int> source) { (void)source.get(); }, queue);
    const Idents idents;
    const Worker joiner = started(
        [](Queue<int> waited_for, Idents who) {
            who.put(get_ident());
            waited_for.join();
        },
        queue, idents);
    await_blocked(idents);
    EXPECT_TRUE(joiner.is_alive());
    queue.task_done();
    joiner.join();
}

TEST(Queue, carries_handles) {
    const Queue<Queue<int>> queues;
    const Queue<std::vector<Lock>> locks;
    const Lock lock;
    ASSERT_TRUE(lock.acquire());
    {
        const Queue<int> inner;
        inner.put(5);
        queues.put(inner);  // which alone keeps it alive from here on
    }
    locks.put({lock, Lock()});
    run_in_worker(
        [](Queue<Queue<int>> source, Queue<std::vector<Lock>> locks_to_release) {
            source.put(source.get());
            for (const auto& one : locks_to_release.get()) {
                if (one.locked()) one.release();
            }
        },
        queues, locks);
    EXPECT_EQ(queues.get().get(), 5);
    EXPECT_FALSE(lock.locked());
}

TEST(Queue, frees_what_is_left_in_it) {
    const auto before = platform::arena_use();
    {
        const Queue<std::string> queue;
        const Queue<Lock> locks;
        for (int i = 0; i < 100; ++i) {
            queue.put(std::string(static_cast<std::size_t>(i) * 100, 'x'));
            locks.put(Lock());
        }
    }
    const auto after = platform::arena_use();
    EXPECT_LE(after.blocks, before.blocks);
    EXPECT_LE(after.bytes, before.bytes);
}

/// Of shared memory, what this process has in use.
std::size_t resident_shared_megabytes() {
    std::ifstream status("/proc/self/status");
    std::string word;
    std::size_t kilobytes = 0;
    while (status >> word) {
        if (word == "RssShmem:") status >> kilobytes;
    }
    return kilobytes / 1024;
}

TEST(Queue, gives_the_memory_of_large_items_back) {
    if (!platform::mode().shared_state) GTEST_SKIP() << "items live on the heap";
    const Queue<std::string> queue;
    const std::string large(1 << 20, 'x');
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 100; ++i)
            queue.put(large);
        EXPECT_GE(resident_shared_megabytes(), 100U);
        for (int i = 0; i < 100; ++i)
            EXPECT_EQ(queue.get(), large);
        EXPECT_LE(resident_shared_megabytes(), 60U);
    }
}

TEST(Queue, copies_refer_to_the_same_queue) {
    const Queue<int> queue;
    const Queue<int> copy = queue;
    copy.put(1);
    EXPECT_EQ(queue.get(), 1);
}

}  // namespace
}  // namespace freethreading
