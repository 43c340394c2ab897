#pragma once
/// \file
/// Futures that are wrong.

#include <atomic>
#include <concepts>
#include <exception>
#include <memory>
#include <utility>

#include "conformance/mutants/altered_limits.hpp"
#include "conformance/mutants/mutant.hpp"
#include "conformance/mutants/ways_to_run.hpp"
#include "conformance/mutants/wrapped_call.hpp"
#include "freethreading/freethreading.hpp"

namespace conformance::mutants {

namespace ft = freethreading;

template <class R>
class MutantFuture : public ft::Future<R> {
    using Base = ft::Future<R>;

  public:
    explicit MutantFuture(Base future) : Base(std::move(future)) {}

    R result(ft::Timeout timeout = {}) const {
        if (present<"future_result_does_not_wait", "FUT-2 GEN-4", "FUT-* EXEC-* GEN-*">() &&
            timeout.is_none() && !Base::done())
            throw ft::TimeoutError("not yet");
        if (present<"future_result_can_be_asked_once", "FUT-2", "FUT-* EXEC-*">() &&
            state_->results++ > 0)
            throw ft::ValueError("it was taken");
        try {
            return Base::result(altered(timeout));
        } catch (const ft::TimeoutError&) {
            throw;
        } catch (const ft::CancelledError&) {
            if (present<"future_that_was_cancelled_raises_broken_worker_pool", "FUT-5",
                        "FUT-6 EXEC-*">())
                throw ft::BrokenWorkerPool("cancelled");
            throw;
        } catch (const ft::BrokenWorkerPool&) {
            if (present<"executor_future_of_a_dead_worker_is_never_done", "EXEC-21 FAULT-16",
                        "EXEC-* FUT-*", "multiprocessing">())
                wait_in_vain(timeout);
            throw;
        } catch (const ft::ValueError&) {
            if (present<"executor_result_that_cannot_be_transferred_raises_runtime_error",
                        "EXEC-22", "GEN-11 EXEC-* FUT-*">())
                throw ft::RuntimeError("it cannot be transferred");
            throw;
        } catch (const ft::Error&) {
            if (present<"future_tells_nothing_but_that_its_task_failed", "FUT-2", "FUT-*">())
                throw ft::RuntimeError("the task failed");
            throw;
        } catch (...) {
            if (present<"executor_takes_an_error_of_a_foreign_class_for_its_own_end",
                        "EXEC-23 FUT-3", "EXEC-* FUT-*">())
                throw ft::BrokenWorkerPool("a worker failed");
            throw;
        }
    }

    [[nodiscard]] std::exception_ptr exception(ft::Timeout timeout = {}) const {
        if (present<"future_exception_of_a_failed_task_is_none", "FUT-2", "FUT-* EXEC-*">()) {
            static_cast<void>(Base::exception(timeout));
            return nullptr;
        }
        return Base::exception(altered(timeout));
    }

    [[nodiscard]] bool done() const {
        if (present<"future_that_was_cancelled_is_not_done", "FUT-5", "FUT-* EXEC-*">())
            return Base::done() && !Base::cancelled();
        return Base::done();
    }
    [[nodiscard]] bool running() const {
        if (present<"future_that_is_queued_is_running", "FUT-1", "FUT-*">())
            return Base::running() || !Base::done();
        if (present<"future_never_says_that_it_is_running", "FUT-7", "FUT-* EXEC-*">())
            return false;
        if (present<"future_that_is_done_is_running", "FUT-1", "FUT-*">())
            return Base::running() || Base::done();
        return Base::running();
    }

    bool cancel() const {
        if (present<"future_second_cancel_returns_false", "FUT-5", "FUT-*">() && Base::cancelled())
            return false;
        if (present<"future_that_is_cancelled_runs_all_the_same", "FUT-5", "FUT-* EXEC-*">())
            return !Base::running() && !Base::done();
        if (present<"future_of_a_running_task_can_be_cancelled", "FUT-6", "FUT-*">() &&
            Base::running())
            return true;
        if (present<"future_of_a_finished_task_can_be_cancelled", "FUT-6", "FUT-*">() &&
            Base::done())
            return true;
        return Base::cancel();
    }

    template <std::invocable<Base> Callback>
    void add_done_callback(Callback callback) const {
        if (present<"future_that_is_done_calls_nobody", "FUT-8", "FUT-*">() && Base::done()) return;
        if (present<"future_that_is_cancelled_calls_nobody", "FUT-8", "FUT-*">()) {
            return Base::add_done_callback([callback](const Base& future) mutable {
                if (!future.cancelled()) callback(future);
            });
        }
        if (present<"future_spares_later_callbacks_when_one_raises", "FUT-10", "FUT-*">()) {
            return Base::add_done_callback([callback, state = state_](const Base& future) mutable {
                if (state->has_raised) return;
                state->has_raised = true;
                callback(future);
                state->has_raised = false;
            });
        }
        Base::add_done_callback([callback](const Base& future) mutable {
            call_back(way_to_call_back(), [&] { callback(future); });
        });
    }

  private:
    struct State {
        std::atomic<int> results{0};
        std::atomic<bool> has_raised{false};
    };

    static ft::Timeout altered(ft::Timeout timeout) {
        if (present<"future_gives_up_at_half_time", "FUT-4 GEN-9", "FUT-* EXEC-*">())
            return half_of(timeout);
        if (present<"future_without_time_blocks", "FUT-4 GEN-4 GEN-5", "FUT-* EXEC-*">() &&
            has_no_time(timeout))
            return {};
        return timeout;
    }
    static CalledBack way_to_call_back() {
        if (present<"future_calls_back_twice", "FUT-8", "FUT-*">()) return CalledBack::twice;
        if (present<"future_calls_back_in_another_process", "FUT-9", "FUT-*">())
            return CalledBack::in_another_process;
        if (present<"executor_hangs_when_a_callback_raises", "FUT-10 FAULT-19", "FUT-*">())
            return CalledBack::or_hanging;
        if (present<"executor_hides_what_a_callback_raises", "FAULT-19">())
            return CalledBack::silently;
        return CalledBack::as_it_is;
    }

    std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace conformance::mutants
