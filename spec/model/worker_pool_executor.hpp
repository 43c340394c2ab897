#pragma once
/// \file
/// WorkerPoolExecutor, with its Futures and ExecutorMaps.
///
/// As with WorkerPool the model does not follow what workers do between calls: a task may begin and
/// end at any moment after its submission.
///
/// | call | arguments | outcome |
/// | --- | --- | --- |
/// | submit | function, list of its arguments | null |
/// | map | function, list of input lists, chunk size (1) | null; its time limit is the call's |
/// | shutdown | wait (true), cancel futures (false) | null |
/// | with | body | true, or what the body raises |
///
/// Left free: how tasks are spread over workers and time (EXEC-7, EXEC-14); which of the futures
/// that are not known to be done a shutdown cancels, and when (EXEC-16); when the death of a worker,
/// in a task or after one that kills it later, shows, until somebody got BrokenWorkerPool for it:
/// from then on every submission must (EXEC-6, EXEC-21); whether map over an empty input after shutdown is an error (EXEC-17 says both).

#include <limits>
#include <utility>
#include <variant>

#include "spec/model/executor_map.hpp"
#include "spec/model/future.hpp"

namespace conformance::model {

struct WorkerPoolExecutor {
    using Result = std::variant<Unmade, Future::State, ExecutorMap::State>;
    enum class Health : std::uint8_t { sound, may_be_broken, broken };

    struct State {
        bool is_shut = false;
        bool initializer_fails = false;
        bool initializer_is_opaque = false;  ///< then every result raises ValueError
        Health health = Health::sound;
        std::vector<std::pair<Id, Result>> results{};  ///< in the order of their making
        friend bool operator==(const State&, const State&) = default;

        [[nodiscard]] std::size_t hash() const {
            return hash_of_both(static_cast<std::size_t>(health) * 2 + (is_shut ? 1 : 0),
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

    /// Nothing for a bad number of workers, which is a ValueError. Fulfils EXEC-1, EXEC-2, EXEC-6.
    [[nodiscard]] static std::optional<State> make(const List& arguments) {
        if (number(arguments, 0, 1) <= 0) return std::nullopt;
        if (!argument(arguments, 1).is_string()) return State{};
        if (has_opaque_initializer(arguments)) return State{.initializer_is_opaque = true};
        TaskResult initializer = TaskFunctions::call(text(arguments, 1), list(arguments, 2));
        const bool dies_later = kills_later(initializer);
        return State{.initializer_fails = initializer.is_failure(),
                     .health = dies_later ? Health::may_be_broken : Health::sound};
    }

    /// Calls of the executor `self`, and of its results. Fulfils EXEC-6 to EXEC-22, GEN-7, GEN-10,
    /// GEN-11, GEN-13.
    static void steps(const State& state, Id self, const Turn<Observed>& turn, Steps<State>& out) {
        const Call& call = turn.operation.call;
        if (call.object != self) {
            steps_of_result(state, turn, out);
            return;
        }
        switch (call.operation) {
            case Operation::submit:
                submit(state, call, out);
                break;
            case Operation::map:
                map(state, call, out);
                break;
            case Operation::shutdown:
                shut(state, turn.stage, flag(call.arguments, 0, true),
                     flag(call.arguments, 1, false), Outcome(), out);
                break;
            case Operation::with:
                shut(state, turn.stage, true, false,
                     text(call.arguments, 0) == "raise" ? Outcome(ErrorKind::Other) : Outcome(true),
                     out);
                break;
            default:
                break;
        }
    }

  private:
    static void submit(const State& state, const Call& call, Steps<State>& out) {
        auto task = single_task(call.arguments);
        if (!task) refuse(state, call, ErrorKind::ValueError, out);
        if (!is_accepting(state, call, out) || !task) return;
        if (task->kind == TaskResult::Kind::may_be_refused)
            refuse(state, call, ErrorKind::RuntimeError, out);
        const bool kills = kills_later(*task);
        if (state.initializer_fails) task->kind = TaskResult::Kind::dies;
        if (state.initializer_is_opaque) *task = {.outcome = ErrorKind::ValueError};
        const bool dies = kills || task->kind == TaskResult::Kind::dies;
        complete(out, taken_on(state, call, dies, Future::State{.result = *std::move(task)}));
    }

    static void map(const State& state, const Call& call, Steps<State>& out) {
        auto tasks = tasks_of(call.arguments);
        const std::int64_t chunk_size = number(call.arguments, 2, 1);
        const bool is_bad = !tasks || chunk_size <= 0 || call.time_limit.is_nan();
        if (is_bad) refuse(state, call, ErrorKind::ValueError, out);
        const bool is_accepted = is_accepting(state, call, out);
        if (is_bad || (!is_accepted && !tasks->empty())) return;
        bool dies = false;
        for (TaskResult& task : *tasks) {
            dies = kills_later(task) || dies;
            if (state.initializer_fails) task.kind = TaskResult::Kind::dies;
            if (state.initializer_is_opaque) task = {.outcome = ErrorKind::ValueError};
            dies = dies || task.kind == TaskResult::Kind::dies;
        }
        complete(out, taken_on(state, call, dies,
                               ExecutorMap::make(*std::move(tasks), chunk_size,
                                                 !call.time_limit.is_none())));
    }

    // The shortest input counts. Fulfils EXEC-8.
    static std::optional<std::vector<TaskResult>> tasks_of(const List& arguments) {
        if (!TaskFunctions::has(text(arguments, 0))) return std::nullopt;
        const List inputs = list(arguments, 1);
        std::size_t length = inputs.empty() ? 0 : std::numeric_limits<std::size_t>::max();
        for (const Value& input : inputs)
            length = std::min(length, input.is_list() ? input.as_list().size() : 0);
        std::vector<TaskResult> tasks;
        for (std::size_t i = 0; i < length; ++i) {
            List row;
            for (const Value& input : inputs)
                row.push_back(input.as_list()[i]);
            tasks.push_back(TaskFunctions::call(text(arguments, 0), row));
        }
        return tasks;
    }

    static void refuse(const State& state, const Call& call, ErrorKind kind, Steps<State>& out) {
        State next = state.with_result(call.into, Unmade{});
        if (kind == ErrorKind::BrokenWorkerPool) next.health = Health::broken;
        if (kind == ErrorKind::ValueError && text(call.arguments, 0) == opaque_function)
            complete(out, next, ErrorKind::TypeError);
        complete(out, std::move(next), kind);
    }

    // Whether a submission may succeed; offers the errors that it may meet. Fulfils EXEC-17.
    static bool is_accepting(const State& state, const Call& call, Steps<State>& out) {
        if (state.health != Health::sound) refuse(state, call, ErrorKind::BrokenWorkerPool, out);
        if (state.is_shut && state.health != Health::broken)
            refuse(state, call, ErrorKind::RuntimeError, out);
        return !state.is_shut && state.health != Health::broken;
    }

    static State taken_on(const State& state, const Call& call, bool dies, const Result& result) {
        State next = state.with_result(call.into, result);
        if (dies && next.health == Health::sound) next.health = Health::may_be_broken;
        if (next.health == Health::sound) return next;
        for (auto& [id, other] : next.results) {
            auto* const future = std::get_if<Future::State>(&other);
            if (future != nullptr && future->is_open()) future->may_be_broken = true;
            if (auto* const map = std::get_if<ExecutorMap::State>(&other))
                map->may_be_broken = true;
        }
        return next;
    }

    // Two steps: it closes, and then it waits. Fulfils EXEC-15, EXEC-16, EXEC-18.
    static void shut(const State& state, Stage stage, bool waits, bool cancels,
                     const Outcome& outcome, Steps<State>& out) {
        constexpr Stage waiting = 1;
        State next = state;
        if (stage == waiting) {
            for (auto& [id, result] : next.results) {
                if (auto* const future = std::get_if<Future::State>(&result))
                    *future = Future::over(*future);
            }
            complete(out, std::move(next), outcome);
            return;
        }
        next.is_shut = true;
        for (auto& [id, result] : next.results) {
            if (!cancels) break;
            auto* const future = std::get_if<Future::State>(&result);
            if (future != nullptr && future->certain == Future::Certain::nothing &&
                future->is_open())
                future->may_be_cancelled = true;
            if (auto* const map = std::get_if<ExecutorMap::State>(&result))
                map->may_be_cancelled = true;
        }
        if (waits) {
            proceed(out, std::move(next), waiting);
        } else {
            complete(out, std::move(next), outcome);
        }
    }

    static void steps_of_result(const State& state, const Turn<Observed>& turn, Steps<State>& out) {
        for (std::size_t i = 0; i < state.results.size(); ++i) {
            if (state.results[i].first != turn.operation.call.object) continue;
            const Result& result = state.results[i].second;
            if (std::holds_alternative<Unmade>(result))
                complete(out, state, turn.operation.anything());
            if (const auto* const future = std::get_if<Future::State>(&result))
                steps_at<Future>(state, i, *future, future->shows_break(), turn, out);
            if (const auto* const map = std::get_if<ExecutorMap::State>(&result))
                steps_at<ExecutorMap>(state, i, *map, false, turn, out);
        }
    }

    // `shows_break`: an outcome BrokenWorkerPool tells that the executor is broken.
    template <class Part>
    static void steps_at(const State& state, std::size_t index, const typename Part::State& part,
                         bool shows_break, const Turn<Observed>& turn, Steps<State>& out) {
        static const Outcome broken = ErrorKind::BrokenWorkerPool;
        static const Outcome named = Value(to_string(ErrorKind::BrokenWorkerPool));
        Steps<typename Part::State> steps_of_part;
        Part::steps(part, turn, steps_of_part);
        for (auto& step : steps_of_part) {
            State next = state;
            next.results[index].second = std::move(step.next);
            const bool is_exception = turn.operation.call.operation == Operation::exception;
            if (shows_break && step.outcome == (is_exception ? named : broken))
                next.health = Health::broken;
            out.push_back({std::move(next), step.stage, std::move(step.outcome)});
        }
    }
};

}  // namespace conformance::model
