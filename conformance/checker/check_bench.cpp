/// \file
/// What a verdict costs: many small histories, long ones, and ones of many workers.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <optional>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

#include "conformance/checker/check.hpp"
#include "conformance/checker/depth_first.hpp"
#include "conformance/checker/queue_checker.hpp"
#include "conformance/checker/tests/random_history.hpp"
#include "conformance/checker/tests/test_models.hpp"

namespace conformance::checker {
namespace {

constexpr std::uint64_t seed = 1;

/// Half of the workers put, half of them get.
TestHistory queue_history(int workers, int calls, std::uint64_t number = 0) {
    Random random(hash_of_both(seed, number));
    int puts = 0;
    const auto make_call = [&](Random&, std::int32_t worker, const QueueModel::State&) -> MadeCall {
        if (worker % 2 == 0) return {{Kind::put, ++puts}, std::nullopt};
        return {{Kind::get}, std::nullopt};
    };
    const RunShape run{.workers = workers, .calls = calls, .ends_early = false, .kills = false};
    return Simulation(QueueModel(8), run, make_call, random).history();
}

void require(Judgement judgement) {
    if (judgement != Judgement::linearizable) throw std::logic_error("not linearizable");
}

void small_histories(benchmark::State& state) {
    std::vector<TestHistory> histories;
    for (std::uint64_t number = 0; number < 1000; ++number)
        histories.push_back(queue_history(3, 12, number));
    std::size_t i = 0;
    for (auto _ : state) {
        const TestHistory& history = histories[i++ % histories.size()];
        require(check(QueueModel(8), Calls<QueueModel>(history)).judgement);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(small_histories);

void small_histories_depth_first(benchmark::State& state) {
    std::vector<TestHistory> histories;
    for (std::uint64_t number = 0; number < 1000; ++number)
        histories.push_back(queue_history(3, 12, number));
    std::size_t i = 0;
    for (auto _ : state) {
        const TestHistory& history = histories[i++ % histories.size()];
        require(check_depth_first(QueueModel(8), Calls<QueueModel>(history)).judgement);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(small_histories_depth_first);

void length_of_queue_history(benchmark::State& state) {
    const TestHistory history = queue_history(4, static_cast<int>(state.range(0)));
    for (auto _ : state)
        require(check(QueueModel(8), Calls<QueueModel>(history)).judgement);
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(length_of_queue_history)
    ->Arg(1000)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond);

void length_of_queue_history_depth_first(benchmark::State& state) {
    const TestHistory history = queue_history(4, static_cast<int>(state.range(0)));
    for (auto _ : state)
        require(check_depth_first(QueueModel(8), Calls<QueueModel>(history)).judgement);
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(length_of_queue_history_depth_first)
    ->Arg(1000)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond);

void length_of_queue_history_queue_checker(benchmark::State& state) {
    std::vector<QueueCall> calls;
    for (const auto& call : queue_history(4, static_cast<int>(state.range(0)))) {
        if (!call.responded) continue;
        const bool is_put = call.operation.kind == Kind::put;
        calls.push_back({is_put ? QueueCall::Kind::put : QueueCall::Kind::get,
                         is_put ? call.operation.value : call.outcome, call.invoked,
                         call.responded});
    }
    for (auto _ : state)
        benchmark::DoNotOptimize(check_queue(calls));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(length_of_queue_history_queue_checker)
    ->Arg(1000)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond);

void number_of_workers(benchmark::State& state) {
    const TestHistory history = queue_history(static_cast<int>(state.range(0)), 1000);
    for (auto _ : state)
        require(check(QueueModel(8), Calls<QueueModel>(history)).judgement);
    state.SetItemsProcessed(state.iterations() * 1000);
}
BENCHMARK(number_of_workers)->Arg(2)->Arg(4)->Arg(8)->Unit(benchmark::kMillisecond);

/// A violation in the last call of all: it is searched for twice.
void violation_at_the_end(benchmark::State& state) {
    TestHistory history = queue_history(4, static_cast<int>(state.range(0)));
    for (std::size_t i = history.size(); i-- > 0;) {
        if (!history[i].responded || history[i].operation.kind != Kind::get) continue;
        history[i].outcome = -7;
        break;
    }
    for (auto _ : state) {
        const auto verdict = check(QueueModel(8), Calls<QueueModel>(history));
        if (!verdict.violation) throw std::logic_error("linearizable");
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(violation_at_the_end)->Arg(1000)->Arg(100'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace conformance::checker
