/// \file
/// General rules on what goes to other workers: requirements GEN-10, GEN-11, GEN-13, GEN-14, GEN-16,
/// GEN-17 and WORKER-27.

#include "conformance/suites/calls.hpp"
#include "conformance/suites/shapes.hpp"
#include "spec/scenario/misuse.hpp"

namespace conformance {
namespace {

using namespace shapes;
using calls::executor_map;
using calls::patience;

const std::vector<Outcome> refusals{ErrorKind::ValueError, ErrorKind::TypeError};

void expect_refused(const std::optional<Conformed>& run, const std::vector<Id>& calls) {
    if (!run) return;
    for (const Id call : calls)
        calls::expect_any_of(*run, call, refusals);
}
void expect_results_refused(const std::optional<Conformed>& run, const std::vector<Id>& results) {
    if (!run) return;
    for (const Id result : results)
        calls::expect_any_of(*run, calls::call_of(*run, result), refusals);
}

// The first call on a worker makes it.
TEST(General, GEN_10_target_or_argument_of_a_worker_that_cannot_be_transferred) {
    for (const WorkerMisuse misuse : {WorkerMisuse::target, WorkerMisuse::argument}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Script worker = scenario.worker();
        scenario.misuse(worker, misuse);
        const std::vector<Id> refused{main.is_alive(worker), main.start(worker)};
        const Id count = calls::active_count(main);
        const auto run = conform(scenario);
        expect_refused(run, refused);
        expect_outcome(run, count, Value(1));
    }
}

TEST(General, GEN_10_function_of_a_pool_that_cannot_be_transferred) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const List items{1};
    const List tuples{Value(List{1})};
    const std::string function(opaque_function);
    const std::vector<Id> refused{main.apply(pool, function, {1}),
                                  calls::map(main, pool, function, items),
                                  calls::starmap(main, pool, function, tuples)};
    const std::vector<Id> results{main.apply_async(pool, function, {1}),
                                  calls::map_async(main, pool, function, items),
                                  calls::starmap_async(main, pool, function, tuples),
                                  calls::imap(main, pool, function, items),
                                  calls::imap_unordered(main, pool, function, items)};
    const Id later = main.apply(pool, "square", {3});
    const auto run = conform(scenario);
    expect_refused(run, refused);
    expect_results_refused(run, results);
    expect_outcome(run, later, Value(9));
}

TEST(General, GEN_10_function_of_an_executor_that_cannot_be_transferred) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const std::string function(opaque_function);
    const std::vector<Id> results{main.submit(executor, function, {1}),
                                  executor_map(main, executor, function, {Value(List{1})})};
    const Id later = main.result(main.submit(executor, "square", {3}), patience);
    const auto run = conform(scenario);
    expect_results_refused(run, results);
    expect_outcome(run, later, Value(9));
}

TEST(General, GEN_10_initializer_of_a_pool_that_cannot_be_transferred) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const std::vector<Id> refused{
        main.create(scenario.add(Type::WorkerPool, {1, opaque_function})),
        main.create(scenario.add(Type::WorkerPool, {1, "echo", List{Opaque::transfer}}))};
    const Id count = calls::active_count(main);
    const auto run = conform(scenario);
    expect_refused(run, refused);
    expect_outcome(run, count, Value(1));
}

TEST(General, GEN_10_argument_of_a_task_that_cannot_be_transferred) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Id apply = main.apply(pool, "echo", {Opaque::transfer});
    const Id async = main.apply_async(pool, "echo", {Value(List{1, Opaque::transfer})});
    const Id submitted = main.submit(executor, "concat", {"a", Opaque::transfer});
    const Id later = main.apply(pool, "square", {3});
    const Id later_too = main.result(main.submit(executor, "square", {4}), patience);
    const auto run = conform(scenario);
    expect_outcome(run, apply, ErrorKind::ValueError);
    expect_outcome(run, later, Value(9));
    expect_outcome(run, later_too, Value(16));
    if (!run) return;
    for (const Id result : {async, submitted})
        calls::expect(*run, calls::call_of(*run, result), ErrorKind::ValueError);
}

TEST(General, GEN_11_item_of_an_input_that_cannot_be_transferred) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const List items{1, Opaque::transfer, 3};
    const Id map = calls::map(main, pool, "echo", items, 1);
    const Id starmap =
        calls::starmap(main, pool, "echo", {Value(List{1}), Value(List{Opaque::transfer})}, 1);
    const Id results = calls::imap(main, pool, "echo", items);
    const std::vector<Id> nexts = calls::next_to_the_end(main, results, 3);
    const Id later = calls::map(main, pool, "square", calls::numbers(3));
    const auto run = conform(scenario, {.times = 3});
    expect_outcome(run, map, ErrorKind::ValueError);
    expect_outcome(run, starmap, ErrorKind::ValueError);
    expect_outcome(run, nexts[0], calls::item(1));
    expect_outcome(run, nexts[1], ErrorKind::ValueError);
    expect_outcome(run, nexts[2], calls::item(3));
    expect_outcome(run, nexts[3], calls::end_of_iteration());
    expect_outcome(run, later, Value(calls::squares(3)));
}

TEST(General, GEN_11_item_of_an_executors_input_that_cannot_be_transferred) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Id results = executor_map(main, executor, "echo", {Value(List{1, Opaque::transfer})});
    const std::vector<Id> nexts = calls::next_to_the_end(main, results, 2);
    const Id later = main.result(main.submit(executor, "square", {3}), patience);
    const auto run = conform(scenario, {.times = 3});
    expect_outcome(run, nexts[0], calls::item(1));
    expect_outcome(run, nexts[1], ErrorKind::ValueError);
    expect_outcome(run, later, Value(9));
}

// By its making, or by the results of its tasks.
TEST(General, GEN_11_initializer_of_an_executor_that_cannot_be_transferred) {
    for (const List& arguments :
         {List{1, opaque_function}, List{1, "echo", List{Opaque::transfer}}}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id executor = scenario.add(Type::WorkerPoolExecutor, arguments);
        const Id create = main.create(executor);
        const Id result = main.result(main.submit(executor, "square", {3}), patience);
        const auto run = conform(scenario);
        if (!run) continue;
        if (run->outcome(create).is_error()) {
            calls::expect_any_of(*run, create, refusals);
        } else {
            calls::expect(*run, result, ErrorKind::ValueError);
        }
    }
}

// The models do not foretell what such a queue shows.
TEST(General, GEN_13_primitive_among_the_arguments_of_a_task) {
    for (const Type type : {Type::Queue, Type::SimpleQueue}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id queue = scenario.add(type);
        const Id pool = scenario.add(Type::WorkerPool, {1});
        const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
        const Id applied = main.apply(pool, "put_to", {queue, 1});
        const Id future = main.submit(executor, "put_to", {queue, 2});
        const Id result = main.result(future, patience);
        const Id later = main.apply(pool, "square", {3});
        const Id empty = main.empty(queue);
        const auto run = conform(scenario);
        expect_outcome(run, later, Value(9));
        if (!run) continue;
        calls::expect_any_of(*run, applied, {Value(), ErrorKind::RuntimeError});
        if (run->outcome(applied) == Outcome()) calls::expect(*run, empty, Value(false));
        if (calls::came_to(*run, calls::call_of(*run, future), Value()))
            calls::expect_any_of(*run, result, {Value(), ErrorKind::RuntimeError});
    }
}

void initializer_shares(Type queue_type, Type pool_type) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id queue = scenario.add(queue_type);
    const Id pool = scenario.add(pool_type, {2, "keep", List{queue}});
    if (pool_type == Type::WorkerPool) {
        for (const std::int64_t item : {0, 1})
            main.apply(pool, "put_kept", {item});
        calls::map(main, pool, "put_kept", {2, 3}, 1);
    } else {
        for (const std::int64_t item : {0, 1, 2, 3})
            main.result(main.submit(pool, "put_kept", {item}), patience);
    }
    const Id before = main.empty(queue);
    std::vector<Id> gets;
    for (int i = 0; i < 4; ++i)
        gets.push_back(main.get(queue));
    const Id after = main.empty(queue);
    const auto run = conform(scenario, {.times = 5, .perturbation = 20});
    expect_outcome(run, before, Value(false));
    expect_outcomes(run, gets, {Value(0), Value(1), Value(2), Value(3)});
    expect_outcome(run, after, Value(true));
}

TEST(General, GEN_14_primitive_among_the_arguments_of_an_initializer) {
    for (const Type queue : {Type::Queue, Type::SimpleQueue}) {
        initializer_shares(queue, Type::WorkerPool);
        initializer_shares(queue, Type::WorkerPoolExecutor);
    }
}

// Either is right: a state of the whole program, or one of each worker.
TEST(General, GEN_16_state_that_a_task_changes_shows_in_another_worker_or_not) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id first = scenario.add(Type::WorkerPool, {1});
    const Id second = scenario.add(Type::WorkerPool, {1});
    main.apply(first, "set_mark", {7});
    const Id own = main.apply(first, "get_mark");
    const Id others = main.apply(second, "get_mark");
    const auto run = conform(scenario);
    expect_outcome(run, own, Value(7));
    if (run) calls::expect_any_of(*run, others, {Value(), Value(7)});
}

/// A scenario with one of each, and the results of calls.
struct Everything {
    ScenarioBuilder scenario;
    Script main = scenario.main();
    Id pool = scenario.add(Type::WorkerPool, {1});
    Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    Id result = main.apply_async(pool, "square", {3});
    Id items = calls::imap(main, pool, "square", calls::numbers(2));
    Id future = main.submit(executor, "square", {3});
    Id map = executor_map(main, executor, "square", {Value(calls::numbers(2))});
};

TEST(General, GEN_17_pools_results_and_workers_as_arguments) {
    for (const WorkerMisuse misuse :
         {WorkerMisuse::WorkerPool, WorkerMisuse::WorkerPoolExecutor, WorkerMisuse::AsyncResult,
          WorkerMisuse::ImapIterator, WorkerMisuse::Future, WorkerMisuse::ExecutorMap,
          WorkerMisuse::Worker}) {
        Everything all;
        const Script worker = all.scenario.worker();
        all.scenario.misuse(worker, misuse);
        const Id made = all.main.is_alive(worker);
        const Id later = calls::get(all.main, all.result);
        const auto run = conform(all.scenario);
        if (!run) return;
        calls::expect_any_of(*run, made, refusals);
        calls::expect(*run, later, Value(9));
    }
}

TEST(Worker, WORKER_27_argument_that_cannot_be_transferred_any_more_makes_start_raise) {
    using namespace calls;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    scenario.misuse(worker, WorkerMisuse::spoilt);
    const Id made = main.is_alive(worker);
    const std::vector<Id> starts{main.start(worker), main.start(worker)};
    const Id alive = main.is_alive(worker);
    const Id join = main.join(worker);
    const Id count = active_count(main);
    const Id children = active_children(main);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, made, Value(false));
    for (const Id start : starts)
        expect(*run, start, ErrorKind::ValueError);
    expect(*run, alive, Value(false));
    expect(*run, join, ErrorKind::RuntimeError);
    expect(*run, count, Value(1));
    expect(*run, children, Value(List{}));
}

}  // namespace
}  // namespace conformance
