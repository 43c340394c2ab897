#include "conformance/properties/shrink.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "conformance/engine/scenario_builder.hpp"
#include "conformance/engine/scenario_text.hpp"
#include "conformance/properties/cell_guards.hpp"
#include "conformance/properties/generate.hpp"
#include "conformance/properties/model_walk.hpp"
#include "conformance/properties/simplify.hpp"

namespace conformance::properties {
namespace {

constexpr ShrinkBudget enough{.time = std::chrono::minutes(10), .runs_per_candidate = 200};

/// Workers other than the main one that make this call, on whatever object.
std::size_t workers_that_call(const Scenario& scenario, Operation operation) {
    return static_cast<std::size_t>(
        std::ranges::count_if(scenario.workers, [=](const WorkerPlan& worker) {
            return worker.id != 0 && std::ranges::find(worker.calls, operation, &Call::operation) !=
                                         worker.calls.end();
        }));
}

/// A generated scenario that `fails` at first, by its calls alone.
Scenario find_failing(Family family, const std::function<bool(const Scenario&)>& fails) {
    for (std::uint64_t seed = 0;; ++seed) {
        Scenario scenario = generate(family, seed, 100);
        if (fails(scenario) && number_of_calls(scenario) > 12) return scenario;
    }
}

TEST(Shrink, what_always_fails_gets_as_small_as_can_be) {
    const Attempt fails = [](const Scenario& scenario) {
        return workers_that_call(scenario, Operation::put) >= 2;
    };
    const Shrunk shrunk = shrink(find_failing(Family::queue, fails), fails, enough);
    EXPECT_TRUE(shrunk.is_confirmed);
    EXPECT_EQ(shrunk.scenario.workers.size(), 3U) << to_code(shrunk.scenario);
    EXPECT_EQ(number_of_calls(shrunk.scenario), 2U) << to_code(shrunk.scenario);
    EXPECT_EQ(shrunk.scenario.objects.size(), 1U);
}

TEST(Shrink, what_fails_in_one_run_of_ten_gets_as_small) {
    std::mt19937_64 random(3);
    const auto may_fail = [](const Scenario& scenario) {
        return workers_that_call(scenario, Operation::acquire) >= 2;
    };
    const Attempt fails = [&](const Scenario& scenario) {
        return may_fail(scenario) && random() % 10 == 0;
    };
    const Shrunk shrunk = shrink(find_failing(Family::lock, may_fail), fails, enough);
    EXPECT_TRUE(shrunk.is_confirmed);
    // A candidate may be missed by bad luck.
    EXPECT_LE(number_of_calls(shrunk.scenario), 6U) << to_code(shrunk.scenario);
    EXPECT_TRUE(may_fail(shrunk.scenario));
}

TEST(Shrink, what_fails_once_and_never_again_stays_as_it_is_and_is_not_confirmed) {
    const Scenario scenario = generate(Family::mixed, 5, 100);
    int runs = 0;
    const Attempt fails = [&](const Scenario&) {
        ++runs;
        return false;
    };
    const Shrunk shrunk =
        shrink(scenario, fails, {.time = std::chrono::minutes(10), .runs_per_candidate = 5});
    EXPECT_FALSE(shrunk.is_confirmed);
    EXPECT_EQ(shrunk.scenario, scenario);
    EXPECT_EQ(shrunk.runs, runs);
}

TEST(Shrink, a_candidate_that_failed_by_chance_is_given_up) {
    const Scenario scenario = generate(Family::queue, 5, 100);
    const std::size_t calls = number_of_calls(scenario);
    bool has_misled = false;
    // Anything smaller fails once, and then never.
    const Attempt fails = [&](const Scenario& candidate) {
        if (number_of_calls(candidate) == calls) return true;
        return !std::exchange(has_misled, true);
    };
    const Shrunk shrunk = shrink(scenario, fails, enough);
    EXPECT_TRUE(shrunk.is_confirmed);
    EXPECT_EQ(number_of_calls(shrunk.scenario), calls);
}

TEST(Shrink, it_ends_when_its_time_is_up) {
    const Scenario scenario = generate(Family::mixed, 5, 100);
    int runs = 0;
    const Attempt fails = [&](const Scenario&) {
        ++runs;
        return true;
    };
    const Shrunk shrunk = shrink(scenario, fails, {.time = std::chrono::milliseconds(0)});
    EXPECT_EQ(runs, 0);
    EXPECT_EQ(shrunk.scenario, scenario);
}

TEST(Shrink, no_run_is_spent_on_what_may_get_stuck_or_races) {
    const auto is_sound = [](const Scenario& scenario) {
        return !has_unguarded_uses(scenario) && stuck_calls(scenario, 12, 1).empty();
    };
    std::uint64_t seed = 0;
    while (!is_sound(generate(Family::condition, seed, 100)))
        ++seed;
    int unsound = 0;
    const Attempt fails = [&](const Scenario& scenario) {
        unsound += is_sound(scenario) ? 0 : 1;
        return workers_that_call(scenario, Operation::wait_for) > 0;
    };
    static_cast<void>(shrink(generate(Family::condition, seed, 100), fails, enough));
    EXPECT_EQ(unsound, 0);
}

TEST(Shrink, who_waits_for_what_is_gone_goes_with_it) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const auto workers = scenario.workers(3);
    workers[0].put(queue, 1);
    workers[0].join(queue);
    for (int item = 0; item < 2; ++item) {
        workers[1].get(queue);
        workers[1].task_done(queue);
    }
    workers[2].put(queue, 2);
    scenario.start_all();
    int unsound = 0;
    const Attempt fails = [&](const Scenario& candidate) {
        unsound += stuck_calls(candidate, 12, 1).empty() ? 0 : 1;
        return workers_that_call(candidate, Operation::join) == 1 &&
               workers_that_call(candidate, Operation::put) >= 1 &&
               workers_that_call(candidate, Operation::get) == 1 &&
               workers_that_call(candidate, Operation::task_done) == 1;
    };
    const Shrunk shrunk = shrink(scenario.scenario(), fails, enough);
    EXPECT_EQ(number_of_calls(shrunk.scenario), 4U) << to_code(shrunk.scenario);
    EXPECT_EQ(number_of_workers(shrunk.scenario), 2U) << to_code(shrunk.scenario);
    EXPECT_EQ(unsound, 0);
}

TEST(Shrink, what_fails_on_paper_is_tried_at_once) {
    const auto may_fail = [](const Scenario& scenario) {
        return workers_that_call(scenario, Operation::put) >= 2;
    };
    int runs = 0;
    const Attempt fails = [&](const Scenario& scenario) {
        ++runs;
        return may_fail(scenario);
    };
    const Scenario scenario = find_failing(Family::queue, may_fail);
    const Shrunk shrunk =
        shrink(scenario, fails, enough, [&](const Scenario& failing, const Scenario& part) {
            EXPECT_TRUE(may_fail(failing));
            return may_fail(part);
        });
    EXPECT_TRUE(shrunk.is_confirmed);
    EXPECT_EQ(number_of_calls(shrunk.scenario), 2U) << to_code(shrunk.scenario);
    const int with_paper = std::exchange(runs, 0);
    static_cast<void>(shrink(scenario, fails, enough));
    EXPECT_LT(with_paper, runs);
}

TEST(Shrink, what_fails_on_paper_alone_misleads_nobody) {
    const auto may_fail = [](const Scenario& scenario) {
        return workers_that_call(scenario, Operation::put) >= 2;
    };
    const Shrunk shrunk = shrink(find_failing(Family::queue, may_fail), may_fail,
                                 {.time = std::chrono::seconds(6), .runs_per_candidate = 200},
                                 [](const Scenario&, const Scenario&) { return true; });
    EXPECT_TRUE(shrunk.is_confirmed);
    EXPECT_TRUE(may_fail(shrunk.scenario)) << to_code(shrunk.scenario);
    EXPECT_LE(number_of_calls(shrunk.scenario), 3U) << to_code(shrunk.scenario);
}

TEST(Simplify, what_is_left_refers_to_nothing_that_is_gone) {
    for (int family = 0; family < static_cast<int>(family_names.size()); ++family) {
        const Scenario scenario = generate(static_cast<Family>(family), 11, 100);
        for (const Scenario& simpler : simplifications(scenario)) {
            EXPECT_NE(simpler, scenario);
            for (const WorkerPlan& worker : simpler.workers) {
                for (const Call& call : worker.calls) {
                    EXPECT_TRUE(call.object == no_object || simpler.find_object(call.object) ||
                                simpler.find_worker(call.object))
                        << to_code(simpler);
                    EXPECT_TRUE(call.into == no_object || simpler.find_object(call.into));
                }
            }
        }
    }
}

TEST(Simplify, a_signal_that_is_given_twice_may_be_given_and_expected_once) {
    ScenarioBuilder scenario;
    const Id cell = scenario.add(Type::Cell);
    const Id condition = scenario.add(Type::Condition);
    const Script one = scenario.worker();
    const Script other = scenario.worker();
    one.acquire(condition);
    one.add(cell, 1);
    one.wait_for(condition, cell, 2);
    one.release(condition);
    other.acquire(condition);
    other.add(cell, 1);
    other.notify_all(condition);
    other.release(condition);
    scenario.start_all();
    const auto expects_less = [](const Scenario& simpler) {
        if (workers_that_call(simpler, Operation::add) != 1 || number_of_calls(simpler) != 7)
            return false;
        return std::ranges::any_of(simpler.workers, [](const WorkerPlan& worker) {
            return std::ranges::any_of(worker.calls, [](const Call& call) {
                return call.operation == Operation::wait_for && call.arguments[1] == Value(1);
            });
        });
    };
    // Without the addition of either.
    EXPECT_EQ(std::ranges::count_if(simplifications(scenario.scenario()), expects_less), 2);
}

}  // namespace
}  // namespace conformance::properties
