// Thousands of workers in the life of one program, which must be no larger at the end.

#include <gtest/gtest.h>

#include <cstddef>
#include <iostream>
#include <string>
#include <vector>

#include "footprint.hpp"
#include "freethreading/current_worker.hpp"
#include "freethreading/simple_queue.hpp"
#include "freethreading/worker.hpp"
#include "sanitizer.hpp"

namespace freethreading {
namespace {

void put_number(SimpleQueue<std::size_t> queue, std::size_t number, std::string) {
    queue.put(number);
}

// As many at a time as a batch has.
void start_and_join(std::size_t count, std::size_t batch) {
    const SimpleQueue<std::size_t> queue;
    for (std::size_t done = 0; done < count; done += batch) {
        std::vector<Worker> workers;
        for (std::size_t i = 0; i < batch; ++i) {
            workers.emplace_back(put_number, queue, done + i, std::string(1000, 'x'));
            workers.back().start();
        }
        std::size_t sum = 0;
        for (std::size_t i = 0; i < batch; ++i)
            sum += queue.get();
        ASSERT_EQ(sum, batch * done + batch * (batch - 1) / 2);
        for (const auto& worker : workers)
            worker.join();
    }
}

// A sanitized process takes many times as long to fork.
constexpr std::size_t many = is_sanitized ? 2'000 : 10'000;

TEST(ManyWorkers, thousands_leave_nothing_behind) {
    // Until whatever grows with the first ones has grown.
    start_and_join(many / 10, 10);
    const auto before = Footprint::now();
    start_and_join(many, 10);
    EXPECT_EQ(active_count(), 1U);
    expect_no_more_than(before);
}

TEST(ManyWorkers, five_hundred_at_the_same_time) {
    start_and_join(500, 500);
    const auto before = Footprint::now();
    start_and_join(1'000, 500);
    expect_no_more_than(before);
}

}  // namespace
}  // namespace freethreading
