#pragma once
/// \file
/// What a test of the suite calls: run this scenario on the driver under test, and judge it.
///
///     TEST(BoundedSemaphore, BSEM_1_release_above_the_initial_value_raises) {
///         ScenarioBuilder scenario;
///         const Id semaphore = scenario.add(Type::BoundedSemaphore, {1});
///         scenario.main().release(semaphore);
///         conform(scenario);
///     }
///
/// The name of a test begins with the id of its requirement. What is expected comes from the models;
/// where they leave an outcome open a test looks at it itself:
///
///     const auto run = conform(scenario);
///     if (run) EXPECT_NE(run->outcome(first), run->outcome(second));

#include <optional>
#include <string>
#include <utility>

#include "conformance/engine/run_result.hpp"
#include "conformance/engine/scenario_builder.hpp"

namespace conformance {

/// A run that the models explain.
class Conformed {
  public:
    explicit Conformed(RunResult result) : result_(std::move(result)) {}
    [[nodiscard]] const History& history() const { return result_.history; }
    [[nodiscard]] const Entry& entry(Id call) const;
    [[nodiscard]] bool responded(Id call) const { return entry(call).responded.has_value(); }
    [[nodiscard]] const Outcome& outcome(Id call) const { return entry(call).outcome; }
    /// What the program wrote to standard error.
    [[nodiscard]] const std::string& output() const { return result_.output; }
    /// Nanoseconds from the invocation to the response.
    [[nodiscard]] std::int64_t duration(Id call) const {
        return *entry(call).responded - entry(call).invoked;
    }

  private:
    RunResult result_;
};

/// How a scenario is run.
struct Runs {
    int times = 1;         ///< each with another seed; the first run that does not conform ends it
    int perturbation = 0;  ///< of every second run
};

/// Runs the scenario and judges each run. Returns the last one if all conform. Otherwise adds a
/// failure to the present test, with requirement, scenario, timeline and the command that replays
/// it, or marks the test as unsupported or inconclusive, and returns nothing.
std::optional<Conformed> conform(const ScenarioBuilder& scenario, Runs runs = {});

/// One run of just this scenario, seed and all; judged and told as above. A history of rounds is
/// judged by near-linear checks.
std::optional<Conformed> conform_as_it_is(const Scenario& scenario);

/// Whether the present test is to be run here; if not it is marked as unsupported, or fails. For tests
/// that run scenarios by other means than `conform`.
[[nodiscard]] bool can_run_test();

/// The backend under test: "threading" or "multiprocessing".
[[nodiscard]] const std::string& backend_under_test();

/// Ends the present test as unsupported, with a reason; for what no driver can do through the
/// protocol, or not on this backend.
void not_testable(const std::string& reason);

}  // namespace conformance
