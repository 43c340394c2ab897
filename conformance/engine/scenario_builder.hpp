#pragma once
/// \file
/// Scenarios as one writes them by hand.
///
///     ScenarioBuilder scenario;
///     const Id lock = scenario.add(Type::Lock);
///     Script main = scenario.main();
///     Script other = scenario.worker();
///     main.acquire(lock);
///     main.start(other);
///     main.await_blocked(other);
///     main.release(lock);
///     main.join(other);
///     other.acquire(lock);
///
/// A Script appends calls to one worker; each returns the call's id, to look its outcome up later.
/// Calls that result in an object return the object's id instead.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spec/scenario/scenario.hpp"

namespace conformance {

class ScenarioBuilder;

class Script {
  public:
    /// The worker's own id, which is also that of the object on which others call start and join.
    [[nodiscard]] Id id() const { return worker_; }

    /// Any call; the named ones below are shorter.
    Id call(Id object, Operation operation, List arguments = {}, TimeLimit limit = {}) const;
    /// A call that results in an object, of which the id is returned.
    Id call_into(Type type, Id object, Operation operation, List arguments = {},
                 TimeLimit limit = {}) const;

    /// It makes its calls so many times.
    void repeat(std::int64_t times) const;

    Id create(Id object) const { return call(object, Operation::create); }

    Id acquire(Id lock) const { return call(lock, Operation::acquire); }
    Id acquire(Id lock, TimeLimit limit) const {
        return call(lock, Operation::acquire, {true}, limit);
    }
    Id try_acquire(Id lock) const { return call(lock, Operation::acquire, {false}); }
    Id release(Id lock) const { return call(lock, Operation::release); }
    Id locked(Id lock) const { return call(lock, Operation::locked); }
    Id with(Id lock, std::string_view body) const { return call(lock, Operation::with, {body}); }

    Id wait(Id object, TimeLimit limit = {}) const {
        return call(object, Operation::wait, {}, limit);
    }
    Id wait_for(Id condition, Id cell, std::int64_t minimum, TimeLimit limit = {}) const {
        return call(condition, Operation::wait_for, {cell, minimum}, limit);
    }
    Id notify(Id condition, std::int64_t n = 1) const {
        return call(condition, Operation::notify, {n});
    }
    Id notify_all(Id condition) const { return call(condition, Operation::notify_all); }

    Id set(Id event) const { return call(event, Operation::set); }
    Id clear(Id event) const { return call(event, Operation::clear); }
    Id is_set(Id event) const { return call(event, Operation::is_set); }

    Id reset(Id barrier) const { return call(barrier, Operation::reset); }
    Id abort(Id barrier) const { return call(barrier, Operation::abort); }
    Id parties(Id barrier) const { return call(barrier, Operation::parties); }
    Id n_waiting(Id barrier) const { return call(barrier, Operation::n_waiting); }
    Id broken(Id barrier) const { return call(barrier, Operation::broken); }

    Id put(Id queue, Value value) const { return call(queue, Operation::put, {std::move(value)}); }
    Id put(Id queue, Value value, TimeLimit limit) const {
        return call(queue, Operation::put, {std::move(value), true}, limit);
    }
    Id put_nowait(Id queue, Value value) const {
        return call(queue, Operation::put_nowait, {std::move(value)});
    }
    Id get(Id queue) const { return call(queue, Operation::get); }
    Id get(Id queue, TimeLimit limit) const { return call(queue, Operation::get, {true}, limit); }
    Id get_nowait(Id queue) const { return call(queue, Operation::get_nowait); }
    Id qsize(Id queue) const { return call(queue, Operation::qsize); }
    Id empty(Id queue) const { return call(queue, Operation::empty); }
    Id full(Id queue) const { return call(queue, Operation::full); }
    Id task_done(Id queue) const { return call(queue, Operation::task_done); }

    Id read(Id cell) const { return call(cell, Operation::read); }
    Id write(Id cell, std::int64_t n) const { return call(cell, Operation::write, {n}); }
    Id add(Id cell, std::int64_t n = 1) const { return call(cell, Operation::add, {n}); }

    Id start(const Script& worker) const { return call(worker.id(), Operation::start); }
    Id join(const Script& worker, TimeLimit limit = {}) const { return join(worker.id(), limit); }
    /// Of a worker, a queue or a pool.
    Id join(Id object, TimeLimit limit = {}) const {
        return call(object, Operation::join, {}, limit);
    }
    Id is_alive(const Script& worker) const { return call(worker.id(), Operation::is_alive); }
    Id await_blocked(const Script& worker) const {
        return call(worker.id(), Operation::await_blocked);
    }
    Id kill(const Script& worker) const { return call(worker.id(), Operation::kill); }

    /// The last call of a worker: such an error leaves its target.
    Id raise(ErrorKind kind, std::string_view message) const {
        return call(no_object, Operation::raise, {to_string(kind), message});
    }
    Id drop(Id object) const { return call(object, Operation::drop); }
    Id drop(const Script& worker) const { return drop(worker.id()); }

    Id apply(Id pool, std::string_view function, List arguments = {}) const {
        return call(pool, Operation::apply, {function, std::move(arguments)});
    }
    Id apply_async(Id pool, std::string_view function, List arguments = {}) const {
        return call_into(Type::AsyncResult, pool, Operation::apply_async,
                         {function, std::move(arguments)});
    }
    Id submit(Id executor, std::string_view function, List arguments = {}) const {
        return call_into(Type::Future, executor, Operation::submit,
                         {function, std::move(arguments)});
    }
    /// Whether the object, or worker, has a public member of this name.
    Id offers(Id object, std::string_view name) const {
        return call(object, Operation::offers, {name});
    }
    Id result(Id future, TimeLimit limit = {}) const {
        return call(future, Operation::result, {}, limit);
    }

  private:
    friend class ScenarioBuilder;
    Script(ScenarioBuilder& builder, Id worker) : builder_(&builder), worker_(worker) {}
    ScenarioBuilder* builder_;
    Id worker_;
};

/// Scripts refer to the builder: it must stay where it is while they are used.
class ScenarioBuilder {
  public:
    ScenarioBuilder() { scenario_.workers.push_back({.id = next_id_++}); }
    ScenarioBuilder(const ScenarioBuilder&) = delete;
    ScenarioBuilder& operator=(const ScenarioBuilder&) = delete;

    /// An object that exists from the beginning, unless the main worker creates it by a call.
    Id add(Type type, List arguments = {}) {
        scenario_.objects.push_back(
            {.id = next_id_, .type = type, .arguments = std::move(arguments)});
        return next_id_++;
    }
    [[nodiscard]] Script main() { return {*this, 0}; }
    /// A worker that the main one, or `parent`, has to start.
    [[nodiscard]] Script worker(std::string name = {}, std::optional<bool> daemon = {},
                                Id parent = 0) {
        scenario_.workers.push_back(
            {.id = next_id_, .parent = parent, .name = std::move(name), .daemon = daemon});
        return {*this, next_id_++};
    }
    /// How the worker is made is wrong.
    void misuse(const Script& worker, WorkerMisuse misuse) {
        std::ranges::find(scenario_.workers, worker.id(), &WorkerPlan::id)->misuse = misuse;
    }
    [[nodiscard]] std::vector<Script> workers(std::size_t count) {
        std::vector<Script> scripts;
        for (std::size_t i = 0; i < count; ++i)
            scripts.push_back(worker());
        return scripts;
    }
    /// Has the main worker start, and join, every worker whose parent it is.
    void start_all() { for_all(Operation::start); }
    void join_all() { for_all(Operation::join); }

    /// The workers begin their calls together.
    void align() { scenario_.aligned = true; }
    void perturb(int percent, std::uint64_t seed) {
        scenario_.perturbation = percent;
        scenario_.seed = seed;
    }
    /// The program ends with the main worker's calls.
    void end_program(ProgramEnd how) { scenario_.ends = how; }
    [[nodiscard]] const Scenario& scenario() const { return scenario_; }

  private:
    friend class Script;
    void for_all(Operation operation) {
        for (std::size_t i = 1; i < scenario_.workers.size(); ++i) {
            if (scenario_.workers[i].parent == 0) main().call(scenario_.workers[i].id, operation);
        }
    }
    Scenario scenario_;
    Id next_id_ = 0;
    Id next_call_ = 1;
};

inline Id Script::call(Id object, Operation operation, List arguments, TimeLimit limit) const {
    for (WorkerPlan& worker : builder_->scenario_.workers) {
        if (worker.id == worker_)
            worker.calls.push_back({.id = builder_->next_call_,
                                    .object = object,
                                    .operation = operation,
                                    .arguments = std::move(arguments),
                                    .time_limit = limit});
    }
    return builder_->next_call_++;
}

inline void Script::repeat(std::int64_t times) const {
    for (WorkerPlan& worker : builder_->scenario_.workers) {
        if (worker.id == worker_) worker.repeat = times;
    }
}

inline Id Script::call_into(Type type, Id object, Operation operation, List arguments,
                            TimeLimit limit) const {
    const Id result = builder_->add(type);
    call(object, operation, std::move(arguments), limit);
    for (WorkerPlan& worker : builder_->scenario_.workers) {
        if (worker.id == worker_) worker.calls.back().into = result;
    }
    return result;
}

}  // namespace conformance
