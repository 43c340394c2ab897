#pragma once
/// \file
/// Histories of the tests' models as the checkers for one kind of object see them.
///
///     std::vector<LockCall> calls = lock_calls(history);
///     check_lock(calls);   // must agree with check(LockModel(), history)
///
/// A checker has no words for some of what a history that was spoilt may say, a release that returned `no` for one.
/// So the history is changed where it says such a thing.

#include <algorithm>
#include <vector>

#include "conformance/checker/lock_checker.hpp"
#include "conformance/checker/queue_checker.hpp"
#include "conformance/checker/semaphore_checker.hpp"
#include "conformance/checker/tests/test_models.hpp"

namespace conformance::checker {

/// Without what was blocked at the end: in these models such a call has had no effect.
[[nodiscard]] inline TestHistory without_pending(TestHistory history) {
    std::erase_if(history, [](const auto& call) { return !call.responded; });
    return history;
}

/// Gets do not wait; a put has but one outcome.
[[nodiscard]] inline std::vector<QueueCall> queue_calls(TestHistory& history) {
    std::vector<QueueCall> calls;
    for (auto& call : history) {
        const bool is_put = call.operation.kind == Kind::put;
        if (is_put) call.outcome = yes;
        // Its deadline was when it was invoked, before its times were changed.
        if (!is_put) call.deadline = call.invoked;
        const auto kind = is_put                      ? QueueCall::Kind::put
                          : call.outcome == timed_out ? QueueCall::Kind::empty
                                                      : QueueCall::Kind::get;
        calls.push_back(
            {kind, is_put ? call.operation.value : call.outcome, call.invoked, call.responded});
    }
    return calls;
}

[[nodiscard]] inline std::vector<SemaphoreCall> semaphore_calls(const TestHistory& history) {
    std::vector<SemaphoreCall> calls;
    for (const auto& call : history) {
        const bool is_release = call.operation.kind == Kind::release;
        calls.push_back({is_release ? SemaphoreCall::Kind::release : SemaphoreCall::Kind::acquire,
                         1, call.invoked, call.responded});
    }
    return calls;
}

/// Only what has a deadline can fail.
[[nodiscard]] inline std::vector<LockCall> lock_calls(TestHistory& history) {
    std::vector<LockCall> calls;
    for (auto& call : history) {
        const bool is_release = call.operation.kind == Kind::release;
        if (is_release || !call.deadline) call.outcome = yes;
        const auto kind = is_release            ? LockCall::Kind::release
                          : call.outcome == yes ? LockCall::Kind::acquire
                                                : LockCall::Kind::failed;
        calls.push_back({kind, call.worker, call.invoked, call.responded, call.deadline});
    }
    return calls;
}

}  // namespace conformance::checker
