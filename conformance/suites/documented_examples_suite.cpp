// The examples of the documentation, as scenarios.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/suites/calls.hpp"

namespace conformance {
namespace {

using namespace calls;

const List& primes() {
    static const List list = {503, 509, 521, 523, 541, 547, 557, 563, 569, 571, 577, 587, 593, 599};
    return list;
}

TEST(DocumentedExamples, DOC_1_worker_knows_the_name_it_greets_with) {
    ScenarioBuilder scenario;
    const Script worker = scenario.worker("Worker", false);
    const Id inside = current_worker(worker);
    scenario.start_all();
    scenario.join_all();
    const auto run = conform(scenario);
    if (!run) return;
    EXPECT_EQ(shown_worker(*run, inside).name, "Worker");
    EXPECT_FALSE(shown_worker(*run, inside).daemon);
}

TEST(DocumentedExamples, DOC_2_pool_squares_numbers_in_order) {
    ScenarioBuilder scenario;
    const Id pool = scenario.add(Type::WorkerPool, {4});
    const Id result = map(scenario.main(), pool, "square", numbers(10));
    terminate(scenario.main(), pool);
    const auto run = conform(scenario, {.times = 5});
    if (run) expect(*run, result, Value(List{0, 1, 4, 9, 16, 25, 36, 49, 64, 81}));
}

TEST(DocumentedExamples, DOC_3_executor_squares_numbers_in_order) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {4});
    const Id results = executor_map(main, executor, "square", {Value(numbers(10))});
    const std::vector<Id> calls = next_to_the_end(main, results, 10);
    shutdown(main, executor);
    const auto run = conform(scenario, {.times = 5});
    if (!run) return;
    const std::vector<std::int64_t> expected = {0, 1, 4, 9, 16, 25, 36, 49, 64, 81};
    for (std::size_t i = 0; i < expected.size(); ++i)
        expect(*run, calls[i], item(expected[i]));
    expect(*run, calls.back(), end_of_iteration());
}

TEST(DocumentedExamples, DOC_4_producer_and_consumer_share_a_queue) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id queue = scenario.add(Type::Queue);
    const Script producer = scenario.worker("Producer");
    const Script consumer = scenario.worker("Consumer");
    for (std::int64_t value = 0; value < 3; ++value)
        producer.put(queue, value);
    producer.put(queue, {});
    std::vector<Id> gets;
    for (int i = 0; i < 4; ++i) {
        gets.push_back(consumer.get(queue));
        consumer.task_done(queue);
    }
    main.start(producer);
    main.start(consumer);
    main.join(queue);
    main.join(producer);
    main.join(consumer);
    const Id empty = main.empty(queue);
    const auto run = conform(scenario, {.times = 50, .perturbation = 30});
    if (!run) return;
    for (std::size_t i = 0; i < 3; ++i)
        expect(*run, gets[i], Value(i));
    expect(*run, gets[3], Value());
    expect(*run, empty, Value(true));
}

TEST(DocumentedExamples, DOC_5_worker_sends_messages_through_a_simple_queue) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id queue = scenario.add(Type::SimpleQueue);
    const Script worker = scenario.worker();
    worker.put(queue, "hello");
    worker.put(queue, "world");
    main.start(worker);
    const Id first = main.get(queue);
    const Id second = main.get(queue);
    main.join(worker);
    const Id empty = main.empty(queue);
    const auto run = conform(scenario, {.times = 50, .perturbation = 30});
    if (!run) return;
    expect(*run, first, Value("hello"));
    expect(*run, second, Value("world"));
    expect(*run, empty, Value(true));
}

TEST(DocumentedExamples, DOC_6_lock_lets_one_worker_in_at_a_time) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    std::vector<Id> entries;
    for (const std::string name : {"Worker-0", "Worker-1"})
        entries.push_back(scenario.worker(name).with(lock, "nothing"));
    scenario.start_all();
    scenario.join_all();
    scenario.align();
    const auto run = conform(scenario, {.times = 50, .perturbation = 30});
    if (!run) return;
    for (const Id entry : entries)
        expect(*run, entry, Value(true));
}

TEST(DocumentedExamples, DOC_6_countdown_under_an_rlock_is_in_one_piece) {
    ScenarioBuilder scenario;
    const Id rlock = scenario.add(Type::RLock);
    const Id cell = scenario.add(Type::Cell);
    std::vector<std::vector<Id>> steps;
    for (const std::string name : {"Worker-0", "Worker-1"}) {
        const Script worker = scenario.worker(name);
        steps.emplace_back();
        for (int depth = 0; depth < 4; ++depth) {
            worker.acquire(rlock);
            steps.back().push_back(worker.add(cell));
        }
        for (int depth = 0; depth < 4; ++depth)
            worker.release(rlock);
    }
    scenario.start_all();
    scenario.join_all();
    scenario.align();
    const auto run = conform(scenario, {.times = 100, .perturbation = 30});
    if (!run) return;
    for (const std::vector<Id>& countdown : steps) {
        const std::int64_t first = run->outcome(countdown[0]).value().as_int();
        EXPECT_TRUE(first == 1 || first == 5);
        for (std::size_t i = 0; i < countdown.size(); ++i)
            expect(*run, countdown[i], Value(first + static_cast<std::int64_t>(i)));
    }
}

TEST(DocumentedExamples, DOC_7_semaphore_lets_three_workers_through_two_at_a_time) {
    ScenarioBuilder scenario;
    const Id semaphore = scenario.add(Type::Semaphore, {2});
    std::vector<Id> entries;
    for (const Script& worker : scenario.workers(3))
        entries.push_back(worker.with(semaphore, "nothing"));
    scenario.start_all();
    scenario.join_all();
    scenario.align();
    const auto run = conform(scenario, {.times = 50, .perturbation = 30});
    if (!run) return;
    for (const Id entry : entries)
        expect(*run, entry, Value(true));
}

TEST(DocumentedExamples, DOC_7_consumer_waits_for_what_the_producer_sends) {
    ScenarioBuilder scenario;
    const Id sent = scenario.add(Type::Cell);
    const Id condition = scenario.add(Type::Condition);
    const Id queue = scenario.add(Type::Queue);
    const Script consumer = scenario.worker("Consumer");
    const Script producer = scenario.worker("Producer");
    consumer.acquire(condition);
    consumer.wait_for(condition, sent, 1);
    const Id received = consumer.get_nowait(queue);
    consumer.release(condition);
    producer.acquire(condition);
    producer.put(queue, 42);
    producer.write(sent, 1);
    producer.notify(condition);
    producer.release(condition);
    scenario.start_all();
    scenario.join_all();
    scenario.align();
    const auto run = conform(scenario, {.times = 100, .perturbation = 30});
    if (run) expect(*run, received, Value(42));
}

TEST(DocumentedExamples, DOC_8_only_the_bounded_semaphore_refuses_a_release_too_many) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id semaphore = scenario.add(Type::Semaphore, {1});
    const Id bounded = scenario.add(Type::BoundedSemaphore, {1});
    main.acquire(semaphore);
    const std::vector<Id> fine = {main.release(semaphore), main.release(semaphore)};
    const std::vector<Id> taken = {main.try_acquire(semaphore), main.try_acquire(semaphore)};
    main.acquire(bounded);
    const Id last_fine = main.release(bounded);
    const Id too_many = main.release(bounded);
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id release : fine)
        expect(*run, release, Value());
    for (const Id acquire : taken)
        expect(*run, acquire, Value(true));
    expect(*run, last_fine, Value());
    expect(*run, too_many, ErrorKind::ValueError);
}

TEST(DocumentedExamples, DOC_9_no_runner_passes_the_checkpoint_before_all_have_started) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id start_signal = scenario.add(Type::Event);
    const Id checkpoint = scenario.add(Type::Barrier, {3});
    std::vector<Id> started;
    std::vector<Id> passed;
    for (const std::string name : {"Runner-0", "Runner-1", "Runner-2"}) {
        const Script runner = scenario.worker(name);
        started.push_back(runner.wait(start_signal));
        passed.push_back(runner.wait(checkpoint));
    }
    scenario.start_all();
    main.set(start_signal);
    scenario.join_all();
    const auto run = conform(scenario, {.times = 100, .perturbation = 30});
    if (!run) return;
    std::vector<std::int64_t> places;
    for (const Id start : started) {
        expect(*run, start, Value(true));
        for (const Id pass : passed)
            EXPECT_LE(*run->entry(start).responded, *run->entry(pass).responded);
    }
    for (const Id pass : passed)
        places.push_back(run->outcome(pass).value().as_int());
    std::ranges::sort(places);
    EXPECT_EQ(places, (std::vector<std::int64_t>{0, 1, 2}));
}

TEST(DocumentedExamples, DOC_10_utility_functions_show_the_main_worker_and_its_daemon) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script daemon = scenario.worker("Daemon", true);
    const Id finish = scenario.add(Type::Event);
    main.start(daemon);
    const Id self = current_worker(main);
    const Id ident = get_ident(main);
    const Id count = active_count(main);
    const Id all = enumerate(main);
    const Id children = active_children(main);
    main.set(finish);
    main.join(daemon);
    daemon.wait(finish);
    const auto run = conform(scenario);
    if (!run) return;
    const Shown main_shown = shown_worker(*run, self);
    std::vector<std::string> names = {main_shown.name, "Daemon"};
    std::ranges::sort(names);
    expect(*run, ident, Value(main_shown.ident));
    expect(*run, count, Value(2));
    EXPECT_EQ(shown_names(*run, all), names);
    EXPECT_EQ(shown_names(*run, children), std::vector<std::string>{"Daemon"});
    EXPECT_TRUE(shown_workers(*run, children).at(0).daemon);
}

TEST(DocumentedExamples, DOC_11_get_backend_names_the_backend_in_use) {
    ScenarioBuilder scenario;
    const Id call = scenario.main().call(no_object, Operation::get_backend);
    const auto run = conform(scenario);
    if (run) expect(*run, call, Value(backend_under_test()));
}

TEST(DocumentedExamples, DOC_12_workers_search_primes_through_two_queues) {
    constexpr std::size_t workers = 4;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id tasks = scenario.add(Type::Queue);
    const Id results = scenario.add(Type::Queue);
    // A worker of a scenario cannot decide: each takes as many numbers as the others, and puts some
    // of the primes instead of those it got.
    const std::vector<Script> pool = scenario.workers(workers);
    for (std::size_t i = 0; i < pool.size(); ++i) {
        for (std::size_t n = 0; n < 25; ++n) {
            pool[i].get(tasks);
            if (const std::size_t prime = n * workers + i; prime < primes().size())
                pool[i].put(results, primes()[prime]);
            pool[i].task_done(tasks);
        }
        pool[i].get(tasks);
        pool[i].task_done(tasks);
    }
    scenario.start_all();
    for (std::int64_t candidate = 500; candidate < 600; ++candidate)
        main.put(tasks, candidate);
    for (std::size_t i = 0; i < workers; ++i)
        main.put(tasks, {});
    main.join(tasks);
    scenario.join_all();
    std::vector<Id> gets;
    std::vector<Id> looks;
    for (std::size_t i = 0; i < primes().size(); ++i) {
        looks.push_back(main.empty(results));
        gets.push_back(main.get(results));
    }
    const Id empty = main.empty(results);
    const auto run = conform(scenario);
    if (!run) return;
    std::vector<std::int64_t> found;
    for (const Id get : gets)
        found.push_back(run->outcome(get).value().as_int());
    std::ranges::sort(found);
    List sorted;
    for (const std::int64_t prime : found)
        sorted.emplace_back(prime);
    EXPECT_EQ(to_string(Value(sorted)), to_string(Value(primes())));
    for (const Id look : looks)
        expect(*run, look, Value(false));
    expect(*run, empty, Value(true));
}

TEST(DocumentedExamples, DOC_13_executor_searches_primes) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor);
    List candidates;
    for (std::int64_t candidate = 500; candidate < 600; ++candidate)
        candidates.emplace_back(candidate);
    const Id results = executor_map(main, executor, "is_prime", {Value(candidates)});
    const std::vector<Id> calls = next_to_the_end(main, results, candidates.size());
    const auto run = conform(scenario);
    if (!run) return;
    List found;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (came_to(*run, calls[i], item(true))) found.push_back(candidates[i]);
    }
    EXPECT_EQ(to_string(Value(found)), to_string(Value(primes())));
    expect(*run, calls.back(), end_of_iteration());
}

TEST(DocumentedExamples, DOC_14_each_of_five_workers_counts_once) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id counter = scenario.add(Type::Cell);
    for (const Script& worker : scenario.workers(5)) {
        worker.add(counter);
        main.start(worker);
        main.join(worker);
    }
    const Id count = main.read(counter);
    const auto run = conform(scenario);
    if (run) expect(*run, count, Value(5));
}

TEST(DocumentedExamples, DOC_15_five_results_through_a_queue_sum_up_to_five) {
    for (const Type type : {Type::SimpleQueue, Type::Queue}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id results = scenario.add(type);
        for (const Script& worker : scenario.workers(5))
            worker.put(results, 1);
        scenario.start_all();
        scenario.join_all();
        std::vector<Id> gets;
        std::vector<Id> looks;
        for (int i = 0; i < 5; ++i) {
            looks.push_back(main.empty(results));
            gets.push_back(main.get(results));
        }
        const Id empty = main.empty(results);
        const auto run = conform(scenario, {.times = 20});
        if (!run) return;
        std::int64_t sum = 0;
        for (const Id get : gets)
            sum += run->outcome(get).value().as_int();
        EXPECT_EQ(sum, 5);
        for (const Id look : looks)
            expect(*run, look, Value(false));
        expect(*run, empty, Value(true));
    }
}

TEST(DocumentedExamples, DOC_16_target_that_cannot_be_transferred_is_rejected) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    scenario.misuse(worker, WorkerMisuse::target);
    const Id start = main.start(worker);
    const Id count = active_count(main);
    const auto run = conform(scenario);
    if (!run) return;
    expect_any_of(*run, start, {ErrorKind::ValueError, ErrorKind::TypeError});
    expect(*run, count, Value(1));
}

}  // namespace
}  // namespace conformance
