// Worker: its name and its daemon flag.

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/suites/calls.hpp"

namespace conformance {
namespace {

using namespace calls;

Id name_of(const Script& script, const Script& worker) {
    return script.call(worker.id(), Operation::name);
}
Id set_name(const Script& script, const Script& worker, std::string_view name) {
    return script.call(worker.id(), Operation::set_name, {name});
}
Id daemon_of(const Script& script, const Script& worker) {
    return script.call(worker.id(), Operation::daemon);
}
Id set_daemon(const Script& script, const Script& worker, bool flag) {
    return script.call(worker.id(), Operation::set_daemon, {flag});
}

TEST(Worker, WORKER_15_default_names_of_live_workers_differ) {
    ScenarioBuilder scenario;
    const Id all_alive = scenario.add(Type::Barrier, {7});
    std::vector<Script> everybody = {scenario.main()};
    for (int i = 0; i < 3; ++i) {
        const Script worker = scenario.worker();
        const Script child = scenario.worker("", {}, worker.id());
        worker.start(child);
        everybody.push_back(worker);
        everybody.push_back(child);
    }
    for (const Script& child : {everybody[1], everybody[3], everybody[5]})
        scenario.main().start(child);
    std::vector<Id> calls;
    for (const Script& worker : everybody) {
        calls.push_back(current_worker(worker));
        worker.wait(all_alive);
    }
    for (const std::size_t parent : {1U, 3U, 5U}) {
        everybody[parent].join(everybody[parent + 1]);
        scenario.main().join(everybody[parent]);
    }
    const auto run = conform(scenario);
    if (!run) return;
    std::set<std::string> names;
    for (const Id call : calls)
        names.insert(shown_worker(*run, call).name);
    EXPECT_EQ(names.size(), calls.size()) << "two live workers have the same default name";
    EXPECT_FALSE(names.contains(""));
}

TEST(Worker, WORKER_15_default_name_is_the_same_inside_and_outside) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    const Id before = name_of(main, worker);
    main.start(worker);
    main.join(worker);
    const Id after = name_of(main, worker);
    const Id inside = current_worker(worker);
    const auto run = conform(scenario);
    if (!run) return;
    const Outcome name = Value(shown_worker(*run, inside).name);
    expect(*run, before, name);
    expect(*run, after, name);
}

TEST(Worker, WORKER_16_given_name_is_kept_as_it_is) {
    const std::string long_name(100, 'n');
    for (const std::string name : {"Worker", "two words", "'quoted' and \"double\"",
                                   "\xC3\x84rger, \xE6\x9D\xB1\xE4\xBA\xAC",
                                   "a name of more than fifteen characters", long_name.c_str()}) {
        ScenarioBuilder scenario;
        const Script worker = scenario.worker(name);
        const Id inside = current_worker(worker);
        scenario.start_all();
        const Id outside = name_of(scenario.main(), worker);
        scenario.join_all();
        const auto run = conform(scenario);
        if (!run) return;
        EXPECT_EQ(shown_worker(*run, inside).name, name);
        expect(*run, outside, Value(name));
    }
}

TEST(Worker, WORKER_16_name_may_be_used_twice) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script first = scenario.worker("Same");
    const Script second = scenario.worker("Same");
    const Id finish = scenario.add(Type::Event);
    main.start(first);
    main.start(second);
    const Id children = active_children(main);
    main.set(finish);
    main.join(first);
    main.join(second);
    first.wait(finish);
    second.wait(finish);
    const auto run = conform(scenario);
    if (run) EXPECT_EQ(shown_names(*run, children), std::vector<std::string>({"Same", "Same"}));
}

TEST(Worker, WORKER_16_name_may_be_changed_before_start) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script named = scenario.worker("Old");
    const Script unnamed = scenario.worker();
    set_name(main, named, "New");
    set_name(main, unnamed, "Given");
    const Id outside = name_of(main, named);
    scenario.start_all();
    scenario.join_all();
    const Id inside = current_worker(named);
    const Id inside_unnamed = current_worker(unnamed);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, outside, Value("New"));
    EXPECT_EQ(shown_worker(*run, inside).name, "New");
    EXPECT_EQ(shown_worker(*run, inside_unnamed).name, "Given");
}

TEST(Worker, WORKER_18_daemon_flag_is_false_by_default) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    const Script child = scenario.worker("", {}, worker.id());
    const Id outside = daemon_of(main, worker);
    main.start(worker);
    main.join(worker);
    const Id inside = current_worker(worker);
    const Id of_child = daemon_of(worker, child);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, outside, Value(false));
    EXPECT_FALSE(shown_worker(*run, inside).daemon);
    expect(*run, of_child, Value(false));
}

TEST(Worker, WORKER_18_daemon_flag_is_by_default_that_of_the_creator) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script daemon = scenario.worker("", true);
    const Script child = scenario.worker("", {}, daemon.id());
    const Script contrary = scenario.worker("", false, daemon.id());
    main.start(daemon);
    main.join(daemon);
    const Id inherited = daemon_of(daemon, child);
    const Id chosen = daemon_of(daemon, contrary);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, inherited, Value(true));
    expect(*run, chosen, Value(false));
}

TEST(Worker, WORKER_18_child_of_a_worker_may_be_chosen_to_be_a_daemon) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    const Script child = scenario.worker("", true, worker.id());
    main.start(worker);
    main.join(worker);
    worker.start(child);
    worker.join(child);
    const Id inside = current_worker(child);
    const auto run = conform(scenario);
    if (run) EXPECT_TRUE(shown_worker(*run, inside).daemon);
}

TEST(Worker, WORKER_18_daemon_flag_may_be_chosen_until_start) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script to_daemon = scenario.worker();
    const Script from_daemon = scenario.worker("", true);
    set_daemon(main, to_daemon, true);
    set_daemon(main, from_daemon, false);
    const Id first = daemon_of(main, to_daemon);
    const Id second = daemon_of(main, from_daemon);
    scenario.start_all();
    scenario.join_all();
    const Id inside_first = current_worker(to_daemon);
    const Id inside_second = current_worker(from_daemon);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, first, Value(true));
    expect(*run, second, Value(false));
    EXPECT_TRUE(shown_worker(*run, inside_first).daemon);
    EXPECT_FALSE(shown_worker(*run, inside_second).daemon);
}

TEST(Worker, WORKER_19_daemon_flag_cannot_be_set_while_the_worker_runs) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker();
    const Id finish = scenario.add(Type::Event);
    main.start(worker);
    const Id change = set_daemon(main, worker, true);
    const Id same = set_daemon(main, worker, false);
    const Id flag = daemon_of(main, worker);
    main.set(finish);
    main.join(worker);
    worker.wait(finish);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, change, ErrorKind::RuntimeError);
    expect(*run, same, ErrorKind::RuntimeError);
    expect(*run, flag, Value(false));
}

TEST(Worker, WORKER_19_daemon_flag_cannot_be_set_when_the_worker_has_ended) {
    ScenarioBuilder scenario;
    const Script main = scenario.main();
    const Script worker = scenario.worker("", true);
    main.start(worker);
    main.join(worker);
    const Id change = set_daemon(main, worker, false);
    const Id flag = daemon_of(main, worker);
    const auto run = conform(scenario);
    if (!run) return;
    expect(*run, change, ErrorKind::RuntimeError);
    expect(*run, flag, Value(true));
}

}  // namespace
}  // namespace conformance
