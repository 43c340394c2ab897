#pragma once
/// \file
/// WorkerPool, with the results of its calls.
///
/// What workers do between calls is no call of a scenario, so that the model does not follow it: a
/// task may be done at any moment after its submission.
///
/// | call | arguments | outcome |
/// | --- | --- | --- |
/// | apply, apply_async | function, list of its arguments; callbacks | its result; null |
/// | map, starmap | function, list of items, chunk size (1) | list |
/// | map_async, starmap_async | the same; callbacks | null |
/// | imap, imap_unordered | the same; after how many items reading raises (null) | null |
/// | close, terminate, terminate_later, join | | null |
/// | with | body | true, or what the body raises |
///
/// Left free: how tasks are spread over workers and time (POOL-1, POOL-7); whether a task that was
/// not done when the pool was terminated gives its value or BrokenWorkerPool (POOL-21 to POOL-23),
/// and whether its result is ready before join; whether a chunk size of zero or less on an empty
/// input is an error (POOL-11); whether entering a terminated pool is an error, or only its use
/// (POOL-24); what callbacks do (POOL-14 to POOL-18): the objects that they act on show it. A pool
/// outlives the death of its workers in the model. From a task that kills its worker later on, any
/// result that is not ready may break, and any submission (FAULT-15).

#include <utility>
#include <variant>

#include "spec/model/async_result.hpp"
#include "spec/model/imap_iterator.hpp"

namespace conformance::model {

struct WorkerPool {
    using Result = std::variant<Unmade, AsyncResult::State, ImapIterator::State>;
    enum class Phase : std::uint8_t { open, closed, terminated };

    struct State {
        Phase phase = Phase::open;
        bool initializer_fails = false;
        bool may_lose_tasks = false;      ///< a worker may die at any time
        bool termination_is_due = false;  ///< by `terminate_later`, and may have happened
        std::vector<std::pair<Id, Result>> results{};  ///< in the order of their making
        friend bool operator==(const State&, const State&) = default;

        [[nodiscard]] std::size_t hash() const {
            const std::size_t bits = (may_lose_tasks ? 2U : 0U) + (termination_is_due ? 1U : 0U);
            return hash_of_both(static_cast<std::size_t>(phase) * 4 + bits,
                                hash_of_all(results, [](const auto& result) {
                                    return std::visit([](const auto& it) { return it.hash(); },
                                                      result.second);
                                }));
        }
        [[nodiscard]] State with_result(Id id, Result result) const {
            State next = *this;
            if (id != no_object) next.results.emplace_back(id, std::move(result));
            return next;
        }
    };

    /// Nothing for a bad number of workers, which is a ValueError. Fulfils POOL-2, POOL-4.
    [[nodiscard]] static std::optional<State> make(const List& arguments) {
        if (number(arguments, 0, 1) <= 0) return std::nullopt;
        if (!argument(arguments, 1).is_string()) return State{};
        TaskResult initializer = TaskFunctions::call(text(arguments, 1), list(arguments, 2));
        const bool dies_later = kills_later(initializer);
        return State{.initializer_fails = initializer.is_failure(), .may_lose_tasks = dies_later};
    }

    /// Calls of the pool `self`, and of its results. Fulfils POOL-4 to POOL-24, POOL-26, POOL-28,
    /// POOL-30, GEN-10, GEN-11, GEN-13, IMAP-5, IMAP-6, FAULT-15, FAULT-20.
    static void steps(const State& state, Id self, const Turn<Observed>& turn, Steps<State>& out) {
        steps_now(state, self, turn, out);
        // Or else the termination comes first.
        if (state.termination_is_due) steps_now(terminated(state), self, turn, out);
    }

  private:
    static constexpr Stage submitted = 1;  // a stage of apply, map and starmap

    static void steps_now(const State& state, Id self, const Turn<Observed>& turn,
                          Steps<State>& out) {
        const Call& call = turn.operation.call;
        if (call.object != self) {
            steps_of_result(state, turn, out);
            return;
        }
        switch (call.operation) {
            case Operation::close: {
                State next = state;
                if (state.phase == Phase::open) next.phase = Phase::closed;
                complete(out, std::move(next));
                break;
            }
            case Operation::terminate:
                complete(out, terminated(state));
                break;
            case Operation::terminate_later: {
                State next = state;
                next.termination_is_due = state.phase != Phase::terminated;
                complete(out, std::move(next));
                break;
            }
            case Operation::with:
                if (state.phase == Phase::terminated) complete(out, state, ErrorKind::ValueError);
                if (text(call.arguments, 0) == "raise") {
                    complete(out, terminated(state), ErrorKind::Other);
                } else {
                    complete(out, terminated(state), true);
                }
                break;
            case Operation::join:
                if (state.phase == Phase::open) {
                    complete(out, state, ErrorKind::ValueError);
                } else {
                    complete(out, joined(state));
                }
                break;
            default:
                submit(state, turn, out);
        }
    }

    static void submit(const State& state, const Turn<Observed>& turn, Steps<State>& out) {
        const Call& call = turn.operation.call;
        switch (call.operation) {
            case Operation::apply:
            case Operation::apply_async:
                if (auto task = single_task(call.arguments)) {
                    if (task->kind == TaskResult::Kind::may_be_refused && turn.stage == 0)
                        refuse(state, call, ErrorKind::RuntimeError, out);
                    const bool kills = kills_later(*task);
                    take_on(state, turn, AsyncResult::make(here(state, *std::move(task))), kills,
                            out);
                } else {
                    refuse(state, call, ErrorKind::ValueError, out);
                }
                break;
            case Operation::map:
            case Operation::map_async:
            case Operation::starmap:
            case Operation::starmap_async:
            case Operation::imap:
            case Operation::imap_unordered:
                submit_many(state, turn, out);
                break;
            default:
                break;
        }
    }

    // What becomes of a task in this pool. Fulfils POOL-4, POOL-29.
    static TaskResult here(const State& state, TaskResult task) {
        if (state.initializer_fails) return {.kind = TaskResult::Kind::dies};
        if (task.kind == TaskResult::Kind::starts_worker)
            return {.outcome = ErrorKind::RuntimeError};
        return task;
    }

    static void submit_many(const State& state, const Turn<Observed>& turn, Steps<State>& out) {
        const Call& call = turn.operation.call;
        const bool starred =
            call.operation == Operation::starmap || call.operation == Operation::starmap_async;
        const bool iterates =
            call.operation == Operation::imap || call.operation == Operation::imap_unordered;
        auto tasks = tasks_of_map(call.arguments, starred);
        const std::int64_t chunk_size = number(call.arguments, 2, 1);
        // Fulfils POOL-11, IMAP-5.
        const bool is_bad_size = chunk_size <= 0 && turn.stage == 0;
        if (!tasks || is_bad_size) refuse(state, call, ErrorKind::ValueError, out);
        if (!tasks || (is_bad_size && (iterates || !tasks->empty()))) return;
        if (iterates) shorten(*tasks, argument(call.arguments, 3));
        bool kills = false;
        for (TaskResult& task : *tasks) {
            kills = kills_later(task) || kills;
            task = here(state, std::move(task));
        }
        if (iterates) {
            if (argument(call.arguments, 3) == Value(tasks->size()))
                tasks->push_back({.outcome = ErrorKind::Other});
            const bool in_order = call.operation == Operation::imap;
            take_on(state, turn, ImapIterator::make(*std::move(tasks), in_order, chunk_size), kills,
                    out);
        } else {
            take_on(state, turn, AsyncResult::make(*tasks), kills, out);
        }
    }

    // To the items that are read before reading raises. Fulfils IMAP-6.
    static void shorten(std::vector<TaskResult>& tasks, const Value& raises_after) {
        if (!raises_after.is_int()) return;
        const auto count = static_cast<std::size_t>(raises_after.as_int());
        if (count < tasks.size()) tasks.resize(count);
    }

    // `kills`: a worker may die after one of the tasks. Fulfils POOL-19, POOL-21, FAULT-15.
    static void take_on(const State& state, const Turn<Observed>& turn, const Result& result,
                        bool kills, Steps<State>& out) {
        const Call& call = turn.operation.call;
        const bool waits = call.operation == Operation::apply || call.operation == Operation::map ||
                           call.operation == Operation::starmap;
        if (turn.stage == submitted) {
            for (const TaskResult& possible : std::get<AsyncResult::State>(result).possible)
                complete(out, state, possible.outcome_like(turn.operation.value()));
            if (state.phase == Phase::terminated || state.may_lose_tasks)
                complete(out, state, ErrorKind::BrokenWorkerPool);
            return;
        }
        if (state.phase != Phase::open) {
            refuse(state, call, ErrorKind::ValueError, out);
            return;
        }
        if (state.may_lose_tasks) refuse(state, call, ErrorKind::BrokenWorkerPool, out);
        State next = waits ? state : state.with_result(call.into, result);
        next.may_lose_tasks = state.may_lose_tasks || kills;
        if (next.may_lose_tasks) let_results_break(next);
        if (waits) {
            proceed(out, std::move(next), submitted);
        } else {
            complete(out, std::move(next));
        }
    }

    static void refuse(const State& state, const Call& call, ErrorKind kind, Steps<State>& out) {
        if (text(call.arguments, 0) == opaque_function)
            complete(out, state.with_result(call.into, Unmade{}), ErrorKind::TypeError);
        complete(out, state.with_result(call.into, Unmade{}), kind);
    }

    static State terminated(State state) {
        state.termination_is_due = false;
        if (state.phase == Phase::terminated) return state;
        state.phase = Phase::terminated;
        let_results_break(state);
        return state;
    }

    static void let_results_break(State& state) {
        for (auto& [id, result] : state.results) {
            if (auto* const single = std::get_if<AsyncResult::State>(&result))
                *single = single->that_may_break();
            if (auto* const iterator = std::get_if<ImapIterator::State>(&result))
                iterator->may_break = true;
        }
    }

    static State joined(State state) {
        for (auto& [id, result] : state.results) {
            if (auto* const single = std::get_if<AsyncResult::State>(&result))
                single->is_ready = true;
        }
        return state;
    }

    static void steps_of_result(const State& state, const Turn<Observed>& turn, Steps<State>& out) {
        for (std::size_t i = 0; i < state.results.size(); ++i) {
            if (state.results[i].first != turn.operation.call.object) continue;
            const Result& result = state.results[i].second;
            if (std::holds_alternative<Unmade>(result))
                complete(out, state, turn.operation.anything());
            if (const auto* const single = std::get_if<AsyncResult::State>(&result))
                steps_at<AsyncResult>(state, i, *single, turn, out);
            if (const auto* const iterator = std::get_if<ImapIterator::State>(&result))
                steps_at<ImapIterator>(state, i, *iterator, turn, out);
        }
    }

    template <class Part>
    static void steps_at(const State& state, std::size_t index, const typename Part::State& part,
                         const Turn<Observed>& turn, Steps<State>& out) {
        Steps<typename Part::State> steps_of_part;
        Part::steps(part, turn, steps_of_part);
        for (auto& step : steps_of_part) {
            State next = state;
            next.results[index].second = std::move(step.next);
            out.push_back({std::move(next), step.stage, std::move(step.outcome)});
        }
    }
};

}  // namespace conformance::model
