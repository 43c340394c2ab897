#pragma once
/// \file
/// Registers benchmarks: one for each contender of a row of the table.
///
///     using OnThreads = Contenders<ReferenceLock, StdMutex>;
///     using OnProcesses = Contenders<ReferenceLock, PosixSemaphore>;
///     for_each_contender<OnThreads, OnProcesses>([]<class Contender>() {
///         alone<Contender, AcquireRelease>("lock/uncontended");
///         together<Contender, Contend>({.row = "lock/contended/workers:4", .workers = 4});
///     });
///
/// A benchmark is called `<backend>/<row>/<contender>`. A contender has a `name`; the reference's are
/// portable values that say `reference`, those of the peers are objects in shared memory. The name
/// `limit` is kept for the cheapest thing that the machine or its kernel could do instead.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

#include "freethreading/backend.hpp"
#include "shared_memory.hpp"
#include "team.hpp"

namespace bench {

/// What each program defines: registers its benchmarks for the backend that was chosen.
void register_benchmarks();

[[nodiscard]] inline bool on_processes() {
    return freethreading::get_backend() == "multiprocessing";
}

template <class... Contender>
struct Contenders {
    template <class Function>
    static void for_each([[maybe_unused]] Function function) {
        (function.template operator()<Contender>(), ...);
    }
};

/// All of several lists; an optional library's list may be empty.
template <class... Lists>
struct AllOf {
    template <class Function>
    static void for_each([[maybe_unused]] Function function) {
        (Lists::for_each(function), ...);
    }
};

template <class OnThreads, class OnProcesses, class Function>
void for_each_contender(Function function) {
    if (on_processes()) {
        OnProcesses::for_each(function);
    } else {
        OnThreads::for_each(function);
    }
}

template <class Contender>
concept OfTheReference = std::string_view(Contender::name) == "reference";

/// A contender's state, and what a worker gets of it; `->` leads to the contender from both.
template <class Contender>
class Entry {
  public:
    template <class... Arguments>
    explicit Entry(const Arguments&... arguments) : object_(arguments...) {}
    [[nodiscard]] Shared<Contender> handle() const { return object_.handle(); }

  private:
    SharedObject<Contender> object_;
};
template <OfTheReference Contender>
class Entry<Contender> {
  public:
    struct Handle {
        Contender contender;
        const Contender* operator->() const { return &contender; }
    };
    template <class... Arguments>
    explicit Entry(const Arguments&... arguments) : handle_{Contender::make(arguments...)} {}
    [[nodiscard]] const Handle& handle() const { return handle_; }

  private:
    Handle handle_;
};

/// `<backend>/<row>/<contender>`.
template <class Contender>
[[nodiscard]] std::string benchmark_name(const std::string& row) {
    return std::string(freethreading::get_backend()) + '/' + row + '/' + Contender::name;
}

/// One worker, the program itself, does `Work::once(handle)`; arguments make the contender.
template <class Contender, class Work, class... Arguments>
benchmark::internal::Benchmark* alone(const std::string& row, const Arguments&... arguments) {
    const auto run = [arguments...](benchmark::State& state) {
        try {
            const Entry<Contender> entry(arguments...);
            const auto handle = entry.handle();
            if constexpr (requires { Work::enter(handle); }) Work::enter(handle);
            for (auto _ : state)
                Work::once(handle);
        } catch (const std::exception& error) {
            state.SkipWithError(error.what());
        }
    };
    return benchmark::RegisterBenchmark(benchmark_name<Contender>(row).c_str(), run);
}

/// What a team does in one benchmark. Where workers contend they are put on the cores in turn: the scheduler
/// may leave two of them on one core for a whole round, where they hardly ever meet.
struct Bout {
    std::string row;
    int workers = 2;
    Placement placement = Placement::free;
    std::uint64_t operations = 1000;  ///< of each worker, in a round of fixed length
    int counted_workers = 0;          ///< whose operations count; none given: all workers'
    std::uint64_t bytes = 0;          ///< moved by one operation
};

/// Milliseconds of a round that is measured by time: long enough for all of sixteen workers on two cores
/// to have their turn.
inline constexpr std::uint64_t round_duration = 40;

/// The workers of a team do `Work::run(handle, seat, operations)`, or `run_for`, at the same time. The time
/// of an operation is that of the round, divided by the operations of all workers that count.
template <class Contender, class Work, class... Arguments>
void together(const Bout& bout, const Arguments&... arguments) {
    using Handle = std::remove_cvref_t<decltype(std::declval<Entry<Contender>>().handle())>;
    const auto run = [bout, arguments...](benchmark::State& state) {
        Round sum;
        try {
            const Entry<Contender> entry(arguments...);
            Team<Work, Handle> team(bout.workers, bout.placement, entry.handle());
            const auto counted = static_cast<std::uint64_t>(
                bout.counted_workers > 0 ? bout.counted_workers : bout.workers);
            const auto batch = static_cast<std::int64_t>(bout.operations * counted);
            while (state.KeepRunningBatch(timed<Work, Handle> ? 1 : batch)) {
                const Round round =
                    team.run(timed<Work, Handle> ? round_duration : bout.operations);
                if (!round.failure.empty()) {
                    state.SkipWithError(round.failure.c_str());
                    return;
                }
                state.SetIterationTime(timed<Work, Handle> ? round.seconds / round.operations
                                                           : round.seconds);
                sum.operations +=
                    timed<Work, Handle> ? round.operations : static_cast<double>(batch);
                sum.cpu_seconds += round.cpu_seconds;
                sum.sleeps += round.sleeps;
                sum.preemptions += round.preemptions;
            }
        } catch (const std::exception& error) {
            state.SkipWithError(error.what());
            return;
        }
        const double operations = sum.operations;
        state.SetItemsProcessed(state.iterations());
        if (bout.bytes > 0)
            state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bout.bytes));
        state.counters["cpu_ns"] = 1e9 * sum.cpu_seconds / operations;
        state.counters["sleeps"] = sum.sleeps / operations;
        state.counters["preemptions"] = sum.preemptions / operations;
    };
    auto* const registered =
        benchmark::RegisterBenchmark(benchmark_name<Contender>(bout.row).c_str(), run);
    registered->UseManualTime();
    if (timed<Work, Handle>) registered->Iterations(1);
}

[[nodiscard]] constexpr const char* name_of(Placement placement) {
    switch (placement) {
        case Placement::cross:
            return "cross";
        case Placement::same:
            return "same";
        default:
            return "free";
    }
}
inline constexpr Placement all_placements[] = {Placement::free, Placement::cross, Placement::same};

}  // namespace bench
