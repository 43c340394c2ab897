#include "freethreading/simple_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "await.hpp"
#include "freethreading/current_worker.hpp"
#include "freethreading/error.hpp"
#include "freethreading/event.hpp"
#include "freethreading/lock.hpp"
#include "freethreading/worker.hpp"

namespace app {

struct Chain {
    std::vector<Chain> next{};
};

class Fragile {
  public:
    Fragile() = default;
    explicit Fragile(bool broken) : broken_(broken) {}
    template <class Archive>
    void save(Archive& archive) const {
        archive(broken_);
    }
    template <class Archive>
    void load(Archive& archive) {
        archive(broken_);
        if (broken_) throw std::out_of_range("broken");
    }

  private:
    bool broken_ = false;
};

}  // namespace app

namespace freethreading {
namespace {

using namespace std::chrono_literals;
using Idents = SimpleQueue<std::uint64_t>;

// SQUEUE-1
template <class Q>
concept PutTakesMore = requires(const Q& queue) { queue.put(1, true); };
template <class Q>
concept GetTakesMore = requires(const Q& queue) { queue.get(false); };
template <class Q>
concept GetTakesTimeout = requires(const Q& queue) { queue.get(1s); };
template <class Q>
concept HasMore = requires(const Q& queue) { queue.qsize(); } || requires(const Q& queue) {
    queue.full();
} || requires(const Q& queue) { queue.join(); };
static_assert(!std::is_constructible_v<SimpleQueue<int>, int>);
static_assert(!PutTakesMore<SimpleQueue<int>> && !GetTakesMore<SimpleQueue<int>> &&
              !GetTakesTimeout<SimpleQueue<int>> && !HasMore<SimpleQueue<int>>);

TEST(SimpleQueue, SQUEUE_2_blocked_getters_each_get_one_item) {
    const SimpleQueue<int> queue;
    const Idents idents;
    const SimpleQueue<int> results;
    std::vector<Worker> workers;
    for (int i = 0; i < 4; ++i) {
        workers.push_back(started(
            [](SimpleQueue<int> source, Idents who, SimpleQueue<int> result) {
                who.put(get_ident());
                result.put(source.get());
            },
            queue, idents, results));
    }
    await_blocked(idents, 4);
    EXPECT_TRUE(results.empty());
    int sum = 0;
    for (int i = 0; i < 4; ++i)
        queue.put(1 << i);
    for (int i = 0; i < 4; ++i)
        sum += results.get();
    EXPECT_EQ(sum, 15);
    for (const auto& worker : workers)
        worker.join();
}

TEST(SimpleQueue, SQUEUE_3_empty_is_exact) {
    const SimpleQueue<int> queue;
    EXPECT_TRUE(queue.empty());
    for (int i = 0; i < 500; ++i) {
        queue.put(i);
        ASSERT_FALSE(queue.empty());
        ASSERT_EQ(queue.get(), i);
        ASSERT_TRUE(queue.empty());
    }
}

TEST(SimpleQueue, SQUEUE_4_items_arrive_in_order_and_exactly_once) {
    constexpr int items = 1500;
    const SimpleQueue<std::optional<int>> queue;
    const SimpleQueue<std::vector<int>> received;
    std::vector<Worker> workers;
    for (int i = 0; i < 2; ++i) {
        workers.push_back(started(
            [](SimpleQueue<std::optional<int>> source, SimpleQueue<std::vector<int>> result) {
                std::vector<int> mine;
                while (const auto item = source.get())
                    mine.push_back(*item);
                result.put(mine);
            },
            queue, received));
    }
    run_in_worker(
        [](SimpleQueue<std::optional<int>> sink) {
            for (int i = 0; i < items; ++i)
                sink.put(i);
        },
        queue);
    queue.put(std::nullopt);
    queue.put(std::nullopt);
    std::vector<int> all;
    for (int i = 0; i < 2; ++i) {
        const auto one = received.get();
        EXPECT_TRUE(std::is_sorted(one.begin(), one.end()));
        all.insert(all.end(), one.begin(), one.end());
    }
    std::sort(all.begin(), all.end());
    ASSERT_EQ(all.size(), std::size_t{items});
    for (int i = 0; i < items; ++i)
        ASSERT_EQ(all[static_cast<std::size_t>(i)], i);
    for (const auto& worker : workers)
        worker.join();
}

TEST(SimpleQueue, SQUEUE_5_causal_order_is_kept_and_items_of_ended_workers_are_visible) {
    const SimpleQueue<int> queue;
    const Event first_is_in;
    const Worker second = started(
        [](SimpleQueue<int> sink, Event before) {
            before.wait();
            sink.put(2);
        },
        queue, first_is_in);
    run_in_worker(
        [](SimpleQueue<int> sink, Event before) {
            sink.put(1);
            before.set();
        },
        queue, first_is_in);
    EXPECT_FALSE(queue.empty());
    second.join();
    EXPECT_EQ(queue.get(), 1);
    EXPECT_FALSE(queue.empty());
    EXPECT_EQ(queue.get(), 2);
}

TEST(SimpleQueue, SQUEUE_6_put_never_blocks) {
    const SimpleQueue<int> small;
    for (int i = 0; i < 20000; ++i)
        small.put(i);
    for (int i = 0; i < 20000; ++i)
        ASSERT_EQ(small.get(), i);
    const SimpleQueue<std::string> large;
    for (int i = 0; i < 5; ++i)
        large.put(std::string(1'000'000, 'x'));
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(large.get().size(), 1'000'000U);
}

TEST(SimpleQueue, SQUEUE_7_item_that_cannot_be_encoded_leaves_the_queue_unchanged) {
    const SimpleQueue<app::Chain> queue;
    app::Chain chain;
    for (int i = 0; i < 2000; ++i) {
        app::Chain longer;
        longer.next.push_back(std::move(chain));
        chain = std::move(longer);
    }
    EXPECT_THROW(queue.put(chain), ValueError);
    EXPECT_TRUE(queue.empty());
    queue.put(app::Chain());
    EXPECT_TRUE(queue.get().next.empty());
}

TEST(SimpleQueue, SQUEUE_7_carries_primitives) {
    const SimpleQueue<Lock> queue;
    const Lock lock;
    queue.put(lock);
    run_in_worker([](SimpleQueue<Lock> source) { source.get().lock(); }, queue);
    EXPECT_TRUE(lock.locked());
}

TEST(SimpleQueue, SQUEUE_8_decoding_error_comes_once) {
    const SimpleQueue<app::Fragile> queue;
    queue.put(app::Fragile(true));
    queue.put(app::Fragile(false));
    EXPECT_THROW((void)queue.get(), std::out_of_range);
    EXPECT_FALSE(queue.empty());
    (void)queue.get();
    EXPECT_TRUE(queue.empty());
}

TEST(SimpleQueue, SQUEUE_9_put_takes_a_snapshot) {
    const SimpleQueue<std::string> queue;
    std::string text = "before";
    queue.put(text);
    text = "after";
    EXPECT_EQ(queue.get(), "before");
}

TEST(SimpleQueue, copies_refer_to_the_same_queue) {
    const SimpleQueue<int> queue;
    const SimpleQueue<int> copy = queue;
    copy.put(1);
    EXPECT_EQ(queue.get(), 1);
}

}  // namespace
}  // namespace freethreading
