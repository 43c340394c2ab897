/// \file
/// Queue: what becomes of the items, and in which order they come out. Requirements QUEUE-12 to QUEUE-20
/// and QUEUE-24 to QUEUE-27.

#include <limits>

#include "conformance/suites/shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

TEST(Queue, QUEUE_12_item_is_there_when_put_has_returned) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    for (int i = 0; i < 30; ++i) {
        main.put(queue, i);
        main.empty(queue);
        main.get_nowait(queue);
        main.empty(queue);
    }
    conform(scenario, {.times = 5});
}

TEST(Queue, QUEUE_12_item_is_there_for_other_workers_when_put_has_returned) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Id is_there = scenario.add(Type::Semaphore, {0});
    const Id is_gone = scenario.add(Type::Semaphore, {0});
    const std::vector<Script> workers = scenario.workers(2);
    for (int i = 0; i < 10; ++i) {
        workers[0].put(queue, i);
        workers[0].release(is_there);
        workers[0].acquire(is_gone);
        workers[1].acquire(is_there);
        workers[1].empty(queue);
        workers[1].get_nowait(queue);
        workers[1].release(is_gone);
    }
    scenario.start_all();
    scenario.join_all();
    conform(scenario, some_races);
}

TEST(Queue, QUEUE_13_every_worker_counts_the_same_items) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue, {10});
    const Script main = scenario.main();
    for (int i = 0; i < 3; ++i) {
        main.put(queue, i);
        main.qsize(queue);
    }
    const Script other = scenario.worker();
    other.qsize(queue);
    other.put(queue, 3);
    other.qsize(queue);
    other.get(queue);
    other.get(queue);
    other.qsize(queue);
    run_through(main, other);
    main.qsize(queue);
    main.get_nowait(queue);
    main.qsize(queue);
    main.get_nowait(queue);
    main.qsize(queue);
    main.get_nowait(queue);
    main.qsize(queue);
    conform(scenario);
}

TEST(Queue, QUEUE_13_snapshots_while_others_put_and_get) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue, {2});
    const std::vector<Script> workers = scenario.workers(3);
    for (int i = 0; i < 6; ++i) {
        workers[0].put(queue, i);
        workers[1].get(queue);
        workers[2].qsize(queue);
        workers[2].empty(queue);
        workers[2].full(queue);
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    conform(scenario, races);
}

TEST(Queue, QUEUE_14_items_of_each_producer_keep_their_order) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    for (const Script& producer : scenario.workers(2)) {
        for (int i = 0; i < 12; ++i)
            producer.put(queue, 100 * producer.id() + i);
    }
    const Script consumer = scenario.worker();
    for (int i = 0; i < 24; ++i)
        consumer.get(queue);
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    conform(scenario, races);
}

TEST(Queue, QUEUE_14_large_and_small_items_keep_their_order) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const std::vector<Script> producers = scenario.workers(2);
    for (int i = 0; i < 4; ++i) {
        for (const Script& producer : producers) {
            producer.put(queue, std::string(9000, static_cast<char>('a' + i)));
            producer.put(queue, 100 * producer.id() + i);
        }
    }
    const Script consumer = scenario.worker();
    for (int i = 0; i < 16; ++i)
        consumer.get(queue);
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    conform(scenario, some_races);
}

// The workers put one after the other, each told by the one before.
TEST(Queue, QUEUE_15_put_that_begins_after_another_returned_comes_out_later) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    std::vector<Id> events;
    for (const Script& worker : scenario.workers(3)) {
        if (!events.empty()) worker.wait(events.back());
        events.push_back(scenario.add(Type::Event));
        worker.put(queue, worker.id());
        worker.set(events.back());
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    for (int i = 0; i < 3; ++i)
        scenario.main().get(queue);
    conform(scenario, races);
}

TEST(Queue, QUEUE_15_workers_that_put_in_turn) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
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
    const Script main = scenario.main();
    std::vector<Id> gets;
    for (int i = 0; i < 12; ++i)
        gets.push_back(main.get(queue));
    scenario.join_all();
    const auto run = conform(scenario, some_races);
    for (int i = 0; i < 12; ++i)
        expect_outcome(run, gets[static_cast<std::size_t>(i)], Value(i));
}

TEST(Queue, QUEUE_16_every_item_is_received_once) {
    for (const int capacity : {0, 2}) {
        ScenarioBuilder scenario;
        const Id queue = scenario.add(Type::Queue, {capacity});
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
        scenario.main().qsize(queue);
        expect_outcomes(conform(scenario, races), gets, items);
    }
}

// A consumer must not take two of them in the wrong order.
TEST(Queue, QUEUE_16_consumers_see_one_producer_in_order) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    for (int i = 0; i < 12; ++i)
        main.put(queue, i);
    for (const Script& consumer : scenario.workers(3)) {
        for (int i = 0; i < 4; ++i)
            consumer.get(queue);
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    conform(scenario, races);
}

List values_of_every_type() {
    constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
    constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
    const Value pair = List{Value(1), Value("one")};
    return {Value(),
            true,
            false,
            0,
            -1,
            9'007'199'254'740'993,
            least,
            largest,
            "",
            "text",
            "line\nquote\" back\\slash \xC3\xA4 \xE2\x82\xAC \xF0\x9D\x84\x9E",
            Bytes{},
            Bytes{std::string("\x00\xFF\x0A\x80", 4)},
            Value(List{}),
            pair,
            Value(List{pair, Value(), Value(List{Value(List{})}), Value(false)}),
            std::string(3000, 'x')};
}

TEST(Queue, QUEUE_17_values_of_every_type_arrive_equal) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    for (const Value& item : values_of_every_type()) {
        main.put(queue, item);
        other.get(queue);
    }
    other.get_nowait(queue);
    run_through(main, other);
    conform(scenario);
}

TEST(Queue, QUEUE_17_null_is_an_item_like_any_other) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue, {3});
    const Script main = scenario.main();
    const Script other = scenario.worker();
    other.get(queue);
    other.get(queue);
    main.put(queue, Value());
    main.put(queue, Value());
    main.put(queue, 1);
    main.full(queue);
    main.qsize(queue);
    run_through(main, other);
    main.get_nowait(queue);
    main.get_nowait(queue);
    main.put_nowait(queue, Value());
    main.empty(queue);
    main.get(queue, brief);
    conform(scenario);
}

// Larger than the buffer of a pipe, and than what an implementation may keep at hand for messages.
TEST(Queue, QUEUE_17_large_payloads_arrive_equal) {
    std::string text;
    while (text.size() < 3'000'000)
        text += std::to_string(text.size()) + " ";
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    const std::vector<Script> consumers = scenario.workers(2);
    consumers[0].get(queue);
    consumers[1].get(queue);
    main.start(consumers[0]);
    main.put(queue, text);
    main.join(consumers[0]);
    main.start(consumers[1]);
    main.put(queue, Bytes{text.substr(0, 1'000'000)});
    main.join(consumers[1]);
    conform(scenario);
}

TEST(Queue, QUEUE_24_non_blocking_gets_find_an_item_each) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    std::vector<Id> gets;
    for (int i = 0; i < 9; ++i)
        main.put(queue, i);
    for (const Script& worker : scenario.workers(3)) {
        for (int i = 0; i < 3; ++i)
            gets.push_back(i < 2 ? worker.get_nowait(queue) : worker.get(queue, at_once));
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    main.get_nowait(queue);
    const auto run = conform(scenario, races);
    expect_count(run, gets, ErrorKind::Empty, 0);
}

TEST(Queue, QUEUE_24_put_in_progress_makes_no_queue_of_items_look_empty) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const std::vector<Script> workers = scenario.workers(2);
    std::vector<Id> gets;
    for (int i = 0; i < 8; ++i)
        scenario.main().put(queue, i);
    for (int i = 0; i < 8; ++i) {
        workers[0].put(queue, 100 + i);
        gets.push_back(workers[1].get_nowait(queue));
    }
    scenario.align();
    scenario.start_all();
    scenario.join_all();
    const auto run = conform(scenario, races);
    for (int i = 0; i < 8; ++i)
        expect_outcome(run, gets[static_cast<std::size_t>(i)], Value(i));
}

TEST(Queue, QUEUE_25_items_outlive_the_worker_that_put_them) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    const Script producer = scenario.worker();
    for (int i = 0; i < 20; ++i)
        producer.put(queue, i);
    producer.put(queue, std::string(5000, 'x'));
    run_through(main, producer);
    main.empty(queue);
    main.qsize(queue);
    for (int i = 0; i < 22; ++i)
        main.get_nowait(queue);
    main.empty(queue);
    conform(scenario, {.times = 10});
}

TEST(Queue, QUEUE_25_items_of_several_ended_workers) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    for (const Script& producer : scenario.workers(4)) {
        producer.put(queue, producer.id());
        run_through(main, producer);
        main.empty(queue);
    }
    for (int i = 0; i < 5; ++i)
        main.get_nowait(queue);
    conform(scenario, {.times = 10});
}

TEST(Queue, QUEUE_26_worker_ends_although_nobody_reads_what_it_put) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    const Script producer = scenario.worker();
    for (int i = 0; i < 20; ++i)
        producer.put(queue, std::string(20'000, static_cast<char>('a' + i)));
    main.start(producer);
    const Id join = main.join(producer);
    main.is_alive(producer);
    main.qsize(queue);
    main.get_nowait(queue);
    main.get_nowait(queue);
    // A worker that never ends lets join wait, which no model objects to.
    const auto run = conform(scenario);
    if (run) EXPECT_TRUE(run->responded(join)) << "the worker did not end";
}

// The next scenario begins only when this one has ended, and the driver ends only if it can.
TEST(Queue, QUEUE_27_program_ends_although_nobody_reads_what_it_put) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    for (int i = 0; i < 20; ++i)
        main.put(queue, std::string(20'000, static_cast<char>('a' + i)));
    main.qsize(queue);
    scenario.end_program(ProgramEnd::by_return);
    conform(scenario);
}

}  // namespace
}  // namespace conformance
