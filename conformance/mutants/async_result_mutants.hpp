#pragma once
/// \file
/// Results of pools that are wrong.

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "conformance/mutants/altered_limits.hpp"
#include "conformance/mutants/mutant.hpp"
#include "freethreading/freethreading.hpp"

namespace conformance::mutants {

namespace ft = freethreading;

/// What a pool and its results have in common.
struct PoolState {
    std::atomic<bool> is_closed{false};
    std::atomic<bool> is_terminated{false};
    std::vector<std::int64_t> crew{};  // the idents of the workers that it was made with
    bool has_lost_one = false;
};

template <class R>
class MutantAsyncResult : public ft::AsyncResult<R> {
    using Base = ft::AsyncResult<R>;

  public:
    /// `never_ready`: whatever comes of it.
    MutantAsyncResult(Base result, std::shared_ptr<PoolState> pool, bool never_ready = false)
        : Base(std::move(result)), pool_(std::move(pool)), never_ready_(never_ready) {}

    R get(ft::Timeout timeout = {}) const {
        if (never_ready_) wait_in_vain(timeout);
        if (present<"async_result_get_does_not_wait", "ARES-3", "ARES-*">() && timeout.is_none() &&
            !Base::ready())
            throw ft::TimeoutError("not yet");
        if (present<"async_result_can_be_got_once", "ARES-3", "ARES-* POOL-*">() && (*gets_)++ > 0)
            throw ft::ValueError("it was taken");
        if (present<"async_result_get_gives_up_at_half_time", "ARES-4 GEN-9", "ARES-*">())
            timeout = half_of(timeout);
        if (present<"async_result_get_without_time_blocks", "ARES-4 GEN-5 GEN-4", "ARES-*">() &&
            has_no_time(timeout))
            timeout = {};
        try {
            return Base::get(timeout);
        } catch (const ft::TimeoutError&) {
            throw;
        } catch (const ft::BrokenWorkerPool&) {
            lose_what_broke(timeout);
            throw;
        } catch (const ft::ValueError&) {
            if (present<"pool_result_that_cannot_be_transferred_raises_runtime_error", "POOL-26",
                        "POOL-* ARES-* GEN-11">())
                throw ft::RuntimeError("it cannot be transferred");
            throw;
        } catch (const ft::Error&) {
            if (present<"pool_tells_nothing_but_that_a_task_failed", "POOL-5", "POOL-* ARES-*">())
                throw ft::RuntimeError("the task failed");
            throw;
        } catch (...) {
            if (present<"pool_takes_an_error_of_a_foreign_class_for_its_own_end", "POOL-27",
                        "POOL-* ARES-*">())
                throw ft::BrokenWorkerPool("a worker failed");
            throw;
        }
    }

    void wait(ft::Timeout timeout = {}) const {
        if (never_ready_) return static_cast<void>(ft::Event().wait(timeout));
        if (present<"async_result_wait_raises_at_its_limit", "ARES-5", "ARES-* GEN-*">()) {
            Base::wait(timeout);
            if (!Base::ready()) throw ft::TimeoutError("not yet");
            return;
        }
        if (present<"async_result_wait_raises_what_the_task_raised", "ARES-5", "ARES-*">()) {
            Base::wait(timeout);
            if (Base::ready()) static_cast<void>(Base::get());
            return;
        }
        if (present<"async_result_wait_gives_up_at_half_time", "ARES-5 GEN-9">())
            timeout = half_of(timeout);
        if (present<"async_result_wait_with_a_negative_limit_blocks", "GEN-5", "ARES-5">() &&
            timeout.is_negative())
            timeout = {};
        Base::wait(timeout);
    }

    [[nodiscard]] bool ready() const {
        if (never_ready_) return false;
        if (present<"async_result_is_ready_from_the_beginning", "ARES-1", "ARES-* POOL-*">())
            return true;
        if (present<"async_result_that_failed_is_never_ready", "ARES-1", "ARES-2 POOL-*">())
            return Base::ready() && Base::successful();
        return Base::ready();
    }

    [[nodiscard]] bool successful() const {
        if (present<"async_result_is_not_successful_before_it_is_ready", "ARES-2", "ARES-1">() &&
            !Base::ready())
            return false;
        if (present<"async_result_is_successful_in_any_case", "ARES-2">())
            return Base::successful() || true;
        return Base::successful();
    }

  private:
    /// Of a worker that died, of a pool that was terminated, of an initializer that failed.
    void lose_what_broke(ft::Timeout timeout) const {
        const bool is_lost =
            pool_->is_terminated
                ? present<"pool_terminate_leaves_results_pending", "POOL-23 FAULT-20",
                          "POOL-* ARES-*">()
                : present<"pool_result_of_a_dead_worker_never_comes", "POOL-30 FAULT-14",
                          "POOL-* FAULT-*", "multiprocessing">();
        if (is_lost) wait_in_vain(timeout);
    }

    std::shared_ptr<PoolState> pool_;
    bool never_ready_;
    std::shared_ptr<std::atomic<int>> gets_ = std::make_shared<std::atomic<int>>(0);
};

}  // namespace conformance::mutants
