#pragma once
/// \file
/// Workers that run tasks as they come, with futures.
///
///     freethreading::WorkerPoolExecutor executor(4);
///     const auto five = executor.submit(add, 2, 3);
///     for (const int product : executor.map(multiply, numbers, others))
///         std::cout << product << '\n';
///     std::cout << five.result() << '\n';
///
/// Tasks are as those of WorkerPool. Workers are started when they are needed and are no daemons:
/// tasks may start workers, pools and executors, and the program's end waits for what was
/// submitted. A worker that dies breaks the executor: every future that is not done, and every
/// later submission, fails with BrokenWorkerPool. Fulfils GEN-10, GEN-16, EXEC-14, EXEC-20,
/// EXEC-21, EXEC-24, UTIL-10, FAULT-16.
///
/// Memory ordering: what happened before a task was submitted happens before it runs; a task
/// happens before its future is done.

#include <cstdint>
#include <deque>
#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <tuple>
#include <utility>
#include <vector>

#include "freethreading/future.hpp"
#include "freethreading/integer.hpp"
#include "freethreading/platform/chunk_reader.hpp"
#include "freethreading/platform/crew.hpp"
#include "freethreading/platform/next_iterator.hpp"

namespace freethreading {

/// For designated initialisers: `{.timeout = 10s, .chunksize = 100}`.
struct MapOptions {
    Timeout timeout{};           ///< for the results to come, counted from the call
    std::int64_t chunksize = 1;  ///< elements per task
};

/// The results of WorkerPoolExecutor::map in the order of the input: an input range, to be gone
/// through once by one thread. Movable; not portable. Destroying it cancels what has not started.
/// Fulfils EXEC-8, EXEC-10, EXEC-11, EXEC-13.
template <class R>
class ExecutorMap {
  public:
    ExecutorMap(ExecutorMap&&) noexcept = default;
    ExecutorMap& operator=(ExecutorMap&& other) noexcept {
        std::swap(crew_, other.crew_);
        std::swap(jobs_, other.jobs_);
        std::swap(results_, other.results_);
        deadline_ = other.deadline_;
        return *this;
    }
    ~ExecutorMap() { cancel(); }

    /// The next result; nothing at the end, also when called again. Waits until the map's time-out
    /// is over, then throws TimeoutError; or throws what the task threw, or what Future::result
    /// would. After an exception it is at its end, and what has not started is cancelled.
    [[nodiscard]] std::optional<R> next() {
        if (results_.empty() && !jobs_.empty()) {
            try {
                if (!crew_->board()->wait_for(*jobs_.front(), deadline_)) throw TimeoutError();
                auto values = platform::result_of<std::vector<R>>(*jobs_.front());
                results_.assign(std::make_move_iterator(values.begin()),
                                std::make_move_iterator(values.end()));
            } catch (...) {
                cancel();
                throw;
            }
            jobs_.pop_front();
        }
        if (results_.empty()) return std::nullopt;
        std::optional<R> result(std::move(results_.front()));
        results_.pop_front();
        return result;
    }

    /// `begin` and `++` wait and throw as `next`.
    [[nodiscard]] auto begin() { return platform::NextIterator<ExecutorMap, R>(*this); }
    [[nodiscard]] std::default_sentinel_t end() const { return {}; }

  private:
    friend class WorkerPoolExecutor;
    ExecutorMap(std::shared_ptr<platform::Crew> crew,
                std::span<const std::shared_ptr<platform::Job>> jobs, Deadline deadline)
        : crew_(std::move(crew)), jobs_(jobs.begin(), jobs.end()), deadline_(deadline) {}

    void cancel() noexcept {
        try {
            for (const auto& job : std::exchange(jobs_, {}))
                crew_->cancel(job);
        } catch (const Error&) {  // the fork server is dead, and nothing will start
        }
    }

    std::shared_ptr<platform::Crew> crew_;
    std::deque<std::shared_ptr<platform::Job>> jobs_;
    Deadline deadline_;
    std::deque<R> results_;
};

/// Movable; not portable (GEN-17). Any thread of the process that made it may use it. Every
/// submission throws BrokenWorkerPool if the executor is broken, RuntimeError if it was shut down
/// or the caller is a daemon worker and a worker would have to be started, and ResourceError if
/// there is no memory or no worker to be had, or the fork server is dead. Fulfils EXEC-6, EXEC-17,
/// EXEC-19, EXEC-21.
class WorkerPoolExecutor {
  public:
    /// At most so many workers, or one per CPU. Throws ValueError if `max_workers` is not positive,
    /// RuntimeError in a daemon worker. Fulfils EXEC-1 to EXEC-4, WORKER-24.
    explicit WorkerPoolExecutor(std::optional<Integer> max_workers = std::nullopt)
        : crew_(platform::Crew::make(platform::Crew::Kind::executor, max_workers)) {}

    /// Besides, every worker calls `initializer(arguments...)` before its first task. If that
    /// throws, the executor is broken, and the reason is reported on standard error. Fulfils
    /// EXEC-5, EXEC-6, GEN-14.
    template <PortableTarget F, class... A>
    WorkerPoolExecutor(std::optional<Integer> max_workers, const F& initializer,
                       const A&... arguments) {
        const auto call = platform::make_call(initializer, arguments...);
        crew_ = platform::Crew::make(platform::Crew::Kind::executor, max_workers, &call);
    }

    WorkerPoolExecutor(WorkerPoolExecutor&&) noexcept = default;
    WorkerPoolExecutor& operator=(WorkerPoolExecutor&& other) noexcept {
        std::swap(crew_, other.crew_);
        return *this;
    }
    /// As `shutdown`, but in a callback does not wait. Fulfils EXEC-18.
    ~WorkerPoolExecutor();

    /// Has `f(arguments...)` called in a worker. Throws ValueError if an argument cannot be
    /// encoded. Fulfils EXEC-7, GEN-10.
    template <PortableTarget F, class... A>
    Future<CallResult<F, A...>> submit(const F& f, const A&... arguments) {
        if constexpr (!std::is_void_v<CallResult<F, A...>>) require_portable<CallResult<F, A...>>();
        crew_->require_open();
        auto job = crew_->make_job(platform::make_call(f, arguments...));
        crew_->post(std::span(&job, 1));
        return {crew_, std::move(job)};
    }

    /// Has `f(a, b, ...)` called for the first elements a, b, ... of the ranges, for the second
    /// ones, and so on until one of the ranges ends. Reads the ranges and submits everything before
    /// it returns; what a range throws passes through, and nothing was submitted. An element that
    /// cannot be encoded is a ValueError at its place in the results. Throws ValueError if the
    /// chunk size is not positive. Fulfils EXEC-8 to EXEC-13, EXEC-17, GEN-11.
    template <PortableTarget F, std::ranges::input_range... Ranges>
    [[nodiscard]] auto map(const F& f, Ranges&&... ranges) {
        return map(MapOptions{}, f, std::forward<Ranges>(ranges)...);
    }
    template <PortableTarget F, std::ranges::input_range... Ranges>
    [[nodiscard]] auto map(MapOptions options, const F& f, Ranges&&... ranges) {
        using Chunk = platform::ChunkWriter<F, std::ranges::range_value_t<Ranges>...>;
        const Deadline deadline = Deadline::after(options.timeout);
        const std::size_t chunk_size = platform::checked_chunk_size(options.chunksize);
        Chunk chunk(f);
        std::vector<std::shared_ptr<platform::Job>> jobs;
        if constexpr (sizeof...(Ranges) > 0) {
            const auto read = [&](auto... positions) {
                for (; (... && (positions != std::ranges::end(ranges))); (..., ++positions)) {
                    chunk.add(*positions...);
                    if (chunk.size() == chunk_size) jobs.push_back(crew_->make_job(chunk.take()));
                }
            };
            read(std::ranges::begin(ranges)...);
        }
        if (chunk.size() > 0) jobs.push_back(crew_->make_job(chunk.take()));
        crew_->post(jobs);
        return ExecutorMap<typename Chunk::Result>(crew_, jobs, deadline);
    }

    /// No more submissions. With `cancel_futures` cancels what has not started. With `wait` blocks
    /// until everything submitted is done, the callbacks were called and the workers have ended;
    /// without, all that happens all the same. May be repeated. Throws RuntimeError if a callback
    /// waits, ResourceError if the fork server is dead. Fulfils EXEC-15, EXEC-16, EXEC-20,
    /// FAULT-16.
    void shutdown(bool wait = true, bool cancel_futures = false);

  private:
    std::shared_ptr<platform::Crew> crew_;
};

}  // namespace freethreading
