#pragma once
/// \file
/// Workers of the API that work at the same time, in rounds that are timed.
///
///     struct Take { template <class L> static void run(const L& lock, Seat, std::uint64_t n); };
///     Team<Take, Shared<MyLock>> team(4, Placement::free, my_lock.handle());
///     const Round round = team.run(1000);    // each of the four workers 1000 times
///
/// A round ends when each worker has done so many operations, or, if Work has `run_for` instead, after some time:
/// so that workers who take something from each other do so to the end. It returns how often it did.
///
/// So the peers are measured in the same threads or processes as the reference: only the state that
/// they work on differs. A worker that fails or dies ends the round with a reason.

#include <concepts>
#include <cstdint>
#include <exception>
#include <vector>

#include "freethreading/worker.hpp"
#include "shared_memory.hpp"
#include "team_control.hpp"

namespace bench {

template <class Work, class Handle>
concept timed = requires(const Handle& handle, Seat seat, Until until) {
    { Work::run_for(handle, seat, until) } -> std::same_as<std::uint64_t>;
};

template <class Work, class Handle>
class Team {
  public:
    Team(int workers, Placement placement, const Handle& handle) {
        control_->workers = static_cast<std::uint32_t>(workers);
        control_->placement = placement;
        for (int i = 0; i < workers; ++i) {
            workers_.emplace_back(freethreading::WorkerOptions{.daemon = true}, serve,
                                  control_.handle(), Seat{i, workers}, handle);
            workers_.back().start();
        }
    }
    Team(const Team&) = delete;
    Team& operator=(const Team&) = delete;
    ~Team() {
        end_rounds(*control_);
        if (failed_) return;  // some may be stuck for ever; daemons end with the program
        for (const auto& worker : workers_)
            worker.join();
    }

    /// `effort`: operations of each worker, or milliseconds.
    [[nodiscard]] Round run(std::uint64_t effort) {
        control_->operations = effort;
        control_->duration = static_cast<std::int64_t>(effort) * 1'000'000;
        start_round(*control_);
        while (!await_reports(*control_)) {
            for (const auto& worker : workers_) {
                if (worker.is_alive() || control_->done.load() == control_->workers) continue;
                failed_ = true;
                return {.failure = "a worker died"};
            }
        }
        return sum_up(*control_);
    }

  private:
    static void serve(Shared<TeamControl> control, Seat seat, Handle handle) {
        std::exception_ptr failure;
        try {
            if constexpr (requires { Work::enter(handle, seat); }) Work::enter(handle, seat);
        } catch (...) {
            failure = std::current_exception();
        }
        for (std::uint32_t round = 1; await_round(*control, round); ++round) {
            Turn turn(*control, seat);
            try {
                if (failure) std::rethrow_exception(failure);
                if constexpr (timed<Work, Handle>) {
                    turn.count(Work::run_for(handle, seat, turn.until()));
                } else {
                    Work::run(handle, seat, control->operations);
                }
            } catch (const std::exception& error) {
                turn.fail(error.what());
            }
        }
    }

    SharedObject<TeamControl> control_;
    std::vector<freethreading::Worker> workers_;
    bool failed_ = false;
};

}  // namespace bench
