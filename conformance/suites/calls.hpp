#pragma once
/// \file
/// What the suites of workers, pools and executors share: calls that Script has no name for, and
/// expectations about a run.
///
///     const Id result = calls::sleep_async(main, pool, 200);
///     const Id late = main.call(result, Operation::get, {}, TimeLimit::milliseconds(20));
///     calls::expect_in_some_run(scenario, [&](const Conformed& run) {
///         return calls::came_to(run, late, ErrorKind::TimeoutError);
///     });

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/engine/scenario_text.hpp"
#include "conformance/engine/timeline.hpp"

namespace conformance::calls {

inline constexpr std::int64_t millisecond = 1'000'000;
/// For results that have to come: passes only where an implementation never completes them.
inline constexpr TimeLimit patience = TimeLimit::milliseconds(5000);

inline void expect(const Conformed& run, Id call, const Outcome& expected) {
    EXPECT_EQ(to_string(run.outcome(call)), to_string(expected)) << "call " << call;
}
inline void expect_any_of(const Conformed& run, Id call, const std::vector<Outcome>& expected) {
    EXPECT_NE(std::ranges::find(expected, run.outcome(call)), expected.end())
        << "call " << call << " came to " << to_string(run.outcome(call));
}
/// Time-outs end at their limit or later; clocks are granted a millisecond.
inline void expect_at_least(std::int64_t elapsed, std::int64_t limit) {
    EXPECT_GE(elapsed, limit - millisecond);
}
/// From the invocation of one call to the response of another, in nanoseconds.
inline std::int64_t elapsed(const Conformed& run, Id from, Id to) {
    return run.entry(to).responded.value() - run.entry(from).invoked;
}
/// The call that results, or should have, in this object.
inline Id call_of(const Conformed& run, Id result) {
    for (const Entry& entry : run.history().entries) {
        if (entry.call.into == result) return entry.call.id;
    }
    ADD_FAILURE() << "no call results in object " << result;
    return 0;
}

/// For what a correct implementation shows unless the machine is very slow, such as a task that is
/// not done yet: one run of a few has to show it, and all have to conform. There are more of them where
/// they are short, as a machine may be slow for a while.
inline void expect_in_some_run(const ScenarioBuilder& scenario,
                               const std::function<bool(const Conformed&)>& shown) {
    constexpr int fewest = 5;
    constexpr int most = 50;
    constexpr std::chrono::seconds patience_with_all{15};
    const auto begun = std::chrono::steady_clock::now();
    int runs = 0;
    std::string last;
    while (runs < fewest ||
           (runs < most && std::chrono::steady_clock::now() - begun < patience_with_all)) {
        ++runs;
        const auto run = conform(scenario);
        if (!run || shown(*run)) return;
        last = timeline(scenario.scenario(), run->history());
    }
    ADD_FAILURE() << "not shown in any of " << runs << " runs of\n"
                  << to_code(scenario.scenario()) << "\nIn the last of them:\n"
                  << last;
}
inline bool came_to(const Conformed& run, Id call, const Outcome& expected) {
    return run.outcome(call) == expected;
}

/// A submission and the wait for its result: if not the one then the other has to come to this.
inline void expect_of_either(const Conformed& run, Id future, Id result, const Outcome& expected) {
    if (!came_to(run, call_of(run, future), expected)) expect(run, result, expected);
}

/// Whether the test has to be left, as it kills workers and these are threads.
inline bool workers_are_threads() {
    const bool threads = backend_under_test() == "threading";
    if (threads) not_testable("threads cannot be killed one by one");
    return threads;
}

/// 0, 1, ... count - 1.
inline List numbers(std::int64_t count) {
    List list;
    for (std::int64_t i = 0; i < count; ++i)
        list.emplace_back(i);
    return list;
}
inline List squares(std::int64_t count) {
    List list;
    for (std::int64_t i = 0; i < count; ++i)
        list.emplace_back(i * i);
    return list;
}

inline Id current_worker(const Script& script) {
    return script.call(no_object, Operation::current_worker);
}
inline Id get_ident(const Script& script) {
    return script.call(no_object, Operation::get_ident);
}
inline Id active_count(const Script& script) {
    return script.call(no_object, Operation::active_count);
}
inline Id active_children(const Script& script) {
    return script.call(no_object, Operation::active_children);
}
inline Id enumerate(const Script& script) {
    return script.call(no_object, Operation::enumerate);
}

/// A worker as current_worker, active_children and enumerate show it.
struct Shown {
    std::string name;
    bool daemon = false;
    std::int64_t ident = 0;
    friend auto operator<=>(const Shown&, const Shown&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Shown& worker) {
        return out << worker.name << (worker.daemon ? " (daemon, " : " (") << worker.ident << ')';
    }
};
inline Shown shown(const Value& worker) {
    const List& parts = worker.as_list();
    return {parts.at(0).as_string(), parts.at(1).as_bool(), parts.at(2).as_int()};
}
inline Shown shown_worker(const Conformed& run, Id call) {
    return shown(run.outcome(call).value());
}
/// Sorted.
inline std::vector<Shown> shown_workers(const Conformed& run, Id call) {
    std::vector<Shown> workers;
    for (const Value& worker : run.outcome(call).value().as_list())
        workers.push_back(shown(worker));
    std::ranges::sort(workers);
    return workers;
}
inline std::vector<std::string> shown_names(const Conformed& run, Id call) {
    std::vector<std::string> names;
    for (const Shown& worker : shown_workers(run, call))
        names.push_back(worker.name);
    return names;
}

/// A task that is done after so long.
inline Id sleep_async(const Script& script, Id pool, std::int64_t milliseconds) {
    return script.apply_async(pool, "sleep", {milliseconds * millisecond});
}
inline Id submit_sleep(const Script& script, Id executor, std::int64_t milliseconds) {
    return script.submit(executor, "sleep", {milliseconds * millisecond});
}
inline Id map(const Script& script, Id pool, std::string_view function, List items,
              Value chunk_size = {}) {
    return script.call(pool, Operation::map, {function, std::move(items), std::move(chunk_size)});
}
inline Id starmap(const Script& script, Id pool, std::string_view function, List items,
                  Value chunk_size = {}) {
    return script.call(pool, Operation::starmap,
                       {function, std::move(items), std::move(chunk_size)});
}
inline Id map_async(const Script& script, Id pool, std::string_view function, List items,
                    Value chunk_size = {}) {
    return script.call_into(Type::AsyncResult, pool, Operation::map_async,
                            {function, std::move(items), std::move(chunk_size)});
}
inline Id starmap_async(const Script& script, Id pool, std::string_view function, List items,
                        Value chunk_size = {}) {
    return script.call_into(Type::AsyncResult, pool, Operation::starmap_async,
                            {function, std::move(items), std::move(chunk_size)});
}
/// What is called back: `object` is a Cell, or the Event of `set`.
inline Value callback(std::string_view action, Id object, Value expected = {}) {
    return List{action, object, std::move(expected)};
}
inline Id apply_async_with(const Script& script, Id pool, std::string_view function, List arguments,
                           Value callback, Value error_callback = {}) {
    return script.call_into(
        Type::AsyncResult, pool, Operation::apply_async,
        {function, std::move(arguments), std::move(callback), std::move(error_callback)});
}
/// `operation`: map_async or starmap_async.
inline Id map_async_with(const Script& script, Id pool, Operation operation,
                         std::string_view function, List items, Value callback,
                         Value error_callback = {}) {
    return script.call_into(
        Type::AsyncResult, pool, operation,
        {function, std::move(items), Value(), std::move(callback), std::move(error_callback)});
}
inline Id add_done_callback(const Script& script, Id future, Value callback) {
    return script.call(future, Operation::add_done_callback, List(1, std::move(callback)));
}
inline Id imap(const Script& script, Id pool, std::string_view function, List items,
               Value chunk_size = 1) {
    return script.call_into(Type::ImapIterator, pool, Operation::imap,
                            {function, std::move(items), std::move(chunk_size)});
}
inline Id imap_unordered(const Script& script, Id pool, std::string_view function, List items,
                         Value chunk_size = 1) {
    return script.call_into(Type::ImapIterator, pool, Operation::imap_unordered,
                            {function, std::move(items), std::move(chunk_size)});
}
/// `inputs`: a list of lists, one for each argument of the function.
inline Id executor_map(const Script& script, Id executor, std::string_view function, List inputs,
                       Value chunk_size = 1, TimeLimit limit = {}) {
    return script.call_into(Type::ExecutorMap, executor, Operation::map,
                            {function, std::move(inputs), std::move(chunk_size)}, limit);
}
inline Id next(const Script& script, Id iterator, TimeLimit limit = {}) {
    return script.call(iterator, Operation::next, {}, limit);
}
/// `next` so many times, and once more for the end.
inline std::vector<Id> next_to_the_end(const Script& script, Id iterator, std::size_t count) {
    std::vector<Id> calls;
    for (std::size_t i = 0; i <= count; ++i)
        calls.push_back(next(script, iterator));
    return calls;
}
/// What `next` gives for a value.
inline Value item(Value value) {
    return List{std::move(value)};
}
inline const Value& end_of_iteration() {
    static const Value end = List{};
    return end;
}

inline Id get(const Script& script, Id result, TimeLimit limit = {}) {
    return script.call(result, Operation::get, {}, limit);
}
inline Id ready(const Script& script, Id result) {
    return script.call(result, Operation::ready);
}
inline Id successful(const Script& script, Id result) {
    return script.call(result, Operation::successful);
}
inline Id close(const Script& script, Id pool) {
    return script.call(pool, Operation::close);
}
inline Id terminate(const Script& script, Id pool) {
    return script.call(pool, Operation::terminate);
}
/// Somebody else terminates it once `script` sleeps in a later call.
inline Id terminate_later(const Script& script, Id pool) {
    return script.call(pool, Operation::terminate_later);
}
inline Id shutdown(const Script& script, Id executor, bool wait = true, bool cancel = false) {
    return script.call(executor, Operation::shutdown, {wait, cancel});
}
inline Id done(const Script& script, Id future) {
    return script.call(future, Operation::done);
}
inline Id running(const Script& script, Id future) {
    return script.call(future, Operation::running);
}
inline Id cancel(const Script& script, Id future) {
    return script.call(future, Operation::cancel);
}
inline Id cancelled(const Script& script, Id future) {
    return script.call(future, Operation::cancelled);
}
inline Id exception(const Script& script, Id future, TimeLimit limit = {}) {
    return script.call(future, Operation::exception, {}, limit);
}

/// An executor of one worker with a task that keeps it busy, so many that wait, and `last` behind.
struct BusyExecutor {
    BusyExecutor(ScenarioBuilder& scenario, std::int64_t milliseconds, std::string_view function,
                 List arguments)
        : executor(scenario.add(Type::WorkerPoolExecutor, {1})),
          busy(submit_sleep(scenario.main(), executor, milliseconds)) {
        // One of these may have been handed out ahead, and can then not be cancelled.
        for (int i = 0; i < 2; ++i)
            scenario.main().submit(executor, "square", {i});
        last = scenario.main().submit(executor, function, std::move(arguments));
    }
    Id executor;
    Id busy;
    Id last = no_object;
};

}  // namespace conformance::calls
