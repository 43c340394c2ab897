/// \file
/// General rules on names and types: requirements GEN-1, GEN-3 and GEN-8.

#include "conformance/suites/calls.hpp"
#include "conformance/suites/shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

constexpr std::array types{
    Type::Lock,        Type::RLock,      Type::Semaphore,         Type::BoundedSemaphore,
    Type::Condition,   Type::Event,      Type::Barrier,           Type::Queue,
    Type::SimpleQueue, Type::WorkerPool, Type::WorkerPoolExecutor};

List arguments_of(Type type) {
    const bool takes_a_number = type == Type::Barrier || type >= Type::WorkerPool;
    return takes_a_number ? List{1} : List();
}

// Missing names make the scenario unsupported.
TEST(General, GEN_1_eighteen_public_names) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    for (const Operation function :
         {Operation::get_backend, Operation::get_ident, Operation::current_worker,
          Operation::active_count, Operation::active_children, Operation::enumerate})
        main.call(no_object, function);
    std::vector<Id> created;
    for (const Type type : types)
        created.push_back(main.create(scenario.add(type, arguments_of(type))));
    run_through(main, scenario.worker());
    expect_count(conform(scenario), created, Value(), std::ssize(types));
}

void offers_none_of(Type type, const std::vector<const char*>& names,
                    const std::vector<const char*>& own) {
    ScenarioBuilder scenario;
    const Id object = scenario.add(type, arguments_of(type));
    std::vector<Id> foreign_looks;
    for (const char* const name : names)
        foreign_looks.push_back(scenario.main().offers(object, name));
    std::vector<Id> own_looks;
    for (const char* const name : own)
        own_looks.push_back(scenario.main().offers(object, name));
    const auto run = conform(scenario);
    expect_count(run, foreign_looks, Value(false), std::ssize(names));
    expect_count(run, own_looks, Value(true), std::ssize(own));
}

TEST(General, GEN_3_reentrant_lock_cannot_be_asked_whether_it_is_locked) {
    offers_none_of(Type::RLock, {"locked", "count", "owner"}, {"acquire", "release"});
}
TEST(General, GEN_3_semaphores_do_not_tell_their_count) {
    for (const Type type : {Type::Semaphore, Type::BoundedSemaphore})
        offers_none_of(type, {"value", "get_value", "count", "locked"}, {"acquire", "release"});
}
TEST(General, GEN_3_events_and_barriers_are_no_scope_guards) {
    offers_none_of(Type::Event, {"acquire", "release", "lock", "unlock"}, {"set", "wait"});
    offers_none_of(Type::Barrier, {"acquire", "release", "lock", "unlock"}, {"wait"});
}
TEST(General, GEN_3_queue_cannot_be_closed_or_asked_for_its_capacity) {
    offers_none_of(Type::Queue,
                   {"maxsize", "capacity", "close", "clear", "join_thread", "shutdown"},
                   {"put", "get"});
}
TEST(General, GEN_3_worker_has_no_identifier_exit_code_or_terminate) {
    ScenarioBuilder scenario;
    const Script worker = scenario.worker();
    std::vector<Id> looks;
    for (const char* const name :
         {"ident", "pid", "exitcode", "exit_code", "run", "terminate", "kill", "close"})
        looks.push_back(scenario.main().offers(worker.id(), name));
    const std::vector<Id> own{scenario.main().offers(worker.id(), "start"),
                              scenario.main().offers(worker.id(), "join")};
    const auto run = conform(scenario);
    expect_count(run, looks, Value(false), std::ssize(looks));
    expect_count(run, own, Value(true), 2);
}

constexpr TimeLimit soon = TimeLimit::text();

TEST(General, GEN_8_limit_of_a_type_that_is_no_number) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    std::vector<Id> refused;
    for (const Type type :
         {Type::Lock, Type::RLock, Type::Semaphore, Type::BoundedSemaphore, Type::Condition}) {
        const Id lock = scenario.add(type);
        refused.push_back(main.acquire(lock, soon));
        main.acquire(lock);
        refused.push_back(main.acquire(lock, soon));
        main.release(lock);
    }
    const Id condition = scenario.add(Type::Condition);
    const Id cell = scenario.add(Type::Cell);
    main.acquire(condition);
    refused.push_back(main.wait(condition, soon));
    refused.push_back(main.wait_for(condition, cell, 0, soon));
    const Id event = scenario.add(Type::Event);
    refused.push_back(main.wait(event, soon));
    refused.push_back(main.wait(scenario.add(Type::Barrier, {1}), soon));
    const Id queue = scenario.add(Type::Queue);
    refused.push_back(main.put(queue, 1, soon));
    main.empty(queue);
    main.put(queue, 2);
    refused.push_back(main.get(queue, soon));
    main.get(queue);
    expect_count(conform(scenario), refused, ErrorKind::TypeError, std::ssize(refused));
}

TEST(General, GEN_8_limit_of_a_join_that_is_no_number) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    main.start(worker);
    const std::vector<Id> refused{main.join(worker, soon)};
    main.join(worker);
    expect_count(conform(scenario), refused, ErrorKind::TypeError, 1);
}

TEST(General, GEN_8_limit_of_a_result_that_is_no_number) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const Id result = main.apply_async(pool, "square", {3});
    const Id results = calls::imap(main, pool, "square", calls::numbers(2));
    std::vector<Id> refused{calls::get(main, result, soon), main.wait(result, soon),
                            calls::next(main, results, soon)};
    calls::get(main, result);
    calls::next(main, results);
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Id future = main.submit(executor, "square", {3});
    refused.push_back(main.result(future, soon));
    refused.push_back(calls::exception(main, future, soon));
    main.result(future);
    expect_count(conform(scenario), refused, ErrorKind::TypeError, 5);
}

}  // namespace
}  // namespace conformance
