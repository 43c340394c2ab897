/// \file
/// Queue: capacity, blocking and time limits. Requirements QUEUE-1 to QUEUE-11.

#include "conformance/suites/shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

Id put_without_blocking(Script script, Id queue, Value item, TimeLimit limit = {}) {
    return script.call(queue, Operation::put, {std::move(item), false}, limit);
}
Id get_without_blocking(Script script, Id queue, TimeLimit limit = {}) {
    return script.call(queue, Operation::get, {false}, limit);
}
void look(Script script, Id queue) {
    script.qsize(queue);
    script.empty(queue);
    script.full(queue);
}

TEST(Queue, QUEUE_1_no_limit_by_default_or_below_one) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const List& arguments :
         {List{}, List{Value(0)}, List{Value(-1)}, List{Value(-2'147'483'648LL)}}) {
        const Id queue = scenario.add(Type::Queue, arguments);
        main.full(queue);
        for (int i = 0; i < 40; ++i)
            main.put_nowait(queue, i);
        look(main, queue);
        main.put(queue, 40, at_once);
        for (int i = 0; i < 42; ++i)
            main.get_nowait(queue);
        look(main, queue);
    }
    conform(scenario);
}

TEST(Queue, QUEUE_1_a_thousand_items) {
    constexpr int count = 1000;
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    for (int i = 0; i < count; ++i)
        main.put(queue, i);
    look(main, queue);
    for (int i = 0; i < count; ++i)
        main.get(queue, ample);
    look(main, queue);
    conform(scenario);
}

TEST(Queue, QUEUE_2_queue_is_full_at_its_capacity) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const int capacity : {1, 2, 5}) {
        const Id queue = scenario.add(Type::Queue, {capacity});
        for (int round = 0; round < 2; ++round) {
            look(main, queue);
            for (int i = 0; i <= capacity; ++i) {
                main.put_nowait(queue, i);
                look(main, queue);
            }
            main.get_nowait(queue);
            look(main, queue);
            main.put_nowait(queue, "again");
            for (int i = 0; i < capacity; ++i)
                main.get_nowait(queue);
        }
        look(main, queue);
    }
    conform(scenario);
}

TEST(Queue, QUEUE_2_concurrent_puts_never_exceed_the_capacity) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue, {2});
    std::vector<Id> puts;
    for (const Script& worker : scenario.workers(4))
        puts.push_back(worker.put_nowait(queue, worker.id()));
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    const Script main = scenario.main();
    look(main, queue);
    for (int i = 0; i < 3; ++i)
        main.get_nowait(queue);
    const auto run = conform(scenario, races);
    expect_count(run, puts, Value(), 2);
    expect_count(run, puts, ErrorKind::Full, 2);
}

TEST(Queue, QUEUE_3_too_large_a_maxsize_raises) {
    ScenarioBuilder scenario;
    std::vector<Id> attempts;
    for (const std::int64_t maxsize : {2'147'483'648LL, 4'294'967'296LL, 4'294'967'297LL})
        attempts.push_back(scenario.main().create(scenario.add(Type::Queue, {maxsize})));
    expect_count(conform(scenario), attempts, ErrorKind::ValueError, 3);
}

TEST(Queue, QUEUE_3_largest_maxsize_works) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue, {2'147'483'647});
    const Script main = scenario.main();
    main.create(queue);
    look(main, queue);
    main.put_nowait(queue, 1);
    look(main, queue);
    main.get_nowait(queue);
    look(main, queue);
    conform(scenario);
}

TEST(Queue, QUEUE_4_blocked_puts_proceed_one_for_each_item_taken) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue, {1});
    const Id done = scenario.add(Type::Semaphore, {0});
    const Script main = scenario.main();
    main.put(queue, "first");
    for (const Script& worker : scenario.workers(3)) {
        worker.put(queue, worker.id());
        worker.release(done);
        start_blocked(main, worker);
    }
    std::vector<Id> surplus;
    for (int i = 0; i < 3; ++i) {
        main.get(queue, ample);
        main.acquire(done, ample);
        surplus.push_back(main.acquire(done, brief));
    }
    scenario.join_all();
    main.get(queue, ample);
    look(main, queue);
    expect_count(conform(scenario), surplus, Value(false), 3);
}

TEST(Queue, QUEUE_4_timed_put_proceeds_when_there_is_room) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue, {2});
    const Script main = scenario.main();
    const Script other = scenario.worker();
    main.put(queue, 1, brief);
    main.put(queue, 2, at_once);
    const Id put = other.put(queue, 3, ample);
    start_blocked(main, other);
    main.get(queue);
    main.join(other);
    main.get(queue, ample);
    main.get(queue, ample);
    expect_outcome(conform(scenario), put, Value());
}

TEST(Queue, QUEUE_4_no_wake_up_of_a_put_is_lost) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue, {1});
    for (const Script& worker : scenario.workers(2)) {
        for (int i = 0; i < 6; ++i)
            worker.put(queue, 10 * worker.id() + i);
    }
    for (const Script& worker : scenario.workers(2)) {
        for (int i = 0; i < 6; ++i)
            worker.get(queue);
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    look(scenario.main(), queue);
    conform(scenario, races);
}

TEST(Queue, QUEUE_4_put_on_a_full_queue_blocks_for_ever) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue, {1});
    const Script main = scenario.main();
    main.put(queue, 1);
    const Id put = main.put(queue, 2);
    expect_pending(conform(scenario), put);
}

TEST(Queue, QUEUE_5_put_on_a_full_queue_raises_and_changes_nothing) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue, {2});
    const Script main = scenario.main();
    const Script other = scenario.worker();
    main.put(queue, "a");
    main.put(queue, "b");
    std::vector<Id> refused;
    std::vector<Id> timed;
    for (const Script& worker : {main, other}) {
        refused.push_back(worker.put_nowait(queue, "c"));
        refused.push_back(put_without_blocking(worker, queue, "d"));
        refused.push_back(worker.put(queue, "e", at_once));
        timed.push_back(worker.put(queue, "f", brief));
    }
    run_through(main, other);
    look(main, queue);
    for (int i = 0; i < 3; ++i)
        main.task_done(queue);
    for (int i = 0; i < 3; ++i)
        main.get_nowait(queue);
    const auto run = conform(scenario);
    expect_count(run, refused, ErrorKind::Full, 6);
    expect_count(run, timed, ErrorKind::Full, 2);
    for (const Id call : timed)
        expect_lasted(run, call, brief);
}

TEST(Queue, QUEUE_5_put_that_gave_up_does_not_swallow_the_room) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue, {1});
    const Script main = scenario.main();
    const Script hasty = scenario.worker();
    const Script patient = scenario.worker();
    main.put(queue, 1);
    hasty.put(queue, 2, brief);
    patient.put(queue, 3);
    main.start(hasty);
    start_blocked(main, patient);
    main.join(hasty);
    main.get(queue, ample);
    main.join(patient);
    main.get(queue, ample);
    look(main, queue);
    conform(scenario);
}

TEST(Queue, QUEUE_6_non_blocking_put_and_get_ignore_their_limit) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue, {1});
    const Script main = scenario.main();
    for (const TimeLimit limit : {at_once, brief, ample, negative[0], negative[2]}) {
        get_without_blocking(main, queue, limit);
        put_without_blocking(main, queue, 1, limit);
        put_without_blocking(main, queue, 2, limit);
        get_without_blocking(main, queue, limit);
    }
    look(main, queue);
    conform(scenario);
}

TEST(Queue, QUEUE_7_blocking_put_with_a_negative_limit_raises_and_changes_nothing) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const int capacity : {0, 1, 2}) {
        const Id queue = scenario.add(Type::Queue, {capacity});
        main.put(queue, 1);
        for (const TimeLimit limit : negative)
            main.put(queue, 2, limit);
        main.qsize(queue);
        main.task_done(queue);
        main.task_done(queue);
        main.get_nowait(queue);
        main.get_nowait(queue);
    }
    conform(scenario);
}

TEST(Queue, QUEUE_8_blocked_gets_each_receive_one_item) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    std::vector<Id> gets;
    for (const Script& worker : scenario.workers(3)) {
        gets.push_back(worker.get(queue));
        start_blocked(main, worker);
    }
    main.qsize(queue);
    for (const char* item : {"a", "b", "c"})
        main.put(queue, item);
    scenario.join_all();
    look(main, queue);
    expect_outcomes(conform(scenario, {.times = 10}), gets, {Value("a"), Value("b"), Value("c")});
}

TEST(Queue, QUEUE_8_get_blocks_until_there_is_an_item) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue, {3});
    const Script main = scenario.main();
    for (const TimeLimit limit : {TimeLimit(), ample}) {
        const Script other = scenario.worker();
        other.get(queue, limit);
        start_blocked(main, other);
        pause(scenario, main);
        main.put(queue, 1);
        main.join(other);
        look(main, queue);
    }
    conform(scenario);
}

TEST(Queue, QUEUE_8_get_from_an_empty_queue_blocks_for_ever) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    main.put(queue, 1);
    main.get(queue);
    const Id get = main.get(queue);
    expect_pending(conform(scenario), get);
}

TEST(Queue, QUEUE_8_no_wake_up_of_a_get_is_lost) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    for (const Script& worker : scenario.workers(3)) {
        for (int i = 0; i < 4; ++i)
            worker.get(queue);
    }
    const Script producer = scenario.worker();
    for (int i = 0; i < 12; ++i)
        producer.put(queue, i);
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    look(scenario.main(), queue);
    conform(scenario, races);
}

TEST(Queue, QUEUE_9_get_on_an_empty_queue_raises) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<Id> timed;
    for (const int capacity : {0, 1}) {
        const Id queue = scenario.add(Type::Queue, {capacity});
        const Script other = scenario.worker();
        for (const Script& worker : {main, other}) {
            worker.get_nowait(queue);
            get_without_blocking(worker, queue);
            worker.get(queue, at_once);
            timed.push_back(worker.get(queue, brief));
        }
        run_through(main, other);
        main.put(queue, 1);
        main.get_nowait(queue);
    }
    const auto run = conform(scenario);
    expect_count(run, timed, ErrorKind::Empty, 4);
    for (const Id call : timed)
        expect_lasted(run, call, brief);
}

TEST(Queue, QUEUE_9_get_that_gave_up_does_not_swallow_an_item) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    const Script hasty = scenario.worker();
    const Script patient = scenario.worker();
    hasty.get(queue, brief);
    patient.get(queue);
    main.start(hasty);
    start_blocked(main, patient);
    main.join(hasty);
    main.put(queue, 1);
    main.join(patient);
    look(main, queue);
    conform(scenario);
}

TEST(Queue, QUEUE_10_gets_give_up_in_time_while_another_worker_is_blocked) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    const Script blocked = scenario.worker();
    const Script other = scenario.worker();
    blocked.get(queue);
    start_blocked(main, blocked);
    for (const Script& worker : {main, other}) {
        worker.get_nowait(queue);
        worker.get(queue, at_once);
        worker.get(queue, brief);
        worker.get_nowait(queue);
    }
    run_through(main, other);
    main.put(queue, 1);
    main.join(blocked);
    conform(scenario);
}

TEST(Queue, QUEUE_11_blocking_get_with_a_negative_limit_raises_and_takes_nothing) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    for (const TimeLimit limit : negative)
        main.get(queue, limit);
    main.put(queue, 1);
    for (const TimeLimit limit : negative)
        main.get(queue, limit);
    main.qsize(queue);
    main.get_nowait(queue);
    conform(scenario);
}

}  // namespace
}  // namespace conformance
