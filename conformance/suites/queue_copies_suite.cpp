/// \file
/// What a Queue makes of an item on its way: requirements QUEUE-18 to QUEUE-20.

#include "conformance/suites/shapes.hpp"

namespace conformance {
namespace {

using namespace shapes;

/// An item that the driver changes once `put` has returned, by rule 5.20 of the driver protocol.
const List changing{"$changing", 1, 2};

// The driver changes its own copy when put has returned.
TEST(Queue, QUEUE_18_later_changes_to_an_item_do_not_show) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    main.put(queue, changing);
    main.put_nowait(queue, std::string(1000, 'x'));
    const Id list = main.get(queue);
    const Id text = main.get(queue);
    const auto run = conform(scenario);
    expect_outcome(run, list, Value(changing));
    expect_outcome(run, text, Value(std::string(1000, 'x')));
}

TEST(Queue, QUEUE_18_item_put_while_a_worker_waits_does_not_change) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue);
    const Script main = scenario.main();
    const Script other = scenario.worker();
    const Id got = other.get(queue);
    start_blocked(main, other);
    main.put(queue, changing);
    main.join(other);
    expect_outcome(conform(scenario, {.times = 10}), got, Value(changing));
}

TEST(Queue, QUEUE_19_item_that_cannot_be_transferred) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue, {2});
    const Script main = scenario.main();
    const std::vector<Id> refused{
        main.put(queue, Opaque::transfer), main.put(queue, List{1, Opaque::transfer}),
        main.put_nowait(queue, Opaque::transfer), main.put(queue, Opaque::transfer, brief)};
    main.qsize(queue);
    main.join(queue);
    main.put(queue, 2);
    main.put(queue, 3);
    main.get(queue);
    main.get(queue);
    main.task_done(queue);
    main.task_done(queue);
    const Id one_too_many = main.task_done(queue);
    const auto run = conform(scenario);
    expect_count(run, refused, ErrorKind::ValueError, 4);
    expect_outcome(run, one_too_many, ErrorKind::ValueError);
}

TEST(Queue, QUEUE_20_item_that_cannot_be_rebuilt) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue, {2});
    const Script main = scenario.main();
    const Script other = scenario.worker();
    main.put(queue, Opaque::rebuild);
    main.put(queue, 2);
    const Id broken = other.get(queue);
    other.qsize(queue);
    const Id whole = other.get(queue);
    other.task_done(queue);
    other.task_done(queue);
    run_through(main, other);
    main.join(queue);
    const auto run = conform(scenario);
    expect_outcome(run, broken, ErrorKind::Other);
    expect_outcome(run, whole, Value(2));
}

TEST(Queue, QUEUE_20_place_of_an_item_that_cannot_be_rebuilt_is_free) {
    ScenarioBuilder scenario;
    const Id queue = scenario.add(Type::Queue, {1});
    const Script main = scenario.main();
    main.put(queue, List{Opaque::rebuild});
    main.full(queue);
    const std::vector<Id> broken{main.get_nowait(queue)};
    main.put_nowait(queue, 1);
    main.get_nowait(queue);
    main.empty(queue);
    expect_count(conform(scenario), broken, ErrorKind::Other, 1);
}

}  // namespace
}  // namespace conformance
