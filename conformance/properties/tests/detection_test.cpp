// Faults that show often are found within seconds, and shrunk to what a person can read.
#include <gtest/gtest.h>

#include "conformance/engine/scenario_text.hpp"
#include "conformance/properties/explore.hpp"
#include "conformance/properties/simplify.hpp"

namespace conformance::properties {
namespace {

void find_and_shrink(const std::string& fault, Family family) {
    Session session(
        {.command = {FREETHREADING_FAULTY_DRIVER, "--fault", fault}, .backend = "threading"});
    const Exploration found = explore(session, {.family = family, .seed = 20, .scenarios = 5000});
    ASSERT_TRUE(found.failure) << "not found in " << found.runs << " runs";
    const JudgedRun& smallest = found.failure->smallest;
    EXPECT_EQ(smallest.judgement.verdict, Judgement::Verdict::violates);
    EXPECT_TRUE(found.failure->shrunk.is_confirmed) << to_code(smallest.scenario);
    EXPECT_LE(number_of_workers(smallest.scenario), 3U) << to_code(smallest.scenario);
    EXPECT_LE(number_of_calls(smallest.scenario), 6U) << to_code(smallest.scenario);
}

TEST(Detection, a_queue_that_drops_an_item) {
    find_and_shrink("queue", Family::queue);
}

TEST(Detection, the_same_driver_without_a_fault_conforms) {
    Session session(
        {.command = {FREETHREADING_FAULTY_DRIVER, "--fault", "none"}, .backend = "threading"});
    for (const Family family : {Family::lock, Family::condition, Family::barrier, Family::queue,
                                Family::semaphore, Family::worker_pool_executor}) {
        const Exploration found = explore(session, {.family = family, .seed = 20, .scenarios = 40});
        EXPECT_FALSE(found.failure) << to_code(found.failure->smallest.scenario);
        EXPECT_GT(found.conforming, 0);
    }
}

}  // namespace
}  // namespace conformance::properties
