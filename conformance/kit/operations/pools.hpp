#pragma once
/// \file
/// The operations of WorkerPool and WorkerPoolExecutor. Arguments and results of tasks are
/// texts, or parcels.

#include <array>
#include <cstddef>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "conformance/kit/arguments.hpp"
#include "conformance/kit/operations/callbacks.hpp"
#include "conformance/kit/operations/raising_texts.hpp"
#include "conformance/kit/tasks.hpp"
#include "conformance/kit/visit.hpp"
#include "conformance/kit/worker_control.hpp"

namespace conformance::kit {

/// How many arguments the tasks of such a call have. More than `most_task_arguments` if the driver
/// cannot do it.
[[nodiscard]] inline std::size_t task_arity(Type type, Operation operation, const List& arguments) {
    const auto size_of = [](const Value& value) {
        return value.is_list() ? value.as_list().size() : 0;
    };
    const Value second = arguments.size() > 1 ? arguments[1] : Value();
    switch (operation) {
        case Operation::apply:
        case Operation::apply_async:
        case Operation::submit:
            return size_of(second);
        case Operation::starmap:
        case Operation::starmap_async: {
            if (size_of(second) == 0) return 2;
            const std::size_t arity = size_of(second.as_list().front());
            for (const Value& element : second.as_list()) {
                if (!element.is_list() || size_of(element) != arity) return ~std::size_t{0};
            }
            return arity;
        }
        case Operation::map:
            return type == Type::WorkerPool ? 1 : size_of(second);
        default:
            return 1;
    }
}

/// Keeps what a call results in as the object `into`, and appends null.
template <class Traits>
struct KeepResult {
    Environment<Traits>& environment;
    Id into;

    template <class Result>
    void operator()(std::string& json, Result& result) const {
        using Kept = std::remove_cvref_t<Result>;
        environment.local(into).template emplace<Kept>(std::move(result));
        json += "null";
    }
};

namespace detail {

/// The arguments of apply and submit, the elements of a map, the lists of an executor's map.
template <class Traits, std::size_t arity>
std::array<text_type<Traits>, arity> task_texts(const List& values) {
    std::array<text_type<Traits>, arity> texts;
    for (std::size_t i = 0; i < arity; ++i)
        texts[i] = text_type<Traits>(to_json(values.at(i)));
    return texts;
}

template <class Traits, std::size_t... I>
auto task_tuples(const List& elements, std::index_sequence<I...>) {
    std::vector<std::tuple<Text<Traits, I>...>> tuples;
    for (const Value& element : elements)
        tuples.emplace_back(Text<Traits, I>(to_json(element.as_list().at(I)))...);
    return tuples;
}

template <class Traits, std::size_t arity>
std::array<std::vector<text_type<Traits>>, arity> task_lists(const List& lists) {
    std::array<std::vector<text_type<Traits>>, arity> result;
    for (std::size_t i = 0; i < arity; ++i)
        result[i] = texts_of<Traits>(lists.at(i).as_list());
    return result;
}

}  // namespace detail

/// The two callbacks of an asynchronous call, of which the first is the argument at `index`.
template <class Traits>
struct Callbacks {
    Callbacks(const Arguments<Traits>& arguments, const Call& call, std::size_t index) {
        if (callback_places(call).empty()) return;
        LocalObject<Traits>& pool = arguments.environment().local(call.object);
        callback = MaybeCallback<Traits>(arguments, index, pool);
        error_callback = MaybeCallback<Traits>(arguments, index + 1, pool);
    }
    [[nodiscard]] bool are_given() const {
        return callback.is_given() || error_callback.is_given();
    }
    MaybeCallback<Traits> callback{};
    MaybeCallback<Traits> error_callback{};
};

template <Type type, class Traits, class Visit, std::size_t... I>
void apply_operations(Visit& visit, const Arguments<Traits>& arguments, const Call& call,
                      std::index_sequence<I...>) {
    constexpr std::size_t arity = sizeof...(I);
    const auto task = task_of<Traits, arity>(arguments.function(0));
    const auto texts = detail::task_texts<Traits, arity>(arguments.list(1));
    const KeepResult<Traits> keep{arguments.environment(), call.into};
    if constexpr (type == Type::WorkerPool) {
        const Callbacks<Traits> callbacks(arguments, call, 2);
        visit(Operation::apply, [&](auto& pool) CONFORMANCE_KIT_CALL(pool.apply(task, texts[I]...)),
              DescribeText());
        if (callbacks.are_given()) {
            visit(Operation::apply_async,
                  [&](auto& pool) CONFORMANCE_KIT_CALL(pool.apply_async(
                      {.callback = callbacks.callback, .error_callback = callbacks.error_callback},
                      task, texts[I]...)),
                  keep);
        } else {
            visit(Operation::apply_async,
                  [&](auto& pool) CONFORMANCE_KIT_CALL(pool.apply_async(task, texts[I]...)), keep);
        }
    } else {
        visit(
            Operation::submit, [&](auto& pool) CONFORMANCE_KIT_CALL(pool.submit(task, texts[I]...)),
            keep);
    }
}

template <class Traits, class Visit>
void map_operations(Visit& visit, const Arguments<Traits>& arguments, const Call& call) {
    const auto task = task_of<Traits, 1>(arguments.function(0));
    const std::vector<text_type<Traits>> texts = texts_of<Traits>(arguments.list(1));
    const std::optional<std::int64_t> chunk_size = arguments.optional_number(2);
    const Callbacks<Traits> callbacks(arguments, call, 3);
    const KeepResult<Traits> keep{arguments.environment(), call.into};
    visit(Operation::map, [&](auto& pool) CONFORMANCE_KIT_CALL(pool.map(task, texts, chunk_size)),
          DescribeText());
    if (callbacks.are_given()) {
        visit(Operation::map_async,
              [&](auto& pool) CONFORMANCE_KIT_CALL(pool.map_async(
                  task, texts, chunk_size,
                  {.callback = callbacks.callback, .error_callback = callbacks.error_callback})),
              keep);
    } else {
        visit(Operation::map_async,
              [&](auto& pool) CONFORMANCE_KIT_CALL(pool.map_async(task, texts, chunk_size)), keep);
    }
}

template <class Traits, class Visit>
void imap_operations(Visit& visit, const Arguments<Traits>& arguments, Id into) {
    const auto task = task_of<Traits, 1>(arguments.function(0));
    const std::vector<text_type<Traits>> texts = texts_of<Traits>(arguments.list(1));
    const std::int64_t chunk_size = arguments.number(2, 1);
    const std::optional<std::int64_t> raises_after = arguments.optional_number(3);
    const KeepResult<Traits> keep{arguments.environment(), into};
    if (raises_after) {
        const RaisingTexts<Traits> raising(texts, static_cast<std::size_t>(*raises_after));
        visit(Operation::imap,
              [&](auto& pool)
                  CONFORMANCE_KIT_CALL(pool.imap(task, RaisingTexts<Traits>(raising), chunk_size)),
              keep);
        visit(Operation::imap_unordered,
              [&](auto& pool) CONFORMANCE_KIT_CALL(
                  pool.imap_unordered(task, RaisingTexts<Traits>(raising), chunk_size)),
              keep);
        return;
    }
    // As temporaries, since they are read long after the call.
    visit(Operation::imap,
          [&](auto& pool) CONFORMANCE_KIT_CALL(
              pool.imap(task, std::vector<text_type<Traits>>(texts), chunk_size)),
          keep);
    visit(Operation::imap_unordered,
          [&](auto& pool) CONFORMANCE_KIT_CALL(
              pool.imap_unordered(task, std::vector<text_type<Traits>>(texts), chunk_size)),
          keep);
}

template <class Traits, class Visit, std::size_t... I>
void starmap_operations(Visit& visit, const Arguments<Traits>& arguments, const Call& call,
                        std::index_sequence<I...> indices) {
    const auto task = task_of<Traits, sizeof...(I)>(arguments.function(0));
    const auto tuples = detail::task_tuples<Traits>(arguments.list(1), indices);
    const std::optional<std::int64_t> chunk_size = arguments.optional_number(2);
    const Callbacks<Traits> callbacks(arguments, call, 3);
    const KeepResult<Traits> keep{arguments.environment(), call.into};
    visit(Operation::starmap,
          [&](auto& pool) CONFORMANCE_KIT_CALL(pool.starmap(task, tuples, chunk_size)),
          DescribeText());
    if (callbacks.are_given()) {
        visit(Operation::starmap_async,
              [&](auto& pool) CONFORMANCE_KIT_CALL(pool.starmap_async(
                  task, tuples, chunk_size,
                  {.callback = callbacks.callback, .error_callback = callbacks.error_callback})),
              keep);
    } else {
        visit(Operation::starmap_async,
              [&](auto& pool) CONFORMANCE_KIT_CALL(pool.starmap_async(task, tuples, chunk_size)),
              keep);
    }
}

/// For designated initialisers of the implementation's own options: `{.timeout, .chunksize}`.
template <class Traits, class Visit, std::size_t... I>
void executor_map_operation(Visit& visit, const Arguments<Traits>& arguments, Id into,
                            std::index_sequence<I...>) {
    const auto task = task_of<Traits, sizeof...(I)>(arguments.function(0));
    const auto lists = detail::task_lists<Traits, sizeof...(I)>(arguments.list(1));
    visit(
        Operation::map,
        [&](auto& pool) CONFORMANCE_KIT_CALL(
            pool.map({.timeout = arguments.timeout(), .chunksize = arguments.number(2, 1)}, task,
                     lists[I]...)),
        KeepResult<Traits> { arguments.environment(), into });
}

/// The rest of a pool's life as a scope: in C++ the end of the block is that of the pool itself
/// (rule 5.8). Throws what leaves the block.
template <class Traits>
bool make_guarded_block_of_pool(LocalObject<Traits>& pool, const Arguments<Traits>& arguments) {
    struct Scope {
        LocalObject<Traits>& pool;
        ~Scope() { pool.template emplace<std::monostate>(); }
    };
    const bool raises = !arguments.at(0).is_null() && arguments.text(0) == "raise";
    const Scope scope{pool};
    if (raises) Traits::raise(ErrorKind::Other);
    return true;
}

/// A helper terminates the pool once this worker sleeps, or has made all its calls.
template <class Traits, class Pool>
auto make_terminate_later(Pool& pool, Environment<Traits>& environment)
    -> decltype(static_cast<void>(pool.terminate())) {
    environment.keep(std::thread([&pool, &environment] {
        await_blocked(environment.board(), environment.position());
        try {
            pool.terminate();
        } catch (...) {
            std::cerr << "terminate raised " + message_of(std::current_exception()) + '\n';
        }
    }));
}

/// What has no tasks.
template <Type type, class Traits, class Visit>
void pool_state_operations(Visit& visit, const Arguments<Traits>& arguments, Id self) {
    Environment<Traits>& environment = arguments.environment();
    visit(Operation::with, [&](auto&) CONFORMANCE_KIT_CALL(
                               make_guarded_block_of_pool(environment.local(self), arguments)));
    if constexpr (type == Type::WorkerPool) {
        visit(Operation::terminate_later, [&](auto& pool) CONFORMANCE_KIT_CALL(
                                              make_terminate_later(pool, environment)));
        visit(Operation::close, [&](auto& pool) CONFORMANCE_KIT_CALL(pool.close()));
        visit(Operation::terminate, [&](auto& pool) CONFORMANCE_KIT_CALL(pool.terminate()));
        visit(Operation::join, [&](auto& pool) CONFORMANCE_KIT_CALL(pool.join()));
    } else {
        visit(Operation::shutdown, [&](auto& pool) CONFORMANCE_KIT_CALL(pool.shutdown(
                                       arguments.flag(0, true), arguments.flag(1, false))));
    }
}

}  // namespace conformance::kit
