// Worker: workers that start workers.

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/suites/calls.hpp"

namespace conformance {
namespace {

using namespace calls;

TEST(Worker, WORKER_23_workers_start_workers_five_levels_deep) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id queue = scenario.add(Type::SimpleQueue);
    std::vector<Script> chain = {main};
    for (std::int64_t level = 1; level <= 5; ++level) {
        const Script child = scenario.worker("", {}, chain.back().id());
        chain.back().start(child);
        chain.back().join(child);
        child.put(queue, level);
        chain.push_back(child);
    }
    std::vector<Id> gets;
    for (int level = 1; level <= 5; ++level)
        gets.push_back(main.get(queue));
    const auto run = conform(scenario);
    if (!run) return;
    for (std::size_t i = 0; i < gets.size(); ++i)
        expect(*run, gets[i], Value(i + 1));
}

TEST(Worker, WORKER_23_workers_start_workers_at_the_same_time) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id lock = scenario.add(Type::Lock);
    const Id cell = scenario.add(Type::Cell);
    for (const Script& worker : scenario.workers(4)) {
        const Script child = scenario.worker("", {}, worker.id());
        worker.start(child);
        worker.join(child);
        child.acquire(lock);
        child.add(cell);
        child.release(lock);
    }
    scenario.start_all();
    scenario.join_all();
    scenario.align();
    const Id sum = main.read(cell);
    const auto run = conform(scenario, {.times = 30, .perturbation = 30});
    if (run) expect(*run, sum, Value(4));
}

TEST(Worker, WORKER_24_daemon_that_starts_a_worker_raises) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script daemon = scenario.worker("", true);
    main.start(daemon);
    main.join(daemon);
    std::vector<Id> starts;
    std::vector<Id> looks;
    for (const std::optional<bool> flag :
         {std::optional<bool>{}, std::optional(true), std::optional(false)}) {
        const Script child = scenario.worker("", flag, daemon.id());
        starts.push_back(daemon.start(child));
        looks.push_back(daemon.is_alive(child));
    }
    const auto run = conform(scenario);
    if (!run) return;
    for (const Id start : starts)
        expect(*run, start, ErrorKind::RuntimeError);
    for (const Id alive : looks)
        expect(*run, alive, Value(false));
}

}  // namespace
}  // namespace conformance
