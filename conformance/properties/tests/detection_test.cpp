// Faults that show often are found within seconds, and shrunk to what a person can read.
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "conformance/engine/scenario_text.hpp"
#include "conformance/properties/explore.hpp"
#include "conformance/properties/tests/detection.hpp"

namespace conformance::properties {
namespace {

class Detected : public ::testing::TestWithParam<const char*> {};

TEST_P(Detected, and_shrunk) {
    const auto fault = std::ranges::find_if(known_faults, [](const KnownFault& known) {
        return std::string_view(known.name) == GetParam();
    });
    ASSERT_NE(fault, known_faults.end());
    // Ten times what it takes on a busy machine.
    const Detection found =
        detect(FREETHREADING_FAULTY_DRIVER, {.fault = *fault,
                                             .seed = 20,
                                             .time = std::chrono::minutes(5),
                                             .shrink = std::chrono::minutes(2)});
    ASSERT_TRUE(found.is_found()) << found.text();
    EXPECT_TRUE(found.is_small()) << found.text() << '\n'
                                  << to_code(found.exploration.failure->smallest.scenario);
}

// Of the others only the time is measured, by detection_table: they show too seldom for a test.
INSTANTIATE_TEST_SUITE_P(Faults, Detected, ::testing::Values("lock", "barrier", "queue"),
                         [](const auto& info) { return std::string(info.param); });

TEST(Detection, the_same_driver_without_a_fault_conforms) {
    Session session({.command = {FREETHREADING_FAULTY_DRIVER, "--fault", "none"},
                     .backend = "threading",
                     .slots = slots_with_rounds});
    for (const Family family : {Family::lock, Family::condition, Family::barrier, Family::queue,
                                Family::semaphore, Family::worker_pool_executor}) {
        const Exploration found = explore(session, {.family = family, .seed = 20, .scenarios = 40});
        EXPECT_FALSE(found.failure) << to_code(found.failure->smallest.scenario);
        EXPECT_GT(found.conforming, 0);
    }
}

}  // namespace
}  // namespace conformance::properties
