/// \file
/// Queue: the count of unfinished items. Requirements QUEUE-21 to QUEUE-23.

#include "conformance/suites/shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

TEST(Queue, QUEUE_21_task_done_by_any_worker_and_before_the_get) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const int capacity : {0, 2}) {
        const Id queue = scenario.add(Type::Queue, {capacity});
        const Script other = scenario.worker();
        main.put(queue, 1);
        main.put_nowait(queue, 2);
        other.task_done(queue);
        run_through(main, other);
        main.task_done(queue);
        main.join(queue);
        main.get_nowait(queue);
        main.get_nowait(queue);
        main.join(queue);
    }
    conform(scenario);
}

TEST(Queue, QUEUE_21_one_task_done_too_many_raises) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue, {5});
    const Script main = scenario.main();
    const Script other = scenario.worker();
    main.task_done(queue);
    for (int i = 0; i < 3; ++i)
        main.put(queue, i);
    main.get(queue);
    for (int i = 0; i < 4; ++i)
        main.task_done(queue);
    other.task_done(queue);
    run_through(main, other);
    main.join(queue);
    conform(scenario);
}

// A count that fell below zero would let the join pass, or never reach zero again.
TEST(Queue, QUEUE_21_refused_task_done_leaves_the_count_as_it_was) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    const Script joining = scenario.worker();
    const Id join = joining.join(queue);
    main.task_done(queue);
    main.task_done(queue);
    main.put(queue, 1);
    start_blocked(main, joining);
    pause(scenario, main);
    const Id done = main.task_done(queue);
    main.join(joining);
    main.task_done(queue);
    main.join(queue);
    expect_ends_after_begin(conform(scenario), join, done);
}

TEST(Queue, QUEUE_21_concurrent_calls_succeed_as_often_as_there_are_unfinished_items) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    std::vector<Id> calls;
    for (const Script& worker : scenario.workers(4))
        calls.push_back(worker.task_done(queue));
    scenario.align();
    main.put(queue, 1);
    main.put(queue, 2);
    scenario.start_all();
    scenario.join_all();
    main.join(queue);
    const auto run = conform(scenario, races);
    expect_count(run, calls, Value(), 2);
    expect_count(run, calls, ErrorKind::ValueError, 2);
}

TEST(Queue, QUEUE_22_join_returns_at_once_when_nothing_is_unfinished) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    main.join(queue);
    main.join(queue);
    main.put(queue, 1);
    main.task_done(queue);
    main.join(queue);  // although the item is still there
    other.join(queue);
    run_through(main, other);
    conform(scenario);
}

TEST(Queue, QUEUE_22_join_blocks_until_every_item_is_done) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    std::vector<std::pair<Id, Id>> join_and_last;
    for (int round = 0; round < 2; ++round) {
        const Script joining = scenario.worker();
        const Id join = joining.join(queue);
        for (int i = 0; i < 3; ++i)
            main.put(queue, i);
        start_blocked(main, joining);
        for (int i = 0; i < 3; ++i)
            main.get(queue);  // getting it is not doing it
        main.task_done(queue);
        main.task_done(queue);
        pause(scenario, main);
        join_and_last.emplace_back(join, main.task_done(queue));
        main.join(joining);
    }
    const auto run = conform(scenario);
    for (const auto& [join, last] : join_and_last)
        expect_ends_after_begin(run, join, last);
}

TEST(Queue, QUEUE_22_every_joining_worker_is_released) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    main.put(queue, 1);
    for (const Script& worker : scenario.workers(4)) {
        worker.join(queue);
        start_blocked(main, worker);
    }
    main.task_done(queue);
    scenario.join_all();
    main.join(queue);
    conform(scenario);
}

TEST(Queue, QUEUE_22_last_task_done_reaches_joining_workers_on_their_way_to_sleep) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    for (const Script& worker : scenario.workers(2))
        worker.join(queue);
    for (const Script& worker : scenario.workers(2))
        worker.task_done(queue);
    scenario.align();
    main.put(queue, 1);
    main.put(queue, 2);
    scenario.start_all();
    scenario.join_all();
    conform(scenario, races);
}

TEST(Queue, QUEUE_22_join_blocks_for_ever_while_an_item_is_unfinished) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    main.put(queue, 1);
    main.get(queue);
    const Id join = main.join(queue);
    expect_pending(conform(scenario), join);
}

// The second item comes right after the first one was done: the join may return or wait for it.
TEST(Queue, QUEUE_23_join_and_a_put_right_after_the_count_was_zero) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    const Script joining = scenario.worker();
    const Script working = scenario.worker();
    joining.join(queue);
    working.get(queue);
    working.task_done(queue);
    working.put(queue, 2);
    working.get(queue);
    working.task_done(queue);
    scenario.align();
    main.put(queue, 1);
    scenario.start_all();
    scenario.join_all();
    conform(scenario, races);
}

}  // namespace
}  // namespace conformance
