#include "freethreading/imap_iterator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <ranges>
#include <type_traits>
#include <vector>

#include "freethreading/error.hpp"
#include "freethreading/portable.hpp"
#include "freethreading/worker_pool.hpp"
#include "pool_tasks.hpp"

namespace freethreading {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

static_assert(!Portable<ImapIterator<int>>);
static_assert(std::is_nothrow_move_constructible_v<ImapIterator<int>>);
static_assert(std::input_iterator<decltype(std::declval<ImapIterator<int>&>().begin())>);

template <class Source>
std::vector<int> all_of(Source&& source) {
    std::vector<int> values;
    for (const int value : source)
        values.push_back(value);
    return values;
}

TEST(ImapIterator, IMAP_1_imap_keeps_the_order) {
    const ArenaUnchanged unchanged;
    WorkerPool pool(2);
    std::vector<int> expected;
    for (int i = 0; i < 300; ++i)
        expected.push_back(i * i);
    EXPECT_EQ(all_of(pool.imap(square, std::views::iota(0, 300))), expected);
    EXPECT_EQ(all_of(pool.imap(square, std::views::iota(0, 300), 7)), expected);
    auto nothing_at_all = pool.imap(square, std::vector<int>{});
    EXPECT_EQ(nothing_at_all.next(), std::nullopt);
    EXPECT_EQ(nothing_at_all.next(), std::nullopt);
}

TEST(ImapIterator, IMAP_1_imap_unordered_gives_what_is_there) {
    const ArenaUnchanged unchanged;
    WorkerPool pool(2);
    const Event go;
    const auto call = [](std::pair<Event, int> item) {
        if (item.second == 0) static_cast<void>(item.first.wait());
        return item.second;
    };
    std::vector<std::pair<Event, int>> items;
    for (int i = 0; i < 5; ++i)
        items.emplace_back(go, i);
    auto results = pool.imap_unordered(call, items);
    for (int i = 1; i < 5; ++i)
        EXPECT_EQ(results.next(), i);
    EXPECT_THROW((void)results.next(0s), TimeoutError);
    go.set();
    EXPECT_EQ(results.next(), 0);
    EXPECT_EQ(results.next(), std::nullopt);
    EXPECT_THAT(all_of(pool.imap_unordered(square, std::vector{1, 2, 3, 4}, 3)),
                UnorderedElementsAre(1, 4, 9, 16));
}

TEST(ImapIterator, IMAP_2_iteration_goes_on_after_a_failure) {
    WorkerPool pool(2);
    auto results = pool.imap(fail_if_odd, std::vector{0, 1, 2});
    EXPECT_EQ(results.next(), 0);
    EXPECT_THROW((void)results.next(), std::out_of_range);
    EXPECT_EQ(results.next(), 2);
    EXPECT_EQ(results.next(), std::nullopt);
}

TEST(ImapIterator, IMAP_3_a_failure_in_a_chunk_ends_the_iteration) {
    WorkerPool pool(2);
    auto results = pool.imap(fail_if_odd, std::vector{0, 2, 4, 5, 6, 8}, 2);
    EXPECT_EQ(results.next(), 0);
    EXPECT_EQ(results.next(), 2);
    EXPECT_THROW((void)results.next(), std::out_of_range);
    EXPECT_EQ(results.next(), std::nullopt);
}

TEST(ImapIterator, IMAP_4_next_gives_up_after_the_limit) {
    WorkerPool pool(1);
    const Event go;
    auto results = pool.imap([](Event event) { return wait_for(event, 3); }, std::vector{go});
    EXPECT_THROW((void)results.next(0s), TimeoutError);
    EXPECT_THROW((void)results.next(-1s), TimeoutError);
    EXPECT_GE(time_of([&] { EXPECT_THROW((void)results.next(20ms), TimeoutError); }), 20ms);
    go.set();
    EXPECT_EQ(results.next(), 3);
}

TEST(ImapIterator, IMAP_5_rejects_bad_chunk_sizes) {
    WorkerPool pool(1);
    EXPECT_THROW((void)pool.imap(square, std::vector{1}, 0), ValueError);
    EXPECT_THROW((void)pool.imap_unordered(square, std::vector{1}, -2), ValueError);
}

TEST(ImapIterator, IMAP_6_an_input_that_throws_does_so_after_the_results_before) {
    WorkerPool pool(2);
    for (const int chunk_size : {1, 2, 3}) {
        auto results = pool.imap(square, std::views::iota(1, 9) | std::views::transform([](int n) {
                                             return n < 4 ? n : fail(n);
                                         }),
                                 chunk_size);
        EXPECT_EQ(results.next(), 1);
        EXPECT_EQ(results.next(), 4);
        EXPECT_EQ(results.next(), 9);
        EXPECT_THROW((void)results.next(), std::out_of_range);
        EXPECT_EQ(results.next(), std::nullopt);
    }
}

TEST(ImapIterator, POOL_13_the_input_may_be_infinite) {
    const ArenaUnchanged unchanged;
    WorkerPool pool(2);
    auto results = pool.imap(square, std::views::iota(0));
    for (int i = 0; i < 500; ++i)
        EXPECT_EQ(results.next(), i * i);
    auto unordered = pool.imap_unordered(square, std::views::iota(0), 3);
    for (int i = 0; i < 500; ++i)
        EXPECT_TRUE(unordered.next());
}

TEST(ImapIterator, POOL_19_a_closed_pool_finishes_what_was_begun) {
    const ArenaUnchanged unchanged;
    WorkerPool pool(2);
    auto before_join = pool.imap(square, std::views::iota(0, 400));
    pool.close();
    EXPECT_EQ(before_join.next(), 0);
    pool.join();
    int n = 1;
    for (const int value : before_join) {
        EXPECT_EQ(value, n * n);
        ++n;
    }
    EXPECT_EQ(n, 400);
    WorkerPool other(1);
    auto forgotten = std::optional(other.imap(square, std::views::iota(0)));
    other.close();
    forgotten.reset();
    other.join();
}

TEST(ImapIterator, POOL_30_a_worker_that_dies_fails_its_item_only) {
    SKIP_UNLESS_WORKERS_ARE_PROCESSES();
    const ArenaUnchanged unchanged;
    WorkerPool pool(2);
    auto results = pool.imap(die_at_three, std::vector{1, 2, 3, 4});
    EXPECT_EQ(results.next(), 1);
    EXPECT_EQ(results.next(), 2);
    EXPECT_THROW((void)results.next(), BrokenWorkerPool);
    EXPECT_EQ(results.next(), 4);
    EXPECT_EQ(results.next(), std::nullopt);
}

}  // namespace
}  // namespace freethreading
