#pragma once
/// \file
/// What the suites of Condition share: Conditions over every kind of lock, and workers that wait.
///
///     const Waiter waiter = start_waiting(scenario, condition);
///     notify(scenario.main(), condition, 1);      // reaches it for certain
///     scenario.main().join(waiter.script);

#include <vector>

#include "conformance/suites/shapes.hpp"

namespace conformance::shapes {

/// One over its own lock, one over a Lock, one over an RLock.
inline std::vector<Id> conditions_over_every_lock(ScenarioBuilder& scenario) {
    return {scenario.add(Type::Condition),
            scenario.add(Type::Condition, {scenario.add(Type::Lock)}),
            scenario.add(Type::Condition, {scenario.add(Type::RLock)})};
}
/// One over its own lock, one over an RLock.
inline std::vector<Id> conditions_over_reentrant_locks(ScenarioBuilder& scenario) {
    return {scenario.add(Type::Condition),
            scenario.add(Type::Condition, {scenario.add(Type::RLock)})};
}

struct Waiter {
    Script script;
    Id wait;  ///< the call
};

/// A worker that takes the lock, says so by a token of `ready`, waits, and releases the lock.
/// Whoever has that token and then the lock knows that it waits. After that it may do more.
inline Waiter make_waiter(ScenarioBuilder& scenario, Id condition, Id ready, TimeLimit limit = {}) {
    const Script script = scenario.worker();
    script.acquire(condition);
    script.release(ready);
    const Id wait = script.wait(condition, limit);
    script.release(condition);
    return {script, wait};
}

/// Starts such a worker; when the main worker gets the lock next it waits.
inline Waiter start_waiting(ScenarioBuilder& scenario, Id condition, TimeLimit limit = {}) {
    const Id ready = scenario.add(Type::Semaphore, {0});
    const Waiter waiter = make_waiter(scenario, condition, ready, limit);
    scenario.main().start(waiter.script);
    scenario.main().acquire(ready);
    return waiter;
}

inline void notify(Script script, Id condition, std::int64_t n) {
    script.acquire(condition);
    script.notify(condition, n);
    script.release(condition);
}
inline void notify_all(Script script, Id condition) {
    script.acquire(condition);
    script.notify_all(condition);
    script.release(condition);
}
/// A wait that nobody notifies, from taking the lock to releasing it.
inline Id wait_in_vain(Script script, Id condition, TimeLimit limit = brief) {
    script.acquire(condition);
    const Id wait = script.wait(condition, limit);
    script.release(condition);
    return wait;
}

}  // namespace conformance::shapes
