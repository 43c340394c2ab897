// Stress: items are received once each and in order, and join waits for them all.

#include <gtest/gtest.h>

#include <cstdint>

#include "conformance/engine/conform.hpp"
#include "conformance/stress/stress.hpp"
#include "spec/scenario/round.hpp"

namespace conformance {
namespace {

/// Half of the workers put, the other half get. At the end the queue must be empty.
BuildStress items_through(Type type, List arguments) {
    return [=](ScenarioBuilder& scenario, int workers, std::int64_t rounds) {
        const Id queue = scenario.add(type, arguments);
        for (int i = 0; i < workers / 2; ++i) {
            const Script producer = scenario.worker();
            producer.put(queue, List{i, round_text});
            producer.repeat(rounds);
            const Script consumer = scenario.worker();
            consumer.get(queue);
            consumer.repeat(rounds);
        }
        scenario.start_all();
        scenario.join_all();
        scenario.main().empty(queue);
        if (type == Type::Queue) scenario.main().get_nowait(queue);
    };
}

constexpr StressGoal items{.unit = "items", .target = 1'000'000, .per_round = 0.5};

TEST(Stress, QUEUE_16_every_item_is_received_once_and_in_order) {
    stress(items, {2, 4, 16, 64}, items_through(Type::Queue, {}));
}

TEST(Stress, QUEUE_4_producers_and_consumers_of_a_bounded_queue_let_each_other_go_on) {
    stress(items, {2, 4, 16, 64}, items_through(Type::Queue, {3}));
}

TEST(Stress, SQUEUE_4_every_item_is_received_once_and_in_order) {
    stress(items, {2, 4, 16, 64}, items_through(Type::SimpleQueue, {}));
}

TEST(Stress, QUEUE_24_empty_and_full_are_true_at_some_moment) {
    // Everybody puts, and gets what anybody has put; tries that fail in between change nothing.
    const auto build = [](ScenarioBuilder& scenario, int workers, std::int64_t rounds) {
        const Id queue = scenario.add(Type::Queue, {workers});
        for (const Script& worker : scenario.workers(static_cast<std::size_t>(workers))) {
            worker.get_nowait(queue);
            worker.put_nowait(queue, List{worker.id(), round_text});
            worker.get_nowait(queue);
            worker.repeat(rounds);
        }
        scenario.start_all();
        scenario.join_all();
    };
    stress({.unit = "attempts", .target = 1'000'000, .per_round = 3}, {2, 4, 16}, build);
}

TEST(Stress, QUEUE_22_join_waits_for_every_task_and_returns_after_the_last) {
    // Producers put and join; consumers get and finish.
    const auto build = [](ScenarioBuilder& scenario, int workers, std::int64_t rounds) {
        const Id queue = scenario.add(Type::Queue);
        for (int i = 0; i < workers / 2; ++i) {
            const Script producer = scenario.worker();
            producer.put(queue, List{i, round_text});
            producer.join(queue);
            producer.repeat(rounds);
            const Script consumer = scenario.worker();
            consumer.get(queue);
            consumer.task_done(queue);
            consumer.repeat(rounds);
        }
        scenario.start_all();
        scenario.join_all();
    };
    stress({.unit = "joins", .target = 500'000, .per_round = 0.5}, {2, 4, 16}, build);
}

}  // namespace
}  // namespace conformance
