// WorkerPool and WorkerPoolExecutor: what their constructors refuse, and results that cannot be
// transferred.

#include <gtest/gtest.h>

#include "conformance/suites/calls.hpp"

namespace conformance {
namespace {

using namespace calls;

TEST(WorkerPool, POOL_26_result_that_cannot_be_transferred_raises) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id pool = scenario.add(Type::WorkerPool, {1});
    const Id refused = main.apply(pool, "opaque");
    const Id refused_later = get(main, main.apply_async(pool, "opaque"), patience);
    const Id later = get(main, main.apply_async(pool, "square", {3}), patience);
    const auto run = conform(scenario, {.times = 5});
    if (!run) return;
    expect(*run, refused, ErrorKind::ValueError);
    expect(*run, refused_later, ErrorKind::ValueError);
    expect(*run, later, Value(9));
}

void is_no_number_of_workers(const Value& workers) {
    ScenarioBuilder scenario;
    const Id create = scenario.main().create(scenario.add(Type::WorkerPoolExecutor, List{workers}));
    if (const auto run = conform(scenario)) expect(*run, create, ErrorKind::TypeError);
}

TEST(WorkerPoolExecutor, EXEC_3_number_of_workers_that_is_no_integer_is_rejected) {
    for (const Value& workers : {Value("two"), Value("2"), Value(1.5)})
        is_no_number_of_workers(workers);
}
// Apart, because in a language with one type of numbers this is the integer: unsupported there.
TEST(WorkerPoolExecutor, EXEC_3_whole_number_of_a_fractional_type_is_rejected) {
    is_no_number_of_workers(2.0);
}

TEST(WorkerPoolExecutor, EXEC_4_constructor_takes_nothing_else) {
    for (const Value& further : {Value("threads"), Value(7)}) {
        ScenarioBuilder scenario;
        const Id create = scenario.main().create(
            scenario.add(Type::WorkerPoolExecutor, {1, Value(), Value(), further}));
        if (const auto run = conform(scenario)) expect(*run, create, ErrorKind::TypeError);
    }
}

TEST(WorkerPoolExecutor, EXEC_22_result_that_cannot_be_transferred_raises) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Id executor = scenario.add(Type::WorkerPoolExecutor, {1});
    const Id refused = main.result(main.submit(executor, "opaque"), patience);
    const Id map = executor_map(main, executor, "opaque", {Value(List{})});
    const Id end = next(main, map);
    const Id later = main.result(main.submit(executor, "square", {3}), patience);
    const auto run = conform(scenario, {.times = 5});
    if (!run) return;
    expect(*run, refused, ErrorKind::ValueError);
    expect(*run, end, end_of_iteration());
    expect(*run, later, Value(9));
}

}  // namespace
}  // namespace conformance
