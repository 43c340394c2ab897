#pragma once
/// \file
/// What a task of an executor will have resulted in.
///
///     auto future = executor.submit(add, 2, 3);   // Future<int>
///     future.add_done_callback(
///         [](const freethreading::Future<int>& done) { std::cout << done.result(); });
///
/// A future is pending, then running, then done: finished or cancelled. Fulfils FUT-1, FUT-7.
///
/// Memory ordering: what the task did happens before what any thread does after it saw the future
/// done.

#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <utility>

#include "freethreading/platform/crew.hpp"
#include "freethreading/timeout.hpp"

namespace freethreading {

class WorkerPoolExecutor;

/// A handle: copies refer to the same result, in the process that made the executor; not portable
/// (GEN-17). It outlives the executor.
template <class R>
class Future {
  public:
    /// Waits until it is done, for `timeout` at most (none: for ever; zero or negative: not at
    /// all), and returns the value or throws what the task threw. May be called again, and by
    /// several threads. Does not wait for callbacks. Throws TimeoutError; CancelledError;
    /// BrokenWorkerPool if a worker died or the initializer failed; ValueError if the value could
    /// not be encoded; ResourceError if there was no memory for it or the fork server is dead.
    /// Fulfils FUT-2 to FUT-5, FUT-11, EXEC-6, EXEC-21 to EXEC-23, GEN-4, GEN-5, FAULT-16.
    R result(Timeout timeout = {}) const {
        wait(timeout);
        return platform::result_of<R>(*job_);
    }

    /// Waits likewise; what `result` would throw, or null. Throws TimeoutError, CancelledError,
    /// ResourceError if the fork server is dead. Fulfils FUT-2 to FUT-5.
    [[nodiscard]] std::exception_ptr exception(Timeout timeout = {}) const {
        wait(timeout);
        auto failure = platform::failure_of(*job_);
        if (job_->status == platform::Job::cancelled) std::rethrow_exception(failure);
        return failure;
    }

    /// Never block. Fulfils FUT-1, FUT-7.
    [[nodiscard]] bool done() const { return status() >= platform::Job::succeeded; }
    [[nodiscard]] bool running() const { return status() == platform::Job::running; }
    [[nodiscard]] bool cancelled() const { return status() == platform::Job::cancelled; }

    /// Takes the task back unless it has started, and calls the callbacks. Returns whether the
    /// future is cancelled. Fulfils FUT-5, FUT-6.
    bool cancel() const { return crew_->cancel(job_); }

    /// Calls `callback(*this)` once the future is done: at once, here, if it is; in the call of
    /// `cancel` that cancels it; else in a thread of the executor's, in the process that made it,
    /// after the callbacks added before. An exception it throws is reported on standard error. It
    /// may submit tasks, but not wait for the executor or its futures. Fulfils FUT-8 to FUT-11,
    /// FAULT-19.
    template <std::invocable<Future> Callback>
    void add_done_callback(Callback callback) const {
        crew_->call_when_finished(
            job_, [future = *this, callback = std::move(callback)]() mutable { callback(future); });
    }

  private:
    friend class WorkerPoolExecutor;
    Future(std::shared_ptr<platform::Crew> crew, std::shared_ptr<platform::Job> job)
        : crew_(std::move(crew)), job_(std::move(job)) {}

    [[nodiscard]] platform::Job::Status status() const { return crew_->board()->status_of(*job_); }
    void wait(Timeout timeout) const {
        if (!crew_->board()->wait_for(*job_, Deadline::after(timeout))) throw TimeoutError();
    }

    std::shared_ptr<platform::Crew> crew_;
    std::shared_ptr<platform::Job> job_;
};

}  // namespace freethreading
