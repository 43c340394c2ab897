#include "freethreading/current_worker.hpp"

#include <gtest/gtest.h>

#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "await.hpp"
#include "freethreading/backend.hpp"
#include "freethreading/error.hpp"
#include "freethreading/event.hpp"
#include "freethreading/platform/mode.hpp"
#include "freethreading/simple_queue.hpp"

namespace freethreading {
namespace {

using namespace std::chrono_literals;
using Idents = SimpleQueue<std::uint64_t>;

void wait_for(Event event) {
    event.wait();
}

std::set<std::string> names(const std::vector<WorkerHandle>& workers) {
    std::set<std::string> all;
    for (const auto& worker : workers)
        all.insert(worker.name());
    return all;
}

std::string main_name() {
    return get_backend() == "threading" ? "MainThread" : "MainProcess";
}

TEST(GetIdent, UTIL_2_is_positive_stable_and_the_same_everywhere) {
    EXPECT_GT(get_ident(), 0U);
    EXPECT_EQ(get_ident(), get_ident());
    EXPECT_EQ(current_worker().ident(), get_ident());
    const Event end;
    const Idents idents;
    const Worker worker = started(
        [](Event awaited, Idents result) {
            result.put(get_ident());
            result.put(get_ident());
            result.put(current_worker().ident());
            awaited.wait();
        },
        end, idents);
    const std::uint64_t ident = idents.get();
    EXPECT_EQ(idents.get(), ident);
    EXPECT_EQ(idents.get(), ident);
    ASSERT_EQ(active_children().size(), 1U);
    EXPECT_EQ(active_children().at(0).ident(), ident);
    end.set();
    worker.join();
}

TEST(GetIdent, UTIL_3_is_distinct_among_living_workers) {
    const Event end;
    const Idents idents;
    std::vector<Worker> workers;
    for (int i = 0; i < 5; ++i) {
        workers.push_back(started(
            [](Event awaited, Idents result) {
                result.put(get_ident());
                awaited.wait();
            },
            end, idents));
    }
    std::set<std::uint64_t> all{get_ident()};
    for (int i = 0; i < 5; ++i)
        all.insert(idents.get());
    EXPECT_EQ(all.size(), 6U);
    end.set();
    for (const auto& worker : workers)
        worker.join();
}

TEST(GetIdent, is_the_process_id_where_workers_are_processes) {
    if (!platform::mode().worker_processes) GTEST_SKIP() << "workers are threads";
    EXPECT_EQ(get_ident(), static_cast<std::uint64_t>(getpid()));
    const SimpleQueue<bool> results;
    run_in_worker(
        [](SimpleQueue<bool> result) {
            result.put(get_ident() == static_cast<std::uint64_t>(getpid()));
        },
        results);
    EXPECT_TRUE(results.get());
}

TEST(CurrentWorker, UTIL_5_is_the_main_worker_in_main) {
    EXPECT_EQ(current_worker().name(), main_name());
    EXPECT_FALSE(current_worker().daemon());
    EXPECT_TRUE(current_worker().is_alive());
    EXPECT_EQ(current_worker(), current_worker());
}

TEST(CurrentWorker, UTIL_6_shows_name_and_daemon_flag_inside_a_worker) {
    const SimpleQueue<std::string> results;
    for (const bool daemon : {false, true}) {
        const Worker worker(
            {.name = "Inside", .daemon = daemon},
            [](SimpleQueue<std::string> result) {
                result.put(current_worker().name());
                result.put(current_worker().daemon() ? "daemon" : "no daemon");
                result.put(current_worker() == current_worker() ? "same" : "different");
                result.put(current_worker().is_alive() ? "alive" : "dead");
            },
            results);
        worker.start();
        EXPECT_EQ(results.get(), "Inside");
        EXPECT_EQ(results.get(), daemon ? "daemon" : "no daemon");
        EXPECT_EQ(results.get(), "same");
        EXPECT_EQ(results.get(), "alive");
        worker.join();
    }
}

TEST(WorkerHandle, UTIL_7_has_the_common_members) {
    const Event end;
    const Worker worker({.name = "Handled", .daemon = true}, wait_for, end);
    worker.start();
    const auto children = active_children();
    ASSERT_EQ(children.size(), 1U);
    const WorkerHandle& handle = children.front();
    EXPECT_EQ(handle.name(), "Handled");
    EXPECT_TRUE(handle.daemon());
    EXPECT_GT(handle.ident(), 0U);
    EXPECT_TRUE(handle.is_alive());
    EXPECT_EQ(handle, active_children().at(0));
    EXPECT_NE(handle, current_worker());
    handle.join(1ms);
    end.set();
    handle.join();
    EXPECT_FALSE(handle.is_alive());
    static_assert(!std::is_default_constructible_v<WorkerHandle>);
    static_assert(std::is_copy_constructible_v<WorkerHandle>);
}

TEST(WorkerHandle, UTIL_8_acts_on_the_same_worker) {
    const Event end;
    const Worker worker = started(wait_for, end);
    const WorkerHandle handle = active_children().at(0);
    handle.set_name("renamed");
    EXPECT_EQ(worker.name(), "renamed");
    EXPECT_THROW(handle.start(), RuntimeError);
    EXPECT_THROW(handle.set_daemon(false), RuntimeError);
    EXPECT_THROW(current_worker().start(), RuntimeError);
    end.set();
    handle.join();
    EXPECT_FALSE(worker.is_alive());
}

TEST(ActiveCount, UTIL_9_is_the_length_of_enumerate) {
    EXPECT_EQ(active_count(), 1U);
    const Event end;
    std::vector<Worker> workers;
    for (std::size_t i = 1; i <= 3; ++i) {
        workers.push_back(started(wait_for, end));
        EXPECT_EQ(active_count(), i + 1);
        EXPECT_EQ(enumerate().size(), i + 1);
    }
    end.set();
    for (const auto& worker : workers)
        worker.join();
    EXPECT_EQ(active_count(), 1U);
    EXPECT_EQ(enumerate().size(), 1U);
}

TEST(Enumerate, UTIL_12_holds_the_living_workers_and_the_caller) {
    const Event end;
    const Worker unstarted({.name = "Unstarted"}, wait_for, end);
    const Worker first({.name = "First", .daemon = true}, wait_for, end);
    const Worker second({.name = "Second", .daemon = true}, wait_for, end);
    const Worker ended({.name = "Ended", .daemon = true}, [] {});
    for (const auto& worker : {first, second, ended})
        worker.start();
    eventually([&] { return !ended.is_alive(); });
    EXPECT_EQ(names(enumerate()), (std::set<std::string>{main_name(), "First", "Second"}));
    EXPECT_EQ(names(active_children()), (std::set<std::string>{"First", "Second"}));
    auto list = enumerate();
    list.clear();
    EXPECT_EQ(enumerate().size(), 3U);
    const auto all = enumerate();
    EXPECT_EQ(std::count(all.begin(), all.end(), current_worker()), 1);
    end.set();
    first.join();
    second.join();
    EXPECT_TRUE(active_children().empty());
}

TEST(ActiveChildren, UTIL_14_are_the_callers_own) {
    const Event end;
    const Worker sibling = started(wait_for, end);
    const SimpleQueue<std::set<std::string>> results;
    const Worker worker(
        {.name = "Parent"},
        [](Event awaited, SimpleQueue<std::set<std::string>> result) {
            result.put(names(active_children()));
            const Worker child({.name = "Child"}, wait_for, awaited);
            child.start();
            result.put(names(active_children()));
            result.put(names(enumerate()));
            child.join();
            result.put(names(enumerate()));
        },
        end, results);
    worker.start();
    EXPECT_EQ(results.get(), std::set<std::string>());
    EXPECT_EQ(results.get(), std::set<std::string>{"Child"});
    EXPECT_EQ(results.get(), (std::set<std::string>{"Child", "Parent"}));
    EXPECT_EQ(active_count(), 3U);  // no grandchild
    end.set();
    EXPECT_EQ(results.get(), std::set<std::string>{"Parent"});
    worker.join();
    sibling.join();
}

}  // namespace
}  // namespace freethreading
