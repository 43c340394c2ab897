/// \file
/// SimpleQueue: requirements SQUEUE-1 to SQUEUE-9.

#include "conformance/suites/shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

TEST(SimpleQueue, SQUEUE_1_only_put_get_and_empty) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::SimpleQueue);
    const Script main = scenario.main();
    std::vector<Id> others;
    for (const char* const name :
         {"qsize", "full", "put_nowait", "get_nowait", "task_done", "join", "maxsize", "close"})
        others.push_back(main.offers(queue, name));
    const std::vector<Id> own{main.offers(queue, "put"), main.offers(queue, "get"),
                              main.offers(queue, "empty")};
    const auto run = conform(scenario);
    expect_count(run, others, Value(false), 8);
    expect_count(run, own, Value(true), 3);
}

TEST(SimpleQueue, SQUEUE_1_is_made_without_arguments) {
    is_no_type_to_make(Type::SimpleQueue, {0, 1, true, "many"});
}

TEST(SimpleQueue, SQUEUE_1_flag_and_time_limit_are_no_arguments) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::SimpleQueue);
    const Script main = scenario.main();
    main.put(queue, 1);
    std::vector<Id> refused;
    for (const bool block : {true, false}) {
        refused.push_back(main.call(queue, Operation::put, {2, block}));
        refused.push_back(main.call(queue, Operation::put, {2, block}, at_once));
        refused.push_back(main.call(queue, Operation::get, {block}));
        refused.push_back(main.call(queue, Operation::get, {block}, at_once));
    }
    refused.push_back(main.call(queue, Operation::put, {2}, at_once));
    refused.push_back(main.call(queue, Operation::get, {}, at_once));
    main.get(queue);
    main.empty(queue);
    expect_count(conform(scenario), refused, ErrorKind::TypeError, 10);
}

TEST(SimpleQueue, SQUEUE_2_get_blocks_until_there_is_an_item) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::SimpleQueue);
    const Script main = scenario.main();
    for (int round = 0; round < 2; ++round) {
        const Script other = scenario.worker();
        other.get(queue);
        start_blocked(main, other);
        pause(scenario, main);
        main.empty(queue);
        main.put(queue, round);
        main.join(other);
        main.empty(queue);
    }
    conform(scenario);
}

TEST(SimpleQueue, SQUEUE_2_blocked_gets_each_receive_one_item) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::SimpleQueue);
    const Script main = scenario.main();
    std::vector<Id> gets;
    for (const Script& worker : scenario.workers(3)) {
        gets.push_back(worker.get(queue));
        start_blocked(main, worker);
    }
    for (const char* item : {"a", "b", "c"})
        main.put(queue, item);
    scenario.join_all();
    main.empty(queue);
    expect_outcomes(conform(scenario, {.times = 10}), gets, {Value("a"), Value("b"), Value("c")});
}

TEST(SimpleQueue, SQUEUE_2_no_wake_up_is_lost) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::SimpleQueue);
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
    scenario.main().empty(queue);
    conform(scenario, races);
}

TEST(SimpleQueue, SQUEUE_2_get_from_an_empty_queue_blocks_for_ever) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::SimpleQueue);
    const Script main = scenario.main();
    main.put(queue, 1);
    main.get(queue);
    const Id get = main.get(queue);
    expect_pending(conform(scenario), get);
}

TEST(SimpleQueue, SQUEUE_3_empty_is_exact_for_a_worker_that_is_alone) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::SimpleQueue);
    const Script main = scenario.main();
    main.empty(queue);
    for (int round = 0; round < 30; ++round) {
        main.put(queue, round);
        main.empty(queue);
        main.put(queue, "second");
        main.get(queue);
        main.empty(queue);
        main.get(queue);
        main.empty(queue);
    }
    conform(scenario, {.times = 5});
}

TEST(SimpleQueue, SQUEUE_3_another_worker_alone_with_the_queue_sees_the_same) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::SimpleQueue);
    const Script main = scenario.main();
    const Script first = scenario.worker();
    const Script second = scenario.worker();
    first.empty(queue);
    first.put(queue, 1);
    first.empty(queue);
    second.empty(queue);
    second.get(queue);
    second.empty(queue);
    run_through(main, first);
    main.empty(queue);
    run_through(main, second);
    main.empty(queue);
    conform(scenario);
}

TEST(SimpleQueue, SQUEUE_4_every_item_is_received_once_and_in_order) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::SimpleQueue);
    std::vector<Id> gets;
    std::vector<Outcome> items;
    for (const Script& producer : scenario.workers(2)) {
        for (int i = 0; i < 6; ++i) {
            items.emplace_back(Value(100 * producer.id() + i));
            producer.put(queue, 100 * producer.id() + i);
        }
    }
    for (const Script& consumer : scenario.workers(3)) {
        for (int i = 0; i < 4; ++i)
            gets.push_back(consumer.get(queue));
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    scenario.main().empty(queue);
    expect_outcomes(conform(scenario, races), gets, items);
}

TEST(SimpleQueue, SQUEUE_4_items_of_one_producer_come_out_in_order) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::SimpleQueue);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    for (int i = 0; i < 200; ++i) {
        main.put(queue, i);
        other.get(queue);
    }
    main.put(queue, 200);
    run_through(main, other);
    main.get(queue);
    main.empty(queue);
    conform(scenario);
}

TEST(SimpleQueue, SQUEUE_4_null_and_other_values_are_ordinary_items) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::SimpleQueue);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    const Value nested = List{Value(1), Value(), Value(List{Value("text")})};
    for (const Value& item :
         {Value(), Value(false), Value(0), Value(""), Value(Bytes{std::string("\x00\xFF", 2)}),
          Value(List{}), nested, Value(std::string(20'000, 'x')), Value()}) {
        main.put(queue, item);
        main.empty(queue);
        other.get(queue);
    }
    run_through(main, other);
    main.empty(queue);
    conform(scenario);
}

TEST(SimpleQueue, SQUEUE_5_put_that_begins_after_another_returned_comes_out_later) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::SimpleQueue);
    const Id ping = scenario.add(Type::Semaphore, {1});
    const Id pong = scenario.add(Type::Semaphore, {0});
    const std::vector<Script> workers = scenario.workers(2);
    for (int i = 0; i < 6; ++i) {
        workers[0].acquire(ping);
        workers[0].put(queue, 2 * i);
        workers[0].release(pong);
        workers[1].acquire(pong);
        workers[1].put(queue, 2 * i + 1);
        workers[1].release(ping);
    }
    scenario.start_all();
    scenario.join_all();
    std::vector<Id> gets;
    for (int i = 0; i < 12; ++i)
        gets.push_back(scenario.main().get(queue));
    const auto run = conform(scenario, some_races);
    for (int i = 0; i < 12; ++i)
        expect_outcome(run, gets[static_cast<std::size_t>(i)], Value(i));
}

TEST(SimpleQueue, SQUEUE_5_items_outlive_the_worker_that_put_them) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::SimpleQueue);
    const Script main = scenario.main();
    for (const Script& producer : scenario.workers(3)) {
        producer.put(queue, producer.id());
        producer.put(queue, "last");
        run_through(main, producer);
        main.empty(queue);
    }
    for (int i = 0; i < 6; ++i)
        main.get(queue);
    main.empty(queue);
    conform(scenario, {.times = 10});
}

TEST(SimpleQueue, SQUEUE_6_put_does_not_block_however_much_is_unread) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::SimpleQueue);
    const Script main = scenario.main();
    for (int i = 0; i < 20; ++i)
        main.put(queue, std::string(20'000, static_cast<char>('a' + i)));
    main.empty(queue);
    main.get(queue);
    main.get(queue);
    conform(scenario);
}

TEST(SimpleQueue, SQUEUE_6_put_of_one_large_item_or_many_small_ones_does_not_block) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::SimpleQueue);
    const Id other_queue = scenario.add(Type::SimpleQueue);
    const Script main = scenario.main();
    main.put(queue, std::string(200'000, 'x'));
    for (int i = 0; i < 1000; ++i)
        main.put(other_queue, i);
    main.get(queue);
    main.empty(queue);
    main.get(other_queue);
    main.empty(other_queue);
    conform(scenario);
}

TEST(SimpleQueue, SQUEUE_7_item_that_cannot_be_transferred) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::SimpleQueue);
    const Script main = scenario.main();
    const std::vector<Id> refused{main.put(queue, Opaque::transfer),
                                  main.put(queue, List{1, Opaque::transfer})};
    main.empty(queue);
    main.put(queue, 2);
    main.put(queue, Opaque::transfer);
    main.get(queue);
    main.empty(queue);
    expect_count(conform(scenario), refused, ErrorKind::ValueError, 2);
}

TEST(SimpleQueue, SQUEUE_8_item_that_cannot_be_rebuilt) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::SimpleQueue);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    main.put(queue, Opaque::rebuild);
    main.put(queue, 2);
    const Id broken = other.get(queue);
    const Id whole = other.get(queue);
    other.empty(queue);
    run_through(main, other);
    const auto run = conform(scenario);
    expect_outcome(run, broken, ErrorKind::Other);
    expect_outcome(run, whole, Value(2));
}

// The driver changes its own copy when put has returned.
TEST(SimpleQueue, SQUEUE_9_later_changes_to_an_item_do_not_show) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::SimpleQueue);
    const Script main = scenario.main();
    const List changing{"$changing", 1, 2};  // rule 5.20 of the driver protocol
    main.put(queue, changing);
    main.put(queue, std::string(1000, 'x'));
    const Id list = main.get(queue);
    const Id text = main.get(queue);
    const auto run = conform(scenario);
    expect_outcome(run, list, Value(changing));
    expect_outcome(run, text, Value(std::string(1000, 'x')));
}

}  // namespace
}  // namespace conformance
