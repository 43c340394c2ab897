#include "freethreading/with.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "freethreading/bounded_semaphore.hpp"
#include "freethreading/condition.hpp"
#include "freethreading/error.hpp"
#include "freethreading/lock.hpp"
#include "freethreading/rlock.hpp"
#include "freethreading/semaphore.hpp"

namespace freethreading {
namespace {

template <class T>
class With : public testing::Test {};
using Lockables = testing::Types<Lock, RLock, Semaphore, BoundedSemaphore, Condition>;
TYPED_TEST_SUITE(With, Lockables, );

TYPED_TEST(With, LOCK_11_holds_the_lock_for_the_block_and_returns_its_result) {
    const TypeParam lock;
    EXPECT_EQ(with(lock, [] { return std::string("result"); }), "result");
    EXPECT_THROW(with(lock, [] { throw std::out_of_range("passes"); }), std::out_of_range);
    EXPECT_THROW((void)with(lock, []() -> int { throw std::out_of_range("passes"); }),
                 std::out_of_range);
    bool called = false;
    with(lock, [&] { called = true; });
    EXPECT_TRUE(called);
    EXPECT_TRUE(lock.acquire(false));
    lock.release();
}

TEST(With, returns_references_and_values_that_can_only_be_moved) {
    const Lock lock;
    int number = 1;
    static_assert(std::is_same_v<int&, decltype(with(lock, [&]() -> int& { return number; }))>);
    with(lock, [&]() -> int& { return number; }) = 2;
    EXPECT_EQ(number, 2);
    const auto pointer = with(lock, [] { return std::make_unique<int>(3); });
    EXPECT_EQ(*pointer, 3);
    EXPECT_FALSE(lock.locked());
}

TEST(With, LOCK_7_the_blocks_own_exception_wins_over_misuse) {
    const Lock lock;
    EXPECT_THROW(with(lock,
                      [&] {
                          lock.release();
                          throw std::out_of_range("says more");
                      }),
                 std::out_of_range);
    EXPECT_THROW((void)with(lock,
                            [&] {
                                lock.release();
                                return 1;
                            }),
                 RuntimeError);
    EXPECT_FALSE(lock.locked());
}

TEST(With, COND_4_guards_the_lock_of_a_condition) {
    const Lock lock;
    const Condition condition(lock);
    with(condition, [&] { EXPECT_TRUE(lock.locked()); });
    EXPECT_FALSE(lock.locked());
}

}  // namespace
}  // namespace freethreading
