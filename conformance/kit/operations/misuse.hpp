#pragma once
/// \file
/// Calls that have to be refused: with arguments that a method does not take, and with functions
/// that cannot be transferred. Where the compiler takes them they are really made (rule 5.20).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "conformance/kit/arguments.hpp"
#include "conformance/kit/tasks.hpp"
#include "conformance/kit/visit.hpp"
#include "spec/scenario/misuse.hpp"

namespace conformance::kit {

/// What comes of a call that should not compile. No model expects it.
struct DescribeAccepted {
    template <class Result>
    void operator()(std::string& json, const Result&) const {
        json += R"("it compiles, and returned")";
    }
};

/// Whether there is a form of the call below.
[[nodiscard]] inline bool can_be_misused(std::optional<Type> type, const Call& call) {
    const bool is_put = call.operation == Operation::put;
    if (type == Type::SimpleQueue && (is_put || call.operation == Operation::get)) {
        const std::size_t flag = is_put ? 1 : 0;
        return call.arguments.size() <= flag ||
               (call.arguments.size() == flag + 1 && call.arguments[flag].is_bool());
    }
    switch (call.operation) {
        case Operation::acquire:
        case Operation::wait:
        case Operation::wait_for:
        case Operation::put:
        case Operation::get:
        case Operation::join:
        case Operation::result:
        case Operation::exception:
        case Operation::next:
            return call.time_limit.kind() == TimeLimit::Kind::text;
        default:
            return false;
    }
}

/// A text as the time limit.
template <class Traits, class Visit>
void operations_with_text_limit(Visit& visit, const Arguments<Traits>& arguments,
                                const text_type<Traits>& item) {
    const std::string limit = "soon";
    const bool yes = true;
    const DescribeAccepted accepted;
    visit(Operation::acquire, [&](auto& lock) CONFORMANCE_KIT_CALL(lock.acquire(yes, limit)),
          accepted);
    visit(Operation::acquire, [&](auto& lock) CONFORMANCE_KIT_CALL(lock.acquire(limit)), accepted);
    visit(Operation::wait, [&](auto& object) CONFORMANCE_KIT_CALL(object.wait(limit)), accepted);
    const auto holds = [&arguments] { return arguments.cell(0).read() >= arguments.number(1); };
    visit(Operation::wait_for,
          [&](auto& condition) CONFORMANCE_KIT_CALL(condition.wait_for(holds, limit)), accepted);
    visit(Operation::put, [&](auto& queue) CONFORMANCE_KIT_CALL(queue.put(item, yes, limit)),
          accepted);
    visit(Operation::put, [&](auto& queue) CONFORMANCE_KIT_CALL(queue.put(item, limit)), accepted);
    visit(Operation::get, [&](auto& queue) CONFORMANCE_KIT_CALL(queue.get(yes, limit)), accepted);
    visit(Operation::get, [&](auto& object) CONFORMANCE_KIT_CALL(object.get(limit)), accepted);
    visit(Operation::result, [&](auto& future) CONFORMANCE_KIT_CALL(future.result(limit)),
          accepted);
    visit(Operation::exception, [&](auto& future) CONFORMANCE_KIT_CALL(future.exception(limit)),
          accepted);
    visit(Operation::next, [&](auto& results) CONFORMANCE_KIT_CALL(results.next(limit)), accepted);
}

/// A flag or a time limit for a SimpleQueue.
template <class Traits, class Visit>
void misused_simple_queue(Visit& visit, const Arguments<Traits>& arguments, const Call& call,
                          const text_type<Traits>& item) {
    const bool is_put = call.operation == Operation::put;
    const bool has_flag = call.arguments.size() > (is_put ? 1 : 0);
    const bool flag = has_flag && arguments.flag(is_put ? 1 : 0);
    const DescribeAccepted accepted;
    if (has_flag && call.time_limit.is_none()) {
        visit(Operation::put, [&](auto& queue) CONFORMANCE_KIT_CALL(queue.put(item, flag)),
              accepted);
        visit(Operation::get, [&](auto& queue) CONFORMANCE_KIT_CALL(queue.get(flag)), accepted);
    } else if (has_flag) {
        visit(Operation::put,
              [&](auto& queue) CONFORMANCE_KIT_CALL(queue.put(item, flag, arguments.timeout())),
              accepted);
        visit(Operation::get,
              [&](auto& queue) CONFORMANCE_KIT_CALL(queue.get(flag, arguments.timeout())),
              accepted);
    } else {
        visit(Operation::put,
              [&](auto& queue) CONFORMANCE_KIT_CALL(queue.put(item, arguments.timeout())),
              accepted);
        visit(Operation::get, [&](auto& queue) CONFORMANCE_KIT_CALL(queue.get(arguments.timeout())),
              accepted);
    }
}

template <Type type, class Traits, class Visit>
void misused_operations(Visit& visit, const Arguments<Traits>& arguments, const Call& call) {
    const text_type<Traits> item(to_json(arguments.at(0)));
    if (call.time_limit.kind() == TimeLimit::Kind::text) {
        operations_with_text_limit(visit, arguments, item);
    } else if constexpr (type == Type::SimpleQueue) {
        misused_simple_queue(visit, arguments, call, item);
    }
}

/// A closure, which has a place in this process to refer to.
template <class Traits>
struct OpaqueFunction {
    const Environment<Traits>* state = nullptr;

    template <class... Texts>
    text_type<Traits> operator()(const Texts&...) const {
        return text_type<Traits>(state == nullptr ? "null" : "true");
    }
};

[[nodiscard]] inline bool has_opaque_function(Type type, const Call& call) {
    return is_pool(type) && !call.arguments.empty() && call.arguments[0] == Value(opaque_function);
}

/// Tasks with the function `opaque_function`, of one argument.
template <class Traits, class Visit>
void opaque_function_operations(Visit& visit, const Arguments<Traits>& arguments) {
    const OpaqueFunction<Traits> function{&arguments.environment()};
    const text_type<Traits> text("1");
    const std::vector<text_type<Traits>> texts{text};
    const std::vector<std::tuple<text_type<Traits>>> tuples{std::tuple(text)};
    const DescribeAccepted accepted;
    visit(Operation::apply, [&](auto& pool) CONFORMANCE_KIT_CALL(pool.apply(function, text)),
          accepted);
    visit(Operation::apply_async,
          [&](auto& pool) CONFORMANCE_KIT_CALL(pool.apply_async(function, text)), accepted);
    visit(Operation::submit, [&](auto& pool) CONFORMANCE_KIT_CALL(pool.submit(function, text)),
          accepted);
    visit(Operation::map, [&](auto& pool) CONFORMANCE_KIT_CALL(pool.map(function, texts)),
          accepted);
    visit(
        Operation::map_async, [&](auto& pool) CONFORMANCE_KIT_CALL(pool.map_async(function, texts)),
        accepted);
    visit(Operation::starmap, [&](auto& pool) CONFORMANCE_KIT_CALL(pool.starmap(function, tuples)),
          accepted);
    visit(Operation::starmap_async,
          [&](auto& pool) CONFORMANCE_KIT_CALL(pool.starmap_async(function, tuples)), accepted);
    visit(Operation::imap, [&](auto& pool) CONFORMANCE_KIT_CALL(pool.imap(function, texts)),
          accepted);
    visit(Operation::imap_unordered,
          [&](auto& pool) CONFORMANCE_KIT_CALL(pool.imap_unordered(function, texts)), accepted);
}

}  // namespace conformance::kit
