#pragma once
/// \file
/// Workers that run tasks as they come.
///
///     int square(int n) { return n * n; }
///
///     freethreading::WorkerPool pool(4);
///     for (const int n : pool.map(square, std::vector{1, 2, 3})) std::cout << n << '\n';
///
/// A task is a call of a portable target (a function or a lambda without captures) with portable
/// arguments, which are copied at the call; elements of ranges likewise. What it returns or throws
/// comes back. Workers are daemons, so tasks cannot start workers or pools. A worker that dies
/// loses its task, which fails with BrokenWorkerPool, and is replaced. Fulfils GEN-10, GEN-16,
/// POOL-5, POOL-7, POOL-24, POOL-25, POOL-29, POOL-30, UTIL-10, FAULT-14, FAULT-15.
///
/// Memory ordering: what happened before a task was submitted happens before it runs; a task
/// happens before its result is ready.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <utility>
#include <vector>

#include "freethreading/async_result.hpp"
#include "freethreading/imap_iterator.hpp"
#include "freethreading/integer.hpp"
#include "freethreading/platform/chunk_reader.hpp"
#include "freethreading/platform/crew.hpp"

namespace freethreading {

/// Movable; not portable (GEN-17). Any thread of the process that made it may use it. Every
/// submission throws ValueError once the pool is closed or terminated, and ResourceError if there
/// is no memory or the fork server is dead; an argument that cannot be encoded is a ValueError, of
/// the submission for a single call and of the result for an element of a range (GEN-11). Fulfils
/// POOL-19, POOL-21.
class WorkerPool {
    template <platform::Spread spread, class F, class Range>
    using Element = typename platform::ChunkWriterOf<spread, F, Range>::Result;
    static constexpr auto whole = platform::Spread::whole;
    static constexpr auto parts = platform::Spread::parts;

  public:
    /// Starts the workers: so many, or one per CPU. Throws ValueError if `workers` is not positive,
    /// RuntimeError in a daemon worker, ResourceError if they cannot be had. Fulfils POOL-1,
    /// POOL-2, WORKER-24.
    explicit WorkerPool(std::optional<Integer> workers = std::nullopt)
        : crew_(platform::Crew::make(platform::Crew::Kind::pool, workers)) {}

    /// Besides, every worker calls `initializer(arguments...)` before its first task. If that
    /// throws, or the worker dies in it, every result is a BrokenWorkerPool, and the reason is
    /// reported on standard error. Fulfils POOL-3, POOL-4, GEN-14, FAULT-17.
    template <PortableTarget F, class... A>
    WorkerPool(std::optional<Integer> workers, const F& initializer, const A&... arguments) {
        const auto call = platform::make_call(initializer, arguments...);
        crew_ = platform::Crew::make(platform::Crew::Kind::pool, workers, &call);
    }

    WorkerPool(WorkerPool&&) noexcept = default;
    WorkerPool& operator=(WorkerPool&& other) noexcept {
        std::swap(crew_, other.crew_);
        return *this;
    }
    /// As `terminate`. Fulfils POOL-24.
    ~WorkerPool();

    /// Calls `f(arguments...)` in a worker and returns, or throws, what it does; as
    /// AsyncResult::get. Fulfils POOL-5, FAULT-20.
    template <PortableTarget F, class... A>
    CallResult<F, A...> apply(const F& f, const A&... arguments) {
        return apply_async(f, arguments...).get();
    }

    /// The same, without waiting. Fulfils POOL-7, POOL-14 to POOL-18.
    template <PortableTarget F, class... A>
    [[nodiscard]] AsyncResult<CallResult<F, A...>> apply_async(const F& f, const A&... arguments) {
        return apply_async(Callbacks<CallResult<F, A...>>{}, f, arguments...);
    }
    template <PortableTarget F, class... A>
    AsyncResult<CallResult<F, A...>> apply_async(Callbacks<CallResult<F, A...>> callbacks,
                                                 const F& f, const A&... arguments) {
        if constexpr (!std::is_void_v<CallResult<F, A...>>) require_portable<CallResult<F, A...>>();
        crew_->require_open();
        return submit<CallResult<F, A...>>(platform::make_call(f, arguments...),
                                           std::move(callbacks));
    }

    /// Calls `f(element)` for every element of `range`, in chunks of `chunk_size` per task (none: a
    /// size that gives every worker about four), and returns the results in the order of the range.
    /// The range is read before the call returns; what it throws passes through, and nothing was
    /// submitted. The copies of its elements are kept until the last call has ended. Throws, when all chunks have ended, what one of the calls threw (in each chunk
    /// the first to throw is the last to run); ValueError for a chunk size that is not positive;
    /// and as AsyncResult::get. Fulfils POOL-8 to POOL-13, GEN-11, FAULT-20.
    template <PortableTarget F, std::ranges::input_range Range>
    [[nodiscard]] std::vector<Element<whole, F, Range>> map(
        const F& f, Range&& range, std::optional<std::int64_t> chunk_size = std::nullopt) {
        return map_async(f, std::forward<Range>(range), chunk_size).get();
    }
    template <PortableTarget F, std::ranges::input_range Range>
    [[nodiscard]] AsyncResult<std::vector<Element<whole, F, Range>>> map_async(
        const F& f, Range&& range, std::optional<std::int64_t> chunk_size = std::nullopt,
        Callbacks<std::vector<Element<whole, F, Range>>> callbacks = {}) {
        return map_chunks<whole>(f, std::forward<Range>(range), chunk_size, std::move(callbacks));
    }

    /// The same for a range of tuples or pairs, whose parts are the arguments of `f`. Fulfils
    /// POOL-9.
    template <PortableTarget F, std::ranges::input_range Range>
    [[nodiscard]] std::vector<Element<parts, F, Range>> starmap(
        const F& f, Range&& range, std::optional<std::int64_t> chunk_size = std::nullopt) {
        return starmap_async(f, std::forward<Range>(range), chunk_size).get();
    }
    template <PortableTarget F, std::ranges::input_range Range>
    [[nodiscard]] AsyncResult<std::vector<Element<parts, F, Range>>> starmap_async(
        const F& f, Range&& range, std::optional<std::int64_t> chunk_size = std::nullopt,
        Callbacks<std::vector<Element<parts, F, Range>>> callbacks = {}) {
        return map_chunks<parts>(f, std::forward<Range>(range), chunk_size, std::move(callbacks));
    }

    /// The results one by one, in the order of the range, while it is still being read: it may be
    /// infinite. See imap_iterator.hpp. Throws ValueError for a chunk size that is not positive.
    /// Fulfils POOL-13, IMAP-1 to IMAP-6.
    template <PortableTarget F, std::ranges::input_range Range>
    [[nodiscard]] ImapIterator<Element<whole, F, Range>> imap(const F& f, Range&& range,
                                                              std::int64_t chunk_size = 1) {
        return stream(f, std::forward<Range>(range), chunk_size, true);
    }
    /// The same in the order in which they come. Fulfils IMAP-1.
    template <PortableTarget F, std::ranges::input_range Range>
    [[nodiscard]] ImapIterator<Element<whole, F, Range>> imap_unordered(
        const F& f, Range&& range, std::int64_t chunk_size = 1) {
        return stream(f, std::forward<Range>(range), chunk_size, false);
    }

    /// No more submissions; what was submitted runs. May be repeated. Fulfils POOL-19.
    void close();
    /// No more submissions; queued tasks never run, and every result that is not ready becomes a
    /// BrokenWorkerPool, also for those who wait for it now. Running tasks run to their end, which
    /// nobody waits for, unless the program ends before. May be repeated. Fulfils POOL-21 to
    /// POOL-23, FAULT-20.
    void terminate();
    /// Blocks until all workers have ended and all callbacks were called. May be repeated. Throws
    /// ValueError before `close` or `terminate`, RuntimeError in a callback, ResourceError if the
    /// fork server is dead. Fulfils POOL-20, POOL-22, FAULT-14.
    void join();

  private:
    template <class R>
    AsyncResult<R> submit(const platform::Call& call, Callbacks<R> callbacks) {
        const auto job = crew_->make_job(call);
        AsyncResult<R> result(crew_->board(), job);
        std::function<void()> when_done;
        if (callbacks.callback || callbacks.error_callback) {
            when_done = [result, callbacks = std::move(callbacks)] { result.call_back(callbacks); };
        }
        crew_->post(job, std::move(when_done));
        return result;
    }

    template <platform::Spread spread, class F, class Range>
    auto map_chunks(const F& f, Range&& range, std::optional<std::int64_t> chunk_size,
                    Callbacks<std::vector<Element<spread, F, Range>>> callbacks) {
        crew_->require_open();
        std::optional<std::size_t> size;
        if (chunk_size) size = platform::checked_chunk_size(*chunk_size);
        using Results = std::vector<Element<spread, F, Range>>;
        const auto call =
            platform::read_chunks<spread>(f, std::forward<Range>(range), size, crew_->size());
        if (call) return submit<Results>(*call, std::move(callbacks));
        return AsyncResult<Results>(crew_->board(), nullptr);
    }

    template <class F, class Range>
    auto stream(const F& f, Range&& range, std::int64_t chunk_size, bool in_order) {
        using Reader = platform::ChunkReader<whole, F, Range>;
        const auto size = platform::checked_chunk_size(chunk_size);
        auto reader = std::make_shared<Reader>(f, std::forward<Range>(range), size);
        return ImapIterator<typename Reader::Result>(
            platform::JobStream::open(crew_, [reader] { return (*reader)(); }, in_order), size > 1);
    }

    std::shared_ptr<platform::Crew> crew_;
};

}  // namespace freethreading
