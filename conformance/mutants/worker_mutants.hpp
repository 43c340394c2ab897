#pragma once
/// \file
/// Workers that are wrong.

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/mutants/altered_limits.hpp"
#include "conformance/mutants/general_mutants.hpp"
#include "conformance/mutants/mutant.hpp"
#include "conformance/mutants/ways_to_run.hpp"
#include "conformance/mutants/wrapped_call.hpp"
#include "freethreading/freethreading.hpp"

namespace conformance::mutants {

namespace ft = freethreading;

/// Whether the main worker calls.
[[nodiscard]] inline bool is_main_worker() {
    return ft::current_worker().name().starts_with("Main");
}

class MutantWorker : public ft::Worker {
    using Base = ft::Worker;
    struct State {
        std::atomic<bool> is_started{false};
        std::atomic<bool> is_joined{false};
        std::atomic<bool> only_seems_started{false};
        std::atomic<std::int64_t> started_at{0};
        std::optional<bool> pretended_daemon{};
    };

  public:
    template <class Target, class... Arguments>
    static MutantWorker make(std::string name, std::optional<bool> daemon, Target target,
                             const Arguments&... arguments) {
        const bool is_named = !name.empty();
        if (present<"worker_with_a_name_is_a_daemon", "WORKER-1", "WORKER-*">() && is_named)
            daemon = true;
        if (present<"worker_default_names_are_all_the_same", "WORKER-15">() && !is_named)
            name = "Worker";
        if (present<"worker_name_is_cut", "WORKER-16 DOC-1", "WORKER-* DOC-10">() &&
            name.size() > 4)
            name.resize(4);
        if (present<"worker_is_no_daemon_unless_it_is_told", "WORKER-18", "WORKER-24">() && !daemon)
            daemon = false;
        std::optional<bool> pretended;
        if (present<"worker_is_always_a_daemon", "WORKER-20", "WORKER-* POOL-* FAULT-*">()) {
            pretended = daemon.value_or(ft::current_worker().daemon());
            daemon = true;
        }
        if (present<"worker_is_never_a_daemon", "WORKER-21", "WORKER-* POOL-* FAULT-*">()) {
            pretended = daemon.value_or(ft::current_worker().daemon());
            daemon = false;
        }
        MutantWorker worker =
            made({std::move(name), daemon}, target, altered_argument(arguments)...);
        worker.state_of_mutant_->pretended_daemon = pretended;
        return worker;
    }

    void start() const {
        if (present<"worker_second_start_is_ignored", "WORKER-4", "UTIL-8">() && state().is_started)
            return;
        if (present<"worker_of_a_worker_cannot_start", "WORKER-23", "WORKER-* GEN-*">() &&
            !is_main_worker())
            throw ft::RuntimeError("only the main worker starts workers");
        if (ways_to_run::Confined::is_here) throw ft::RuntimeError("tasks start no workers");
        if (present<"worker_of_a_daemon_seems_to_start", "WORKER-24 POOL-29">() &&
            ft::current_worker().daemon()) {
            state().only_seems_started = true;
            return;
        }
        if (present<"worker_with_a_spoilt_argument_seems_to_start", "WORKER-27">()) {
            try {
                return Base::start();
            } catch (const ft::ValueError&) {
                return;
            }
        }
        Base::start();
        state().started_at = now();
        state().is_started = true;
    }

    void join(ft::Timeout timeout = {}) const {
        const bool is_timed = !timeout.is_none();
        if (state().only_seems_started) return;
        if (present<"worker_join_before_start_returns", "WORKER-2", "WORKER-27">() &&
            !state().is_started)
            return;
        if (present<"worker_join_returns_at_once", "WORKER-5", "WORKER-* GEN-* FAULT-*">() &&
            state().is_started && !is_timed)
            return;
        if (present<"worker_second_join_raises", "WORKER-5", "WORKER-* GEN-* FAULT-*">() &&
            state().is_joined)
            throw ft::RuntimeError("it was joined");
        if (present<"worker_timed_join_never_gives_up", "WORKER-6 FAULT-22", "WORKER-* GEN-*">() &&
            timeout.nanoseconds() > 0)
            return Base::join();
        if (present<"worker_join_with_a_negative_limit_blocks", "WORKER-6 GEN-5", "">() &&
            is_timed && timeout.is_negative())
            return Base::join();
        if (present<"worker_join_gives_up_at_half_time", "WORKER-6 GEN-9", "FAULT-22">())
            timeout = half_of(timeout);
        Base::join(timeout);
        if (!is_timed) state().is_joined = true;
    }

    [[nodiscard]] bool is_alive() const {
        const bool is_alive = Base::is_alive();
        if (present<"worker_is_alive_before_start", "WORKER-2",
                    "WORKER-3 WORKER-9 WORKER-24 WORKER-27">() &&
            !state().is_started)
            return true;
        if (present<"worker_is_not_alive_just_after_start", "WORKER-3", "WORKER-*">() &&
            now() - state().started_at < 50'000'000)
            return false;
        if (present<"worker_is_alive_until_it_is_joined", "WORKER-9", "WORKER-*">() &&
            state().is_started && !state().is_joined)
            return true;
        return is_alive;
    }

    void set_name(std::string name) const {
        if (present<"worker_name_cannot_be_changed", "WORKER-16">()) return;
        Base::set_name(std::move(name));
    }
    [[nodiscard]] bool daemon() const { return state().pretended_daemon.value_or(Base::daemon()); }
    void set_daemon(bool daemon) const {
        if (present<"worker_daemon_flag_cannot_be_changed", "WORKER-18">() && !state().is_started)
            return;
        if (present<"worker_daemon_flag_set_after_start_is_ignored", "WORKER-19">()) {
            try {
                return Base::set_daemon(daemon);
            } catch (const ft::RuntimeError&) {
                return;
            }
        }
        if (state().pretended_daemon) {
            state().pretended_daemon = daemon;
            return;
        }
        Base::set_daemon(daemon);
    }

  private:
    using Base::Base;
    [[nodiscard]] State& state() const { return *state_of_mutant_; }
    static std::int64_t now() {
        return std::chrono::steady_clock::now().time_since_epoch().count();
    }

    template <class Target, class... Arguments>
    static MutantWorker made(ft::WorkerOptions options, Target target,
                             const Arguments&... arguments) {
        if constexpr (FunctionPointer<Target>) {
            using namespace ways_to_run;
            const auto as = [&]<class Around>(Around) {
                return MutantWorker(options, wrapped<Around, Target, Arguments...>(),
                                    address_of(target), arguments...);
            };
            if (present<"worker_target_is_not_run", "WORKER-10", "WORKER-*">())
                return as(NotAtAll());
            if (present<"worker_target_runs_twice", "WORKER-10", "WORKER-*">()) return as(Twice());
            if (present<"worker_hides_what_its_target_throws", "WORKER-12">())
                return as(Silently());
            if (present<"worker_reports_a_failure_without_its_name", "WORKER-12">())
                return as(Anonymously());
            if (present<"worker_leaves_a_process_when_it_is_killed", "FAULT-26",
                        "WORKER-* POOL-* FAULT-*", "multiprocessing">())
                return as(WithAHelper());
        }
        if (present<"worker_with_an_argument_that_cannot_be_transferred_is_made", "GEN-10",
                    "WORKER-27 GEN-17">()) {
            try {
                return MutantWorker(options, target, arguments...);
            } catch (const ft::ValueError&) {
                return MutantWorker(options);
            }
        }
        return MutantWorker(options, target, arguments...);
    }

    std::shared_ptr<State> state_of_mutant_ = std::make_shared<State>();
};

}  // namespace conformance::mutants
