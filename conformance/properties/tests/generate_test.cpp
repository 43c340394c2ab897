#include "conformance/properties/generate.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "conformance/engine/call_text.hpp"
#include "conformance/engine/scenario_text.hpp"
#include "conformance/properties/cell_guards.hpp"
#include "conformance/properties/model_walk.hpp"
#include "conformance/properties/simplify.hpp"
#include "conformance/properties/small_draft.hpp"

namespace conformance::properties {
namespace {

class Generate : public ::testing::TestWithParam<int> {
  protected:
    [[nodiscard]] static Family family() { return static_cast<Family>(GetParam()); }
};

TEST_P(Generate, the_same_seed_gives_the_same_scenario_and_another_one_another) {
    EXPECT_EQ(generate(family(), 7, 60), generate(family(), 7, 60));
    std::set<std::string> texts;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Scenario scenario = generate(family(), seed, 60);
        scenario.seed = 0;
        texts.insert(to_code(scenario));
    }
    EXPECT_GT(texts.size(), 15U);
}

TEST_P(Generate, cells_are_guarded_and_few_scenarios_get_stuck) {
    constexpr int count = 60;
    int stuck = 0;
    for (std::uint64_t seed = 0; seed < count; ++seed) {
        const Scenario scenario = generate(family(), seed, 100);
        EXPECT_FALSE(has_unguarded_uses(scenario)) << to_code(scenario);
        EXPECT_LE(scenario.workers.size(), 4U);
        stuck += stuck_calls(scenario, 24, seed + 1000).empty() ? 0 : 1;
    }
    EXPECT_LE(stuck, count / 8);
}

TEST_P(Generate, large_scenarios_have_more_calls_than_small_ones) {
    std::size_t small = 0;
    std::size_t large = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        small += number_of_calls(generate(family(), seed, 10));
        large += number_of_calls(generate(family(), seed, 100));
    }
    EXPECT_GT(large, small);
    EXPECT_GT(large, 40U * 2);
}

TEST_P(Generate, small_scenarios_are_small_and_never_get_stuck) {
    if (!has_small_scenarios(family())) GTEST_SKIP() << "has none";
    std::set<std::string> texts;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        const Scenario scenario = generate_small(family(), seed, seed % 2 == 0);
        const std::string code = to_code(scenario);
        EXPECT_FALSE(has_unguarded_uses(scenario)) << code;
        EXPECT_LE(number_of_workers(scenario), 3U) << code;
        EXPECT_LE(number_of_calls(scenario), static_cast<std::size_t>(most_calls_of_small)) << code;
        EXPECT_EQ(scenario.has_rounds(), seed % 2 == 0) << code;
        EXPECT_EQ(stuck_calls(scenario, 24, seed + 1000), std::vector<Id>{}) << code;
        texts.insert(code);
    }
    EXPECT_GT(texts.size(), 15U);
}

INSTANTIATE_TEST_SUITE_P(All, Generate, ::testing::Range(0, static_cast<int>(family_names.size())),
                         [](const auto& info) {
                             return std::string(family_names[static_cast<std::size_t>(info.param)]);
                         });

TEST(Sequential, every_outcome_is_foretold) {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const Scenario scenario = generate(Family::sequential, seed, 100);
        std::mt19937_64 random(seed + 1);
        for (int i = 0; i < 10; ++i)
            EXPECT_TRUE(walk(scenario, random).ambiguous.empty()) << to_code(scenario);
    }
}

}  // namespace
}  // namespace conformance::properties
