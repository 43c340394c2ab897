#pragma once
/// \file
/// Pools that are wrong.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "conformance/mutants/async_result_mutants.hpp"
#include "conformance/mutants/current_worker_mutants.hpp"
#include "conformance/mutants/imap_iterator_mutants.hpp"
#include "conformance/mutants/mutant.hpp"
#include "conformance/mutants/ways_to_run.hpp"
#include "conformance/mutants/worker_liveness.hpp"
#include "conformance/mutants/wrapped_call.hpp"
#include "freethreading/freethreading.hpp"

namespace conformance::mutants {

namespace ft = freethreading;

class MutantWorkerPool : public ft::WorkerPool {
    using Base = ft::WorkerPool;
    template <class F, class Range>
    using MapResult = std::vector<ft::CallResult<F, std::ranges::range_value_t<Range>>>;
    template <class R>
    using Callbacks = ft::Callbacks<R>;

  public:
    explicit MutantWorkerPool(std::optional<ft::Integer> workers = std::nullopt)
        : Base(altered(workers)) {
        if (present<"pool_holds_up_the_end_of_the_program", "POOL-25", "UTIL-*">()) [[maybe_unused]]
            static const bool is_held_up = hold_up_the_program();
        for (const auto& child : ft::active_children())
            state_->crew.push_back(static_cast<std::int64_t>(child.ident()));
    }
    template <ft::PortableTarget F, class... A>
    MutantWorkerPool(std::optional<ft::Integer> workers, const F& initializer,
                     const A&... arguments)
        : Base(with_initializer(altered(workers), initializer, arguments...)) {}
    MutantWorkerPool(MutantWorkerPool&&) noexcept = default;
    MutantWorkerPool& operator=(MutantWorkerPool&&) noexcept = default;
    ~MutantWorkerPool() {
        if (!state_) return;
        --living_pools;
        if (present<"pool_that_is_left_waits_for_its_tasks", "POOL-24", "POOL-*">() &&
            !state_->is_terminated) {
            Base::close();
            Base::join();
        }
        state_->is_terminated = true;
    }

    template <ft::PortableTarget F, class... A>
    auto apply(const F& f, const A&... arguments) {
        return apply_async(f, arguments...).get();
    }
    template <ft::PortableTarget F, class... A>
    [[nodiscard]] auto apply_async(const F& f, const A&... arguments) {
        return apply_async(Callbacks<ft::CallResult<F, A...>>{}, f, arguments...);
    }
    template <ft::PortableTarget F, class... A>
    auto apply_async(Callbacks<ft::CallResult<F, A...>> callbacks, const F& f,
                     const A&... arguments) {
        if (present<"pool_callback_cannot_submit_tasks", "POOL-18">() && is_calling_back)
            throw ft::RuntimeError("not in a callback");
        if constexpr (FunctionPointer<F>) {
            if (present<"pool_worker_is_lost_with_a_foreign_error", "POOL-28", "POOL-*">())
                return apply_async_as<ways_to_run::Fragile, F>(std::move(callbacks), f,
                                                               arguments...);
        }
        return submit(std::move(callbacks), [&](auto altered_callbacks) {
            return Base::apply_async(std::move(altered_callbacks), f, arguments...);
        });
    }

    template <ft::PortableTarget F, std::ranges::input_range Range>
    [[nodiscard]] MapResult<F, Range> map(const F& f, Range&& range,
                                          std::optional<std::int64_t> chunk_size = std::nullopt) {
        if (present<"pool_map_of_nothing_fails", "POOL-8", "POOL-*">() && std::ranges::empty(range))
            throw ft::ValueError("empty");
        if (present<"pool_map_raises_before_the_last_chunk_is_done", "POOL-12", "POOL-*">() &&
            chunk_size > 0) {
            MapResult<F, Range> results;
            auto iterator = Base::imap(f, range, *chunk_size);
            while (auto result = iterator.next())
                results.push_back(*std::move(result));
            return results;
        }
        return altered_results(map_async(f, range, chunk_size), chunk_size);
    }
    template <ft::PortableTarget F, std::ranges::input_range Range>
    [[nodiscard]] auto map_async(
        const F& f, Range&& range, std::optional<std::int64_t> chunk_size = std::nullopt,
        Callbacks<std::vector<ft::CallResult<F, std::ranges::range_value_t<Range>>>> callbacks =
            {}) {
        const bool is_never =
            present<"pool_map_async_of_nothing_is_never_ready", "POOL-15", "POOL-8 POOL-10">() &&
            std::ranges::empty(range);
        return submit(
            std::move(callbacks),
            [&](auto altered_callbacks) {
                return Base::map_async(f, range, altered_chunk_size(chunk_size),
                                       std::move(altered_callbacks));
            },
            is_never);
    }
    template <ft::PortableTarget F, std::ranges::input_range Range>
    [[nodiscard]] auto starmap(const F& f, Range&& range,
                               std::optional<std::int64_t> chunk_size = std::nullopt) {
        return altered_results(starmap_async(f, range, chunk_size), chunk_size);
    }
    template <ft::PortableTarget F, std::ranges::input_range Range,
              class R = decltype(std::declval<Base&>().starmap(std::declval<const F&>(),
                                                               std::declval<Range&>()))>
    [[nodiscard]] auto starmap_async(const F& f, Range&& range,
                                     std::optional<std::int64_t> chunk_size = std::nullopt,
                                     Callbacks<std::type_identity_t<R>> callbacks = {}) {
        auto items = std::vector<std::ranges::range_value_t<Range>>(range.begin(), range.end());
        if constexpr (std::tuple_size_v<std::ranges::range_value_t<Range>> == 2) {
            if (present<"pool_starmap_swaps_its_two_arguments", "POOL-9", "POOL-*">()) {
                for (auto& item : items)
                    std::swap(std::get<0>(item), std::get<1>(item));
            }
        }
        return submit(std::move(callbacks), [&](auto altered_callbacks) {
            return Base::starmap_async(f, items, altered_chunk_size(chunk_size),
                                       std::move(altered_callbacks));
        });
    }

    template <ft::PortableTarget F, std::ranges::input_range Range>
    [[nodiscard]] auto imap(const F& f, Range&& range, std::int64_t chunk_size = 1) {
        return stream<!std::ranges::sized_range<Range>>(chunk_size, [&](std::int64_t size) {
            if (present<"pool_imap_refuses_an_item_at_once", "GEN-11", "IMAP-6">())
                try_to_encode(range);
            if (present<"pool_imap_delivers_in_the_order_of_completion", "IMAP-1", "IMAP-*">())
                return Base::imap_unordered(f, std::forward<Range>(range), size);
            return Base::imap(f, std::forward<Range>(range), size);
        });
    }
    template <ft::PortableTarget F, std::ranges::input_range Range>
    [[nodiscard]] auto imap_unordered(const F& f, Range&& range, std::int64_t chunk_size = 1) {
        return stream<!std::ranges::sized_range<Range>>(chunk_size, [&](std::int64_t size) {
            if (present<"pool_imap_unordered_keeps_the_order", "IMAP-1", "IMAP-*">())
                return Base::imap(f, std::forward<Range>(range), size);
            return Base::imap_unordered(f, std::forward<Range>(range), size);
        });
    }

    void close() {
        note_losses();
        state_->is_closed = true;
        if (present<"pool_takes_tasks_after_close", "POOL-19", "POOL-*">()) return;
        if (present<"pool_close_drops_queued_tasks", "POOL-19", "POOL-* FAULT-*">())
            return Base::terminate();
        Base::close();
    }
    void terminate() {
        if (present<"pool_terminate_lets_queued_tasks_run", "POOL-21", "POOL-* FAULT-20">())
            return Base::close();
        if (present<"pool_terminate_waits_for_running_tasks", "POOL-21", "POOL-* FAULT-20">()) {
            Base::close();
            return Base::join();
        }
        note_losses();
        state_->is_terminated = true;
        Base::terminate();
    }
    void join() {
        if (present<"pool_that_is_open_can_be_joined", "POOL-20">() && !state_->is_closed &&
            !state_->is_terminated)
            return;
        if (present<"pool_join_does_not_wait_for_tasks", "POOL-20", "POOL-*">() &&
            state_->is_closed && !state_->is_terminated)
            return;
        if (present<"pool_join_after_terminate_returns_at_once", "POOL-22", "POOL-*">() &&
            state_->is_terminated)
            return;
        if (present<"pool_that_lost_an_idle_worker_cannot_be_joined", "FAULT-15", "FAULT-* POOL-*",
                    "multiprocessing">() &&
            state_->has_lost_one)
            wait_in_vain();
        if (state_->is_closed) Base::close();
        Base::join();
    }

  private:
    void note_losses() {
        if (!state_->is_closed && !state_->is_terminated &&
            std::ranges::any_of(state_->crew, is_gone))
            state_->has_lost_one = true;
    }
    /// By a worker that is no daemon and never ends.
    static bool hold_up_the_program() {
        const ft::Worker worker({.name{}, .daemon = false}, +[] { wait_in_vain(); });
        worker.start();
        return true;
    }
    static std::optional<ft::Integer> altered(std::optional<ft::Integer> workers) {
        if (present<"pool_has_a_worker_less", "POOL-1", "POOL-* UTIL-10">() && workers &&
            *workers > 1)
            return *workers - 1;
        if (present<"pool_has_a_worker_more", "POOL-1 UTIL-10", "POOL-*">() && workers &&
            *workers > 0 && *workers < 1000)
            return *workers + 1;
        if (present<"pool_of_one_worker_has_two", "POOL-7", "POOL-* FAULT-15 UTIL-10">() &&
            workers && *workers == 1)
            return 2;
        if (present<"pool_of_no_workers_has_one", "POOL-2">() && workers && *workers <= 0) return 1;
        return workers;
    }
    template <class F, class... A>
    static Base with_initializer(std::optional<ft::Integer> workers, const F& initializer,
                                 const A&... arguments) {
        if (present<"pool_initializer_is_not_run", "POOL-3 GEN-14", "POOL-4 GEN-10 FAULT-17">())
            return Base(workers);
        if constexpr (FunctionPointer<std::decay_t<F>>) {
            if (present<"pool_initializer_cannot_fail", "POOL-4 FAULT-17">())
                return Base(workers, wrapped<ways_to_run::Silently, std::decay_t<F>, A...>(),
                            address_of(std::decay_t<F>(initializer)), arguments...);
        }
        return Base(workers, initializer, arguments...);
    }
    static std::optional<std::int64_t> altered_chunk_size(std::optional<std::int64_t> size) {
        if (present<"pool_map_takes_a_chunk_size_of_nothing_for_one", "POOL-11">() && size <= 0)
            return 1;
        return size;
    }

    template <class Around, class F, class... A>
    auto apply_async_as(Callbacks<ft::CallResult<F, A...>> callbacks, F f, const A&... arguments) {
        return submit(std::move(callbacks), [&](auto altered_callbacks) {
            return Base::apply_async(std::move(altered_callbacks), wrapped<Around, F, A...>(),
                                     address_of(f), arguments...);
        });
    }

    /// `make(callbacks)` makes the result of the reference.
    template <class R, class Make>
    MutantAsyncResult<R> submit(Callbacks<R> callbacks, const Make& make,
                                bool never_ready = false) {
        if (present<"pool_callback_comes_after_the_result", "POOL-14", "POOL-*">() &&
            callbacks.callback) {
            const auto callback = std::exchange(callbacks.callback, {});
            MutantAsyncResult<R> result(make(std::move(callbacks)), state_);
            std::thread([result, callback] {
                try {
                    const R value = result.get();
                    std::this_thread::sleep_for(std::chrono::milliseconds(20));
                    callback(value);
                } catch (...) {  // no value
                }
            }).detach();
            return result;
        }
        return {make(Callbacks<R>{.callback = altered(callbacks.callback),
                                  .error_callback = altered(callbacks.error_callback)}),
                state_, never_ready};
    }
    template <class Argument>
    static std::function<void(Argument)> altered(std::function<void(Argument)> callback) {
        if (!callback) return callback;
        if (present<"pool_never_calls_the_error_callback", "POOL-14", "POOL-*">() &&
            std::is_same_v<Argument, std::exception_ptr>)
            return {};
        return [callback](Argument argument) {
            call_back(way_to_call_back(), [&] { callback(argument); });
        };
    }
    static CalledBack way_to_call_back() {
        if (present<"pool_calls_back_twice", "POOL-14", "POOL-*">()) return CalledBack::twice;
        if (present<"pool_calls_back_in_another_process", "POOL-16", "POOL-14 POOL-17 POOL-18">())
            return CalledBack::in_another_process;
        if (present<"pool_hangs_when_a_callback_raises", "POOL-17 FAULT-18">())
            return CalledBack::or_hanging;
        if (present<"pool_hides_what_a_callback_raises", "POOL-17 FAULT-18">())
            return CalledBack::silently;
        return CalledBack::as_it_is;
    }

    template <class Result>
    static auto altered_results(const Result& result, std::optional<std::int64_t> chunk_size) {
        auto values = result.get();
        if (present<"pool_map_reverses_its_results", "POOL-8 DOC-2", "POOL-*">())
            std::ranges::reverse(values);
        if (present<"pool_map_in_chunks_loses_the_last_result", "POOL-10", "POOL-*">() &&
            chunk_size > 1 && !values.empty())
            values.pop_back();
        return values;
    }
    template <class Range>
    static void try_to_encode(Range& range) {
        if constexpr (std::ranges::sized_range<Range>) {
            ft::PortableOutput output;
            for (const auto& item : range)
                ft::encode(output, item);
        }
    }
    template <bool input_may_raise, class Open>
    static auto stream(std::int64_t chunk_size, const Open& open) {
        if (present<"pool_imap_takes_a_chunk_size_of_nothing_for_one", "IMAP-5">())
            chunk_size = std::max<std::int64_t>(chunk_size, 1);
        auto iterator = open(chunk_size);
        using R = std::remove_cvref_t<decltype(*iterator.next())>;
        return MutantImapIterator<R>(std::move(iterator), chunk_size > 1, input_may_raise);
    }

    std::shared_ptr<PoolState> state_ = [] {
        ++living_pools;
        return std::make_shared<PoolState>();
    }();
};

}  // namespace conformance::mutants
