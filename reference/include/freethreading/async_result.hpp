#pragma once
/// \file
/// What a pool's asynchronous calls will have resulted in.
///
///     auto result = pool.apply_async(add, 2, 3);   // AsyncResult<int>
///     prepare();
///     std::cout << result.get();
///
/// Memory ordering: what the task did, and its callbacks, happen before what any thread does after
/// it saw the result ready.

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "freethreading/platform/job_board.hpp"
#include "freethreading/timeout.hpp"

namespace freethreading {

class WorkerPool;

/// What a pool calls, in a thread of its own in the process that made the pool, before the result
/// becomes ready: one of the two, once. An exception they throw is reported on standard error. They
/// may submit tasks, but not wait for the pool or its results. Fulfils POOL-14 to POOL-18,
/// FAULT-18.
template <class R>
struct Callbacks {
    std::function<void(const R&)> callback{};
    std::function<void(std::exception_ptr)> error_callback{};
};
template <>
struct Callbacks<void> {
    std::function<void()> callback{};
    std::function<void(std::exception_ptr)> error_callback{};
};

/// A handle: copies refer to the same result, in the process that made the pool; not portable
/// (GEN-17). It outlives the pool.
template <class R>
class AsyncResult {
  public:
    /// Waits until the result is ready, for `timeout` at most (none: for ever; zero or negative:
    /// not at all), and returns the value or throws what the task threw. May be called again, and
    /// by several threads. Throws TimeoutError; BrokenWorkerPool if the worker died, the pool was
    /// terminated before the task had finished, or its initializer failed; ValueError if the value
    /// could not be encoded; ResourceError if there was no memory for it or the fork server is
    /// dead. Fulfils ARES-3, ARES-4, POOL-4 to POOL-6, POOL-12, POOL-23, POOL-26 to POOL-28,
    /// POOL-30, GEN-4, GEN-5, GEN-11, FAULT-14, FAULT-17, FAULT-20.
    R get(Timeout timeout = {}) const {
        if (!wait_until(Deadline::after(timeout))) throw TimeoutError();
        return collect();
    }

    /// Waits likewise, and says nothing. Throws ResourceError if the fork server is dead. Fulfils
    /// ARES-5, GEN-5.
    void wait(Timeout timeout = {}) const {
        static_cast<void>(wait_until(Deadline::after(timeout)));
    }

    /// Whether the outcome is there and the callbacks have been called. Fulfils ARES-1, POOL-15.
    [[nodiscard]] bool ready() const { return wait_until(Deadline::at(0)); }

    /// Whether the task returned a value. Throws ValueError if the result is not ready. Fulfils
    /// ARES-2.
    [[nodiscard]] bool successful() const {
        if (!ready()) throw ValueError("the result is not ready: wait for it first");
        return job_ == nullptr || job_->status == platform::Job::succeeded;
    }

  private:
    friend class WorkerPool;
    /// No job: of a map over nothing.
    AsyncResult(std::shared_ptr<platform::JobBoard> board, std::shared_ptr<platform::Job> job)
        : board_(std::move(board)), job_(std::move(job)) {}

    bool wait_until(Deadline deadline) const {
        return job_ == nullptr || board_->wait_for(*job_, deadline);
    }

    R collect() const {
        if (job_ != nullptr && job_->part_count == 1) return platform::result_of<R>(*job_);
        if constexpr (detail::Container<R> && requires(R& result) {
                          result.reserve(1);
                          result.insert(result.end(), result.begin(), result.end());
                      }) {
            R all;  // of the chunks of a map
            if (job_ == nullptr) return all;
            if (const auto failure = platform::failure_of(*job_)) std::rethrow_exception(failure);
            for (const auto& part : std::span(job_->parts, job_->part_count)) {
                platform::append_value_of(part, all);
                if (&part == job_->parts) all.reserve(job_->part_count * all.size());
            }
            return all;
        } else {
            std::terminate();  // only maps have other numbers of parts, and they result in vectors
        }
    }

    void call_back(const Callbacks<R>& callbacks) const {
        std::exception_ptr failure;
        if constexpr (std::is_void_v<R>) {
            try {
                collect();
            } catch (...) {
                failure = std::current_exception();
            }
            if (!failure && callbacks.callback) callbacks.callback();
        } else {
            std::optional<R> value;
            try {
                value.emplace(collect());
            } catch (...) {
                failure = std::current_exception();
            }
            if (value && callbacks.callback) callbacks.callback(*value);
        }
        if (failure && callbacks.error_callback) callbacks.error_callback(failure);
    }

    std::shared_ptr<platform::JobBoard> board_;
    std::shared_ptr<platform::Job> job_;
};

}  // namespace freethreading
