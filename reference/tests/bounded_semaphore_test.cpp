// What it shares with Semaphore is tested in semaphore_test.cpp.

#include "freethreading/bounded_semaphore.hpp"

#include <gtest/gtest.h>

#include "await.hpp"
#include "freethreading/barrier.hpp"
#include "freethreading/error.hpp"
#include "freethreading/simple_queue.hpp"
#include "freethreading/with.hpp"
#include "freethreading/worker.hpp"

namespace freethreading {
namespace {

TEST(BoundedSemaphore, BSEM_1_release_beyond_the_initial_value_changes_nothing) {
    const BoundedSemaphore semaphore(2);
    EXPECT_THROW(semaphore.release(), ValueError);
    EXPECT_TRUE(semaphore.acquire(false));
    EXPECT_TRUE(semaphore.acquire(false));
    EXPECT_FALSE(semaphore.acquire(false));
    semaphore.release();
    semaphore.release();
    EXPECT_THROW(semaphore.release(), ValueError);
    EXPECT_THROW(semaphore.unlock(), ValueError);
}

TEST(BoundedSemaphore, BSEM_2_over_release_says_what_is_wrong) {
    const BoundedSemaphore semaphore;
    try {
        semaphore.release();
        FAIL() << "it was not refused";
    } catch (const ValueError& error) {
        EXPECT_STRNE(error.what(), "");
    }
}

TEST(BoundedSemaphore, BSEM_3_the_bound_counts_the_releases_of_all_workers) {
    constexpr int value = 4;
    const BoundedSemaphore semaphore(value);
    for (int i = 0; i < value; ++i)
        ASSERT_TRUE(semaphore.acquire(false));
    const SimpleQueue<int> successes;
    const Barrier start(3);
    const auto release = [](BoundedSemaphore returned, Barrier meeting, SimpleQueue<int> result) {
        int succeeded = 0;
        meeting.wait();
        for (int i = 0; i < value; ++i) {
            try {
                returned.release();
                ++succeeded;
            } catch (const ValueError&) {
            }
        }
        result.put(succeeded);
    };
    int released = 0;
    const Worker workers[] = {started(release, semaphore, start, successes),
                              started(release, semaphore, start, successes),
                              started(release, semaphore, start, successes)};
    for (const auto& worker : workers) {
        worker.join();
        released += successes.get();
    }
    EXPECT_EQ(released, value);
}

TEST(BoundedSemaphore, BSEM_4_of_zero_is_never_acquired_nor_released) {
    const BoundedSemaphore semaphore(0);
    EXPECT_FALSE(semaphore.acquire(false));
    EXPECT_FALSE(semaphore.acquire(std::chrono::milliseconds(5)));
    EXPECT_THROW(semaphore.release(), ValueError);
    EXPECT_FALSE(semaphore.acquire(false));
}

TEST(BoundedSemaphore, BSEM_5_extra_release_makes_the_end_of_the_guarded_block_fail) {
    const BoundedSemaphore semaphore(1);
    EXPECT_THROW(with(semaphore, [&] { semaphore.release(); }), ValueError);
    EXPECT_TRUE(semaphore.acquire(false));
    EXPECT_FALSE(semaphore.acquire(false));
}

}  // namespace
}  // namespace freethreading
