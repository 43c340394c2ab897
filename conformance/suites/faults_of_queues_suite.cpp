// Faults: queues after the death of a producer or a consumer.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/suites/calls.hpp"

namespace conformance {
namespace {

using namespace calls;

constexpr TimeLimit brief = TimeLimit::milliseconds(30);

/// Starts a worker, and kills it when it sleeps.
void start_and_kill(const Script& main, const Script& victim) {
    main.start(victim);
    main.await_blocked(victim);
    main.kill(victim);
    main.join(victim);
}

TEST(Faults, FAULT_8_items_arrive_after_a_consumer_was_killed_in_get) {
    if (workers_are_threads()) return;
    for (const TimeLimit limit : {TimeLimit(), TimeLimit::milliseconds(60'000)}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id queue = scenario.add(Type::Queue);
        const Script victim = scenario.worker();
        victim.get(queue, limit);
        start_and_kill(main, victim);
        main.put(queue, "first");
        const Id timed = main.get(queue, patience);
        main.put(queue, "second");
        const Id at_once = main.get_nowait(queue);
        const Id nothing = main.get(queue, brief);
        const auto run = conform(scenario);
        if (!run) return;
        expect(*run, timed, Value("first"));
        expect(*run, at_once, Value("second"));
        expect(*run, nothing, ErrorKind::Empty);
    }
}

TEST(Faults, FAULT_8_other_blocked_consumers_receive_items) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id queue = scenario.add(Type::Queue);
    const Script first = scenario.worker();
    const Script victim = scenario.worker();
    const Script last = scenario.worker();
    std::vector<Id> gets;
    for (const Script& worker : {first, victim, last}) {
        gets.push_back(worker.get(queue));
        main.start(worker);
        main.await_blocked(worker);
    }
    main.kill(victim);
    main.join(victim);
    main.put(queue, 1);
    main.put(queue, 2);
    main.join(first);
    main.join(last);
    const Id empty = main.empty(queue);
    const auto run = conform(scenario);
    if (!run) return;
    EXPECT_NE(run->outcome(gets[0]), run->outcome(gets[2]));
    expect(*run, empty, Value(true));
}

TEST(Faults, FAULT_9_items_arrive_after_a_consumer_of_a_simple_queue_was_killed_in_get) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id queue = scenario.add(Type::SimpleQueue);
    const Script victim = scenario.worker();
    const Script other = scenario.worker();
    victim.get(queue);
    const Id others_get = other.get(queue);
    start_and_kill(main, victim);
    main.start(other);
    main.put(queue, 1);
    main.join(other);
    main.put(queue, 2);
    const Id get = main.get(queue);
    const Id empty = main.empty(queue);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, others_get, Value(1));
    expect(*run, get, Value(2));
    expect(*run, empty, Value(true));
}

TEST(Faults, FAULT_10_queue_loses_no_place_to_a_killed_producer) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id queue = scenario.add(Type::Queue, {2});
    const Script victim = scenario.worker();
    victim.put(queue, "of the dead");
    main.put(queue, 1);
    main.put(queue, 2);
    start_and_kill(main, victim);
    const Id size = main.qsize(queue);
    const std::vector<Id> gets = {main.get_nowait(queue), main.get_nowait(queue)};
    const std::vector<Id> puts = {main.put_nowait(queue, 3), main.put_nowait(queue, 4)};
    const Id full = main.put_nowait(queue, 5);
    const std::vector<Id> last_gets = {main.get_nowait(queue), main.get_nowait(queue)};
    const Id nothing = main.get(queue, brief);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, size, Value(2));
    expect(*run, gets[0], Value(1));
    expect(*run, gets[1], Value(2));
    for (const Id put : puts)
        expect(*run, put, Value());
    expect(*run, full, ErrorKind::Full);
    expect(*run, last_gets[0], Value(3));
    expect(*run, last_gets[1], Value(4));
    expect(*run, nothing, ErrorKind::Empty);
}

TEST(Faults, FAULT_10_other_blocked_producers_go_on) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id queue = scenario.add(Type::Queue, {1});
    const Script victim = scenario.worker();
    const Script other = scenario.worker();
    main.put(queue, 1);
    victim.put(queue, "of the dead");
    const Id put = other.put(queue, 2);
    main.start(victim);
    main.await_blocked(victim);
    main.start(other);
    main.await_blocked(other);
    main.kill(victim);
    main.join(victim);
    const Id first = main.get(queue, patience);
    main.join(other);
    const Id second = main.get(queue, patience);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, put, Value());
    expect(*run, first, Value(1));
    expect(*run, second, Value(2));
}

TEST(Faults, FAULT_11_items_of_a_killed_producer_are_received_if_put_had_returned) {
    if (workers_are_threads()) return;
    for (const Type type : {Type::Queue, Type::SimpleQueue}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id queue = scenario.add(type);
        const Id all_put = scenario.add(Type::Event);
        const Script victim = scenario.worker();
        constexpr std::int64_t count = 20;
        for (std::int64_t i = 0; i < count; ++i)
            victim.put(queue, i);
        victim.set(all_put);
        victim.wait(scenario.add(Type::Event));
        main.start(victim);
        main.wait(all_put);
        main.kill(victim);
        main.join(victim);
        std::vector<Id> gets;
        for (std::int64_t i = 0; i < count; ++i)
            gets.push_back(type == Type::Queue ? main.get(queue, patience) : main.get(queue));
        const Id empty = main.empty(queue);
        const auto run = conform(scenario, {.times = 5});
        if (!run) return;
        for (std::size_t i = 0; i < gets.size(); ++i)
            expect(*run, gets[i], Value(i));
        expect(*run, empty, Value(true));
    }
}

TEST(Faults, FAULT_12_producer_killed_while_it_puts_large_items_spoils_nothing) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id queue = scenario.add(Type::Queue);
    const Id begun = scenario.add(Type::Event);
    const Script victim = scenario.worker();
    victim.set(begun);
    // An outcome has to fit the log of a worker, with those of the other calls.
    constexpr std::size_t count = 3;
    for (std::size_t i = 0; i < count; ++i)
        victim.put(queue, std::string(100'000, static_cast<char>('a' + i)));
    victim.wait(scenario.add(Type::Event));
    main.start(victim);
    main.wait(begun);
    main.kill(victim);
    main.join(victim);
    for (std::size_t i = 0; i <= count; ++i)
        main.get(queue, brief);
    main.put(queue, "of the living");
    const Id own = main.get(queue, patience);
    const Id nothing = main.get(queue, brief);
    const auto run = conform(scenario, {.times = 20, .perturbation = 50});
    if (!run) return;
    expect(*run, own, Value("of the living"));
    expect(*run, nothing, ErrorKind::Empty);
    expect_at_least(run->duration(nothing), brief.count());
}

TEST(Faults, FAULT_13_item_of_a_killed_consumer_stays_unfinished_until_another_finishes_it) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id queue = scenario.add(Type::Queue);
    const Id taken = scenario.add(Type::Event);
    const Id joined = scenario.add(Type::Event);
    const Script consumer = scenario.worker();
    const Script joiner = scenario.worker();
    consumer.get(queue);
    consumer.set(taken);
    consumer.wait(scenario.add(Type::Event));
    const Id join = joiner.join(queue);
    joiner.set(joined);
    main.put(queue, 1);
    main.start(consumer);
    main.wait(taken);
    main.kill(consumer);
    main.join(consumer);
    main.start(joiner);
    const Id early = main.wait(joined, brief);
    const Id finish = main.task_done(queue);
    main.join(joiner);
    const Id too_many = main.task_done(queue);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, join, Value());
    expect(*run, early, Value(false));
    expect(*run, finish, Value());
    expect(*run, too_many, ErrorKind::ValueError);
}

TEST(Faults, FAULT_24_worker_ends_although_its_items_are_not_read) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id queue = scenario.add(Type::Queue);
    const Script worker = scenario.worker();
    constexpr std::int64_t count = 100;
    const std::string item(2000, 'x');
    for (std::int64_t i = 0; i < count; ++i) {
        worker.put(queue, item);
        main.put(queue, item);
    }
    main.start(worker);
    const Id join = main.join(worker);
    const Id size = main.qsize(queue);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, join, Value());
    expect(*run, size, Value(2 * count));
}

}  // namespace
}  // namespace conformance
