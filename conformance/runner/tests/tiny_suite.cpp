// A suite of a few tests, for tests of the program itself.

#include <gtest/gtest.h>

#include "conformance/engine/conform.hpp"

namespace conformance {
namespace {

/// Conforms if the driver tells that a lock is held.
std::optional<Conformed> take_and_look(Id& look) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    scenario.main().acquire(lock);
    look = scenario.main().locked(lock);
    scenario.main().release(lock);
    return conform(scenario);
}

TEST(Lock, LOCK_1_held_lock_says_so) {
    Id look = 0;
    if (const auto run = take_and_look(look)) {
        EXPECT_EQ(run->outcome(look), Outcome(Value(true)));
    }
}

TEST(Lock, LOCK_2_recommended_held_lock_says_so) {
    Id look = 0;
    take_and_look(look);
}

TEST(Lock, LOCK_3_nobody_can_test_this) {
    not_testable("no driver can tell");
}

TEST(Lock, LOCK_4_lock_can_be_taken_again) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    for (int i = 0; i < 3; ++i) {
        scenario.main().acquire(lock);
        scenario.main().release(lock);
    }
    conform(scenario, {.times = 4, .perturbation = 20});
}

TEST(Lock, LOCK_5_event_can_be_set) {
    ScenarioBuilder scenario;
    scenario.main().set(scenario.add(Type::Event));
    conform(scenario);
}

TEST(Lock, LOCK_6_holds_on_processes_only) {
    ScenarioBuilder scenario;
    scenario.add(Type::Lock);
    conform(scenario);
}

TEST(Lock, LOCK_7_permitted_and_seen_by_the_test_itself) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Id look = scenario.main().locked(lock);
    const auto run = conform(scenario);
    if (run) {
        EXPECT_EQ(run->outcome(look), Outcome(Value(true)));
    }
}

TEST(Lock, LOCK_8_seen_by_the_test_itself) {
    ScenarioBuilder scenario;
    const Id cell = scenario.add(Type::Cell);
    const Id read = scenario.main().read(cell);
    const auto run = conform(scenario);
    if (run) {
        EXPECT_EQ(run->outcome(read), Outcome(Value(0)));
    }
}

}  // namespace
}  // namespace conformance
