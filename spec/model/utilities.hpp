#pragma once
/// \file
/// get_backend, get_ident, current_worker, active_count, active_children, enumerate: steps on the
/// state of all workers. Besides `raise`, after which the caller ends (WORKER-12).
///
/// current_worker shows [name, daemon flag, identifier]; active_children and enumerate show lists
/// of these, in any order. Identifiers are compared with those that current_worker and get_ident
/// have shown.
///
/// Left free: what workers other than the main one see of others, and what the main one sees of
/// workers that it did not start itself (UTIL-14), of which pools have some too (UTIL-10).

#include "spec/model/worker.hpp"

namespace conformance::model {

struct Utilities {
    using State = Workers::State;

    /// Fulfils UTIL-1 to UTIL-3, UTIL-5, UTIL-6, UTIL-9, UTIL-10, UTIL-12 to UTIL-14, GEN-2.
    static void steps(const State& state, const Turn<Observed>& turn, Steps<State>& out) {
        const Workers::Worker* const caller = state.find(turn.worker);
        if (caller == nullptr) return;
        switch (turn.operation.call.operation) {
            case Operation::get_backend:
                get_backend(state, turn.operation.value(), out);
                break;
            case Operation::get_ident:
                get_ident(state, *caller, turn.operation.value(), out);
                break;
            case Operation::current_worker:
                current_worker(state, *caller, turn.operation.value(), out);
                break;
            case Operation::active_count:
            case Operation::active_children:
            case Operation::enumerate:
                count_or_list(state, *caller, turn.operation, out);
                break;
            case Operation::raise:
                complete(out, state);
                break;
            default:
                break;
        }
    }

  private:
    using Worker = Workers::Worker;
    using Life = Workers::Life;

    static void get_backend(const State& state, const Value& seen, Steps<State>& out) {
        for (const char* const name : {"threading", "multiprocessing"}) {
            if (!state.backend.empty() && state.backend != name) continue;
            if (seen.is_string() && seen.as_string() != name) continue;
            State next = state;
            next.backend = name;
            complete(out, std::move(next), name);
        }
    }

    // For reports: an identifier, or what would have been right.
    static Value known_or_any(std::int64_t ident) {
        return ident != 0 ? Value(ident) : Value("(a positive number that nobody else has)");
    }

    static void get_ident(const State& state, const Worker& caller, const Value& seen,
                          Steps<State>& out) {
        const std::int64_t ident = seen.is_int() ? seen.as_int() : 0;
        if (Workers::may_be_ident(state, caller, ident)) {
            complete(out, state.with(caller.id, [=](Worker& it) { it.ident = ident; }), ident);
        } else {
            complete(out, state, known_or_any(caller.ident));
        }
    }

    static void current_worker(const State& state, const Worker& caller, const Value& seen,
                               Steps<State>& out) {
        const bool daemon = state.is_daemon(caller);
        const std::optional<Shown> shown = read_shown(seen);
        const bool may_be = shown && Workers::may_be_ident(state, caller, shown->ident);
        const std::int64_t ident = may_be ? shown->ident : caller.ident;
        const State next = state.with(caller.id, [=](Worker& it) { it.ident = ident; });
        Workers::show_name(
            next, *next.find(caller.id), shown ? Value(shown->name) : Value(),
            [=](const std::string& name) { return Value(List{name, daemon, known_or_any(ident)}); },
            out);
    }

    // As current_worker and the lists show a worker.
    struct Shown {
        std::string name;
        bool daemon;
        std::int64_t ident;
    };
    static std::optional<Shown> read_shown(const Value& value) {
        if (!value.is_list() || value.as_list().size() != 3) return std::nullopt;
        const List& parts = value.as_list();
        if (!parts[0].is_string() || !parts[1].is_bool() || !parts[2].is_int()) return std::nullopt;
        return Shown{parts[0].as_string(), parts[1].as_bool(), parts[2].as_int()};
    }

    static void count_or_list(const State& state, const Worker& caller, const Observed& observed,
                              Steps<State>& out) {
        const bool counts = observed.call.operation == Operation::active_count;
        const Value seen = observed.value();
        const auto is_foreign = [&](const Worker& worker) {
            return worker.id != caller.id && worker.parent != caller.id && worker.may_be_alive();
        };
        const bool is_open = caller.parent != no_object || state.has_other_workers ||
                             std::ranges::any_of(state.workers, is_foreign);
        if (is_open && caller.parent != no_object) {
            if (counts ? seen.is_int() : seen.is_list()) complete(out, state, seen);
            return;
        }
        std::vector<const Worker*> shown;
        if (observed.call.operation != Operation::active_children) shown.push_back(&caller);
        choose_living(state, caller, 0, std::move(shown), [&](const State& next, const auto& all) {
            if (counts) {
                const std::int64_t count = std::ssize(all);
                const bool fits = is_open && seen.is_int() && seen.as_int() >= count;
                complete(out, next, fits ? seen : Value(count));
            } else {
                const bool fits =
                    seen.is_list() && is_list_of(next, seen.as_list(), all, 0, is_open);
                complete(out, next, fits ? seen : expected_list(next, all));
            }
        });
    }

    // Calls `use` for each way in which those of the caller's children that are finishing may have
    // ended or not, with the living ones added to `shown`.
    template <class Use>
    static void choose_living(const State& state, const Worker& caller, std::size_t first,
                              std::vector<const Worker*> shown, const Use& use) {
        for (std::size_t i = first; i < state.workers.size(); ++i) {
            const Worker& worker = state.workers[i];
            if (worker.parent != caller.id || !worker.may_be_alive()) continue;
            if (worker.life == Life::finishing)
                choose_living(state.with_life(worker.id, Life::ended), caller, i + 1, shown, use);
            shown.push_back(&worker);
        }
        use(state, shown);
    }

    // Whether `list` shows `workers` from the one at `first` on; others besides if it is `open`.
    static bool is_list_of(const State& state, const List& list,
                           const std::vector<const Worker*>& workers, std::size_t first,
                           bool is_open) {
        if (first == workers.size()) return is_open || list.empty();
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (!shows(state, list[i], *workers[first])) continue;
            List others = list;
            others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
            if (is_list_of(state, others, workers, first + 1, is_open)) return true;
        }
        return false;
    }
    static bool shows(const State& state, const Value& value, const Worker& worker) {
        const std::optional<Shown> shown = read_shown(value);
        if (!shown) return false;
        const bool is_right_name =
            worker.may_show_any_name ||
            (worker.names.empty()
                 ? !shown->name.empty()
                 : std::ranges::find(worker.names, shown->name) != worker.names.end());
        return is_right_name && shown->daemon == state.is_daemon(worker) &&
               (worker.ident == 0 ? shown->ident > 0 : shown->ident == worker.ident);
    }

    // For reports: what would have been right.
    static Value expected_list(const State& state, const std::vector<const Worker*>& workers) {
        List all;
        for (const Worker* const worker : workers) {
            const std::string name = worker->names.empty() ? "(a name)" : worker->names.front();
            all.emplace_back(List{name, state.is_daemon(*worker), known_or_any(worker->ident)});
        }
        return all;
    }
};

}  // namespace conformance::model
