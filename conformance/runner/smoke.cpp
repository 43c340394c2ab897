#include "conformance/runner/smoke.hpp"

#include <chrono>
#include <functional>

#include "conformance/engine/driver_connection.hpp"
#include "conformance/engine/judge.hpp"
#include "conformance/engine/scenario_builder.hpp"

namespace conformance::runner {
namespace {

struct Plan {
    std::string what;
    /// Only the driver's own operations: a wrong outcome is its fault.
    bool is_drivers_own = false;
    std::function<void(ScenarioBuilder&)> build;
};

std::vector<Plan> plans() {
    return {
        {"runs a scenario of no calls", true, [](ScenarioBuilder&) {}},
        {"keeps what is written to a Cell", true,
         [](ScenarioBuilder& scenario) {
             const Id cell = scenario.add(Type::Cell, {3});
             scenario.main().add(cell, 4);
             scenario.main().write(cell, 9007199254740993);  // more than a double holds
             scenario.main().read(cell);
         }},
        {"starts a worker, joins it, and sees what it did", false,
         [](ScenarioBuilder& scenario) {
             const Id cell = scenario.add(Type::Cell);
             scenario.worker().add(cell);
             scenario.start_all();
             scenario.join_all();
             scenario.main().read(cell);
         }},
        {"begins the calls of three workers together, between perturbations", false,
         [](ScenarioBuilder& scenario) {
             for (const Script& worker : scenario.workers(3))
                 worker.read(scenario.add(Type::Cell));
             scenario.align();
             scenario.perturb(50, 1);
             scenario.start_all();
             scenario.join_all();
         }},
        {"knows when a worker is blocked", false,
         [](ScenarioBuilder& scenario) {
             const Id lock = scenario.add(Type::Lock);
             const Script worker = scenario.worker();
             const Script main = scenario.main();
             main.acquire(lock);
             main.start(worker);
             main.await_blocked(worker);
             main.release(lock);
             main.join(worker);
             worker.acquire(lock);
         }},
    };
}

}  // namespace

std::vector<SmokeCheck> smoke(Session& session) {
    std::vector<SmokeCheck> checks;
    for (const Plan& plan : plans()) {
        ScenarioBuilder builder;
        plan.build(builder);
        const RunResult result = session.run(builder.scenario());
        const Judgement judgement = judge(builder.scenario(), result);
        using Verdict = Judgement::Verdict;
        SmokeCheck check{.what = plan.what};
        check.is_supported = judgement.verdict != Verdict::unsupported;
        if (check.is_supported && judgement.verdict != Verdict::conforms) {
            check.fault = judgement.reason;
            check.blames_driver =
                judgement.verdict == Verdict::driver_error ||
                (plan.is_drivers_own && result.status == RunResult::Status::completed);
        }
        checks.push_back(std::move(check));
    }
    return checks;
}

SmokeCheck smoke_ending(const SessionOptions& options) {
    DriverConnection connection(options);
    const std::chrono::duration<double> limit(10 * options.time_scale);
    const std::string fault =
        connection.process().finish(std::chrono::duration_cast<std::chrono::nanoseconds>(limit));
    return {.what = "ends when its standard input does",
            .fault = fault,
            .blames_driver = !fault.empty()};
}

}  // namespace conformance::runner
