#include "conformance/kit/perturbation.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <optional>

namespace conformance::kit {
namespace {

/// The processor to which a worker is bound, or to which it binds itself in time.
std::optional<int> processor_of(std::uint64_t seed, std::int32_t worker, int percent) {
    Perturbation perturb(percent, seed, worker);
    for (int i = 0; i < 3; ++i)
        perturb();
    cpu_set_t processors;
    if (sched_getaffinity(0, sizeof processors, &processors) != 0) return std::nullopt;
    if (CPU_COUNT(&processors) != 1) return std::nullopt;
    int processor = 0;
    while (!CPU_ISSET(processor, &processors))
        ++processor;
    return processor;
}

TEST(Perturbation, binds_all_workers_to_one_processor_in_some_runs_and_the_main_one_never) {
    cpu_set_t processors;
    ASSERT_EQ(sched_getaffinity(0, sizeof processors, &processors), 0);
    if (CPU_COUNT(&processors) < 2) GTEST_SKIP() << "there is one processor only";
    constexpr std::uint64_t seeds = 400;
    for (const int percent : {30, 100}) {
        std::uint64_t together = 0;
        std::uint64_t free = 0;
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
            const auto first = processor_of(seed, 1, percent);
            const auto second = processor_of(seed, 2, percent);
            const auto third = processor_of(seed, 3, percent);
            together += first && first == second && first == third ? 1U : 0U;
            free += !first && !second && !third ? 1U : 0U;
            EXPECT_FALSE(processor_of(seed, 0, percent));
        }
        EXPECT_GT(together, seeds / 8);
        EXPECT_GT(free, seeds / 8);
    }
}

TEST(Perturbation, binds_nobody_where_there_is_none) {
    cpu_set_t before;
    ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
    const Perturbation none(0, 1, 1);
    cpu_set_t after;
    ASSERT_EQ(sched_getaffinity(0, sizeof after, &after), 0);
    EXPECT_TRUE(CPU_EQUAL(&before, &after));
}

}  // namespace
}  // namespace conformance::kit
