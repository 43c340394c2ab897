#include "conformance/engine/scenario_text.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "conformance/engine/call_text.hpp"
#include "conformance/engine/scenario_builder.hpp"

namespace conformance {
namespace {

// The same statements as those of the text below: that it compiles is what this function shows.
void build(ScenarioBuilder& scenario) {
    const Script main = scenario.main();
    const Id lock_1 = scenario.add(Type::Lock);
    const Id condition_2 = scenario.add(Type::Condition, {lock_1});
    const Id cell_3 = scenario.add(Type::Cell, {5});
    const Id worker_pool_executor_4 = scenario.add(Type::WorkerPoolExecutor, {2});
    const Script worker_5 = scenario.worker();
    const Script worker_6 = scenario.worker("Six", true, worker_5.id());
    scenario.misuse(worker_6, WorkerMisuse::spoilt);
    main.start(worker_5);
    const Id future_7 = main.submit(worker_pool_executor_4, "echo", {"a\"b\001", Value()});
    main.result(future_7, TimeLimit::milliseconds(50));
    main.call(future_7, Operation::add_done_callback, {Value(List{"expect", cell_3, 9})});
    main.acquire(lock_1, TimeLimit::nanoseconds(-7));
    main.try_acquire(lock_1);
    worker_5.wait_for(condition_2, cell_3, 6, TimeLimit::infinite());
    worker_5.with(lock_1, "raise");
    worker_5.start(worker_6);
    worker_6.call(condition_2, Operation::acquire, {false}, TimeLimit::not_a_number());
    worker_6.call(lock_1, Operation::offers, {Opaque::transfer, 1.5}, TimeLimit::text());
    worker_6.call(worker_5.id(), Operation::set_name, {Value(List{1, Value(List{true})})});
    main.call(no_object, Operation::get_ident);
    const Id executor_map_8 =
        main.call_into(Type::ExecutorMap, worker_pool_executor_4, Operation::map,
                       {"square", Value(List{Value(List{1, 2})})});
    main.call(executor_map_8, Operation::next);
    main.join(worker_5);
    worker_6.drop(condition_2);
    main.drop(worker_5);
    worker_5.call(no_object, Operation::raise, {"ValueError", "too much"});
    worker_6.repeat(9);
    scenario.align();
    scenario.perturb(20, 7);
    scenario.end_program(ProgramEnd::by_failure);
}

constexpr const char* text = R"(ScenarioBuilder scenario;
const Script main = scenario.main();
const Id lock_1 = scenario.add(Type::Lock);
const Id condition_2 = scenario.add(Type::Condition, {lock_1});
const Id cell_3 = scenario.add(Type::Cell, {5});
const Id worker_pool_executor_4 = scenario.add(Type::WorkerPoolExecutor, {2});
const Script worker_5 = scenario.worker();
const Script worker_6 = scenario.worker("Six", true, worker_5.id());
scenario.misuse(worker_6, WorkerMisuse::spoilt);
main.start(worker_5);
const Id future_7 = main.submit(worker_pool_executor_4, "echo", {"a\"b\001", Value()});
main.result(future_7, TimeLimit::milliseconds(50));
main.call(future_7, Operation::add_done_callback, {Value(List{"expect", cell_3, 9})});
main.acquire(lock_1, TimeLimit::nanoseconds(-7));
main.try_acquire(lock_1);
worker_5.wait_for(condition_2, cell_3, 6, TimeLimit::infinite());
worker_5.with(lock_1, "raise");
worker_5.start(worker_6);
worker_6.call(condition_2, Operation::acquire, {false}, TimeLimit::not_a_number());
worker_6.call(lock_1, Operation::offers, {Opaque::transfer, 1.5}, TimeLimit::text());
worker_6.call(worker_5.id(), Operation::set_name, {Value(List{1, Value(List{true})})});
main.call(no_object, Operation::get_ident);
const Id executor_map_8 = main.call_into(Type::ExecutorMap, worker_pool_executor_4, Operation::map, {"square", Value(List{Value(List{1, 2})})});
main.call(executor_map_8, Operation::next);
main.join(worker_5);
worker_6.drop(condition_2);
main.drop(worker_5);
worker_5.call(no_object, Operation::raise, {"ValueError", "too much"});
worker_6.repeat(9);
scenario.align();
scenario.perturb(20, 7);
scenario.end_program(ProgramEnd::by_failure);
)";

TEST(ScenarioText, is_what_one_writes_by_hand) {
    ScenarioBuilder scenario;
    build(scenario);
    EXPECT_EQ(to_code(scenario.scenario()), text);
}

TEST(ScenarioText, values) {
    EXPECT_EQ(to_code(Value(Bytes{std::string("\0a", 2)})), R"(Bytes{std::string("\000a", 2)})");
    EXPECT_EQ(to_code(Value(std::numeric_limits<std::int64_t>::min())),
              "std::numeric_limits<std::int64_t>::min()");
    EXPECT_EQ(to_code(Value(false)), "false");
}

TEST(ScenarioText, calls_of_a_worker_keep_their_order_whatever_their_ids) {
    Scenario scenario;
    scenario.objects = {{.id = 1, .type = Type::Event}};
    scenario.workers = {{.id = 0,
                         .calls = {{.id = 9, .object = 1, .operation = Operation::set},
                                   {.id = 4, .object = 1, .operation = Operation::clear}}}};
    const std::string code = to_code(scenario);
    EXPECT_LT(code.find("main.set(event_1)"), code.find("main.clear(event_1)"));
}

TEST(ScenarioText, long_values_are_cut_off_and_say_so) {
    const std::string letters(3'000'000, 'x');
    const std::string literal = to_code(Value(letters));
    EXPECT_LT(literal.size(), 3'000U);
    EXPECT_NE(literal.find("2998000 more bytes"), std::string::npos) << literal;
    EXPECT_EQ(to_code(Value(std::string(2'000, 'x'))).size(), 2'002U);
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    scenario.main().put(queue, letters);
    const Call& call = scenario.scenario().workers.front().calls.front();
    EXPECT_LT(to_text(scenario.scenario(), call).size(), 700U);
    EXPECT_LT(to_text(Outcome(Value(letters))).size(), 700U);
}

}  // namespace
}  // namespace conformance
