/// \file
/// What a judged scenario costs from end to end, on every variant of the reference driver:
///
///     session_bench --benchmark_filter=three_workers/threading
///
/// `items_per_second` are scenarios. FREETHREADING_BENCH_DRIVER names another driver.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <exception>
#include <sstream>
#include <string>
#include <string_view>

#include "conformance/engine/judge.hpp"
#include "conformance/engine/scenario_builder.hpp"
#include "conformance/engine/session.hpp"

namespace conformance {
namespace {

/// Three workers that take a lock in turn, each of four calls.
void add_three_workers(ScenarioBuilder& scenario) {
    const Id lock = scenario.add(Type::Lock);
    const Id cell = scenario.add(Type::Cell);
    for (const Script& worker : scenario.workers(3)) {
        worker.acquire(lock);
        worker.add(cell);
        worker.release(lock);
        worker.locked(lock);
    }
    scenario.start_all();
    scenario.join_all();
    scenario.align();
}

/// The last run, repeated: what it costs to judge is a part of the whole.
enum class Work { run, judge, run_and_judge };

void three_workers(benchmark::State& state, const SessionOptions& options, Work work) {
    try {
        Session session(options);
        ScenarioBuilder scenario;
        add_three_workers(scenario);
        RunResult result = session.run(scenario.scenario());
        for (auto _ : state) {
            if (work != Work::judge) result = session.run(scenario.scenario());
            if (work == Work::run) continue;
            const Judgement judgement = judge(scenario.scenario(), result);
            if (judgement.verdict != Judgement::Verdict::conforms) {
                state.SkipWithError(judgement.reason.c_str());
                return;
            }
        }
        state.SetItemsProcessed(state.iterations());
    } catch (const std::exception& error) {
        state.SkipWithError(error.what());
    }
}

/// A driver that is started, greets, and is ended.
void handshake(benchmark::State& state, const SessionOptions& options) {
    try {
        for (auto _ : state)
            benchmark::DoNotOptimize(Session(options).greeting());
    } catch (const std::exception& error) {
        state.SkipWithError(error.what());
    }
}

void register_driver(const std::string& variant, const std::string& command) {
    for (const std::string backend : {"threading", "multiprocessing"}) {
        const SessionOptions options{.command = {command}, .backend = backend};
        const std::string where = '/' + backend + '/' + variant;
        // Most of the time goes by in the driver: the clock on the wall counts.
        benchmark::RegisterBenchmark(("handshake" + where).c_str(), handshake, options)
            ->UseRealTime()
            ->Unit(benchmark::kMillisecond);
        benchmark::RegisterBenchmark(("three_workers" + where).c_str(), three_workers, options,
                                     Work::run_and_judge)
            ->UseRealTime()
            ->Unit(benchmark::kMicrosecond);
        benchmark::RegisterBenchmark(("three_workers_run_only" + where).c_str(), three_workers,
                                     options, Work::run)
            ->UseRealTime()
            ->Unit(benchmark::kMicrosecond);
        if (backend == "threading")
            benchmark::RegisterBenchmark(("three_workers_judge_only" + where).c_str(),
                                         three_workers, options, Work::judge)
                ->Unit(benchmark::kMicrosecond);
    }
}

}  // namespace
}  // namespace conformance

int main(int argument_count, char** arguments) {
    if (const char* const driver = std::getenv("FREETHREADING_BENCH_DRIVER")) {
        conformance::register_driver("named", driver);
    } else {
        std::istringstream drivers(FREETHREADING_DRIVERS);
        for (std::string one; std::getline(drivers, one, '|');) {
            const std::size_t equals = one.find('=');
            conformance::register_driver(one.substr(0, equals), one.substr(equals + 1));
        }
    }
    benchmark::Initialize(&argument_count, arguments);
    if (benchmark::ReportUnrecognizedArguments(argument_count, arguments)) return 2;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
