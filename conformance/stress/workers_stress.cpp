// Stress: floods of tasks, and workers by the thousand.

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/stress/stress.hpp"
#include "spec/scenario/round.hpp"

namespace conformance {
namespace {

constexpr int batch = 16;

TEST(Stress, POOL_5_a_flood_of_tasks_comes_to_the_right_results) {
    // In each round a batch of tasks at once, and a map.
    const auto build = [](ScenarioBuilder& scenario, int workers, std::int64_t rounds) {
        const Id pool = scenario.add(Type::WorkerPool, {workers});
        const Script main = scenario.main();
        std::vector<Id> results;
        for (int i = 0; i < batch / 2; ++i)
            results.push_back(main.apply_async(pool, "add", {round_text, i}));
        main.call(pool, Operation::map,
                  {"square", Value(List{round_text, 1, 2, 3, 4, 5, 6, 7}), 2});
        for (const Id result : results)
            main.get(result);
        main.repeat(rounds);
    };
    stress({.unit = "tasks", .target = 200'000, .per_round = batch, .of_all_workers = false},
           {2, 4, 16}, build);
}

TEST(Stress, EXEC_7_a_flood_of_tasks_comes_to_the_right_results) {
    const auto build = [](ScenarioBuilder& scenario, int workers, std::int64_t rounds) {
        const Id executor = scenario.add(Type::WorkerPoolExecutor, {workers});
        const Script main = scenario.main();
        std::vector<Id> futures;
        for (int i = 0; i < batch; ++i)
            futures.push_back(main.submit(executor, "multiply", {round_text, i}));
        for (const Id future : futures)
            main.result(future);
        main.repeat(rounds);
    };
    stress({.unit = "tasks", .target = 200'000, .per_round = batch, .of_all_workers = false},
           {2, 4, 16}, build);
}

TEST(Stress, WORKER_5_workers_by_the_thousand_run_and_end) {
    // They are started again and again, and each runs to its end. The number of rounds does not matter.
    const auto build = [](ScenarioBuilder& scenario, int workers, std::int64_t) {
        const Id lock = scenario.add(Type::Lock);
        const Id cell = scenario.add(Type::Cell);
        for (const Script& worker : scenario.workers(static_cast<std::size_t>(workers))) {
            worker.acquire(lock);
            worker.add(cell);
            worker.release(lock);
            worker.repeat(2);
        }
        scenario.start_all();
        scenario.join_all();
        scenario.main().read(cell);
    };
    stress({.unit = "workers", .target = 5'000, .has_rounds = false}, {4, 64}, build);
}

}  // namespace
}  // namespace conformance
