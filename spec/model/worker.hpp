#pragma once
/// \file
/// Workers: their life cycle, seen by the workers that made them and by themselves. One model for
/// all workers of a scenario, as they start one another.
///
/// `run` is what a worker does from its beginning to its end, as its driver records it. The record
/// ends shortly before the worker does: in between the worker is `finishing`, and whoever looks may
/// see it alive or not, until somebody has seen its end.
///
/// Left free: names that nobody gave, but for being different among the living (WORKER-15); what a
/// name set after start changes (WORKER-17); `is_alive` of the calling worker itself, through the
/// object (WORKER-8) or through current_worker (UTIL-5).

#include <algorithm>
#include <optional>
#include <string>

#include "spec/model/observed.hpp"
#include "spec/model/offer.hpp"
#include "spec/scenario/scenario.hpp"

namespace conformance::model {

struct Workers {
    enum class Life : std::uint8_t { fresh, started, finishing, ended };
    struct Worker {
        Id id = 0;
        Id parent = no_object;
        Life life = Life::fresh;
        std::optional<bool> daemon{};  ///< none: as its parent
        bool has_default_name = false;
        /// Those it may show: one, or more if it was renamed after start. Empty: a default that
        /// nobody has seen yet.
        std::vector<std::string> names{};
        bool may_show_any_name = false;
        std::int64_t ident = 0;  ///< 0: nobody has seen it yet
        WorkerMisuse misuse = WorkerMisuse::none;
        friend bool operator==(const Worker&, const Worker&) = default;

        [[nodiscard]] std::size_t hash() const {
            std::size_t hash =
                hash_of_both(static_cast<std::size_t>(id) * 4 + static_cast<std::size_t>(life),
                             static_cast<std::size_t>(ident));
            hash = hash_of_both(hash, daemon ? (*daemon ? 1 : 0) : 2);
            return hash_of_both(hash, hash_of_all(names, std::hash<std::string>()));
        }
        [[nodiscard]] bool may_be_alive() const {
            return life == Life::started || life == Life::finishing;
        }
    };
    struct State {
        std::vector<Worker> workers{};
        std::string backend{};           ///< empty: nobody has seen it yet
        bool has_other_workers = false;  ///< there are pools or executors, whose workers count too
        friend bool operator==(const State&, const State&) = default;

        [[nodiscard]] std::size_t hash() const {
            return hash_of_all(workers, [](const Worker& worker) { return worker.hash(); });
        }
        [[nodiscard]] const Worker* find(Id id) const {
            const auto found = std::ranges::find(workers, id, &Worker::id);
            return found != workers.end() ? &*found : nullptr;
        }
        /// `edit` is called with the copy of the worker `id`.
        template <class Edit>
        [[nodiscard]] State with(Id id, Edit edit) const {
            State next = *this;
            edit(*std::ranges::find(next.workers, id, &Worker::id));
            return next;
        }
        [[nodiscard]] State with_life(Id id, Life life) const {
            return with(id, [life](Worker& worker) { worker.life = life; });
        }
        /// Fulfils WORKER-18.
        [[nodiscard]] bool is_daemon(const Worker& worker) const {
            if (worker.daemon) return *worker.daemon;
            const Worker* const parent = find(worker.parent);
            return parent != nullptr && is_daemon(*parent);
        }
        /// Whether `name` may be the default name of `worker`. Fulfils WORKER-15.
        [[nodiscard]] bool may_be_default_name(const Worker& worker,
                                               const std::string& name) const {
            const auto collides = [&](const Worker& other) {
                return other.id != worker.id && other.has_default_name &&
                       other.life == Life::started && worker.life == Life::started &&
                       std::ranges::find(other.names, name) != other.names.end();
            };
            return !name.empty() && std::ranges::none_of(workers, collides);
        }
    };

    /// start, join, is_alive, name, set_name(name), daemon, set_daemon(flag), run; kill, stop and
    /// resume, which the driver does. Fulfils WORKER-2 to WORKER-9, WORKER-15 to WORKER-19, WORKER-24,
    /// WORKER-27, GEN-5, GEN-7, GEN-10, GEN-17, DOC-16, UTIL-8.
    static void steps(const State& state, const Turn<Observed>& turn, Steps<State>& out) {
        const Call& call = turn.operation.call;
        const Worker* const found = state.find(call.object);
        if (found == nullptr) return;
        const Worker& worker = *found;
        if (worker.misuse != WorkerMisuse::none && worker.misuse != WorkerMisuse::spoilt) {
            // It cannot be made.
            complete(out, state, ErrorKind::ValueError);
            complete(out, state, ErrorKind::TypeError);
            return;
        }
        switch (call.operation) {
            case Operation::run:
                run(state, worker, turn, out);
                break;
            case Operation::kill:
                // From now on, or very soon, it is dead; its record of `run` may never have begun.
                complete(out, worker.life == Life::started
                                  ? state.with_life(worker.id, Life::finishing)
                                  : state);
                break;
            case Operation::stop:
            case Operation::resume:
                complete(out, state);
                break;
            case Operation::start:
                start(state, worker, turn.worker, out);
                break;
            case Operation::join:
                join(state, worker, turn, out);
                break;
            case Operation::is_alive:
                is_alive(state, worker, turn.worker, out);
                break;
            case Operation::name:
                name(state, worker, turn.operation, out);
                break;
            case Operation::set_name:
                set_name(state, worker, text(call.arguments, 0), out);
                break;
            case Operation::daemon:
                complete(out, state, state.is_daemon(worker));
                break;
            case Operation::set_daemon:
                if (worker.life != Life::fresh) {
                    complete(out, state, ErrorKind::RuntimeError);
                } else {
                    const bool daemon = flag(call.arguments, 0, true);
                    complete(out, state.with(worker.id, [=](Worker& it) { it.daemon = daemon; }));
                }
                break;
            default:
                break;
        }
    }

    /// Whether `ident` may be the identifier of `worker`. Fulfils UTIL-2, UTIL-3.
    [[nodiscard]] static bool may_be_ident(const State& state, const Worker& worker,
                                           std::int64_t ident) {
        const auto collides = [&](const Worker& other) {
            return other.id != worker.id && other.life == Life::started &&
                   worker.life == Life::started && other.ident == ident;
        };
        return ident > 0 && (worker.ident == 0 || worker.ident == ident) &&
               std::ranges::none_of(state.workers, collides);
    }

    /// Offers the names that `worker` may show; `show` makes the outcome of one.
    template <class Show>
    static void show_name(const State& state, const Worker& worker, const Value& seen, Show show,
                          Steps<State>& out) {
        const std::string name = seen.is_string() ? seen.as_string() : std::string();
        if (worker.may_show_any_name) {
            complete(out, state, show(name));
            return;
        }
        for (const std::string& one : worker.names)
            complete(out, state, show(one));
        if (!worker.names.empty()) return;
        if (!state.may_be_default_name(worker, name)) {
            complete(out, state, show("(a name that no other worker has)"));
        } else {
            complete(out, state.with(worker.id, [&](Worker& it) { it.names = {name}; }),
                     show(name));
        }
    }

  private:
    static constexpr Stage running = 1;

    // It ends when its target does, of which this model knows only the record. So a `run` that is
    // pending is blocked, in one of the calls that it makes.
    static void run(const State& state, const Worker& worker, const Turn<Observed>& turn,
                    Steps<State>& out) {
        if (turn.stage == running) {
            if (turn.operation.seen || turn.operation.killed)
                complete(out,
                         worker.life == Life::started ? state.with_life(worker.id, Life::finishing)
                                                      : state,
                         turn.operation.anything());
        } else if (worker.life == Life::started) {
            proceed(out, state, running);
        }
    }

    static void start(const State& state, const Worker& worker, Id caller, Steps<State>& out) {
        const Worker* const parent = state.find(caller);
        const bool may_start = worker.parent == caller && worker.life == Life::fresh &&
                               parent != nullptr && !state.is_daemon(*parent);
        if (may_start && worker.misuse == WorkerMisuse::spoilt) {
            complete(out, state, ErrorKind::ValueError);
        } else if (may_start) {
            complete(out, state.with_life(worker.id, Life::started));
        } else {
            complete(out, state, ErrorKind::RuntimeError);
        }
    }

    static void join(const State& state, const Worker& worker, const Turn<Observed>& turn,
                     Steps<State>& out) {
        const bool is_nan = turn.operation.call.time_limit.is_nan();
        const bool may_join =
            worker.parent == turn.worker && worker.id != turn.worker && worker.life != Life::fresh;
        if (is_nan) complete(out, state, ErrorKind::ValueError);
        if (!may_join) complete(out, state, ErrorKind::RuntimeError);
        if (is_nan || !may_join) return;
        if (worker.life != Life::started) complete(out, state.with_life(worker.id, Life::ended));
        if (worker.life != Life::ended && turn.time_is_up) complete(out, state);
    }

    static void is_alive(const State& state, const Worker& worker, Id caller, Steps<State>& out) {
        if (worker.parent != caller) complete(out, state, ErrorKind::RuntimeError);
        if (worker.id == caller) complete(out, state, true);
        if (worker.parent != caller) return;
        if (worker.may_be_alive()) complete(out, state, true);
        if (worker.life == Life::finishing)
            complete(out, state.with_life(worker.id, Life::ended), false);
        if (worker.life == Life::fresh || worker.life == Life::ended) complete(out, state, false);
    }

    static void name(const State& state, const Worker& worker, const Observed& observed,
                     Steps<State>& out) {
        show_name(
            state, worker, observed.value(), [](const std::string& name) { return Value(name); },
            out);
    }

    static void set_name(const State& state, const Worker& worker, const std::string& name,
                         Steps<State>& out) {
        complete(out, state.with(worker.id, [&](Worker& it) {
            if (it.life == Life::fresh) {
                it.has_default_name = false;
                it.may_show_any_name = name.empty();
                it.names = {name};
            } else if (it.names.empty()) {
                it.may_show_any_name = true;  // this name, or the default that nobody has seen
            } else if (std::ranges::find(it.names, name) == it.names.end()) {
                it.names.push_back(name);
            }
        }));
        if (worker.life != Life::fresh) complete(out, state, ErrorKind::RuntimeError);
    }
};

}  // namespace conformance::model
