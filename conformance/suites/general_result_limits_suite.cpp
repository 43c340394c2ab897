/// \file
/// Time limits of Worker join, and of the results of pools and executors: requirements GEN-4 to GEN-7 and
/// GEN-9.

#include <limits>

#include "conformance/suites/calls.hpp"
#include "conformance/suites/shapes.hpp"

namespace conformance {
namespace {

using namespace calls;
using namespace shapes;

constexpr TimeLimit nan = TimeLimit::not_a_number();
constexpr std::array endless{TimeLimit::infinite(),
                             TimeLimit::nanoseconds(std::numeric_limits<std::int64_t>::max())};
/// How long a task takes that is not to be done when somebody looks, and one that is soon done.
constexpr std::int64_t long_sleep = 100;
constexpr std::int64_t short_sleep = 20;

/// A worker that ends when the event is set.
Script worker_until(ScenarioBuilder& scenario, Id event) {
    const Script worker = scenario.worker();
    worker.wait(event);
    return worker;
}

/// A worker joins its child with `limit`; the child ends later.
void join_blocks(TimeLimit limit) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    const Script main = scenario.main();
    const Script parent = scenario.worker();
    const Script child = scenario.worker({}, {}, parent.id());
    child.wait(event);
    parent.start(child);
    const Id join = parent.join(child, limit);
    parent.is_alive(child);
    start_blocked(main, parent);
    pause(scenario, main);
    const Id set = main.set(event);
    main.join(parent);
    expect_ends_after_begin(conform(scenario), join, set);
}

/// Results with `limit` come when their tasks are done.
void results_of_pools_block(TimeLimit limit) {
    ScenarioBuilder scenario;
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const Script main = scenario.main();
    const Id first = sleep_async(main, pool, short_sleep);
    main.call(first, Operation::wait, {}, limit);
    ready(main, first);
    const Id second = sleep_async(main, pool, short_sleep);
    main.get(second);
    const Id third = sleep_async(main, pool, short_sleep);
    const Id get = main.call(third, Operation::get, {}, limit);
    const Id iterator = imap(main, pool, "sleep", {short_sleep * millisecond});
    const Id item_of_iterator = next(main, iterator, limit);
    next(main, iterator, limit);
    const auto run = conform(scenario);
    expect_outcome(run, get, Value());
    expect_outcome(run, item_of_iterator, item(Value()));
}
void results_of_executors_block(TimeLimit limit) {
    ScenarioBuilder scenario;
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Script main = scenario.main();
    const Id result = main.result(submit_sleep(main, executor, short_sleep), limit);
    const Id raised = exception(main, submit_sleep(main, executor, short_sleep), limit);
    const Id map = executor_map(main, executor, "sleep",
                                {Value(List{Value(short_sleep * millisecond)})}, 1, limit);
    const Id item_of_map = next(main, map);
    const auto run = conform(scenario);
    expect_outcome(run, result, Value());
    expect_outcome(run, raised, Value());
    expect_outcome(run, item_of_map, item(Value()));
}

/// Calls that look at the result of a task that is not done, and give up at once: with TimeoutError,
/// unless the machine is so slow that the task is done.
void results_of_pools_give_up(TimeLimit limit) {
    ScenarioBuilder scenario;
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const Script main = scenario.main();
    const Id result = sleep_async(main, pool, long_sleep);
    const Id iterator = imap(main, pool, "sleep", {long_sleep * millisecond});
    const Id get = main.call(result, Operation::get, {}, limit);
    main.call(result, Operation::wait, {}, limit);
    const Id is_ready = ready(main, result);
    const Id item_of_iterator = next(main, iterator, limit);
    main.get(result);
    next(main, iterator);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        return came_to(run, get, ErrorKind::TimeoutError) && came_to(run, is_ready, Value(false)) &&
               came_to(run, item_of_iterator, ErrorKind::TimeoutError);
    });
}
void results_of_executors_give_up(TimeLimit limit) {
    ScenarioBuilder scenario;
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Script main = scenario.main();
    const Id future = submit_sleep(main, executor, long_sleep);
    const Id result = main.result(future, limit);
    const Id raised = exception(main, future, limit);
    const Id map = executor_map(main, executor, "sleep",
                                {Value(List{Value(long_sleep * millisecond)})}, 1, limit);
    const Id item_of_map = next(main, map);
    main.result(future);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        return came_to(run, result, ErrorKind::TimeoutError) &&
               came_to(run, raised, ErrorKind::TimeoutError) &&
               came_to(run, item_of_map, ErrorKind::TimeoutError);
    });
}

/// Join with `limit` of a worker that cannot have ended, and of one that has.
void join_looks_once(const std::vector<TimeLimit>& limits) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    const Script main = scenario.main();
    const Script worker = worker_until(scenario, event);
    main.start(worker);
    for (const TimeLimit limit : limits) {
        main.join(worker, limit);
        main.is_alive(worker);
    }
    main.set(event);
    main.join(worker);
    for (const TimeLimit limit : limits)
        main.join(worker, limit);
    main.is_alive(worker);
    conform(scenario);
}

TEST(General, GEN_4_missing_limit_of_join_means_none) {
    join_blocks(TimeLimit());
}
TEST(General, GEN_4_missing_limit_of_results_means_none) {
    results_of_pools_block(TimeLimit());
    results_of_executors_block(TimeLimit());
}
TEST(General, GEN_4_limit_of_zero_means_a_single_look_for_join) {
    join_looks_once({at_once});
}
TEST(General, GEN_4_limit_of_zero_means_a_single_look_for_results_of_pools) {
    results_of_pools_give_up(at_once);
}
TEST(General, GEN_4_limit_of_zero_means_a_single_look_for_results_of_executors) {
    results_of_executors_give_up(at_once);
}

TEST(General, GEN_5_negative_limit_means_a_single_look_for_join) {
    join_looks_once({negative.begin(), negative.end()});
}
TEST(General, GEN_5_negative_limit_means_a_single_look_for_results_of_pools) {
    for (const TimeLimit limit : {negative[0], negative[2]})
        results_of_pools_give_up(limit);
}
TEST(General, GEN_5_negative_limit_means_a_single_look_for_results_of_executors) {
    for (const TimeLimit limit : {negative[0], negative[2]})
        results_of_executors_give_up(limit);
}

TEST(General, GEN_6_endless_limit_of_join_means_none) {
    for (const TimeLimit limit : endless)
        join_blocks(limit);
}
TEST(General, GEN_6_endless_limit_of_results_means_none) {
    for (const TimeLimit limit : endless) {
        results_of_pools_block(limit);
        results_of_executors_block(limit);
    }
}

TEST(General, GEN_7_limit_of_join_that_is_not_a_number_raises) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    const Script main = scenario.main();
    const Script worker = worker_until(scenario, event);
    main.start(worker);
    std::vector<Id> refused{main.join(worker, nan)};
    main.is_alive(worker);
    main.set(event);
    main.join(worker);
    refused.push_back(main.join(worker, nan));
    expect_count(conform(scenario), refused, ErrorKind::ValueError, 2);
}

TEST(General, GEN_7_limit_of_results_of_pools_that_is_not_a_number_raises) {
    ScenarioBuilder scenario;
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const Script main = scenario.main();
    const Id result = sleep_async(main, pool, short_sleep);
    const Id iterator = imap(main, pool, "square", {3});
    std::vector<Id> refused;
    refused.push_back(main.call(result, Operation::get, {}, nan));
    refused.push_back(main.call(result, Operation::wait, {}, nan));
    refused.push_back(next(main, iterator, nan));
    main.get(result);
    refused.push_back(main.call(result, Operation::get, {}, nan));
    refused.push_back(main.call(result, Operation::wait, {}, nan));
    expect_count(conform(scenario), refused, ErrorKind::ValueError, 5);
}

TEST(General, GEN_7_limit_of_results_of_executors_that_is_not_a_number_raises) {
    ScenarioBuilder scenario;
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Script main = scenario.main();
    const Id future = submit_sleep(main, executor, short_sleep);
    std::vector<Id> refused;
    refused.push_back(main.result(future, nan));
    refused.push_back(exception(main, future, nan));
    main.result(future);
    refused.push_back(main.result(future, nan));
    const Id map =
        executor_map(main, executor, "square", {Value(List{Value(1), Value(2)})}, 1, nan);
    const auto run = conform(scenario);
    if (run) refused.push_back(call_of(*run, map));
    expect_count(run, refused, ErrorKind::ValueError, 4);
}

TEST(General, GEN_9_join_gives_up_no_earlier_than_its_limit) {
    ScenarioBuilder scenario;
    const Id event = scenario.add(Type::Event);
    const Script main = scenario.main();
    const Script worker = worker_until(scenario, event);
    main.start(worker);
    const Id join = main.join(worker, brief);
    main.is_alive(worker);
    main.set(event);
    main.join(worker, patience);
    expect_lasted(conform(scenario), join, brief);
}

// Those that did give up.
TEST(General, GEN_9_results_give_up_no_earlier_than_their_limit) {
    ScenarioBuilder scenario;
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Script main = scenario.main();
    const Id result = sleep_async(main, pool, 3 * long_sleep);
    const Id iterator = imap(main, pool, "sleep", {short_sleep * millisecond});
    const Id future = submit_sleep(main, executor, 3 * long_sleep);
    const Id wait = main.call(result, Operation::wait, {}, brief);
    const std::vector<Id> timed{main.call(result, Operation::get, {}, brief),
                                next(main, iterator, brief), main.result(future, brief),
                                exception(main, future, brief)};
    main.get(result);
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id call : timed) {
        if (came_to(*run, call, ErrorKind::TimeoutError)) expect_lasted(run, call, brief);
    }
    // Not ready afterwards, so it was not ready before.
    if (came_to(*run, timed.front(), ErrorKind::TimeoutError)) expect_lasted(run, wait, brief);
}

}  // namespace
}  // namespace conformance
