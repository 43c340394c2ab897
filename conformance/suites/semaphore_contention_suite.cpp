/// \file
/// Semaphore, and BoundedSemaphore as far as it is the same, with several workers at once and in
/// guarded blocks: requirements SEM-8, SEM-9 and SEM-11 to SEM-13.

#include "conformance/suites/shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

TEST(Semaphore, SEM_8_releases_add_tokens_beyond_the_initial_value) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const int value : {0, 2}) {
        const Id semaphore = scenario.add(Type::Semaphore, {value});
        for (int i = 0; i < 5; ++i)
            main.release(semaphore);
        for (int i = 0; i < value + 6; ++i)
            main.try_acquire(semaphore);
    }
    conform(scenario);
}

TEST(Semaphore, SEM_8_release_inside_a_guarded_block_adds_a_token) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(Type::Semaphore, {1});
    const Script main = scenario.main();
    main.with(semaphore, "release");
    main.with(semaphore, "release");
    for (int i = 0; i < 4; ++i)
        main.try_acquire(semaphore);
    conform(scenario);
}

TEST(Semaphore, SEM_8_three_hundred_tokens) {
    constexpr int count = 300;
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(Type::Semaphore);
    const Script main = scenario.main();
    for (int i = 0; i < count; ++i)
        main.release(semaphore);
    for (int i = 0; i < count + 2; ++i)
        main.try_acquire(semaphore);
    conform(scenario);
}

TEST(Semaphore, SEM_9_release_at_the_largest_count_raises_and_changes_nothing) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(Type::Semaphore, {2'147'483'646});
    const Script main = scenario.main();
    main.release(semaphore);
    main.release(semaphore);
    main.release(semaphore);
    main.try_acquire(semaphore);
    main.release(semaphore);
    main.release(semaphore);
    another_takes(scenario, semaphore);
    conform(scenario);
}

TEST(Semaphore, SEM_9_semaphore_made_with_the_largest_count_is_full) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(Type::Semaphore, {2'147'483'647});
    const Script main = scenario.main();
    const Script other = scenario.worker();
    main.release(semaphore);
    main.acquire(semaphore);
    other.release(semaphore);
    other.release(semaphore);
    run_through(main, other);
    conform(scenario);
}

/// `count` workers blocked in acquire, and `releases` at once: so many pass, and no more.
void releases_let_as_many_pass(Type type, int count, int releases) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(type, {count});
    const Id passed = scenario.add(Type::Semaphore, {0});
    const Script main = scenario.main();
    for (int i = 0; i < count; ++i)
        main.acquire(semaphore);
    for (const Script& worker : scenario.workers(static_cast<std::size_t>(count))) {
        worker.acquire(semaphore);
        worker.release(passed);
        start_blocked(main, worker);
    }
    for (int i = 0; i < releases; ++i)
        main.release(semaphore);
    for (int i = 0; i < releases; ++i)
        main.acquire(passed, ample);
    const Id one_more = main.acquire(passed, brief);
    for (int i = releases; i < count; ++i)
        main.release(semaphore);
    scenario.join_all();
    main.try_acquire(semaphore);
    expect_outcome(conform(scenario), one_more, Value(false));
}
TEST(Semaphore, SEM_11_releases_let_as_many_blocked_workers_pass) {
    releases_let_as_many_pass(Type::Semaphore, 4, 2);
}
TEST(Semaphore, SEM_11_as_many_releases_as_blocked_workers) {
    releases_let_as_many_pass(Type::Semaphore, 3, 3);
}
TEST(BoundedSemaphore, SEM_11_releases_let_as_many_blocked_workers_pass) {
    releases_let_as_many_pass(Type::BoundedSemaphore, 4, 2);
}
TEST(BoundedSemaphore, SEM_11_as_many_releases_as_blocked_workers) {
    releases_let_as_many_pass(Type::BoundedSemaphore, 3, 3);
}

void surplus_releases_stay_as_tokens(Type type) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(type, {3});
    const Script main = scenario.main();
    const std::vector<Script> workers = scenario.workers(2);
    for (int i = 0; i < 3; ++i)
        main.acquire(semaphore);
    for (const Script& worker : workers) {
        worker.acquire(semaphore);
        start_blocked(main, worker);
    }
    for (int i = 0; i < 3; ++i)
        main.release(semaphore);
    scenario.join_all();
    main.try_acquire(semaphore);
    main.try_acquire(semaphore);
    conform(scenario);
}
TEST(Semaphore, SEM_11_surplus_releases_stay_as_tokens) {
    surplus_releases_stay_as_tokens(Type::Semaphore);
}
TEST(BoundedSemaphore, SEM_11_surplus_releases_stay_as_tokens) {
    surplus_releases_stay_as_tokens(Type::BoundedSemaphore);
}

// All come to their end only if no release is forgotten by those who go to sleep meanwhile.
void no_wake_up_is_lost(Type type) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(type, {2});
    const Script main = scenario.main();
    for (const Script& worker : scenario.workers(3)) {
        for (int round = 0; round < 5; ++round)
            worker.acquire(semaphore);
    }
    const Script releasing = scenario.worker();
    for (int round = 0; round < 5; ++round)
        releasing.release(semaphore);
    const Script releasing_too = scenario.worker();
    for (int round = 0; round < 8; ++round)
        releasing_too.release(semaphore);
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    main.try_acquire(semaphore);
    conform(scenario, races);
}
TEST(Semaphore, SEM_11_no_wake_up_is_lost) {
    no_wake_up_is_lost(Type::Semaphore);
}
TEST(BoundedSemaphore, SEM_11_no_wake_up_is_lost) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(Type::BoundedSemaphore, {2});
    for (const Script& worker : scenario.workers(4)) {
        for (int round = 0; round < 8; ++round) {
            worker.acquire(semaphore);
            worker.release(semaphore);
        }
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    for (int i = 0; i < 3; ++i)
        scenario.main().try_acquire(semaphore);
    conform(scenario, races);
}

void guarded_block_returns_its_token_on_every_exit(Type type) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(type, {2});
    const Script main = scenario.main();
    for (const char* body : {"nothing", "raise", "raise", "nothing"})
        main.with(semaphore, body);
    for (int i = 0; i < 3; ++i)
        main.try_acquire(semaphore);
    conform(scenario);
}
TEST(Semaphore, SEM_12_guarded_block_returns_its_token_on_every_exit) {
    guarded_block_returns_its_token_on_every_exit(Type::Semaphore);
}
TEST(BoundedSemaphore, SEM_12_guarded_block_returns_its_token_on_every_exit) {
    guarded_block_returns_its_token_on_every_exit(Type::BoundedSemaphore);
}

void guarded_block_needs_a_token(Type type) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(type, {1});
    const Script main = scenario.main();
    for (const char* body : {"nothing", "raise"}) {
        const Script other = scenario.worker();
        other.with(semaphore, body);
        main.acquire(semaphore);
        start_blocked(main, other);
        pause(scenario, main);
        main.release(semaphore);
        main.join(other);
    }
    main.try_acquire(semaphore);
    main.try_acquire(semaphore);
    conform(scenario);
}
TEST(Semaphore, SEM_12_guarded_block_needs_a_token) {
    guarded_block_needs_a_token(Type::Semaphore);
}
TEST(BoundedSemaphore, SEM_12_guarded_block_needs_a_token) {
    guarded_block_needs_a_token(Type::BoundedSemaphore);
}

void one_token_excludes(Type type) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(type, {1});
    const Id cell = scenario.add(Type::Cell);
    for (const Script& worker : scenario.workers(3)) {
        for (int round = 0; round < 8; ++round) {
            worker.acquire(semaphore);
            worker.add(cell);
            worker.release(semaphore);
        }
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    const Id total = scenario.main().read(cell);
    expect_outcome(conform(scenario, races), total, Value(24));
}
TEST(Semaphore, SEM_13_one_token_excludes) {
    one_token_excludes(Type::Semaphore);
}
TEST(BoundedSemaphore, SEM_13_one_token_excludes) {
    one_token_excludes(Type::BoundedSemaphore);
}

// The cell, which nobody writes to, makes the stay between acquire and release longer.
void two_tokens_admit_two(Type type) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(type, {2});
    const Id cell = scenario.add(Type::Cell);
    for (const Script& worker : scenario.workers(4)) {
        for (int round = 0; round < 5; ++round) {
            worker.acquire(semaphore);
            worker.read(cell);
            worker.release(semaphore);
        }
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    conform(scenario, races);
}
TEST(Semaphore, SEM_13_two_tokens_admit_two) {
    two_tokens_admit_two(Type::Semaphore);
}
TEST(BoundedSemaphore, SEM_13_two_tokens_admit_two) {
    two_tokens_admit_two(Type::BoundedSemaphore);
}

}  // namespace
}  // namespace conformance
