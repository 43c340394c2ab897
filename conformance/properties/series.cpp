#include "conformance/properties/series.hpp"

#include <cstddef>
#include <vector>

#include "conformance/properties/cell_guards.hpp"
#include "conformance/properties/phrases.hpp"

namespace conformance::properties {

bool has_series(Family family) {
    return family == Family::worker_pool || family == Family::worker_pool_executor;
}

Scenario draft_series(Family family, Choices& choices) {
    ScenarioBuilder scenario;
    const bool is_pool = family == Family::worker_pool;
    const Id pool = scenario.add(is_pool ? Type::WorkerPool : Type::WorkerPoolExecutor,
                                 {choices.between(1, 2)});
    // The choices of the first time are made again, so that nothing but the results differs.
    std::vector<int> made;
    std::size_t next = 0;
    Choices repeated([&](int bound) {
        if (next == made.size()) made.push_back(choices.below(bound));
        return made[next++];
    });
    for (int i = 0; i < times_in_series; ++i) {
        next = 0;
        Workbench bench{.choices = repeated, .scenario = scenario};
        say_short_tasks(bench, scenario.main(), pool);
    }
    Scenario all = scenario.scenario();
    remove_unguarded_uses(all);
    return all;
}

}  // namespace conformance::properties
