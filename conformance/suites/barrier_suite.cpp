/// \file
/// Barrier: generations, indexes and actions. Requirements BARRIER-1 to BARRIER-10.

#include "conformance/suites/shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

std::vector<Outcome> indexes(int parties) {
    std::vector<Outcome> all;
    for (int index = 0; index < parties; ++index)
        all.emplace_back(Value(index));
    return all;
}
void look(Script script, Id barrier) {
    script.parties(barrier);
    script.n_waiting(barrier);
    script.broken(barrier);
}

TEST(Barrier, BARRIER_1_new_barrier_shows_its_parties_to_every_worker) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const int parties : {1, 2, 3, 1000}) {
        const Id barrier = scenario.add(Type::Barrier, {parties});
        const Script other = scenario.worker();
        look(main, barrier);
        look(other, barrier);
        run_through(main, other);
    }
    conform(scenario);
}

TEST(Barrier, BARRIER_1_parties_stay_the_same) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {2});
    const Script main = scenario.main();
    const Script other = scenario.worker();
    other.wait(barrier);
    start_blocked(main, other);
    look(main, barrier);
    main.wait(barrier);
    main.join(other);
    look(main, barrier);
    main.abort(barrier);
    look(main, barrier);
    main.reset(barrier);
    look(main, barrier);
    conform(scenario);
}

TEST(Barrier, BARRIER_2_number_of_parties_that_is_not_positive_raises) {
    ScenarioBuilder scenario;
    std::vector<Id> attempts;
    for (const std::int64_t parties : {0LL, -1LL, -2LL, -2'147'483'648LL})
        attempts.push_back(scenario.main().create(scenario.add(Type::Barrier, {parties})));
    expect_count(conform(scenario), attempts, ErrorKind::ValueError, 4);
}

TEST(Barrier, BARRIER_3_number_of_parties_that_is_no_integer) {
    is_no_type_to_make(Type::Barrier, {"two", "2", 1.5});
}
// Apart, because in a language with one type of numbers this is the integer: unsupported there.
TEST(Barrier, BARRIER_3_whole_number_of_a_fractional_type) {
    is_no_type_to_make(Type::Barrier, {2.0});
}

TEST(Barrier, BARRIER_4_single_party_passes_at_once) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<Id> waits;
    for (const List& arguments :
         {List{Value(1)}, List{Value(1), Value(), Value(0)}, List{Value(1), Value(), Value(-1)}}) {
        const Id barrier = scenario.add(Type::Barrier, arguments);
        for (const TimeLimit limit : {TimeLimit(), at_once, brief, negative[0], negative[2]})
            waits.push_back(main.wait(barrier, limit));
        look(main, barrier);
    }
    expect_count(conform(scenario), waits, Value(0), 15);
}

TEST(Barrier, BARRIER_5_each_of_a_generation_has_an_index_of_its_own) {
    for (const int parties : {2, 3, 5}) {
        ScenarioBuilder scenario;
        const Id barrier = scenario.add(Type::Barrier, {parties});
        std::vector<Id> waits;
        for (const Script& worker : scenario.workers(static_cast<std::size_t>(parties)))
            waits.push_back(worker.wait(barrier));
        scenario.start_all();
        scenario.join_all();
        look(scenario.main(), barrier);
        expect_outcomes(conform(scenario), waits, indexes(parties));
    }
}

TEST(Barrier, BARRIER_5_indexes_differ_when_all_arrive_together) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {4});
    std::vector<Id> waits;
    for (const Script& worker : scenario.workers(4))
        waits.push_back(worker.wait(barrier));
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    expect_outcomes(conform(scenario, races), waits, indexes(4));
}

TEST(Barrier, BARRIER_6_generation_follows_generation) {
    constexpr std::size_t generations = 6;
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {3});
    std::vector<std::vector<Id>> waits(generations);
    for (const Script& worker : scenario.workers(3)) {
        for (std::vector<Id>& generation : waits)
            generation.push_back(worker.wait(barrier));
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    look(scenario.main(), barrier);
    const auto run = conform(scenario, races);
    for (const std::vector<Id>& generation : waits)
        expect_outcomes(run, generation, indexes(3));
}

TEST(Barrier, BARRIER_6_full_group_passes_and_the_rest_stays_blocked) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {2});
    const Id passed = scenario.add(Type::Semaphore, {0});
    const Script main = scenario.main();
    for (const Script& worker : scenario.workers(3)) {
        worker.wait(barrier);
        worker.release(passed);
        main.start(worker);
    }
    main.acquire(passed, ample);
    main.acquire(passed, ample);
    const Id third = main.acquire(passed, brief);
    main.n_waiting(barrier);
    main.wait(barrier);
    scenario.join_all();
    look(main, barrier);
    expect_outcome(conform(scenario), third, Value(false));
}

// Four workers share a barrier of two: which two make a group is open, and all eight waits pass.
TEST(Barrier, BARRIER_6_more_workers_than_parties_pass_in_groups) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {2});
    std::vector<Id> waits;
    for (const Script& worker : scenario.workers(4))
        waits.push_back(worker.wait(barrier));
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    expect_outcomes(conform(scenario, races), waits, {Value(0), Value(0), Value(1), Value(1)});
}

// The cell can grow again only after all have read it and arrived once more.
TEST(Barrier, BARRIER_7_action_has_run_once_before_anybody_returns) {
    constexpr int generations = 4;
    ScenarioBuilder scenario;
    const Id cell = scenario.add(Type::Cell);
    const Id barrier = scenario.add(Type::Barrier, {3, "add"});
    std::vector<std::vector<Id>> reads(generations);
    for (const Script& worker : scenario.workers(3)) {
        for (std::vector<Id>& generation : reads) {
            worker.wait(barrier);
            generation.push_back(worker.read(cell));
        }
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    const auto run = conform(scenario, races);
    for (int generation = 0; generation < generations; ++generation)
        expect_count(run, reads[static_cast<std::size_t>(generation)], Value(generation + 1), 3);
}

TEST(Barrier, BARRIER_7_action_runs_only_when_a_generation_is_complete) {
    ScenarioBuilder scenario;
    const Id cell = scenario.add(Type::Cell);
    const Id barrier = scenario.add(Type::Barrier, {2, "add"});
    const Id single = scenario.add(Type::Barrier, {1, "add"});
    const Script main = scenario.main();
    const Script other = scenario.worker();
    other.wait(barrier);
    start_blocked(main, other);
    main.n_waiting(barrier);
    main.read(cell);
    main.wait(barrier);
    main.join(other);
    main.read(cell);
    for (int i = 0; i < 3; ++i) {
        main.wait(single, negative[0]);
        main.read(cell);
    }
    main.wait(barrier, at_once);  // in vain: no action
    main.read(cell);
    main.abort(single);
    main.reset(single);
    main.read(cell);
    conform(scenario);
}

TEST(Barrier, BARRIER_8_action_that_raises_breaks_the_barrier) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {3, "raise"});
    const Script main = scenario.main();
    std::vector<Id> waits;
    for (const Script& worker : scenario.workers(3))
        waits.push_back(worker.wait(barrier));
    scenario.start_all();
    scenario.join_all();
    look(main, barrier);
    main.wait(barrier, ample);
    const auto run = conform(scenario, {.times = 10});
    expect_outcomes(
        run, waits,
        {ErrorKind::Other, ErrorKind::BrokenBarrierError, ErrorKind::BrokenBarrierError});
}

TEST(Barrier, BARRIER_8_barrier_broken_by_its_action_can_be_reset) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {1, "raise"});
    const Script main = scenario.main();
    for (int round = 0; round < 2; ++round) {
        main.wait(barrier);
        look(main, barrier);
        main.wait(barrier);
        main.reset(barrier);
        look(main, barrier);
    }
    conform(scenario);
}

TEST(Barrier, BARRIER_8_barrier_without_an_action_or_with_an_empty_one_passes) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const List& arguments :
         {List{Value(2)}, List{Value(2), Value()}, List{Value(2), Value("nothing")}}) {
        const Id barrier = scenario.add(Type::Barrier, arguments);
        const Script other = scenario.worker();
        other.wait(barrier);
        main.start(other);
        main.wait(barrier);
        main.join(other);
        look(main, barrier);
    }
    conform(scenario);
}

TEST(Barrier, BARRIER_9_barrier_is_full_and_not_broken_while_its_action_lasts) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {2, "linger"});
    const Script main = scenario.main();
    for (const Script& worker : scenario.workers(2)) {
        worker.wait(barrier);
        start_blocked(main, worker);
        look(main, barrier);
    }
    scenario.join_all();
    look(main, barrier);
    conform(scenario);
}

// The first of them has less time than the action takes, but the generation is complete in time.
TEST(Barrier, BARRIER_9_time_limit_does_not_fire_while_the_action_lasts) {
    ScenarioBuilder scenario;
    const Id barrier = scenario.add(Type::Barrier, {2, "linger"});
    const Id complete = scenario.add(Type::Event);
    const Script main = scenario.main();
    const std::vector<Script> workers = scenario.workers(2);
    workers[0].wait(barrier, brief);
    workers[1].wait(complete);
    workers[1].wait(barrier);
    start_blocked(main, workers[1]);
    start_blocked(main, workers[0]);
    main.set(complete);
    main.join(workers[0]);
    main.join(workers[1]);
    look(main, barrier);
    conform(scenario, {.times = 5});
}

// At no moment, from the last arrival to the end of the action.
TEST(Barrier, BARRIER_9_barrier_of_a_running_action_is_full_and_not_broken) {
    ScenarioBuilder scenario;
    scenario.add(Type::Cell);
    const Id barrier = scenario.add(Type::Barrier, {2, "add"});
    for (const Script& worker : scenario.workers(2)) {
        for (int round = 0; round < 5; ++round)
            worker.wait(barrier);
    }
    const Script watching = scenario.worker();
    std::vector<Id> broken;
    for (int i = 0; i < 15; ++i) {
        watching.n_waiting(barrier);
        broken.push_back(watching.broken(barrier));
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    expect_count(conform(scenario, races), broken, Value(false), 15);
}

// The last arrival comes about when the time of the first is up: both pass, or the barrier is broken for
// both, and the action runs in the first case only.
TEST(Barrier, BARRIER_9_time_limit_does_not_fire_in_a_complete_generation) {
    ScenarioBuilder scenario;
    const Id cell = scenario.add(Type::Cell);
    const Id barrier = scenario.add(Type::Barrier, {2, "add"});
    const Id never_set = scenario.add(Type::Event);
    const std::vector<Script> workers = scenario.workers(2);
    workers[0].wait(barrier, TimeLimit::milliseconds(3));
    workers[1].wait(never_set, TimeLimit::milliseconds(3));
    workers[1].wait(barrier, TimeLimit::milliseconds(3));
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    scenario.main().read(cell);
    look(scenario.main(), barrier);
    conform(scenario, races);
}

TEST(Barrier, BARRIER_10_abort_or_reset_by_the_action_raises) {
    for (const char* action : {"abort", "reset"}) {
        ScenarioBuilder scenario;
        const Id single = scenario.add(Type::Barrier, {1, action});
        const Id barrier = scenario.add(Type::Barrier, {3, action});
        const Script main = scenario.main();
        const Id alone = main.wait(single);
        look(main, single);
        std::vector<Id> waits;
        for (const Script& worker : scenario.workers(3)) {
            waits.push_back(worker.wait(barrier));
            main.start(worker);
        }
        scenario.join_all();
        look(main, barrier);
        const auto run = conform(scenario);
        expect_outcome(run, alone, ErrorKind::RuntimeError);
        expect_outcomes(run, waits,
                        {ErrorKind::RuntimeError, ErrorKind::BrokenBarrierError,
                         ErrorKind::BrokenBarrierError});
    }
}

}  // namespace
}  // namespace conformance
