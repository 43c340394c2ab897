#include "conformance/properties/phrases.hpp"
#include "spec/model/offer.hpp"

#include "spec/scenario/round.hpp"

namespace conformance::properties {
namespace {

constexpr std::int64_t millisecond = 1'000'000;

/// A function of tasks, and its arguments.
struct Task {
    std::string_view function;
    List arguments;
};

Task some_task(Workbench& bench) {
    Choices& choices = bench.choices;
    switch (choices.below(9)) {
        case 0:
            return {"fail",
                    {choices.pick<std::string_view>({"ValueError", "Other", "TimeoutError"})}};
        case 1:
            return {"sleep", {choices.between(1, 5) * millisecond}};
        case 2:
            return {"add", {choices.below(5), choices.below(5)}};
        case 3:
            return {"nothing", {}};
        case 4:
            return {"set_mark", {choices.below(3)}};
        case 5:
            return {"get_mark", {}};
        case 6:
            return {choices.pick<std::string_view>({"ident", "name"}), {}};
        default:
            return {"square", {choices.below(9)}};
    }
}

List some_numbers(Workbench& bench) {
    List numbers;
    for (int i = bench.choices.below(5); i > 0; --i)
        numbers.emplace_back(bench.choices.below(9));
    return numbers;
}

List some_pairs(Workbench& bench) {
    List pairs;
    for (int i = bench.choices.below(4); i > 0; --i)
        pairs.emplace_back(List{bench.choices.below(9), bench.choices.below(9)});
    return pairs;
}

std::string_view some_function_of_one(Choices& choices) {
    return choices.pick<std::string_view>({"square", "echo", "is_prime", "fail"});
}

TimeLimit limit_or_none(Workbench& bench) {
    return bench.choices.one_in(2) ? TimeLimit() : bench.short_limit();
}

Type type_of(const Workbench& bench, Id id) {
    return bench.scenario.scenario().find_object(id)->type;
}

/// A list of what `fail` may raise, where it is mapped.
List items_for(Workbench& bench, std::string_view function) {
    if (function != "fail") return some_numbers(bench);
    List kinds;
    for (int i = bench.choices.between(1, 3); i > 0; --i)
        kinds.emplace_back(bench.choices.pick<std::string_view>({"ValueError", "Other"}));
    return kinds;
}

/// Of the `imap` that came to this.
std::int64_t chunk_size_of(const Workbench& bench, Id iterator) {
    for (const WorkerPlan& plan : bench.scenario.scenario().workers) {
        for (const Call& call : plan.calls) {
            if (call.into == iterator) return model::number(call.arguments, 2, 1);
        }
    }
    return 1;
}

void say_result_of_pool(Workbench& bench, const Script& worker, Id result) {
    if (type_of(bench, result) == Type::ImapIterator) {
        // Whether a limit can be given where chunks are larger is left open (IMAP-4 speaks of the others).
        const TimeLimit limit = limit_or_none(bench);
        worker.call(result, Operation::next, {},
                    chunk_size_of(bench, result) > 1 ? TimeLimit() : limit);
        return;
    }
    switch (bench.choices.below(5)) {
        case 0:
            worker.call(result, Operation::ready);
            break;
        case 1:
            worker.call(result, Operation::successful);
            break;
        case 2:
            worker.wait(result, limit_or_none(bench));
            break;
        default:
            worker.call(result, Operation::get, {}, limit_or_none(bench));
    }
}

void say_future(Workbench& bench, const Script& worker, Id future) {
    if (type_of(bench, future) == Type::ExecutorMap) {
        worker.call(future, Operation::next);
        return;
    }
    switch (bench.choices.below(9)) {
        case 0:
            worker.call(future, Operation::running);
            break;
        case 1:
            worker.call(future, Operation::done);
            break;
        case 2:
            worker.call(future, Operation::cancelled);
            break;
        case 3:
        case 4:
            worker.call(future, Operation::cancel);
            break;
        case 5:
            worker.call(future, Operation::exception, {}, limit_or_none(bench));
            break;
        case 6: {
            // Callbacks may come at any time, and race where two share a Cell, or two rounds.
            if (bench.has_rounds) break;
            const Id cell = bench.scenario.add(Type::Cell);
            worker.call(future, Operation::add_done_callback, {Value(List{"add", cell})});
            break;
        }
        default:
            worker.result(future, limit_or_none(bench));
    }
}

}  // namespace

void say_of_workers(Workbench& bench, const Script& worker) {
    Choices& choices = bench.choices;
    switch (choices.below(9)) {
        case 0:
            worker.call(no_object, Operation::get_ident);
            break;
        case 1:
            worker.call(no_object, Operation::current_worker);
            break;
        case 2:
            worker.call(no_object, Operation::active_count);
            break;
        case 3:
            worker.call(no_object, Operation::active_children);
            break;
        case 4:
            worker.call(no_object, Operation::enumerate);
            break;
        case 5:
            worker.call(no_object, Operation::get_backend);
            break;
        case 6:
            worker.call(worker.id(), Operation::name);
            break;
        case 7:
            worker.call(worker.id(), Operation::daemon);
            break;
        default:
            worker.is_alive(worker);
    }
}

void say_of_child(Workbench& bench, const Script& parent, const Script& child) {
    Choices& choices = bench.choices;
    switch (choices.below(9)) {
        case 0:
            parent.call(child.id(), Operation::name);
            break;
        case 1:
            parent.call(child.id(), Operation::set_name,
                        {choices.pick<std::string_view>({"one", "two", "a longer name", ""})});
            break;
        case 2:
            parent.call(child.id(), Operation::daemon);
            break;
        case 3:
            parent.call(child.id(), Operation::set_daemon, {choices.one_in(2)});
            break;
        case 4:
        case 5:
            parent.is_alive(child);
            break;
        case 6:
            parent.join(child, bench.short_limit());
            break;
        case 7:
            parent.join(child);
            break;
        default:
            parent.start(child);
    }
}

void say_pool(Workbench& bench, const Script& worker, Id pool, std::vector<Id>& results) {
    Choices& choices = bench.choices;
    const auto chunk_size = [&]() -> Value {
        return choices.one_in(3) ? Value() : Value(choices.between(0, 3));
    };
    const std::string_view one = some_function_of_one(choices);
    switch (choices.below(20)) {
        case 0:
        case 1: {
            const Task task = some_task(bench);
            worker.apply(pool, task.function, task.arguments);
            break;
        }
        case 2:
        case 3:
        case 4: {
            const Task task = some_task(bench);
            results.push_back(worker.apply_async(pool, task.function, task.arguments));
            break;
        }
        case 5:
            worker.call(pool, Operation::map, {one, items_for(bench, one), chunk_size()});
            break;
        case 6:
            results.push_back(worker.call_into(Type::AsyncResult, pool, Operation::map_async,
                                               {one, items_for(bench, one), chunk_size()}));
            break;
        case 7:
            worker.call(pool, Operation::starmap, {"add", some_pairs(bench), chunk_size()});
            break;
        case 8:
            results.push_back(worker.call_into(Type::AsyncResult, pool, Operation::starmap_async,
                                               {"multiply", some_pairs(bench), chunk_size()}));
            break;
        case 9:
        case 10:
            results.push_back(
                worker.call_into(Type::ImapIterator, pool,
                                 choices.one_in(2) ? Operation::imap : Operation::imap_unordered,
                                 {one, items_for(bench, one), choices.between(0, 3)}));
            break;
        case 11:
            worker.call(pool, choices.pick<Operation>(
                                  {Operation::close, Operation::join, Operation::terminate}));
            break;
        default:
            if (!results.empty()) say_result_of_pool(bench, worker, choices.pick(results));
    }
}

void say_executor(Workbench& bench, const Script& worker, Id executor, std::vector<Id>& results) {
    Choices& choices = bench.choices;
    switch (choices.below(16)) {
        case 14:
        case 15: {  // is it cancelled, or does it start?
            const Task task = some_task(bench);
            const Id future = worker.submit(executor, task.function, task.arguments);
            worker.call(future, Operation::cancel);
            if (choices.one_in(2)) worker.result(future);
            results.push_back(future);
            break;
        }
        case 0:
        case 1:
        case 2:
        case 3: {
            const Task task = some_task(bench);
            results.push_back(worker.submit(executor, task.function, task.arguments));
            break;
        }
        case 4: {
            const std::string_view one = some_function_of_one(choices);
            results.push_back(
                worker.call_into(Type::ExecutorMap, executor, Operation::map,
                                 {one, List{Value(items_for(bench, one))}, choices.between(1, 3)}));
            break;
        }
        case 5:
            // The chunk size 0 is refused.
            results.push_back(worker.call_into(
                Type::ExecutorMap, executor, Operation::map,
                {"add", List{Value(some_numbers(bench)), Value(some_numbers(bench))},
                 choices.below(3)}));
            break;
        case 6:
            if (choices.one_in(2))
                worker.call(executor, Operation::shutdown, {choices.one_in(2), choices.one_in(2)});
            break;
        default:
            if (!results.empty()) say_future(bench, worker, choices.pick(results));
    }
}

void say_short_tasks(Workbench& bench, const Script& worker, Id pool) {
    Choices& choices = bench.choices;
    const bool is_pool = type_of(bench, pool) == Type::WorkerPool;
    std::vector<Id> results;
    for (int i = choices.between(1, 2); i > 0; --i) {
        Task task = some_task(bench);
        if (task.function == "sleep") task = {"nothing", {}};
        if (bench.has_rounds && choices.one_in(2)) task = {"add", {round_text, choices.below(5)}};
        results.push_back(is_pool ? worker.apply_async(pool, task.function, task.arguments)
                                  : worker.submit(pool, task.function, task.arguments));
    }
    for (int i = choices.between(1, 3); i > 0; --i) {
        const Id result = choices.pick(results);
        is_pool ? say_result_of_pool(bench, worker, result) : say_future(bench, worker, result);
    }
    if (choices.one_in(3)) return;
    for (const Id result : results)
        worker.call(result, is_pool ? Operation::get : Operation::result);
}

}  // namespace conformance::properties
