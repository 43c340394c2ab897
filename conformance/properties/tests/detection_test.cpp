// Faults that show often are found within seconds, and shrunk to what a person can read.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "conformance/engine/scenario_text.hpp"
#include "conformance/properties/explore.hpp"
#include "conformance/properties/tests/detection.hpp"

namespace conformance::properties {
namespace {

struct Demand {
    const char* fault;
    /// Else it has to fail again when it is shrunk, and may stay larger.
    bool is_small;
};

class Detected : public ::testing::TestWithParam<Demand> {};

/// One of three seeds has to do, and on a busy machine has the time for as many runs as there are in a minute of a
/// quiet one: detection_table measures how often a minute does.
TEST_P(Detected, and_shrunk) {
    const auto fault = std::ranges::find_if(known_faults, [](const KnownFault& known) {
        return std::string_view(known.name) == GetParam().fault;
    });
    ASSERT_NE(fault, known_faults.end());
    std::string attempts;
    for (const std::uint64_t seed : {20U, 21U, 22U}) {
        const Detection found =
            detect(FREETHREADING_FAULTY_DRIVER, {.fault = *fault,
                                                 .seed = seed,
                                                 .time = std::chrono::minutes(5),
                                                 .shrink = std::chrono::seconds(100)});
        if (GetParam().is_small ? found.is_small() : found.is_confirmed()) return;
        attempts += found.text() + '\n';
        if (found.is_found()) attempts += to_code(found.exploration.failure->smallest.scenario);
    }
    FAIL() << attempts;
}

// A wake-up that is lost shows seldom where two workers do nothing but wait and notify once; of joins that hang too
// few can be tried in the time.
INSTANTIATE_TEST_SUITE_P(Faults, Detected,
                         ::testing::Values(Demand{"condition", false}, Demand{"lock", true},
                                           Demand{"barrier", true}, Demand{"semaphore", true},
                                           Demand{"queue", true}, Demand{"join", false},
                                           Demand{"future", true}),
                         [](const auto& info) { return std::string(info.param.fault); });

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
