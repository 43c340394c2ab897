#pragma once
/// \file
/// Executors that are wrong.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "conformance/mutants/altered_limits.hpp"
#include "conformance/mutants/current_worker_mutants.hpp"
#include "conformance/mutants/future_mutants.hpp"
#include "conformance/mutants/mutant.hpp"
#include "conformance/mutants/ways_to_run.hpp"
#include "conformance/mutants/wrapped_call.hpp"
#include "freethreading/freethreading.hpp"

namespace conformance::mutants {

namespace ft = freethreading;

/// The results of a map, however they come about.
template <class R>
class MutantExecutorMap {
  public:
    using Next = std::function<std::optional<R>()>;
    explicit MutantExecutorMap(Next next) : next_(std::move(next)) {}
    MutantExecutorMap(MutantExecutorMap&&) noexcept = default;
    MutantExecutorMap& operator=(MutantExecutorMap&&) noexcept = default;

    [[nodiscard]] std::optional<R> next() { return next_(); }

  private:
    Next next_;
};

class MutantWorkerPoolExecutor : public ft::WorkerPoolExecutor {
    using Base = ft::WorkerPoolExecutor;

  public:
    explicit MutantWorkerPoolExecutor(std::optional<ft::Integer> max_workers = std::nullopt)
        : Base(altered(max_workers)) {
        state_->takes_no_tasks =
            present<"executor_without_a_number_takes_no_tasks", "EXEC-1">() && !max_workers;
        if (present<"executor_starts_a_worker_before_the_first_task", "EXEC-14", "UTIL-10">())
            static_cast<void>(Base::submit(+[] {}));
    }
    template <ft::PortableTarget F, class... A>
    MutantWorkerPoolExecutor(std::optional<ft::Integer> max_workers, const F& initializer,
                             const A&... arguments)
        : Base(with_initializer(altered(max_workers), initializer, arguments...)) {}
    MutantWorkerPoolExecutor(MutantWorkerPoolExecutor&&) noexcept = default;
    MutantWorkerPoolExecutor& operator=(MutantWorkerPoolExecutor&&) noexcept = default;
    ~MutantWorkerPoolExecutor() {
        if (!state_) return;
        --living_pools;
        if (present<"executor_that_is_left_does_not_wait", "EXEC-18", "EXEC-*">())
            static_cast<void>(new Base(std::move(*this)));
        if (present<"executor_that_is_left_drops_queued_tasks", "EXEC-18 EXEC-20", "EXEC-*">())
            Base::shutdown(true, true);
    }

    template <ft::PortableTarget F, class... A>
    auto submit(const F& f, const A&... arguments) {
        using R = ft::CallResult<F, A...>;
        if (present<"future_callback_cannot_submit_tasks", "FUT-11">() && is_calling_back)
            throw ft::RuntimeError("not in a callback");
        if (present<"executor_refuses_tasks_after_shutdown_with_value_error", "EXEC-17",
                    "EXEC-*">() &&
            state_->is_shut_down)
            throw ft::ValueError("shut down");
        if (state_->takes_no_tasks) throw ft::RuntimeError("there are no workers");
        if constexpr (FunctionPointer<F>) {
            if (present<"executor_worker_is_lost_with_a_foreign_error", "FUT-3 EXEC-23",
                        "FUT-* EXEC-*">())
                return submit_as<ways_to_run::Fragile, F>(f, arguments...);
            if (present<"executor_tasks_cannot_start_workers", "EXEC-24">())
                return submit_as<ways_to_run::Confined, F>(f, arguments...);
        }
        MutantFuture<R> future(Base::submit(f, arguments...));
        if (present<"executor_submit_waits_for_the_task", "EXEC-7", "EXEC-* FUT-*">())
            static_cast<void>(future.exception());
        return future;
    }

    template <ft::PortableTarget F, std::ranges::input_range... Ranges>
    [[nodiscard]] auto map(ft::MapOptions options, const F& f, const Ranges&... ranges) {
        using R = ft::CallResult<F, std::ranges::range_value_t<Ranges>...>;
        using Map = MutantExecutorMap<R>;
        const std::size_t length = shortest(ranges...);
        if (present<"executor_map_takes_a_chunk_size_of_nothing_for_one", "EXEC-12">())
            options.chunksize = std::max<std::int64_t>(options.chunksize, 1);
        if (present<"executor_map_has_no_time_limit", "EXEC-13", "GEN-*">()) options.timeout = {};
        if (present<"executor_map_gives_up_at_half_time", "EXEC-13">())
            options.timeout = half_of(options.timeout);
        if (present<"executor_map_with_a_negative_limit_has_none", "EXEC-13 GEN-5">() &&
            options.timeout.is_negative())
            options.timeout = {};
        if (present<"executor_map_of_nothing_after_shutdown_raises", "EXEC-17">() &&
            state_->is_shut_down)
            throw ft::RuntimeError("shut down");
        if (present<"executor_map_submits_when_its_results_are_asked_for", "EXEC-9",
                    "EXEC-* FUT-*">()) {
            return Map([this, options, f, inputs = std::tuple(ranges...),
                        results = std::shared_ptr<ft::ExecutorMap<R>>()]() mutable {
                if (!results) results = start_map(options, f, inputs);
                return results->next();
            });
        }
        if (present<"executor_map_does_not_cancel_what_has_not_started", "EXEC-10", "EXEC-*">() &&
            options.timeout.is_none() && options.chunksize == 1)
            return of_futures<R>(ft::Timeout(), length, f, ranges...);
        if (present<"executor_map_counts_its_time_for_each_result", "EXEC-13", "EXEC-*">() &&
            options.chunksize == 1)
            return of_futures<R>(options.timeout, length, f, ranges...);
        auto results = start_map(options, f, std::tie(ranges...));
        if (present<"executor_map_reverses_its_results", "EXEC-8 DOC-3 DOC-13", "EXEC-*">() ||
            (present<"executor_map_in_chunks_fails_at_once", "EXEC-11", "EXEC-*">() &&
             options.chunksize > 1))
            return of_all<R>(results);
        return Map([results, has_failed = false]() mutable -> std::optional<R> {
            if (has_failed) return std::nullopt;
            try {
                return results->next();
            } catch (...) {
                if (!present<"executor_map_ends_where_a_call_fails", "EXEC-10", "EXEC-*">()) throw;
                has_failed = true;
                return std::nullopt;
            }
        });
    }

    void shutdown(bool wait = true, bool cancel_futures = false) {
        if (present<"executor_shutdown_does_not_wait", "EXEC-15", "EXEC-*">()) wait = false;
        if (present<"executor_shutdown_waits_although_it_must_not", "EXEC-15", "EXEC-*">())
            wait = true;
        if (present<"executor_second_shutdown_raises", "EXEC-15", "EXEC-*">() &&
            state_->is_shut_down)
            throw ft::RuntimeError("shut down");
        if (present<"executor_shutdown_cancels_nothing", "EXEC-16", "EXEC-*">())
            cancel_futures = false;
        if (present<"executor_shutdown_without_waiting_drops_queued_tasks", "EXEC-15 EXEC-20",
                    "EXEC-*">() &&
            !wait)
            cancel_futures = true;
        state_->is_shut_down = true;
        Base::shutdown(wait, cancel_futures);
    }

  private:
    struct State {
        std::atomic<bool> is_shut_down{false};
        bool takes_no_tasks = false;
    };

    static std::optional<ft::Integer> altered(std::optional<ft::Integer> workers) {
        if (present<"executor_of_no_workers_has_one", "EXEC-2">() && workers && *workers <= 0)
            return 1;
        if (present<"executor_has_a_worker_more", "EXEC-14", "EXEC-* FUT-* UTIL-10">() && workers &&
            *workers > 0 && *workers < 1000)
            return *workers + 1;
        return workers;
    }
    template <class F, class... A>
    static Base with_initializer(std::optional<ft::Integer> workers, const F& initializer,
                                 const A&... arguments) {
        if (present<"executor_initializer_is_not_run", "EXEC-5 GEN-14", "EXEC-6 GEN-10 GEN-11">())
            return Base(workers);
        if constexpr (FunctionPointer<std::decay_t<F>>) {
            if (present<"executor_initializer_cannot_fail", "EXEC-6">())
                return Base(workers, wrapped<ways_to_run::Silently, std::decay_t<F>, A...>(),
                            address_of(std::decay_t<F>(initializer)), arguments...);
        }
        return Base(workers, initializer, arguments...);
    }

    template <class Around, class F, class... A>
    auto submit_as(F f, const A&... arguments) {
        return MutantFuture<ft::CallResult<F, A...>>(
            Base::submit(wrapped<Around, F, A...>(), address_of(f), arguments...));
    }

    template <class... Ranges>
    static std::size_t shortest(const Ranges&... ranges) {
        if constexpr (sizeof...(Ranges) == 0) {
            return 0;
        } else {
            return std::min({std::size_t{std::ranges::size(ranges)}...});
        }
    }
    template <class F, class Inputs>
    auto start_map(ft::MapOptions options, const F& f, const Inputs& inputs) {
        return std::apply(
            [&](const auto&... ranges) {
                auto results = Base::map(options, f, ranges...);
                return std::make_shared<decltype(results)>(std::move(results));
            },
            inputs);
    }

    /// Each call on its own: it goes on whatever becomes of the others.
    template <class R, class F, class... Ranges>
    MutantExecutorMap<R> of_futures(ft::Timeout timeout, std::size_t length, const F& f,
                                    const Ranges&... ranges) {
        std::vector<ft::Future<R>> futures;
        for (std::size_t i = 0; i < length; ++i)
            futures.push_back(Base::submit(f, ranges[i]...));
        return MutantExecutorMap<R>(
            [futures, timeout, i = std::size_t{0}]() mutable -> std::optional<R> {
                if (i == futures.size()) return std::nullopt;
                const auto& future = futures[i++];
                try {
                    return future.result(timeout);
                } catch (...) {
                    i = futures.size();
                    throw;
                }
            });
    }
    /// All of them at the first `next`, and the last one first.
    template <class R>
    static MutantExecutorMap<R> of_all(const std::shared_ptr<ft::ExecutorMap<R>>& results) {
        return MutantExecutorMap<R>(
            [results, all = std::vector<R>()]() mutable -> std::optional<R> {
                while (auto result = results->next())
                    all.push_back(*std::move(result));
                if (all.empty()) return std::nullopt;
                std::optional<R> last = std::move(all.back());
                all.pop_back();
                return last;
            });
    }

    std::shared_ptr<State> state_ = [] {
        ++living_pools;
        return std::make_shared<State>();
    }();
};

}  // namespace conformance::mutants
