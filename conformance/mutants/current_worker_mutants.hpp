#pragma once
/// \file
/// Wrong answers to who is running here, and who else.

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/mutants/altered_limits.hpp"
#include "conformance/mutants/mutant.hpp"
#include "conformance/mutants/worker_mutants.hpp"
#include "freethreading/freethreading.hpp"

namespace conformance::mutants {

namespace ft = freethreading;

/// Of this process, those whose creator has not dropped them.
inline std::atomic<int> living_pools{0};

class MutantWorkerHandle : public ft::WorkerHandle {
    using Base = ft::WorkerHandle;

  public:
    explicit MutantWorkerHandle(const Base& handle) : Base(handle) {}

    void start() const {
        if (present<"current_worker_can_be_started_again", "UTIL-8">()) return;
        Base::start();
    }
    void join(ft::Timeout timeout = {}) const {
        if (present<"worker_that_joins_itself_goes_on", "WORKER-7">() &&
            Base::ident() == ft::get_ident())
            return;
        if (present<"worker_that_joins_itself_waits_for_ever", "WORKER-7">() &&
            Base::ident() == ft::get_ident())
            wait_in_vain(timeout);
        Base::join(timeout);
    }
    [[nodiscard]] bool is_alive() const {
        if (present<"current_worker_is_not_alive", "UTIL-5">()) return false;
        return Base::is_alive();
    }
    [[nodiscard]] std::string name() const {
        if (present<"current_worker_of_the_main_worker_has_a_new_name_each_time", "UTIL-5",
                    "UTIL-* DOC-10">() &&
            is_main_worker())
            return Base::name() + std::to_string(++names);
        if (present<"current_worker_shows_a_default_name", "UTIL-6 UTIL-7 WORKER-16",
                    "UTIL-* WORKER-* DOC-*">() &&
            !is_main_worker())
            return "Worker";
        if (present<"current_worker_that_is_a_daemon_has_no_name", "UTIL-6 UTIL-7", "UTIL-*">() &&
            !is_main_worker() && ft::current_worker().daemon())
            return "";
        return Base::name();
    }
    [[nodiscard]] bool daemon() const {
        if (present<"current_worker_is_always_a_daemon", "UTIL-5 UTIL-6", "UTIL-*">()) return true;
        return Base::daemon();
    }
    [[nodiscard]] std::uint64_t ident() const {
        if (present<"current_worker_shows_another_identifier", "UTIL-2", "UTIL-*">())
            return Base::ident() + 1;
        return Base::ident();
    }

  private:
    inline static std::atomic<int> names{0};
};

namespace utilities {

using Handles = std::vector<MutantWorkerHandle>;

[[nodiscard]] inline std::string_view get_backend() {
    if (present<"get_backend_says_threads", "UTIL-1 GEN-2 DOC-11", "GEN-1">())
        return ft::get_backend() == "threading" ? "threads" : "processes";
    if (present<"get_backend_differs_in_a_worker", "UTIL-1 GEN-2">() && !is_main_worker())
        return ft::get_backend() == "threading" ? "multiprocessing" : "threading";
    return ft::get_backend();
}

[[nodiscard]] inline std::uint64_t get_ident() {
    static std::atomic<std::uint64_t> calls{0};
    if (present<"get_ident_differs_at_every_call", "UTIL-2", "UTIL-* DOC-10">())
        return ft::get_ident() + ++calls;
    if (present<"get_ident_is_the_same_in_all_workers", "UTIL-3", "UTIL-* DOC-10">()) return 1;
    if (present<"get_ident_is_zero_in_the_main_worker", "UTIL-2", "UTIL-* DOC-10">() &&
        is_main_worker())
        return 0;
    return ft::get_ident();
}

[[nodiscard]] inline MutantWorkerHandle current_worker() {
    return MutantWorkerHandle(ft::current_worker());
}

[[nodiscard]] inline Handles handles(const std::vector<ft::WorkerHandle>& workers) {
    return {workers.begin(), workers.end()};
}

/// All that any call has returned.
[[nodiscard]] inline Handles with_the_former(const Handles& present_ones) {
    static Handles all;
    for (const auto& one : present_ones) {
        if (std::ranges::find(all, one) == all.end()) all.push_back(one);
    }
    return all;
}

[[nodiscard]] inline Handles active_children() {
    Handles children = handles(ft::active_children());
    if (present<"active_children_has_the_caller_too", "UTIL-14 UTIL-12", "UTIL-* DOC-10">())
        children.push_back(current_worker());
    if (present<"active_children_keeps_those_that_have_ended", "UTIL-12", "UTIL-*">())
        return with_the_former(children);
    if (present<"active_children_lacks_the_last_one", "UTIL-14", "UTIL-* WORKER-* DOC-10">() &&
        !children.empty())
        children.pop_back();
    return children;
}

[[nodiscard]] inline Handles enumerate() {
    Handles workers = handles(ft::enumerate());
    if (present<"enumerate_lacks_the_caller", "UTIL-12 UTIL-9 DOC-10", "UTIL-* WORKER-* DOC-10">())
        std::erase(workers, current_worker());
    if (present<"enumerate_has_the_caller_twice", "UTIL-12 UTIL-9", "UTIL-* DOC-10">())
        workers.push_back(current_worker());
    return workers;
}

[[nodiscard]] inline std::size_t active_count() {
    const std::size_t count = ft::active_count();
    if (present<"active_count_leaves_out_the_caller", "UTIL-9 UTIL-10", "WORKER-2 DOC-10">())
        return count - 1;
    if (present<"active_count_counts_a_helper_of_pools", "UTIL-10">() && living_pools > 0)
        return count + 1;
    static std::atomic<std::size_t> highest{0};
    if (present<"active_count_never_sinks", "UTIL-9", "UTIL-* WORKER-2">())
        return highest = std::max<std::size_t>(highest, count);
    return count;
}

}  // namespace utilities

}  // namespace conformance::mutants
