// WorkerPool: close, terminate, join, guarded blocks, death of workers.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/suites/calls.hpp"

namespace conformance {
namespace {

using namespace calls;

/// One submission of every kind. Their results are objects, but for the three that wait.
struct Submissions {
    Submissions(const Script& main, Id pool)
        : waiting{main.apply(pool, "square", {2}), map(main, pool, "square", numbers(3)),
                  starmap(main, pool, "square", {List{1}, List{2}})},
          results{main.apply_async(pool, "square", {2}),
                  map_async(main, pool, "square", numbers(3)),
                  starmap_async(main, pool, "square", {List{1}, List{2}}),
                  imap(main, pool, "square", numbers(3)),
                  imap_unordered(main, pool, "square", numbers(3))} {}
    void expect_refused(const Conformed& run) const {
        for (const Id call : waiting)
            expect(run, call, ErrorKind::ValueError);
        for (const Id result : results)
            expect(run, call_of(run, result), ErrorKind::ValueError);
    }
    std::vector<Id> waiting;
    std::vector<Id> results;
};

TEST(WorkerPool, POOL_19_submissions_after_close_raise) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    main.apply(pool, "square", {1});
    const Id first = close(main, pool);
    const Id second = close(main, pool);
    const Submissions late(main, pool);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, first, Value());
    expect(*run, second, Value());
    late.expect_refused(*run);
}

TEST(WorkerPool, POOL_19_running_and_queued_tasks_finish_after_close) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    sleep_async(main, pool, 30);
    const Id queued = main.apply_async(pool, "square", {3});
    const Id queued_map = map_async(main, pool, "square", numbers(10), 1);
    const Id iterator = imap(main, pool, "square", numbers(2));
    close(main, pool);
    const Id value = get(main, queued);
    const Id list = get(main, queued_map);
    const std::vector<Id> items = next_to_the_end(main, iterator, 2);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, value, Value(9));
    expect(*run, list, Value(squares(10)));
    expect(*run, items[0], item(0));
    expect(*run, items[1], item(1));
    expect(*run, items[2], end_of_iteration());
}

TEST(WorkerPool, POOL_20_join_of_an_open_pool_raises) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const Id join = main.join(pool);
    const Id afterwards = main.apply(pool, "square", {3});
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, join, ErrorKind::ValueError);
    expect(*run, afterwards, Value(9));
}

TEST(WorkerPool, POOL_20_join_waits_for_all_tasks_and_may_be_repeated) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const Id first = sleep_async(main, pool, 30);
    const Id second = sleep_async(main, pool, 30);
    close(main, pool);
    const Id join = main.join(pool);
    const Id again = main.join(pool);
    const std::vector<Id> looks = {ready(main, first), ready(main, second)};
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, join, Value());
    expect(*run, again, Value());
    expect_at_least(elapsed(*run, call_of(*run, first), join), 60 * millisecond);
    for (const Id look : looks)
        expect(*run, look, Value(true));
}

TEST(WorkerPool, POOL_21_terminate_does_not_wait_for_running_tasks) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const Id slow = sleep_async(main, pool, 300);
    get(main, slow, TimeLimit::milliseconds(20));
    const Id first = terminate(main, pool);
    const Id second = terminate(main, pool);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        expect(run, first, Value());
        expect(run, second, Value());
        return elapsed(run, call_of(run, slow), second) < 300 * millisecond;
    });
}

TEST(WorkerPool, POOL_21_submissions_after_terminate_raise) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    terminate(main, pool);
    const Submissions late(main, pool);
    const auto run = conform(scenario);
    if (run) late.expect_refused(*run);
}

/// Two tasks that print, one of which a slow one keeps in the queue of the only worker.
struct Printing {
    Printing(const Script& main, Id pool) {
        main.call(main.apply_async(pool, "print", {"printed early"}), Operation::wait);
        slow = sleep_async(main, pool, 300);
        main.apply_async(pool, "print", {"printed late"});
    }
    /// The queued one was never run, and what was run can be told from the output.
    [[nodiscard]] static bool only_early(const Conformed& run) {
        EXPECT_NE(run.output().find("printed early"), std::string::npos) << run.output();
        return run.output().find("printed late") == std::string::npos;
    }
    Id slow = no_object;
};

TEST(WorkerPool, POOL_21_queued_tasks_never_run_after_terminate) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const Printing printing(main, pool);
    const Id ended = terminate(main, pool);
    main.join(pool);
    expect_in_some_run(scenario, [&](const Conformed& run) {
        expect(run, ended, Value());
        return Printing::only_early(run);
    });
}

TEST(WorkerPool, POOL_22_after_terminate_join_returns_when_no_worker_runs_any_more) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {3});
    sleep_async(main, pool, 40);
    main.apply(pool, "square", {1});
    terminate(main, pool);
    const Id join = main.join(pool);
    const Id count = active_count(main);
    const auto run = conform(scenario, {.times = 5});
    if (!run) return;
    expect(*run, join, Value());
    expect(*run, count, Value(1));
}

TEST(WorkerPool, POOL_22_idle_workers_end_after_terminate_and_after_close) {
    for (const bool terminates : {true, false}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {4});
        main.call(pool, terminates ? Operation::terminate : Operation::close);
        const Id join = main.join(pool);
        const Id count = active_count(main);
        const auto run = conform(scenario, {.times = 10});
        if (!run) return;
        expect(*run, join, Value());
        expect(*run, count, Value(1));
    }
}

TEST(WorkerPool, POOL_23_terminate_completes_every_pending_result) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    sleep_async(main, pool, 100);
    const Id single = main.apply_async(pool, "square", {1});
    const Id whole = map_async(main, pool, "square", numbers(10), 2);
    const Id iterator = imap(main, pool, "square", numbers(3));
    const Id unordered = imap_unordered(main, pool, "square", numbers(3));
    terminate(main, pool);
    const std::vector<Id> outcomes = {get(main, single, patience), get(main, whole, patience),
                                      next(main, iterator, patience),
                                      next(main, unordered, patience)};
    expect_in_some_run(scenario, [&](const Conformed& run) {
        return std::ranges::all_of(outcomes, [&](Id outcome) {
            return came_to(run, outcome, ErrorKind::BrokenWorkerPool);
        });
    });
}

TEST(WorkerPool, POOL_23_results_that_were_there_survive_terminate) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const Id result = main.apply_async(pool, "square", {7});
    main.call(result, Operation::wait);
    terminate(main, pool);
    const Id outcome = get(main, result);
    const auto run = conform(scenario);
    if (run) expect(*run, outcome, Value(49));
}

TEST(WorkerPool, POOL_23_end_of_a_guarded_block_completes_what_is_pending) {
    for (const bool raises : {false, true}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {1});
        const Id early = main.apply_async(pool, "square", {5});
        main.call(early, Operation::wait);
        const Id slow = sleep_async(main, pool, 300);
        const Id queued = main.apply_async(pool, "square", {2});
        const Id queued_map = map_async(main, pool, "square", numbers(10), 2);
        const Id block = main.with(pool, raises ? "raise" : "nothing");
        const std::vector<Id> outcomes = {get(main, queued, patience),
                                          get(main, queued_map, patience)};
        const Id kept = get(main, early);
        expect_in_some_run(scenario, [&](const Conformed& run) {
            expect(run, block, raises ? Outcome(ErrorKind::Other) : Outcome(Value(true)));
            expect(run, kept, Value(25));
            return elapsed(run, call_of(run, slow), block) < 300 * millisecond &&
                   std::ranges::all_of(
                       outcomes,
                       [&](Id outcome) {
                           return came_to(run, outcome, ErrorKind::BrokenWorkerPool);
                       });
        });
    }
}

TEST(WorkerPool, POOL_24_end_of_a_guarded_block_terminates_the_pool) {
    for (const bool raises : {false, true}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id pool = scenario.add(Type::WorkerPool, {1});
        const Id never = scenario.add(Type::Event);
        const Id early = main.apply_async(pool, "square", {5});
        const Printing printing(main, pool);
        const Id block = main.with(pool, raises ? "raise" : "nothing");
        const Id kept = get(main, early);
        main.wait(never, TimeLimit::milliseconds(500));  // a queued task would run meanwhile
        expect_in_some_run(scenario, [&](const Conformed& run) {
            expect(run, block, raises ? Outcome(ErrorKind::Other) : Outcome(Value(true)));
            expect(run, kept, Value(25));
            return elapsed(run, call_of(run, printing.slow), block) < 300 * millisecond &&
                   Printing::only_early(run);
        });
    }
}

TEST(WorkerPool, POOL_24_pool_of_an_ended_guarded_block_refuses_submissions) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const Id block = main.with(pool, "nothing");
    const Submissions late(main, pool);
    const Id join = main.join(pool);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, block, Value(true));
    late.expect_refused(*run);
    expect(*run, join, Value());
}

TEST(WorkerPool, POOL_24_exception_passes_through_the_guarded_block) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const Id slow = sleep_async(main, pool, 300);
    const Id block = main.with(pool, "raise");
    const Id late = main.apply(pool, "square", {2});
    expect_in_some_run(scenario, [&](const Conformed& run) {
        expect(run, block, ErrorKind::Other);
        expect(run, late, ErrorKind::ValueError);
        return elapsed(run, call_of(run, slow), block) < 300 * millisecond;
    });
}

TEST(WorkerPool, POOL_30_death_of_a_worker_breaks_the_result_of_its_task) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {2});
    const Id deadly = main.apply_async(pool, "die");
    const Id outcome = get(main, deadly, patience);
    const auto run = conform(scenario);
    if (run) expect(*run, outcome, ErrorKind::BrokenWorkerPool);
}

TEST(WorkerPool, POOL_30_other_tasks_are_run_in_spite_of_a_death) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const Id deadly = main.apply_async(pool, "die");
    std::vector<Id> others;
    for (int i = 0; i < 5; ++i)
        others.push_back(main.apply_async(pool, "square", {i}));
    const Id broken = get(main, deadly, patience);
    for (Id& other : others)
        other = get(main, other, patience);
    const Id later = get(main, map_async(main, pool, "square", numbers(5)), patience);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, broken, ErrorKind::BrokenWorkerPool);
    for (std::size_t i = 0; i < others.size(); ++i)
        expect(*run, others[i], Value(i * i));
    expect(*run, later, Value(squares(5)));
}

TEST(WorkerPool, POOL_30_worker_that_takes_the_place_of_a_dead_one_is_initialized) {
    if (workers_are_threads()) return;
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1, "set_mark", List{7}});
    const Id before = main.apply(pool, "get_mark");
    const Id broken = get(main, main.apply_async(pool, "die"), patience);
    const Id after = get(main, main.apply_async(pool, "get_mark"), patience);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, before, Value(7));
    expect(*run, broken, ErrorKind::BrokenWorkerPool);
    expect(*run, after, Value(7));
}

}  // namespace
}  // namespace conformance
