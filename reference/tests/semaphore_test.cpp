// What Semaphore and BoundedSemaphore have in common, and what only the former does.

#include "freethreading/semaphore.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <mutex>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "await.hpp"
#include "freethreading/bounded_semaphore.hpp"
#include "freethreading/current_worker.hpp"
#include "freethreading/error.hpp"
#include "freethreading/simple_queue.hpp"
#include "freethreading/with.hpp"
#include "freethreading/worker.hpp"
#include "shared_cell.hpp"

namespace freethreading {
namespace {

using namespace std::chrono_literals;
using Idents = SimpleQueue<std::uint64_t>;

struct Admitted {
    std::atomic<int> now = 0;
    std::atomic<int> most = 0;
};
const SharedCell<Admitted> admitted;

template <class S>
class SemaphoreKinds : public testing::Test {};
using Kinds = testing::Types<Semaphore, BoundedSemaphore>;
TYPED_TEST_SUITE(SemaphoreKinds, Kinds, );

template <class S>
int tokens_of(const S& semaphore) {
    int tokens = 0;
    while (semaphore.acquire(false))
        ++tokens;
    return tokens;
}

TYPED_TEST(SemaphoreKinds, SEM_1_grants_as_many_acquires_as_its_value) {
    EXPECT_EQ(tokens_of(TypeParam()), 1);
    EXPECT_EQ(tokens_of(TypeParam(0)), 0);
    EXPECT_EQ(tokens_of(TypeParam(5)), 5);
}

TYPED_TEST(SemaphoreKinds, SEM_2_negative_value_is_an_error) {
    EXPECT_THROW(TypeParam(-1), ValueError);
    EXPECT_THROW((void)TypeParam{std::numeric_limits<std::int64_t>::min()}, ValueError);
}

TYPED_TEST(SemaphoreKinds, SEM_3_values_up_to_2147483647_work) {
    const TypeParam largest(2147483647);
    EXPECT_TRUE(largest.acquire());
    largest.release();
    EXPECT_THROW(largest.release(), ValueError);
    EXPECT_THROW(TypeParam(2147483648), ValueError);
    EXPECT_THROW((void)TypeParam{std::numeric_limits<std::int64_t>::max()}, ValueError);
}

TYPED_TEST(SemaphoreKinds, SEM_4_value_is_a_number) {
    static_assert(!std::is_constructible_v<TypeParam, std::string>);
    static_assert(!std::is_constructible_v<TypeParam, const char*>);
    static_assert(!std::is_constructible_v<TypeParam, std::nullptr_t>);
    static_assert(!std::is_constructible_v<TypeParam, double>);
    static_assert(!std::is_constructible_v<TypeParam, bool>);
    EXPECT_THROW((void)TypeParam{std::numeric_limits<std::uint64_t>::max()}, ValueError);
    static_assert(!std::is_convertible_v<int, TypeParam>);
    EXPECT_TRUE((std::is_constructible_v<TypeParam, int>));
}

TYPED_TEST(SemaphoreKinds, SEM_5_acquire_blocks_until_there_is_a_token) {
    const TypeParam semaphore(1);
    const Idents idents;
    const SimpleQueue<bool> results;
    EXPECT_TRUE(semaphore.acquire());
    const Worker worker = started(
        [](TypeParam taken, Idents who, SimpleQueue<bool> result) {
            who.put(get_ident());
            result.put(taken.acquire());
        },
        semaphore, idents, results);
    await_blocked(idents);
    EXPECT_TRUE(results.empty());
    semaphore.release();
    EXPECT_TRUE(results.get());
    worker.join();
    EXPECT_FALSE(semaphore.acquire(false));
}

TYPED_TEST(SemaphoreKinds, SEM_6_polls_fail_without_a_token) {
    const TypeParam semaphore(1);
    ASSERT_TRUE(semaphore.acquire());
    EXPECT_FALSE(semaphore.acquire(false));
    EXPECT_FALSE(semaphore.acquire(0s));
    EXPECT_FALSE(semaphore.acquire(-1s));
    EXPECT_FALSE(semaphore.acquire(true, -1ns));
    EXPECT_FALSE(semaphore.try_lock());
    semaphore.release();
    EXPECT_EQ(tokens_of(semaphore), 1);
}

TYPED_TEST(SemaphoreKinds, SEM_6_timed_acquire_fails_after_its_time_and_takes_no_later_token) {
    const TypeParam semaphore(1);
    ASSERT_TRUE(semaphore.acquire());
    bool acquired = true;
    EXPECT_GE(time_of([&] { acquired = semaphore.acquire(30ms); }), 30ms);
    EXPECT_FALSE(acquired);
    semaphore.release();
    EXPECT_EQ(tokens_of(semaphore), 1);
}

TYPED_TEST(SemaphoreKinds, SEM_7_timeout_without_blocking_is_an_error) {
    const TypeParam semaphore(1);
    EXPECT_THROW((void)semaphore.acquire(false, 0s), ValueError);
    EXPECT_THROW((void)semaphore.acquire(false, 1s), ValueError);
    EXPECT_EQ(tokens_of(semaphore), 1);
}

TYPED_TEST(SemaphoreKinds, SEM_10_a_worker_that_never_acquired_may_release) {
    const TypeParam semaphore(1);
    ASSERT_TRUE(semaphore.acquire());
    run_in_worker([](TypeParam returned) { returned.release(); }, semaphore);
    EXPECT_EQ(tokens_of(semaphore), 1);
}

TYPED_TEST(SemaphoreKinds, SEM_11_releases_let_as_many_waiters_proceed) {
    constexpr std::size_t waiters = 4;
    const TypeParam semaphore(waiters);
    for (std::size_t i = 0; i < waiters; ++i)
        ASSERT_TRUE(semaphore.acquire());
    const Idents waiting;
    const Idents entered;
    std::vector<Worker> workers;
    for (std::size_t i = 0; i < waiters; ++i) {
        workers.push_back(started(
            [](TypeParam semaphore_of_all, Idents before, Idents after) {
                before.put(get_ident());
                semaphore_of_all.lock();
                after.put(get_ident());
            },
            semaphore, waiting, entered));
    }
    auto blocked = await_blocked(waiting, waiters);
    // Two at a time, then more than there are waiters would need.
    for (int round = 0; round < 2; ++round) {
        EXPECT_TRUE(entered.empty());
        semaphore.release();
        semaphore.release();
        for (int i = 0; i < 2; ++i)
            EXPECT_EQ(std::erase(blocked, entered.get()), 1U);
        await_blocked(blocked);
        EXPECT_TRUE(entered.empty());
    }
    for (const auto& worker : workers)
        worker.join();
    EXPECT_EQ(tokens_of(semaphore), 0);
    semaphore.release();
    EXPECT_EQ(tokens_of(semaphore), 1);
}

TYPED_TEST(SemaphoreKinds, SEM_12_guarded_block_returns_its_token) {
    const TypeParam semaphore(1);
    {
        const std::scoped_lock guard(semaphore);
        EXPECT_FALSE(semaphore.acquire(false));
    }
    EXPECT_THROW(with(semaphore, [] { throw std::out_of_range("passes"); }), std::out_of_range);
    EXPECT_EQ(with(semaphore, [] { return 3; }), 3);
    EXPECT_EQ(tokens_of(semaphore), 1);
}

TYPED_TEST(SemaphoreKinds, SEM_13_never_admits_more_than_its_value) {
    const TypeParam semaphore(2);
    admitted->now = 0;
    admitted->most = 0;
    std::vector<Worker> workers;
    for (int i = 0; i < 6; ++i) {
        workers.push_back(started(
            [](TypeParam two) {
                for (int step = 0; step < 50; ++step) {
                    with(two, [] {
                        const int now = admitted->now.fetch_add(1) + 1;
                        int most = admitted->most.load();
                        while (now > most && !admitted->most.compare_exchange_weak(most, now)) {
                        }
                        admitted->now.fetch_sub(1);
                    });
                }
            },
            semaphore));
    }
    for (const auto& worker : workers)
        worker.join();
    EXPECT_LE(admitted->most.load(), 2);
    EXPECT_GE(admitted->most.load(), 1);
    EXPECT_EQ(tokens_of(semaphore), 2);
}

TYPED_TEST(SemaphoreKinds, FAULT_1_the_token_of_an_ended_worker_stays_taken) {
    const TypeParam semaphore(1);
    run_in_worker([](TypeParam taken) { (void)taken.acquire(); }, semaphore);
    bool acquired = true;
    EXPECT_GE(time_of([&] { acquired = semaphore.acquire(10ms); }), 10ms);
    EXPECT_FALSE(acquired);
    semaphore.release();
    EXPECT_EQ(tokens_of(semaphore), 1);
}

TYPED_TEST(SemaphoreKinds, copies_refer_to_the_same_semaphore) {
    const TypeParam semaphore(2);
    const TypeParam copy = semaphore;
    ASSERT_TRUE(semaphore.acquire());
    EXPECT_EQ(tokens_of(copy), 1);
    copy.unlock();
    EXPECT_TRUE(semaphore.try_lock());
}

template <class T>
concept HasValue = requires(const T& semaphore) { semaphore.value(); };
static_assert(!HasValue<Semaphore> && !HasValue<BoundedSemaphore>);  // GEN-3

TEST(Semaphore, SEM_8_release_may_exceed_the_initial_value) {
    const Semaphore semaphore(0);
    for (int i = 0; i < 1000; ++i)
        semaphore.release();
    EXPECT_EQ(tokens_of(semaphore), 1000);
}

TEST(Semaphore, SEM_9_release_at_the_limit_is_an_error) {
    const Semaphore semaphore(2147483646);
    semaphore.release();
    EXPECT_THROW(semaphore.release(), ValueError);
    EXPECT_TRUE(semaphore.acquire());
    semaphore.release();
    EXPECT_THROW(semaphore.release(), ValueError);
}

TEST(Semaphore, SEM_12_extra_release_in_the_guarded_block_adds_a_token) {
    const Semaphore semaphore(1);
    with(semaphore, [&] { semaphore.release(); });
    EXPECT_EQ(tokens_of(semaphore), 2);
}

}  // namespace
}  // namespace freethreading
