// How programs end. That a program exits with the right status, leaves no process behind, and waits for
// whom it has to, is judged in every scenario that ends one.

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/suites/calls.hpp"

namespace conformance {
namespace {

using namespace calls;

constexpr ProgramEnd ends[] = {ProgramEnd::by_return, ProgramEnd::by_failure};
constexpr TimeLimit brief = TimeLimit::milliseconds(20);
/// Longer than any run: an implementation that waits for it never ends.
constexpr std::int64_t endless = 600'000 * millisecond;

/// Returns the last of a few waits in vain.
Id take_some_time(ScenarioBuilder& scenario, const Script& worker) {
    const Id never = scenario.add(Type::Event);
    for (int i = 0; i < 4; ++i)
        worker.wait(never, brief);
    return worker.wait(never, brief);
}

bool has_line(const Conformed& run, const std::string& line) {
    return ('\n' + run.output()).find('\n' + line + '\n') != std::string::npos;
}

TEST(ProgramEnd, WORKER_12_exception_in_a_worker_leaves_the_exit_status_alone) {
    ScenarioBuilder scenario;
    const Script worker = scenario.worker();
    take_some_time(scenario, worker);
    worker.raise(ErrorKind::ValueError, "more than it could bear");
    scenario.start_all();
    scenario.end_program(ProgramEnd::by_return);
    const auto run = conform(scenario);
    if (!run) return;
    EXPECT_NE(run->output().find("more than it could bear"), std::string::npos) << run->output();
}

TEST(ProgramEnd, WORKER_20_program_waits_for_workers_that_are_no_daemons) {
    for (const ProgramEnd end : ends) {
        ScenarioBuilder scenario;
        std::vector<Id> waits;
        for (const Script& worker : scenario.workers(3))
            waits.push_back(take_some_time(scenario, worker));
        scenario.start_all();
        scenario.end_program(end);
        const auto run = conform(scenario);
        if (!run) return;
        for (const Id wait : waits)
            expect(*run, wait, Value(false));
    }
}

TEST(ProgramEnd, WORKER_20_workers_go_on_with_their_primitives) {
    for (const ProgramEnd end : ends) {
        ScenarioBuilder scenario;
        const Id lock = scenario.add(Type::Lock);
        const Id condition = scenario.add(Type::Condition, {lock});
        const Id cell = scenario.add(Type::Cell);
        const Id queue = scenario.add(Type::Queue, {1});
        const Id semaphore = scenario.add(Type::Semaphore, {0});
        const Id barrier = scenario.add(Type::Barrier, {2});
        const Script giver = scenario.worker();
        const Script taker = scenario.worker();
        scenario.start_all();
        scenario.end_program(end);

        take_some_time(scenario, giver);
        giver.put(queue, "one");
        giver.put(queue, "two");
        giver.acquire(condition);
        giver.write(cell, 1);
        giver.notify(condition);
        giver.release(condition);
        giver.wait(barrier);
        giver.release(semaphore);

        const std::vector<Id> gets = {taker.get(queue), taker.get(queue)};
        taker.acquire(condition);
        const Id wait = taker.wait_for(condition, cell, 1);
        taker.release(condition);
        taker.wait(barrier);
        const Id acquire = taker.acquire(semaphore);
        const auto run = conform(scenario);
        if (!run) return;
        expect(*run, gets[0], Value("one"));
        expect(*run, gets[1], Value("two"));
        expect(*run, wait, Value(true));
        expect(*run, acquire, Value(true));
    }
}

TEST(ProgramEnd, WORKER_20_program_waits_for_workers_of_workers) {
    ScenarioBuilder scenario;
    const Script worker = scenario.worker();
    const Script child = scenario.worker("", {}, worker.id());
    scenario.main().start(worker);
    take_some_time(scenario, worker);
    worker.start(child);
    const Id wait = take_some_time(scenario, child);
    scenario.end_program(ProgramEnd::by_return);
    const auto run = conform(scenario);
    if (run) expect(*run, wait, Value(false));
}

TEST(ProgramEnd, WORKER_20_dropping_the_last_reference_does_not_stop_a_worker) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    const Id queue = scenario.add(Type::Queue);
    main.start(worker);
    main.drop(worker);
    const Id get = main.get(queue);
    take_some_time(scenario, worker);
    worker.put(queue, 1);
    const Id wait = take_some_time(scenario, worker);
    scenario.end_program(ProgramEnd::by_return);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, get, Value(1));
    expect(*run, wait, Value(false));
}

/// Daemons, each of which is blocked in another way.
std::vector<Id> add_blocked_daemons(ScenarioBuilder& scenario) {
    const Script main = scenario.main();
    std::vector<Id> calls;
    const auto daemon = [&] { return scenario.worker("", true); };
    for (const Type type : {Type::Lock, Type::RLock, Type::Semaphore, Type::Condition}) {
        const Id lock = scenario.add(type);
        main.acquire(lock);
        calls.push_back(daemon().acquire(lock));
    }
    calls.push_back(daemon().wait(scenario.add(Type::Event)));
    calls.push_back(daemon().wait(scenario.add(Type::Barrier, {2})));
    calls.push_back(daemon().get(scenario.add(Type::Queue)));
    calls.push_back(daemon().get(scenario.add(Type::SimpleQueue)));
    const Id full = scenario.add(Type::Queue, {1});
    main.put(full, 1);
    calls.push_back(daemon().put(full, 2));
    const Script waiter = daemon();
    const Id condition = scenario.add(Type::Condition);
    waiter.acquire(condition);
    calls.push_back(waiter.wait(condition));
    return calls;
}

TEST(ProgramEnd, WORKER_21_daemons_do_not_outlive_the_program) {
    for (const ProgramEnd end : ends) {
        ScenarioBuilder scenario;
        const std::vector<Id> calls = add_blocked_daemons(scenario);
        scenario.start_all();
        for (std::size_t i = 1; i < scenario.scenario().workers.size(); ++i)
            scenario.main().call(scenario.scenario().workers[i].id, Operation::await_blocked);
        scenario.end_program(end);
        const auto run = conform(scenario);
        if (!run) return;
        for (const Id call : calls)
            EXPECT_FALSE(run->responded(call)) << "call " << call;
    }
}

TEST(ProgramEnd, WORKER_21_busy_daemons_do_not_outlive_the_program) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id never = scenario.add(Type::Event);
    const Id lock = scenario.add(Type::Lock);
    const Id running = scenario.add(Type::Semaphore, {0});
    std::vector<Id> last;
    for (int i = 0; i < 3; ++i) {
        const Script daemon = scenario.worker("", true);
        daemon.release(running);
        for (int round = 0; round < 200; ++round) {
            daemon.acquire(lock);
            daemon.release(lock);
            daemon.wait(never, TimeLimit::milliseconds(1));
        }
        last.push_back(daemon.wait(never));
    }
    scenario.start_all();
    for (int i = 0; i < 3; ++i)
        main.acquire(running);
    scenario.end_program(ProgramEnd::by_return);
    const auto run = conform(scenario, {.times = 5});
    if (!run) return;
    for (const Entry& entry : run->history().entries) {
        for (const Id call : last)
            EXPECT_FALSE(entry.call.id == call && entry.responded) << "call " << call;
    }
}

TEST(ProgramEnd, WORKER_21_program_may_end_while_its_daemons_begin) {
    ScenarioBuilder scenario;
    const Id never = scenario.add(Type::Event);
    for (int i = 0; i < 4; ++i)
        scenario.worker("", true).wait(never);
    scenario.start_all();
    scenario.end_program(ProgramEnd::by_return);
    const auto run = conform(scenario, {.times = 5});
    if (!run) return;
    for (const Entry& entry : run->history().entries)
        EXPECT_EQ(entry.responded.has_value(), entry.worker == 0) << "worker " << entry.worker;
}

TEST(ProgramEnd, WORKER_22_daemons_may_be_gone_when_the_main_worker_has_ended) {
    ScenarioBuilder scenario;
    const Script worker = scenario.worker();
    const Script daemon = scenario.worker("", true);
    const Id wait = take_some_time(scenario, worker);
    for (int i = 0; i < 4; ++i)
        take_some_time(scenario, daemon);
    scenario.start_all();
    scenario.end_program(ProgramEnd::by_return);
    const auto run = conform(scenario);
    if (run) expect(*run, wait, Value(false));
}

TEST(ProgramEnd, FAULT_23_daemon_that_holds_a_lock_holds_up_nobody) {
    for (const Type type : {Type::Lock, Type::RLock, Type::Semaphore, Type::Condition}) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id lock = scenario.add(type);
        const Id taken = scenario.add(Type::Event);
        const Script daemon = scenario.worker("", true);
        const Script worker = scenario.worker();
        daemon.acquire(lock);
        daemon.set(taken);
        daemon.wait(scenario.add(Type::Event));
        worker.wait(taken);
        const Id timed = worker.acquire(lock, TimeLimit::milliseconds(200));
        scenario.start_all();
        main.wait(taken);
        scenario.end_program(ProgramEnd::by_return);
        const auto run = conform(scenario);
        if (!run) return;
        EXPECT_TRUE(run->responded(timed)) << to_string(type);
    }
}

TEST(ProgramEnd, FAULT_26_blocked_workers_do_not_outlive_a_killed_program) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id never = scenario.add(Type::Event);
    const Id held = scenario.add(Type::Lock);
    const Id empty = scenario.add(Type::Queue);
    const Id barrier = scenario.add(Type::Barrier, {9});
    const Script waits = scenario.worker();
    const Script daemon = scenario.worker("", true);
    const Script consumer = scenario.worker();
    const Script arrives = scenario.worker();
    const Script parent = scenario.worker();
    const Script child = scenario.worker("", {}, parent.id());
    main.acquire(held);
    waits.wait(never);
    daemon.acquire(held);
    consumer.get(empty);
    arrives.wait(barrier);
    parent.start(child);
    parent.join(child);
    child.wait(never, TimeLimit::nanoseconds(endless));
    for (const Script& worker : {waits, daemon, consumer, arrives, parent}) {
        main.start(worker);
        main.await_blocked(worker);
    }
    scenario.end_program(ProgramEnd::by_death);
    conform(scenario, {.times = 5});
}

TEST(ProgramEnd, FAULT_26_workers_of_pools_do_not_outlive_a_killed_program) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id idle = scenario.add(Type::WorkerPool, {2});
    const Id busy = scenario.add(Type::WorkerPool, {2});
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Id result = main.apply(idle, "square", {3});
    main.apply_async(busy, "sleep", {endless});
    main.submit(executor, "sleep", {endless});
    main.submit(executor, "square", {4});
    scenario.end_program(ProgramEnd::by_death);
    const auto run = conform(scenario, {.times = 5});
    if (run) expect(*run, result, Value(9));
}

TEST(ProgramEnd, FAULT_26_workers_at_work_do_not_outlive_a_killed_program) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Id semaphore = scenario.add(Type::Semaphore, {1});
    for (const Script& worker : scenario.workers(3)) {
        worker.with(lock, "nothing");
        worker.acquire(semaphore);
        worker.release(semaphore);
        worker.repeat(100'000);
    }
    scenario.start_all();
    scenario.end_program(ProgramEnd::by_death);
    conform(scenario, {.times = 5});
}

TEST(ProgramEnd, POOL_25_program_that_never_closes_its_pool_ends) {
    for (const ProgramEnd end : ends) {
        ScenarioBuilder scenario;
        const Script main = scenario.main();
        const Id idle = scenario.add(Type::WorkerPool, {2});
        const Id busy = scenario.add(Type::WorkerPool, {1});
        const Id result = main.apply(idle, "square", {3});
        main.apply_async(busy, "sleep", {endless});
        main.apply_async(busy, "print", {"a pending task"});
        scenario.end_program(end);
        const auto run = conform(scenario);
        if (!run) return;
        expect(*run, result, Value(9));
        EXPECT_FALSE(has_line(*run, "a pending task"));
    }
}

TEST(ProgramEnd, POOL_25_dropping_only_the_pool_loses_no_task) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const Id slow = sleep_async(main, pool, 50);
    const Id square = main.apply_async(pool, "square", {3});
    main.drop(pool);
    const std::vector<Id> gets = {get(main, slow, patience), get(main, square, patience)};
    scenario.end_program(ProgramEnd::by_return);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, gets[0], Value());
    expect(*run, gets[1], Value(9));
}

/// Submits tasks that print two lines.
void submit_lines(const Script& main, Id executor) {
    for (const std::string_view line : {"the first task", "the last task"}) {
        submit_sleep(main, executor, 50);
        main.submit(executor, "print", {line});
    }
}
void expect_lines(const Conformed& run) {
    EXPECT_TRUE(has_line(run, "the first task")) << run.output();
    EXPECT_TRUE(has_line(run, "the last task")) << run.output();
}

TEST(ProgramEnd, EXEC_20_program_waits_for_all_submitted_tasks) {
    for (const ProgramEnd end : ends) {
        ScenarioBuilder scenario;
        const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
        submit_lines(scenario.main(), executor);
        scenario.end_program(end);
        const auto run = conform(scenario);
        if (!run) return;
        expect_lines(*run);
    }
}

TEST(ProgramEnd, EXEC_20_program_waits_for_tasks_after_shutdown_without_waiting) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    submit_lines(main, executor);
    shutdown(main, executor, false);
    scenario.end_program(ProgramEnd::by_return);
    const auto run = conform(scenario);
    if (run) expect_lines(*run);
}

TEST(ProgramEnd, EXEC_20_program_waits_for_tasks_of_an_executor_that_was_dropped) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    submit_lines(main, executor);
    main.drop(executor);
    scenario.end_program(ProgramEnd::by_return);
    const auto run = conform(scenario);
    if (run) expect_lines(*run);
}

}  // namespace
}  // namespace conformance
