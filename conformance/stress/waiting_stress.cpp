// Stress: wake-ups. One that is lost leaves a scenario stuck, though it always comes to its end.

#include <gtest/gtest.h>

#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/stress/stress.hpp"
#include "spec/scenario/round.hpp"

namespace conformance {
namespace {

/// Two workers that take turns: each wakes the other, and waits to be woken. The first waits before
/// the second is started, so that one of them always waits; the main worker wakes the second from its last
/// wait.
void add_turns(ScenarioBuilder& scenario, std::int64_t rounds, std::vector<Script>& firsts,
               std::vector<Script>& seconds, std::vector<Id>& conditions) {
    const Id condition = scenario.add(Type::Condition);
    for (std::vector<Script>* const side : {&firsts, &seconds}) {
        const Script worker = scenario.worker();
        worker.acquire(condition);
        worker.notify(condition);
        worker.wait(condition);
        worker.release(condition);
        worker.repeat(rounds);
        side->push_back(worker);
    }
    conditions.push_back(condition);
}

TEST(Stress, COND_14_no_notification_is_lost) {
    const auto build = [](ScenarioBuilder& scenario, int workers, std::int64_t rounds) {
        std::vector<Script> firsts;
        std::vector<Script> seconds;
        std::vector<Id> conditions;
        for (int i = 0; i < workers / 2; ++i)
            add_turns(scenario, rounds, firsts, seconds, conditions);
        const Script main = scenario.main();
        for (const Script& first : firsts) {
            main.start(first);
            main.await_blocked(first);
        }
        for (const Script& second : seconds)
            main.start(second);
        for (std::size_t i = 0; i < firsts.size(); ++i) {
            main.join(firsts[i]);
            main.acquire(conditions[i]);
            main.notify(conditions[i]);
            main.release(conditions[i]);
            main.join(seconds[i]);
        }
    };
    stress({.unit = "pairs of notify and wait", .target = 1'000'000, .is_aligned = false},
           {2, 4, 16}, build);
}

TEST(Stress, COND_21_predicates_are_looked_at_after_each_notification) {
    // Each of two workers waits until the other has added to its Cell.
    const auto build = [](ScenarioBuilder& scenario, int workers, std::int64_t rounds) {
        for (int i = 0; i < workers / 2; ++i) {
            const Id condition = scenario.add(Type::Condition, {scenario.add(Type::Lock)});
            const Id asked = scenario.add(Type::Cell, {-1});
            const Id answered = scenario.add(Type::Cell, {-1});
            const Script asks = scenario.worker();
            asks.acquire(condition);
            asks.add(asked);
            asks.notify_all(condition);
            asks.call(condition, Operation::wait_for, {answered, round_text});
            asks.release(condition);
            const Script answers = scenario.worker();
            answers.acquire(condition);
            answers.call(condition, Operation::wait_for, {asked, round_text});
            answers.add(answered);
            answers.notify_all(condition);
            answers.release(condition);
            asks.repeat(rounds);
            answers.repeat(rounds);
        }
        scenario.start_all();
        scenario.join_all();
    };
    stress({.unit = "answers", .target = 500'000, .per_round = 0.5}, {2, 4, 16}, build);
}

TEST(Stress, EVENT_6_every_broadcast_reaches_every_waiter) {
    // Two events in turn; after each all meet at a barrier.
    const auto build = [](ScenarioBuilder& scenario, int workers, std::int64_t rounds) {
        const std::vector<Id> events = {scenario.add(Type::Event), scenario.add(Type::Event)};
        const Id barrier = scenario.add(Type::Barrier, {workers});
        const auto scripts = scenario.workers(static_cast<std::size_t>(workers));
        for (const Script& worker : scripts) {
            for (const Id event : events) {
                const bool is_setter = worker.id() == scripts.front().id();
                if (is_setter) {
                    worker.set(event);
                } else {
                    worker.wait(event);
                }
                worker.wait(barrier);
                if (is_setter) worker.clear(event);
            }
            worker.repeat(rounds);
        }
        scenario.start_all();
        scenario.join_all();
    };
    stress({.unit = "broadcasts", .target = 100'000, .per_round = 2, .of_all_workers = false},
           {2, 4, 16, 64}, build);
}

TEST(Stress, BARRIER_6_generations_give_every_index_once_and_let_nobody_pass_early) {
    const auto build = [](ScenarioBuilder& scenario, int workers, std::int64_t rounds) {
        const Id barrier = scenario.add(Type::Barrier, {workers});
        for (const Script& worker : scenario.workers(static_cast<std::size_t>(workers))) {
            worker.wait(barrier);
            worker.repeat(rounds);
        }
        scenario.start_all();
        scenario.join_all();
    };
    stress({.unit = "generations", .target = 100'000, .of_all_workers = false}, {2, 4, 16, 64},
           build);
}

}  // namespace
}  // namespace conformance
