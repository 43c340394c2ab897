#include "conformance/engine/capabilities.hpp"

#include <gtest/gtest.h>

#include "conformance/engine/scenario_builder.hpp"
#include "spec/scenario/round.hpp"

namespace conformance {
namespace {

TEST(Capabilities, a_name_stands_for_its_operations) {
    const std::set<std::string> listed{"Lock", "Barrier", "-Barrier.reset", "Queue.put", "kill"};
    EXPECT_TRUE(has_capability(listed, "Lock"));
    EXPECT_TRUE(has_capability(listed, "Lock.with"));
    EXPECT_TRUE(has_capability(listed, "Barrier.wait"));
    EXPECT_FALSE(has_capability(listed, "Barrier.reset"));
    EXPECT_TRUE(has_capability(listed, "Queue"));
    EXPECT_TRUE(has_capability(listed, "Queue.put"));
    EXPECT_FALSE(has_capability(listed, "Queue.get"));
    EXPECT_TRUE(has_capability(listed, "kill"));
    EXPECT_FALSE(has_capability(listed, "stop"));
    EXPECT_FALSE(has_capability(listed, "Event"));
}

TEST(Capabilities, a_worker_that_repeats_its_calls_needs_a_driver_that_can) {
    Scenario scenario{.workers = {{.id = 0, .repeat = 2}}};
    EXPECT_EQ(missing_capability(scenario, {"Lock"}), "repeat");
    EXPECT_EQ(missing_capability(scenario, {"repeat"}), std::nullopt);
    scenario.workers[0].repeat = 1;
    EXPECT_EQ(missing_capability(scenario, {"Lock"}), std::nullopt);
}

TEST(Capabilities, a_worker_that_is_given_a_name_or_flag_needs_a_driver_with_such) {
    Scenario scenario{.workers = {{.id = 0}, {.id = 1, .parent = 0, .name = "One"}}};
    EXPECT_EQ(missing_capability(scenario, {"Worker", "-Worker.name"}), "Worker.name");
    scenario.workers[1].name.clear();
    EXPECT_EQ(missing_capability(scenario, {"Worker", "-Worker.name"}), std::nullopt);
    scenario.workers[1].daemon = false;
    EXPECT_EQ(missing_capability(scenario, {"Worker", "-Worker.daemon"}), "Worker.daemon");
    EXPECT_EQ(missing_capability(scenario, {"Worker"}), std::nullopt);
}

TEST(Capabilities, needs_of_a_scenario) {
    ScenarioBuilder scenario;
    const Id lock = scenario.add(Type::Lock);
    const Script worker = scenario.worker();
    const Script main = scenario.main();
    main.start(worker);
    main.call(no_object, Operation::get_ident);
    main.kill(worker);
    main.call(worker.id(), Operation::resume);
    worker.with(lock, "nothing");
    const std::set<std::string> needs{"Lock",      "Lock.with", "Worker.start",
                                      "get_ident", "kill",      "stop"};
    EXPECT_EQ(needs_of(scenario.scenario()), needs);
    EXPECT_EQ(missing_capability(scenario.scenario(), {"Lock", "Worker", "kill", "stop"}),
              "get_ident");
    EXPECT_EQ(
        missing_capability(scenario.scenario(), {"Lock", "Worker", "kill", "stop", "get_ident"}),
        std::nullopt);
}

TEST(Capabilities, needs_of_a_program_that_ends) {
    ScenarioBuilder scenario;
    const Id pool = scenario.add(Type::WorkerPool);
    const Script worker = scenario.worker();
    scenario.main().drop(pool);
    scenario.main().drop(worker);
    worker.raise(ErrorKind::Full, "x");
    scenario.end_program(ProgramEnd::by_return);
    EXPECT_EQ(needs_of(scenario.scenario()),
              (std::set<std::string>{"WorkerPool", "WorkerPool.drop", "Worker.drop", "drop", "ends",
                                     "raise"}));
    EXPECT_EQ(missing_capability(scenario.scenario(), {"WorkerPool", "-WorkerPool.drop", "Worker",
                                                       "drop", "ends", "raise"}),
              "WorkerPool.drop");
}

TEST(Capabilities, needs_of_what_has_to_be_refused) {
    ScenarioBuilder scenario;
    scenario.add(Type::Semaphore, {"two"});
    const Id queue = scenario.add(Type::SimpleQueue);
    const Id pool = scenario.add(Type::WorkerPool, {1, "keep", List{queue}});
    const Script main = scenario.main();
    main.put(queue, List{Opaque::rebuild});
    main.offers(queue, "qsize");
    main.apply(pool, "put_to", {queue, 1});
    const std::set<std::string> needs{"Semaphore", "misuse", "SimpleQueue",      "SimpleQueue.put",
                                      "opaque",    "offers", "WorkerPool.apply", "WorkerPool",
                                      "put_to",    "keep"};
    EXPECT_EQ(needs_of(scenario.scenario()), needs);
}

TEST(Capabilities, worker_that_calls_itself_has_to_find_itself) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    main.call(main.id(), Operation::join, {});
    EXPECT_EQ(needs_of(scenario.scenario()),
              (std::set<std::string>{"Worker.join", "current_worker"}));
}

TEST(Capabilities, number_of_the_round_is_a_number) {
    for (const int rounds : {1, 2}) {
        ScenarioBuilder scenario;
        const Id condition = scenario.add(Type::Condition);
        const Id cell = scenario.add(Type::Cell, {0});
        const Script main = scenario.main();
        main.call(condition, Operation::wait_for, {cell, round_text});
        main.repeat(rounds);
        std::set<std::string> needs{"Cell", "Condition", "Condition.wait_for"};
        needs.insert(rounds == 1 ? "misuse" : "repeat");  // once, the text itself is sent
        EXPECT_EQ(needs_of(scenario.scenario()), needs);
    }
}

TEST(Capabilities, misuse_of_a_worker_or_a_time_limit_is_needed) {
    for (const bool of_worker : {true, false}) {
        ScenarioBuilder scenario;
        const Script worker = scenario.worker();
        if (of_worker) scenario.misuse(worker, WorkerMisuse::target);
        scenario.main().join(worker, of_worker ? TimeLimit() : TimeLimit::text());
        EXPECT_EQ(needs_of(scenario.scenario()), (std::set<std::string>{"Worker.join", "misuse"}));
    }
}

}  // namespace
}  // namespace conformance
