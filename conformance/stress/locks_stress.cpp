// Stress: mutual exclusion, and permits that are never exceeded.

#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/engine/conform.hpp"
#include "conformance/stress/stress.hpp"

namespace conformance {
namespace {

constexpr StressGoal sections{.unit = "critical sections", .target = 1'000'000};

/// Adds 1 to a Cell in each critical section, of which `depth` holds are made.
BuildStress exclusion_by(Type type, int depth) {
    return [=](ScenarioBuilder& scenario, int workers, std::int64_t rounds) {
        const Id lock = scenario.add(type);
        const Id cell = scenario.add(Type::Cell);
        for (const Script& worker : scenario.workers(static_cast<std::size_t>(workers))) {
            for (int i = 0; i < depth; ++i)
                worker.acquire(lock);
            worker.add(cell);
            for (int i = 0; i < depth; ++i)
                worker.release(lock);
            worker.repeat(rounds);
        }
        scenario.start_all();
        scenario.join_all();
        scenario.main().read(cell);
    };
}

TEST(Stress, LOCK_12_critical_sections_exclude_one_another) {
    stress(sections, {2, 4, 16, 64}, exclusion_by(Type::Lock, 1));
}

TEST(Stress, RLOCK_2_nested_critical_sections_exclude_one_another) {
    stress(sections, {2, 4, 16, 64}, exclusion_by(Type::RLock, 2));
}

TEST(Stress, COND_4_critical_sections_of_a_condition_exclude_one_another) {
    stress(sections, {2, 4, 16}, exclusion_by(Type::Condition, 1));
}

/// As many permits as half the workers.
BuildStress permits_of(Type type) {
    return [=](ScenarioBuilder& scenario, int workers, std::int64_t rounds) {
        const Id semaphore = scenario.add(type, {std::max(workers / 2, 1)});
        for (const Script& worker : scenario.workers(static_cast<std::size_t>(workers))) {
            worker.acquire(semaphore);
            worker.release(semaphore);
            worker.repeat(rounds);
        }
        scenario.start_all();
        scenario.join_all();
        for (int i = 0; i < std::max(workers / 2, 1); ++i)
            scenario.main().acquire(semaphore);
    };
}

TEST(Stress, SEM_13_no_more_permits_are_out_than_there_are) {
    stress({.unit = "permits", .target = 1'000'000}, {2, 4, 16, 64}, permits_of(Type::Semaphore));
}

TEST(Stress, BSEM_3_no_more_permits_are_out_than_there_are) {
    stress({.unit = "permits", .target = 1'000'000}, {2, 4, 16, 64},
           permits_of(Type::BoundedSemaphore));
}

}  // namespace
}  // namespace conformance
