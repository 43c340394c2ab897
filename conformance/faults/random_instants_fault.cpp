// Faults: workers are killed, or stopped and continued, at random instants in the midst of whatever they
// call; the others must go on as if nothing had happened.
//
// Every worker puts before it gets, so that no get waits for ever, whoever dies between the two: then an item
// is left over. Histories are judged by conformance/engine/rounds_judge.hpp, which allows each consumer that
// was killed in a get to have taken one item with it.

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/engine/seeds.hpp"
#include "conformance/engine/test_context.hpp"
#include "spec/scenario/round.hpp"

namespace conformance {
namespace {

using Random = std::mt19937_64;

constexpr int victims = 2;
constexpr int survivors = 2;
constexpr std::int64_t rounds = 1500;
constexpr double usual_runs = 60;

/// Lets the main worker go on after a random time of at most 8 ms, most times a short one.
void pause(ScenarioBuilder& scenario, Random& random) {
    const std::int64_t longest = std::int64_t{1} << (random() % 14);
    const auto microseconds =
        static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(longest));
    scenario.main().wait(scenario.add(Type::Event),
                         TimeLimit::nanoseconds(1000 * (microseconds + 1)));
}

/// Builds and runs as many scenarios as the effort says, each from another seed, until one does not
/// conform.
template <class Build>
void repeat(const Build& build) {
    const TestContext& context = TestContext::current();
    const double runs = std::ceil(usual_runs * context.options().effort);
    for (int i = 0; i < runs; ++i) {
        const std::uint64_t seed = child_seed(context.options().seed, context.record().test,
                                              static_cast<std::uint64_t>(i));
        Random random(seed);
        ScenarioBuilder builder;
        build(builder, random);
        Scenario scenario = builder.scenario();
        scenario.seed = seed;
        scenario.perturbation = i % 3 == 2 ? 5 : 0;
        if (!conform_as_it_is(scenario)) return;
    }
}

void kill_all_at_random(ScenarioBuilder& scenario, Random& random,
                        const std::vector<Script>& workers) {
    for (const Script& worker : workers) {
        pause(scenario, random);
        scenario.main().kill(worker);
        scenario.main().join(worker);
    }
}

/// All pass items through one queue; some of them are killed. What is left is taken at the end.
void pass_items(ScenarioBuilder& scenario, Random& random, Type type, const List& arguments) {
    const Id queue = scenario.add(type, arguments);
    const auto workers = scenario.workers(victims + survivors);
    for (const Script& worker : workers) {
        worker.put(queue, List{worker.id(), round_text});
        worker.get(queue);
        worker.repeat(rounds);
    }
    const Script main = scenario.main();
    scenario.start_all();
    kill_all_at_random(scenario, random, {workers.begin(), workers.begin() + victims});
    for (std::size_t i = victims; i < workers.size(); ++i)
        main.join(workers[i]);
    if (type == Type::Queue) {
        for (int i = 0; i <= victims; ++i)
            main.get_nowait(queue);
    }
}

TEST(Faults, FAULT_8_queue_outlives_workers_killed_at_any_instant) {
    repeat([](ScenarioBuilder& scenario, Random& random) {
        pass_items(scenario, random, Type::Queue, {});
    });
}

TEST(Faults, FAULT_9_simple_queue_outlives_workers_killed_at_any_instant) {
    repeat([](ScenarioBuilder& scenario, Random& random) {
        pass_items(scenario, random, Type::SimpleQueue, {});
    });
}

TEST(Faults, FAULT_10_bounded_queue_outlives_workers_killed_at_any_instant) {
    // Each of the killed may leave an item; the others need room for one more.
    repeat([](ScenarioBuilder& scenario, Random& random) {
        pass_items(scenario, random, Type::Queue, {victims + 1});
    });
}

TEST(Faults, FAULT_6_event_outlives_waiters_killed_at_any_instant) {
    repeat([](ScenarioBuilder& scenario, Random& random) {
        const Id event = scenario.add(Type::Event);
        const Script setter = scenario.worker();
        setter.set(event);
        setter.clear(event);
        setter.repeat(rounds);
        const auto waiters = scenario.workers(victims + survivors);
        for (const Script& worker : waiters) {
            worker.wait(event);
            worker.is_set(event);
            worker.repeat(rounds);
        }
        const Script main = scenario.main();
        scenario.start_all();
        kill_all_at_random(scenario, random, {waiters.begin(), waiters.begin() + victims});
        main.join(setter);
        main.set(event);
        for (std::size_t i = victims; i < waiters.size(); ++i)
            main.join(waiters[i]);
    });
}

/// Now and then one of the first ones is stopped, and goes on a little later.
void stop_some_at_random(ScenarioBuilder& scenario, Random& random,
                         const std::vector<Script>& workers) {
    const Script main = scenario.main();
    for (int i = 0; i < 6; ++i) {
        const Id stopped = workers[random() % victims].id();
        pause(scenario, random);
        main.call(stopped, Operation::stop);
        pause(scenario, random);
        main.call(stopped, Operation::resume);
    }
}

TEST(Faults, FAULT_22_holds_of_workers_that_are_stopped_and_go_on_exclude_one_another) {
    repeat([](ScenarioBuilder& scenario, Random& random) {
        const Id lock = scenario.add(Type::Lock);
        const Id cell = scenario.add(Type::Cell);
        const auto workers = scenario.workers(victims + survivors);
        for (const Script& worker : workers) {
            worker.acquire(lock);
            worker.add(cell);
            worker.release(lock);
            worker.repeat(rounds);
        }
        scenario.start_all();
        stop_some_at_random(scenario, random, workers);
        scenario.join_all();
        scenario.main().read(cell);
    });
}

TEST(Faults, FAULT_22_items_pass_while_workers_are_stopped_and_go_on) {
    repeat([](ScenarioBuilder& scenario, Random& random) {
        const Id queue = scenario.add(Type::Queue, {victims + 1});
        const auto workers = scenario.workers(victims + survivors);
        for (const Script& worker : workers) {
            worker.put(queue, List{worker.id(), round_text});
            worker.get(queue);
            worker.repeat(rounds);
        }
        scenario.start_all();
        stop_some_at_random(scenario, random, workers);
        scenario.join_all();
        scenario.main().get_nowait(queue);
    });
}

}  // namespace
}  // namespace conformance
