/// \file
/// Semaphore, and BoundedSemaphore as far as it is the same: requirements SEM-1 to SEM-7 and SEM-10.

#include <span>

#include "conformance/suites/shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

void try_times(Script worker, Id semaphore, int count) {
    for (int i = 0; i < count; ++i)
        worker.try_acquire(semaphore);
}

void one_token_by_default(Type type) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(type);
    const Script main = scenario.main();
    main.acquire(semaphore);
    another_is_refused(scenario, semaphore);
    main.try_acquire(semaphore);
    main.release(semaphore);
    another_takes(scenario, semaphore);
    conform(scenario);
}
TEST(Semaphore, SEM_1_one_token_by_default) {
    one_token_by_default(Type::Semaphore);
}
TEST(BoundedSemaphore, SEM_1_one_token_by_default) {
    one_token_by_default(Type::BoundedSemaphore);
}

void as_many_acquires_as_tokens(Type type) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const int value : {0, 1, 2, 3, 7}) {
        const Id semaphore = scenario.add(type, {value});
        for (int i = 0; i < value; ++i)
            main.acquire(semaphore, brief);
        main.try_acquire(semaphore);
        another_is_refused(scenario, semaphore);
    }
    conform(scenario);
}
TEST(Semaphore, SEM_1_as_many_acquires_as_tokens) {
    as_many_acquires_as_tokens(Type::Semaphore);
}
TEST(BoundedSemaphore, SEM_1_as_many_acquires_as_tokens) {
    as_many_acquires_as_tokens(Type::BoundedSemaphore);
}

void raises_when_made_with(Type type, std::span<const std::int64_t> values) {
    ScenarioBuilder scenario;
    std::vector<Id> attempts;
    for (const std::int64_t value : values)
        attempts.push_back(scenario.main().create(scenario.add(type, {value})));
    expect_count(conform(scenario), attempts, ErrorKind::ValueError, std::ssize(attempts));
}
// The last ones are 0 and 1 to whoever keeps 32 bits of them.
constexpr std::array<std::int64_t, 5> below_zero{-1, -2, -2'147'483'648, -4'294'967'296,
                                                 -4'294'967'295};
TEST(Semaphore, SEM_2_negative_initial_value_raises) {
    raises_when_made_with(Type::Semaphore, below_zero);
}
TEST(BoundedSemaphore, SEM_2_negative_initial_value_raises) {
    raises_when_made_with(Type::BoundedSemaphore, below_zero);
}
constexpr std::array<std::int64_t, 3> too_large{2'147'483'648, 4'294'967'296, 4'294'967'297};
TEST(Semaphore, SEM_3_too_large_an_initial_value_raises) {
    raises_when_made_with(Type::Semaphore, too_large);
}
TEST(BoundedSemaphore, SEM_3_too_large_an_initial_value_raises) {
    raises_when_made_with(Type::BoundedSemaphore, too_large);
}

void large_initial_value_works(Type type) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const std::int64_t value : {65'537, 2'147'483'646, 2'147'483'647}) {
        const Id semaphore = scenario.add(type, {value});
        main.create(semaphore);
        main.acquire(semaphore);
        main.try_acquire(semaphore);
        main.release(semaphore);
        another_takes(scenario, semaphore);
        main.release(semaphore);
        main.acquire(semaphore, at_once);
    }
    conform(scenario);
}
TEST(Semaphore, SEM_3_large_initial_value_works) {
    large_initial_value_works(Type::Semaphore);
}
TEST(BoundedSemaphore, SEM_3_large_initial_value_works) {
    large_initial_value_works(Type::BoundedSemaphore);
}

const List no_integers{"two", "2", 1.5};
TEST(Semaphore, SEM_4_initial_value_that_is_no_integer) {
    is_no_type_to_make(Type::Semaphore, no_integers);
}
TEST(BoundedSemaphore, SEM_4_initial_value_that_is_no_integer) {
    is_no_type_to_make(Type::BoundedSemaphore, no_integers);
}
// Apart, because in a language with one type of numbers this is the integer: unsupported there.
TEST(Semaphore, SEM_4_whole_number_of_a_fractional_type) {
    is_no_type_to_make(Type::Semaphore, {2.0});
}
TEST(BoundedSemaphore, SEM_4_whole_number_of_a_fractional_type) {
    is_no_type_to_make(Type::BoundedSemaphore, {2.0});
}

void acquire_blocks_until_there_is_a_token(Type type) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(type, {2});
    const Script main = scenario.main();
    const Script other = scenario.worker();
    const Id blocked = other.acquire(semaphore);
    main.acquire(semaphore);
    main.acquire(semaphore);
    start_blocked(main, other);
    pause(scenario, main);
    const Id release = main.release(semaphore);
    main.join(other);
    main.try_acquire(semaphore);
    main.release(semaphore);
    main.try_acquire(semaphore);
    main.try_acquire(semaphore);
    const auto run = conform(scenario);
    expect_ends_after_begin(run, blocked, release);
    expect_outcome(run, blocked, Value(true));
}
TEST(Semaphore, SEM_5_acquire_blocks_until_there_is_a_token) {
    acquire_blocks_until_there_is_a_token(Type::Semaphore);
}
TEST(BoundedSemaphore, SEM_5_acquire_blocks_until_there_is_a_token) {
    acquire_blocks_until_there_is_a_token(Type::BoundedSemaphore);
}

void acquire_without_a_token_blocks_for_ever(Type type) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(type);
    scenario.main().acquire(semaphore);
    const Id acquire = scenario.main().acquire(semaphore);
    expect_pending(conform(scenario), acquire);
}
TEST(Semaphore, SEM_5_acquire_without_a_token_blocks_for_ever) {
    acquire_without_a_token_blocks_for_ever(Type::Semaphore);
}
TEST(BoundedSemaphore, SEM_5_acquire_without_a_token_blocks_for_ever) {
    acquire_without_a_token_blocks_for_ever(Type::BoundedSemaphore);
}

void no_token_goes_to_two_workers(Type type) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(type, {2});
    std::vector<Id> attempts;
    for (const Script& worker : scenario.workers(4))
        attempts.push_back(worker.try_acquire(semaphore));
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    scenario.main().try_acquire(semaphore);
    expect_count(conform(scenario, races), attempts, Value(true), 2);
}
TEST(Semaphore, SEM_5_no_token_goes_to_two_workers) {
    no_token_goes_to_two_workers(Type::Semaphore);
}
TEST(BoundedSemaphore, SEM_5_no_token_goes_to_two_workers) {
    no_token_goes_to_two_workers(Type::BoundedSemaphore);
}

void failed_acquires_take_nothing(Type type) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(type, {2});
    const Script main = scenario.main();
    const Script other = scenario.worker();
    main.acquire(semaphore);
    main.acquire(semaphore);
    std::vector<Id> timed;
    for (const Script& worker : {main, other}) {
        worker.try_acquire(semaphore);
        for (const TimeLimit limit : single_look)
            worker.acquire(semaphore, limit);
        timed.push_back(worker.acquire(semaphore, brief));
    }
    run_through(main, other);
    main.release(semaphore);
    main.release(semaphore);
    try_times(main, semaphore, 3);
    const auto run = conform(scenario);
    for (const Id call : timed)
        expect_lasted(run, call, brief);
}
TEST(Semaphore, SEM_6_failed_acquires_take_nothing) {
    failed_acquires_take_nothing(Type::Semaphore);
}
TEST(BoundedSemaphore, SEM_6_failed_acquires_take_nothing) {
    failed_acquires_take_nothing(Type::BoundedSemaphore);
}

void single_look_finds_a_token(Type type) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(type, {4});
    for (const TimeLimit limit : single_look)
        scenario.main().acquire(semaphore, limit);
    scenario.main().try_acquire(semaphore);
    conform(scenario);
}
TEST(Semaphore, SEM_6_single_look_finds_a_token) {
    single_look_finds_a_token(Type::Semaphore);
}
TEST(BoundedSemaphore, SEM_6_single_look_finds_a_token) {
    single_look_finds_a_token(Type::BoundedSemaphore);
}

// A waiter that gave up and is still counted would be handed the token meant for the other one.
void waiter_that_gave_up_does_not_swallow_a_token(Type type) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(type, {1});
    const Script main = scenario.main();
    const Script hasty = scenario.worker();
    const Script patient = scenario.worker();
    hasty.acquire(semaphore, brief);
    patient.acquire(semaphore);
    main.acquire(semaphore);
    main.start(hasty);
    start_blocked(main, patient);
    main.join(hasty);
    main.release(semaphore);
    main.join(patient);
    main.try_acquire(semaphore);
    conform(scenario);
}
TEST(Semaphore, SEM_6_waiter_that_gave_up_does_not_swallow_a_token) {
    waiter_that_gave_up_does_not_swallow_a_token(Type::Semaphore);
}
TEST(BoundedSemaphore, SEM_6_waiter_that_gave_up_does_not_swallow_a_token) {
    waiter_that_gave_up_does_not_swallow_a_token(Type::BoundedSemaphore);
}

void non_blocking_acquire_with_a_limit_raises(Type type) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(type, {2});
    const Script main = scenario.main();
    for (const TimeLimit limit : {at_once, TimeLimit::nanoseconds(1), brief, ample})
        try_acquire_within(main, semaphore, limit);
    try_times(main, semaphore, 2);
    for (const TimeLimit limit : {at_once, brief, ample})
        try_acquire_within(main, semaphore, limit);
    main.release(semaphore);
    try_times(main, semaphore, 2);
    conform(scenario);
}
TEST(Semaphore, SEM_7_non_blocking_acquire_with_a_limit_raises) {
    non_blocking_acquire_with_a_limit_raises(Type::Semaphore);
}
TEST(BoundedSemaphore, SEM_7_non_blocking_acquire_with_a_limit_raises) {
    non_blocking_acquire_with_a_limit_raises(Type::BoundedSemaphore);
}

void worker_that_never_acquired_releases(Type type) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(type, {2});
    const Script main = scenario.main();
    const Script other = scenario.worker();
    main.acquire(semaphore);
    main.acquire(semaphore);
    other.release(semaphore);
    other.release(semaphore);
    run_through(main, other);
    try_times(main, semaphore, 3);
    conform(scenario);
}
TEST(Semaphore, SEM_10_worker_that_never_acquired_releases) {
    worker_that_never_acquired_releases(Type::Semaphore);
}
TEST(BoundedSemaphore, SEM_10_worker_that_never_acquired_releases) {
    worker_that_never_acquired_releases(Type::BoundedSemaphore);
}

void tokens_of_an_ended_worker_stay_taken(Type type) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(type, {2});
    const Script main = scenario.main();
    const Script holder = scenario.worker();
    const Script helper = scenario.worker();
    holder.acquire(semaphore);
    holder.acquire(semaphore);
    run_through(main, holder);
    main.try_acquire(semaphore);
    helper.release(semaphore);
    run_through(main, helper);
    try_times(main, semaphore, 2);
    conform(scenario);
}
TEST(Semaphore, SEM_10_tokens_of_an_ended_worker_stay_taken) {
    tokens_of_an_ended_worker_stay_taken(Type::Semaphore);
}
TEST(BoundedSemaphore, SEM_10_tokens_of_an_ended_worker_stay_taken) {
    tokens_of_an_ended_worker_stay_taken(Type::BoundedSemaphore);
}

}  // namespace
}  // namespace conformance
