#include "spec/model/utilities.hpp"

#include "spec/model/model_testing.hpp"

namespace conformance::model {
namespace {

constexpr Id ann = 1;
constexpr Id bob = 2;
constexpr Id grandchild = 3;

const Call get_backend = on(no_object, Operation::get_backend);
const Call get_ident = on(no_object, Operation::get_ident);
const Call current = on(no_object, Operation::current_worker);
const Call active_count = on(no_object, Operation::active_count);
const Call active_children = on(no_object, Operation::active_children);
const Call enumerate = on(no_object, Operation::enumerate);

Scenario family() {
    return {.workers = {{.id = 0},
                        {.id = ann, .parent = 0, .name = "Ann"},
                        {.id = bob, .parent = 0, .name = "Bob", .daemon = true},
                        {.id = grandchild, .parent = ann}}};
}
Value shown(const char* name, bool daemon, std::int64_t ident) {
    return List{name, daemon, ident};
}
/// Whether `seen` is among what the call may come to.
bool is_right(Walk& walk, Id worker, const Call& call, const Value& seen) {
    const auto names = walk.could(worker, call, Outcome(seen));
    return std::ranges::find(names, to_string(seen)) != names.end();
}
void run_to_its_end(Walk& walk, Id worker) {
    EXPECT_EQ(walk.run(worker, on(worker, Operation::run), Outcome()), "null");
}

TEST(UtilitiesModel, BackendIsOneOfTwoAndStaysSo) {
    Walk walk(family());
    EXPECT_FALSE(is_right(walk, 0, get_backend, "green threads"));
    EXPECT_FALSE(is_right(walk, 0, get_backend, 5));
    EXPECT_EQ(walk.run(0, get_backend, Outcome("multiprocessing")), "\"multiprocessing\"");
    EXPECT_TRUE(is_right(walk, ann, get_backend, "multiprocessing"));
    EXPECT_FALSE(is_right(walk, ann, get_backend, "threading"));
}

TEST(UtilitiesModel, RaisingIsAnOrdinaryCall) {
    Walk walk(family());
    walk.run(0, on(ann, Operation::start));
    const Call raise = on(no_object, Operation::raise);
    EXPECT_EQ(walk.run(ann, raise), "null");
    run_to_its_end(walk, ann);
    EXPECT_EQ(walk.run(0, on(ann, Operation::join)), "null");
    EXPECT_EQ(walk.run(0, on(ann, Operation::is_alive)), "false");
}

TEST(UtilitiesModel, IdentifiersStayAndDiffer) {
    Walk walk(family());
    EXPECT_FALSE(is_right(walk, 0, get_ident, 0));
    EXPECT_FALSE(is_right(walk, 0, get_ident, "one"));
    EXPECT_EQ(walk.run(0, get_ident, Outcome(100)), "100");
    EXPECT_FALSE(is_right(walk, 0, get_ident, 101));
    walk.run(0, on(ann, Operation::start));
    EXPECT_FALSE(is_right(walk, ann, get_ident, 100));
    EXPECT_EQ(walk.run(ann, get_ident, Outcome(101)), "101");
    // One of a worker that has ended may come again.
    run_to_its_end(walk, ann);
    walk.run(0, on(bob, Operation::start));
    EXPECT_TRUE(is_right(walk, bob, get_ident, 101));
}

TEST(UtilitiesModel, CurrentWorkerShowsItself) {
    Walk walk(family());
    EXPECT_EQ(walk.run(0, current, Outcome(shown("Main", false, 9))), "[\"Main\", false, 9]");
    EXPECT_FALSE(is_right(walk, 0, current, shown("Other", false, 9)));
    EXPECT_FALSE(is_right(walk, 0, current, shown("Main", false, 8)));
    EXPECT_FALSE(is_right(walk, 0, get_ident, 8));
    walk.run(0, on(bob, Operation::start));
    EXPECT_TRUE(is_right(walk, bob, current, shown("Bob", true, 5)));
    EXPECT_FALSE(is_right(walk, bob, current, shown("Bob", false, 5)));
    EXPECT_FALSE(is_right(walk, bob, current, shown("Ann", true, 5)));
    EXPECT_FALSE(is_right(walk, bob, current, shown("Bob", true, 9)));
    EXPECT_FALSE(is_right(walk, bob, current, List{"Bob", true}));
}

TEST(UtilitiesModel, ListsShowLivingChildren) {
    Walk walk(family());
    EXPECT_EQ(walk.run(0, active_count), "1");
    EXPECT_TRUE(is_right(walk, 0, active_children, List{}));
    EXPECT_TRUE(is_right(walk, 0, enumerate, List{shown("Main", false, 9)}));
    walk.run(0, on(ann, Operation::start));
    walk.run(0, on(bob, Operation::start));
    walk.run(ann, get_ident, Outcome(77));
    EXPECT_EQ(walk.run(0, active_count), "3");
    EXPECT_TRUE(
        is_right(walk, 0, active_children, List{shown("Bob", true, 5), shown("Ann", false, 77)}));
    EXPECT_FALSE(
        is_right(walk, 0, active_children, List{shown("Bob", true, 5), shown("Ann", false, 78)}));
    EXPECT_FALSE(is_right(walk, 0, active_children, List{shown("Ann", false, 77)}));
    EXPECT_TRUE(
        is_right(walk, 0, enumerate,
                 List{shown("Ann", false, 77), shown("Main", false, 9), shown("Bob", true, 5)}));
    EXPECT_FALSE(
        is_right(walk, 0, enumerate, List{shown("Ann", false, 77), shown("Bob", true, 5)}));
}

TEST(UtilitiesModel, ListsShowAnyNameOfWhoWasNamedWithNothing) {
    Walk walk(family());
    Call rename = on(bob, Operation::set_name);
    rename.arguments = {""};
    walk.run(0, rename);
    walk.run(0, on(bob, Operation::start));
    EXPECT_TRUE(is_right(walk, 0, active_children, List{shown("", true, 5)}));
    EXPECT_TRUE(is_right(walk, 0, active_children, List{shown("Worker-2", true, 5)}));
}

TEST(UtilitiesModel, WorkersThatAreEndingMayBeShownUntilTheyWereSeenGone) {
    Walk walk(family());
    walk.run(0, on(ann, Operation::start));
    run_to_its_end(walk, ann);
    EXPECT_THAT(walk.could(0, active_count), UnorderedElementsAre("1", "2"));
    walk.take(0, "2");
    EXPECT_THAT(walk.could(0, active_count), UnorderedElementsAre("1", "2"));
    walk.take(0, "1");
    EXPECT_EQ(walk.run(0, active_count), "1");
    EXPECT_FALSE(is_right(walk, 0, active_children, List{shown("Ann", false, 77)}));
}

TEST(UtilitiesModel, WhatIsNotJudgedIsOpen) {
    Walk walk(family());
    walk.run(0, on(ann, Operation::start));
    EXPECT_TRUE(is_right(walk, ann, active_count, 4)) << "not in the main worker";
    EXPECT_FALSE(is_right(walk, ann, active_count, "four"));
    EXPECT_FALSE(is_right(walk, 0, active_count, 3));
    walk.run(ann, on(grandchild, Operation::start));
    EXPECT_TRUE(is_right(walk, 0, active_count, 3)) << "with a grandchild";
    EXPECT_FALSE(is_right(walk, 0, active_count, 1));

    Scenario scenario = family();
    scenario.objects = {{.id = 10, .type = Type::WorkerPool}};
    Walk with_pool(scenario);
    EXPECT_TRUE(is_right(with_pool, 0, active_count, 5));
    EXPECT_TRUE(is_right(with_pool, 0, active_children, List{shown("Pool-1", true, 70)}));
}

}  // namespace
}  // namespace conformance::model
