#pragma once
/// \file
/// Condition: workers that wait, with a lock that they share with others.
///
/// `wait` gives up the lock and lines up, in one step; is notified, or leaves the line when its
/// time is up; and takes the lock again. `wait_for` looks at its predicate, which is "this Cell
/// holds at least that much", before and after each such wait. Its looks and its waits are steps of
/// their own, since nothing keeps a worker without the lock from writing to the Cell between them.
///
/// Left free: which waiters a notification reaches (COND-14), when a wait whose time is up leaves
/// the line before it returns (COND-19), how often a predicate is asked (COND-23), and so whether
/// `wait_for` with a time limit of zero or less gives up the lock for a moment.

#include <algorithm>

#include "spec/model/owned_lock.hpp"

namespace conformance::model {

struct Condition {
    enum class Standing : std::uint8_t { in_line, notified, gave_up };
    struct Waiter {
        Id worker = no_object;
        std::int64_t depth = 0;  ///< of the lock, to be restored
        Standing standing = Standing::in_line;
        friend bool operator==(const Waiter&, const Waiter&) = default;
    };
    struct State {
        std::vector<Waiter> waiters{};  ///< by worker
        friend bool operator==(const State&, const State&) = default;
        [[nodiscard]] std::size_t hash() const {
            return hash_of_all(waiters, [](const Waiter& waiter) {
                const std::size_t hash = hash_of_both(static_cast<std::size_t>(waiter.worker),
                                                      static_cast<std::size_t>(waiter.depth));
                return hash_of_both(hash, static_cast<std::size_t>(waiter.standing));
            });
        }
    };
    /// A Condition and its lock, which others may use besides.
    struct WithLock {
        State condition{};
        OwnedLock::State lock{};
        friend bool operator==(const WithLock&, const WithLock&) = default;
    };

    /// acquire, release, with: those of the lock. wait, wait_for(cell, minimum), notify(n = 1),
    /// notify_all. `predicate`: what that of a wait_for is in this state. Fulfils COND-4 to
    /// COND-27.
    static void steps(const WithLock& state, const Turn<Call>& turn, bool predicate,
                      Steps<WithLock>& out) {
        switch (turn.operation.operation) {
            case Operation::wait:
                wait(state, turn, out);
                break;
            case Operation::wait_for:
                wait_for(state, turn, predicate, out);
                break;
            case Operation::notify:
                notify(state, turn, number(turn.operation.arguments, 0, 1), out);
                break;
            case Operation::notify_all:
                notify(state, turn, largest_count, out);
                break;
            default: {
                Steps<OwnedLock::State> steps_of_lock;
                OwnedLock::steps(state.lock, turn, steps_of_lock);
                for (auto& step : steps_of_lock)
                    out.push_back({{state.condition, step.next}, step.stage, step.outcome});
            }
        }
    }

  private:
    // Stages of wait and wait_for after the first.
    static constexpr Stage away = 1;         // without the lock
    static constexpr Stage looking = 2;      // with the lock; about to ask the predicate
    static constexpr Stage unsatisfied = 3;  // the predicate was false

    static void wait(const WithLock& state, const Turn<Call>& turn, Steps<WithLock>& out) {
        if (turn.stage == away) {
            come_back(state, turn, out);
            return;
        }
        const bool is_nan = turn.operation.time_limit.is_nan();
        const bool holds = state.lock.is_held_by(turn.worker);
        if (is_nan) complete(out, state, ErrorKind::ValueError);
        if (!holds) complete(out, state, ErrorKind::RuntimeError);
        if (!is_nan && holds) proceed(out, lined_up(state, turn.worker), away);
    }

    static void wait_for(const WithLock& state, const Turn<Call>& turn, bool predicate,
                         Steps<WithLock>& out) {
        if (turn.operation.time_limit.is_nan()) {
            complete(out, state, ErrorKind::ValueError);
        } else if (turn.stage == away) {
            come_back(state, turn, out);
        } else if (turn.stage == unsatisfied) {
            if (!state.lock.is_held_by(turn.worker)) {
                complete(out, state, ErrorKind::RuntimeError);
                return;
            }
            if (turn.time_is_up) complete(out, state, false);
            proceed(out, lined_up(state, turn.worker), away);
        } else if (predicate) {
            complete(out, state, true);
        } else {
            proceed(out, state, unsatisfied);
        }
    }

    static WithLock lined_up(const WithLock& state, Id worker) {
        WithLock next = state;
        auto& waiters = next.condition.waiters;
        waiters.insert(std::ranges::lower_bound(waiters, worker, {}, &Waiter::worker),
                       {worker, state.lock.depth, Standing::in_line});
        next.lock.owner = no_object;
        next.lock.depth = 0;
        return next;
    }

    // Notified or not, nobody returns without the lock (COND-13, COND-17, COND-20).
    static void come_back(const WithLock& state, const Turn<Call>& turn, Steps<WithLock>& out) {
        WithLock next = state;
        const auto waiter = std::ranges::find(next.condition.waiters, turn.worker, &Waiter::worker);
        if (waiter == next.condition.waiters.end()) return;
        if (waiter->standing == Standing::in_line) {
            if (!turn.time_is_up) return;
            waiter->standing = Standing::gave_up;
            proceed(out, std::move(next), away);
            return;
        }
        if (state.lock.is_held()) return;
        const bool was_notified = waiter->standing == Standing::notified;
        next.lock.owner = turn.worker;
        next.lock.depth = waiter->depth;
        next.condition.waiters.erase(waiter);
        if (turn.operation.operation == Operation::wait) {
            complete(out, std::move(next), was_notified);
        } else {
            proceed(out, std::move(next), looking);
        }
    }

    static void notify(const WithLock& state, const Turn<Call>& turn, std::int64_t count,
                       Steps<WithLock>& out) {
        if (!state.lock.is_held_by(turn.worker)) {
            complete(out, state, ErrorKind::RuntimeError);
            return;
        }
        const auto in_line =
            std::ranges::count(state.condition.waiters, Standing::in_line, &Waiter::standing);
        notify_any(state, 0, std::clamp<std::int64_t>(count, 0, in_line), out);
    }

    // Offers every choice of `count` waiters in line from the one at `first` on.
    static void notify_any(const WithLock& state, std::size_t first, std::int64_t count,
                           Steps<WithLock>& out) {
        if (count == 0) {
            complete(out, state);
            return;
        }
        for (std::size_t i = first; i < state.condition.waiters.size(); ++i) {
            if (state.condition.waiters[i].standing != Standing::in_line) continue;
            WithLock next = state;
            next.condition.waiters[i].standing = Standing::notified;
            notify_any(next, i + 1, count - 1, out);
        }
    }
};

}  // namespace conformance::model
