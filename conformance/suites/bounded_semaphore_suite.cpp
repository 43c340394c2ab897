/// \file
/// BoundedSemaphore, where it differs from Semaphore: requirements BSEM-1, BSEM-3, BSEM-4, BSEM-5.

#include "conformance/suites/shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

TEST(BoundedSemaphore, BSEM_1_release_above_the_initial_value_raises_and_changes_nothing) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const List& arguments : {List{}, List{Value(1)}, List{Value(3)}}) {
        const Id semaphore = scenario.add(Type::BoundedSemaphore, arguments);
        main.release(semaphore);
        main.release(semaphore);
        for (int i = 0; i < 4; ++i)
            main.try_acquire(semaphore);
    }
    conform(scenario);
}

TEST(BoundedSemaphore, BSEM_1_bound_still_holds_after_acquires_and_releases) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(Type::BoundedSemaphore, {2});
    const Script main = scenario.main();
    for (int round = 0; round < 3; ++round) {
        main.acquire(semaphore);
        main.release(semaphore);
        main.release(semaphore);
        main.acquire(semaphore);
        main.acquire(semaphore, at_once);
        main.release(semaphore);
        main.release(semaphore);
        main.release(semaphore);
    }
    for (int i = 0; i < 3; ++i)
        main.try_acquire(semaphore);
    conform(scenario);
}

/// Three workers return the one token that is out.
void one_of_three_releases_succeeds(ScenarioBuilder& scenario, Id semaphore) {
    std::vector<Id> releases;
    for (const Script& worker : scenario.workers(3))
        releases.push_back(worker.release(semaphore));
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    for (int i = 0; i < 3; ++i)
        scenario.main().try_acquire(semaphore);
    const auto run = conform(scenario, races);
    expect_count(run, releases, Value(), 1);
    expect_count(run, releases, ErrorKind::ValueError, 2);
}

TEST(BoundedSemaphore, BSEM_1_one_of_concurrent_releases_of_one_token_succeeds) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(Type::BoundedSemaphore, {2});
    scenario.main().acquire(semaphore);
    one_of_three_releases_succeeds(scenario, semaphore);
}

// An implementation may release in another way once somebody has waited.
TEST(BoundedSemaphore, BSEM_1_one_of_concurrent_releases_succeeds_after_a_wait_in_vain) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(Type::BoundedSemaphore);
    scenario.main().acquire(semaphore);
    scenario.main().acquire(semaphore, TimeLimit::milliseconds(1));
    one_of_three_releases_succeeds(scenario, semaphore);
}

TEST(BoundedSemaphore, BSEM_3_whichever_workers_return_the_tokens) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(Type::BoundedSemaphore, {3});
    const Script main = scenario.main();
    const Script first = scenario.worker();
    const Script second = scenario.worker();
    for (int i = 0; i < 3; ++i)
        main.acquire(semaphore);
    first.release(semaphore);
    first.release(semaphore);
    second.release(semaphore);
    second.release(semaphore);
    run_through(main, first);
    run_through(main, second);
    main.release(semaphore);
    for (int i = 0; i < 4; ++i)
        main.try_acquire(semaphore);
    conform(scenario);
}

TEST(BoundedSemaphore, BSEM_3_tokens_taken_by_several_workers_count_together) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(Type::BoundedSemaphore, {3});
    const Script main = scenario.main();
    for (const Script& worker : scenario.workers(3)) {
        worker.acquire(semaphore);
        run_through(main, worker);
    }
    main.try_acquire(semaphore);
    for (int i = 0; i < 4; ++i)
        main.release(semaphore);
    another_takes(scenario, semaphore);
    const Script other = scenario.worker();
    other.release(semaphore);
    run_through(main, other);
    conform(scenario);
}

TEST(BoundedSemaphore, BSEM_4_without_tokens_every_acquire_and_every_release_fails) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(Type::BoundedSemaphore, {0});
    const Script main = scenario.main();
    const Script other = scenario.worker();
    for (const Script& worker : {main, other}) {
        worker.try_acquire(semaphore);
        worker.release(semaphore);
        worker.release(semaphore);
        worker.acquire(semaphore, at_once);
        worker.acquire(semaphore, brief);
    }
    run_through(main, other);
    conform(scenario);
}

TEST(BoundedSemaphore, BSEM_4_without_tokens_acquire_blocks_for_ever) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(Type::BoundedSemaphore, {0});
    const Script main = scenario.main();
    const Script other = scenario.worker();
    const Id blocked = other.acquire(semaphore);
    start_blocked(main, other);
    main.release(semaphore);
    main.join(other);
    expect_pending(conform(scenario), blocked);
}

TEST(BoundedSemaphore, BSEM_5_surplus_release_in_a_guarded_block_raises_at_its_end) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const int value : {1, 2}) {
        const Id semaphore = scenario.add(Type::BoundedSemaphore, {value});
        main.with(semaphore, "release");
        main.with(semaphore, "nothing");
        for (int i = 0; i < value + 1; ++i)
            main.try_acquire(semaphore);
    }
    conform(scenario);
}

TEST(BoundedSemaphore, BSEM_5_release_in_a_guarded_block_while_tokens_are_out_is_no_surplus) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(Type::BoundedSemaphore, {2});
    const Script main = scenario.main();
    main.acquire(semaphore);
    main.with(semaphore, "release");
    main.release(semaphore);
    for (int i = 0; i < 3; ++i)
        main.try_acquire(semaphore);
    conform(scenario);
}

}  // namespace
}  // namespace conformance
