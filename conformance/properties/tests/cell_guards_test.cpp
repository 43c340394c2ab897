#include "conformance/properties/cell_guards.hpp"

#include <gtest/gtest.h>

#include "conformance/engine/scenario_builder.hpp"

namespace conformance::properties {
namespace {

struct TwoWorkers {
    ScenarioBuilder builder{};
    Id cell = builder.add(Type::Cell);
    Id lock = builder.add(Type::Lock);
    Id other_lock = builder.add(Type::Lock);
    Script one = builder.worker();
    Script two = builder.worker();

    void add_under(const Script& worker, Id guard) {
        worker.acquire(guard);
        worker.add(cell);
        worker.release(guard);
    }
    Scenario finish() {
        builder.start_all();
        builder.join_all();
        builder.main().read(cell);
        return builder.scenario();
    }
};

TEST(CellGuards, one_lock_in_common_guards) {
    TwoWorkers made;
    made.add_under(made.one, made.lock);
    made.add_under(made.two, made.lock);
    EXPECT_FALSE(has_unguarded_uses(made.finish()));
}

TEST(CellGuards, two_locks_guard_nothing) {
    TwoWorkers made;
    made.add_under(made.one, made.lock);
    made.add_under(made.two, made.other_lock);
    EXPECT_TRUE(has_unguarded_uses(made.finish()));
}

TEST(CellGuards, a_lock_that_was_released_guards_nothing) {
    TwoWorkers made;
    made.add_under(made.one, made.lock);
    made.add_under(made.two, made.lock);
    made.two.add(made.cell);
    EXPECT_TRUE(has_unguarded_uses(made.finish()));
}

TEST(CellGuards, an_acquire_that_may_fail_guards_nothing) {
    TwoWorkers made;
    made.add_under(made.one, made.lock);
    made.two.acquire(made.lock, TimeLimit::milliseconds(1));
    made.two.add(made.cell);
    EXPECT_TRUE(has_unguarded_uses(made.finish()));
}

TEST(CellGuards, a_lock_that_others_may_release_guards_nothing_but_an_rlock_does) {
    for (const Type type : {Type::Lock, Type::RLock}) {
        TwoWorkers made;
        const Id guard = made.builder.add(type);
        made.add_under(made.one, guard);
        made.add_under(made.two, guard);
        made.two.release(guard);
        EXPECT_EQ(has_unguarded_uses(made.finish()), type == Type::Lock);
    }
}

TEST(CellGuards, a_condition_stands_for_its_lock) {
    TwoWorkers made;
    const Id condition = made.builder.add(Type::Condition, {made.lock});
    made.add_under(made.one, made.lock);
    made.two.acquire(condition);
    made.two.wait_for(condition, made.cell, 1);
    made.two.release(condition);
    EXPECT_FALSE(has_unguarded_uses(made.finish()));
    made.two.wait_for(condition, made.cell, 1);
    EXPECT_TRUE(has_unguarded_uses(made.finish()));
}

TEST(CellGuards, the_main_worker_is_alone_only_when_all_are_joined) {
    TwoWorkers made;
    made.add_under(made.one, made.lock);
    made.builder.main().start(made.one);
    made.builder.main().read(made.cell);
    EXPECT_TRUE(has_unguarded_uses(made.builder.scenario()));
}

TEST(CellGuards, what_is_unguarded_is_removed_and_nothing_else) {
    TwoWorkers made;
    made.add_under(made.one, made.lock);
    made.add_under(made.two, made.lock);
    const Scenario guarded = made.finish();
    Scenario same = guarded;
    remove_unguarded_uses(same);
    EXPECT_EQ(same, guarded);
    made.two.add(made.cell);
    Scenario mended = made.builder.scenario();
    remove_unguarded_uses(mended);
    EXPECT_EQ(mended, guarded);
}

}  // namespace
}  // namespace conformance::properties
