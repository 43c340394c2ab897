// Longer than other files: a test or more for every requirement of Worker.

#include "freethreading/worker.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "await.hpp"
#include "freethreading/backend.hpp"
#include "freethreading/barrier.hpp"
#include "freethreading/bounded_semaphore.hpp"
#include "freethreading/condition.hpp"
#include "freethreading/current_worker.hpp"
#include "freethreading/error.hpp"
#include "freethreading/event.hpp"
#include "freethreading/lock.hpp"
#include "freethreading/platform/arena.hpp"
#include "freethreading/platform/mode.hpp"
#include "freethreading/platform/process.hpp"
#include "freethreading/portable.hpp"
#include "freethreading/portable_call.hpp"
#include "freethreading/queue.hpp"
#include "freethreading/rlock.hpp"
#include "freethreading/semaphore.hpp"
#include "freethreading/simple_queue.hpp"

namespace app {

struct Link {
    std::vector<Link> next{};
};

/// Can be transferred until it is spoilt.
struct Milk {
    static inline bool is_spoilt = false;
    template <class Archive>
    void serialize(Archive& archive) {
        if (is_spoilt) throw std::runtime_error("sour");
        archive(litres);
    }
    int litres = 1;
};

/// Every handle there is, as a program might bundle them.
struct Toolbox {
    freethreading::Lock lock;
    freethreading::RLock rlock;
    std::vector<freethreading::Semaphore> semaphores;
    std::map<std::string, freethreading::Event> events;
    std::tuple<freethreading::Condition, freethreading::Barrier> pair;
    std::optional<freethreading::BoundedSemaphore> bounded;
    freethreading::Queue<int> queue;
    freethreading::SimpleQueue<std::string> simple_queue;
};

}  // namespace app

namespace freethreading {
namespace {

using namespace std::chrono_literals;
using Results = SimpleQueue<std::string>;

void nothing() {}
void wait_for(Event event) {
    event.wait();
}

/// "RuntimeError" and so on, if a call raises one.
template <class Call>
std::string error_of(Call call) {
    try {
        call();
    } catch (const RuntimeError&) {
        return "RuntimeError";
    } catch (const std::exception& other) {
        return other.what();
    }
    return "none";
}

// GEN-10, GEN-17, DOC-16: what cannot cross to another worker is rejected by the compiler.
int captured = 0;
constexpr auto with_capture = [number = 1] { (void)number; };
static_assert(!PortableTarget<decltype(with_capture)>);
static_assert(!PortableTarget<std::function<void()>>);
static_assert(!PortableTarget<int> && !PortableTarget<void (std::string::*)()>);
static_assert(PortableTarget<decltype(&nothing)> && PortableTarget<decltype([](int) {})>);
static_assert(!Portable<Worker> && !Portable<WorkerHandle> && !Portable<std::thread>);
static_assert(!Portable<int*> && !Portable<std::vector<int*>> && !Portable<std::unique_ptr<int>>);
static_assert(Portable<app::Toolbox> && Portable<std::vector<app::Toolbox>>);
static_assert(!std::is_constructible_v<Worker, bool, decltype(&nothing)> ||
              !PortableTarget<bool>);  // no positional daemon

// GEN-3: no further observable operation.
template <class T>
concept TellsMore = requires(const T& worker) { worker.exitcode(); } || requires(const T& worker) {
    worker.terminate();
} || requires(const T& worker) { worker.kill(); } || requires(const T& worker) { worker.run(); };
template <class T>
concept TellsIdent = requires(const T& worker) { worker.ident(); };
static_assert(!TellsMore<Worker> && !TellsIdent<Worker>);

TEST(Worker, WORKER_1_options_are_named_and_all_optional) {
    EXPECT_EQ(Worker({.name = "A", .daemon = true}, nothing).name(), "A");
    EXPECT_TRUE(Worker({.daemon = true}, nothing).daemon());
    EXPECT_FALSE(Worker({.name = "B"}, nothing).daemon());
    EXPECT_FALSE(Worker(nothing).daemon());
    EXPECT_EQ(Worker(WorkerOptions{.name = "C"}).name(), "C");
    EXPECT_FALSE(Worker().is_alive());
}

TEST(Worker, WORKER_2_is_not_alive_before_start_and_cannot_be_joined) {
    const Worker worker(nothing);
    EXPECT_FALSE(worker.is_alive());
    EXPECT_EQ(active_count(), 1U);
    EXPECT_THROW(worker.join(), RuntimeError);
    EXPECT_THROW(worker.join(0s), RuntimeError);
    EXPECT_FALSE(worker.is_alive());
}

TEST(Worker, WORKER_3_is_alive_while_its_target_runs) {
    const Event end;
    const Worker worker(wait_for, end);
    static_assert(std::is_void_v<decltype(worker.start())>);
    worker.start();
    EXPECT_TRUE(worker.is_alive());
    end.set();
    worker.join();
    EXPECT_FALSE(worker.is_alive());
}

TEST(Worker, WORKER_4_second_start_is_an_error) {
    const Event end;
    const Worker worker(wait_for, end);
    worker.start();
    EXPECT_THROW(worker.start(), RuntimeError);
    end.set();
    worker.join();
    EXPECT_THROW(worker.start(), RuntimeError);
}

TEST(Worker, WORKER_5_join_blocks_to_the_end_and_may_be_repeated) {
    const Event end;
    const Worker worker(
        [](Event awaited) {
            awaited.wait();
            return 42;  // nobody gets it
        },
        end);
    static_assert(std::is_void_v<decltype(worker.join())>);
    worker.start();
    std::atomic<int> joined = 0;
    std::vector<std::thread> helpers;
    for (int i = 0; i < 3; ++i) {
        helpers.emplace_back([&] {
            worker.join();
            ++joined;
        });
    }
    EXPECT_EQ(joined.load(), 0);
    end.set();
    for (auto& helper : helpers)
        helper.join();
    EXPECT_EQ(joined.load(), 3);
    worker.join();
    worker.join(0s);
}

TEST(Worker, WORKER_6_join_returns_after_its_time_with_the_worker_alive) {
    const Event end;
    const Worker worker = started(wait_for, end);
    EXPECT_GE(time_of([&] { worker.join(30ms); }), 30ms);
    EXPECT_TRUE(worker.is_alive());
    worker.join(0s);
    worker.join(-1s);
    EXPECT_TRUE(worker.is_alive());
    end.set();
    worker.join(1h);
    EXPECT_FALSE(worker.is_alive());
}

TEST(Worker, WORKER_7_joining_oneself_is_an_error) {
    EXPECT_THROW(current_worker().join(), RuntimeError);
    EXPECT_THROW(current_worker().join(0s), RuntimeError);
    const Results results;
    run_in_worker([](Results result) { result.put(error_of([] { current_worker().join(); })); },
                  results);
    EXPECT_EQ(results.get(), "RuntimeError");
}

// Every worker process has a copy of it.
const Worker made_before_main(nothing);

TEST(Worker, WORKER_8_only_the_creator_uses_it) {
    const Results results;
    run_in_worker(
        [](Results result) {
            result.put(error_of([] { made_before_main.start(); }));
            result.put(error_of([] { made_before_main.join(); }));
            result.put(error_of([] { (void)made_before_main.is_alive(); }));
        },
        results);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(results.get(), "RuntimeError");
    EXPECT_FALSE(made_before_main.is_alive());
}

TEST(Worker, WORKER_9_is_not_alive_after_its_end_even_without_join) {
    const Worker worker = started(nothing);
    eventually([&] { return !worker.is_alive(); });
    EXPECT_EQ(active_count(), 1U);
    worker.join();
}

TEST(Worker, WORKER_9_is_not_alive_after_it_was_killed) {
    if (!platform::mode().worker_processes) GTEST_SKIP() << "a thread cannot be killed";
    const Event end;
    const Worker worker = started(wait_for, end);
    const std::uint64_t process = active_children().at(0).ident();
    ASSERT_EQ(kill(static_cast<pid_t>(process), SIGKILL), 0);
    worker.join();
    EXPECT_FALSE(worker.is_alive());
    EXPECT_EQ(active_count(), 1U);
    EXPECT_THROW(worker.start(), RuntimeError);
}

TEST(Worker, FAULT_22_join_of_a_stopped_worker_returns_after_its_time) {
    if (!platform::mode().worker_processes) GTEST_SKIP() << "a thread cannot be stopped";
    const Event end;
    const Worker worker = started(wait_for, end);
    const auto process = static_cast<pid_t>(active_children().at(0).ident());
    ASSERT_EQ(kill(process, SIGSTOP), 0);
    eventually([&] {
        const auto stat = proc_line(static_cast<std::uint64_t>(process), "stat");
        return stat.find(") T") != std::string::npos;
    });
    end.set();
    EXPECT_GE(time_of([&] { worker.join(20ms); }), 20ms);
    EXPECT_TRUE(worker.is_alive());
    ASSERT_EQ(kill(process, SIGCONT), 0);
    worker.join();
    EXPECT_FALSE(worker.is_alive());
}

TEST(Worker, WORKER_10_target_is_called_once_with_the_arguments) {
    const Results results;
    run_in_worker(
        [](Results result, int number, std::string text, const std::vector<double>& list,
           std::optional<char> none) {
            result.put(std::to_string(number) + text + std::to_string(list.size()) +
                       (none ? "some" : "none"));
        },
        results, 1, "two", std::vector{3.0, 3.0, 3.0}, std::optional<char>());
    EXPECT_EQ(results.get(), "1two3none");
    EXPECT_TRUE(results.empty());
    const Worker without_target;
    without_target.start();
    without_target.join();
    EXPECT_FALSE(without_target.is_alive());
}

TEST(Worker, WORKER_10_null_target_is_an_error) {
    void (*const null)() = nullptr;
    EXPECT_THROW((void)Worker(null), ValueError);
}

TEST(Worker, WORKER_11_arguments_must_fit_the_target) {
    static_assert(std::is_invocable_v<decltype(wait_for), Event>);
    static_assert(!std::is_invocable_v<decltype(wait_for), Lock>);
    // The rest is a compile-time error: see portable_call_test.cpp.
    run_in_worker(wait_for, [] {
        const Event set;
        set.set();
        return set;
    }());
    EXPECT_EQ(active_count(), 1U);
}

TEST(Worker, WORKER_12_exception_ends_only_that_worker) {
    const Event end;
    const Worker other = started(wait_for, end);
    const Worker worker = started([] { throw std::out_of_range("reported on standard error"); });
    worker.join();
    EXPECT_FALSE(worker.is_alive());
    const Worker second = started([] { throw 42; });
    second.join();
    EXPECT_FALSE(second.is_alive());
    EXPECT_TRUE(other.is_alive());
    end.set();
    other.join();
}

TEST(Worker, WORKER_15_default_names_are_unique) {
    std::set<std::string> names;
    std::vector<Worker> workers;
    for (int i = 0; i < 20; ++i)
        workers.emplace_back(nothing);
    for (const auto& worker : workers)
        names.insert(worker.name());
    EXPECT_EQ(names.size(), workers.size());
    EXPECT_FALSE(names.contains(""));
    EXPECT_NE(Worker({.name = ""}, nothing).name(), "");
}

TEST(Worker, WORKER_16_name_is_kept_and_seen_inside) {
    const Results results;
    const auto tell = [](Results result) { result.put(current_worker().name()); };
    const std::string strange("a \"name\" with \n and \xc3\xa9");
    const Worker first({.name = strange}, tell, results);
    const Worker second({.name = strange}, tell, results);
    second.set_name("changed");
    EXPECT_EQ(first.name(), strange);
    EXPECT_EQ(second.name(), "changed");
    first.start();
    EXPECT_EQ(results.get(), strange);
    second.start();
    EXPECT_EQ(results.get(), "changed");
    first.join();
    second.join();
}

TEST(Worker, WORKER_17_name_can_be_set_after_start) {
    const Event end;
    const Worker worker = started(wait_for, end);
    worker.set_name("later");
    EXPECT_EQ(worker.name(), "later");
    end.set();
    worker.join();
}

TEST(Worker, WORKER_18_daemon_is_inherited_and_can_be_set_until_start) {
    const SimpleQueue<bool> results;
    const auto tell = [](SimpleQueue<bool> result) {
        result.put(current_worker().daemon());
        result.put(Worker(nothing).daemon());
        result.put(Worker({.daemon = false}, nothing).daemon());
    };
    const Worker daemon({.daemon = true}, tell, results);
    daemon.start();
    daemon.join();
    EXPECT_TRUE(results.get());
    EXPECT_TRUE(results.get());
    EXPECT_FALSE(results.get());
    const Worker changed({.daemon = true}, tell, results);
    changed.set_daemon(false);
    EXPECT_FALSE(changed.daemon());
    changed.start();
    changed.join();
    EXPECT_FALSE(results.get());
    EXPECT_FALSE(results.get());
    EXPECT_FALSE(results.get());
}

TEST(Worker, WORKER_19_daemon_cannot_be_set_after_start) {
    const Event end;
    const Worker worker = started(wait_for, end);
    EXPECT_THROW(worker.set_daemon(true), RuntimeError);
    EXPECT_THROW(worker.set_daemon(false), RuntimeError);
    end.set();
    worker.join();
    EXPECT_THROW(worker.set_daemon(false), RuntimeError);
    EXPECT_TRUE(worker.daemon());
    EXPECT_THROW(current_worker().set_daemon(true), RuntimeError);
}

void descend(SimpleQueue<int> depths, int depth) {
    if (depth > 0) {
        const Worker child(descend, depths, depth - 1);
        child.start();
        child.join();
    }
    depths.put(depth);
}

TEST(Worker, WORKER_23_workers_start_workers) {
    const SimpleQueue<int> depths;
    const Worker worker(descend, depths, 5);
    worker.start();
    for (int depth = 0; depth <= 5; ++depth)
        EXPECT_EQ(depths.get(), depth);
    worker.join();
}

TEST(Worker, WORKER_24_daemon_worker_must_not_start_workers) {
    const Results results;
    run_in_worker(
        [](Results result) {
            for (const bool daemon : {false, true}) {
                const Worker child({.daemon = daemon}, nothing);
                result.put(error_of([&] { child.start(); }));
                result.put(child.is_alive() ? "alive" : "not alive");
            }
        },
        results);
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(results.get(), "RuntimeError");
        EXPECT_EQ(results.get(), "not alive");
    }
}

TEST(Worker, GEN_10_argument_that_cannot_be_encoded_is_refused_by_the_constructor) {
    app::Link chain;
    for (int i = 0; i < 2000; ++i) {
        app::Link longer;
        longer.next.push_back(std::move(chain));
        chain = std::move(longer);
    }
    const auto before = platform::arena_use();
    const auto make = [&] { return Worker([](app::Link) {}, chain); };
    EXPECT_THROW(make(), ValueError);
    EXPECT_EQ(active_count(), 1U);
    await_arena_use(before);
}

TEST(Worker, WORKER_27_start_with_an_argument_that_cannot_be_encoded_any_more_changes_nothing) {
    const auto before = platform::arena_use();
    const Worker worker([](app::Milk) {}, app::Milk());
    app::Milk::is_spoilt = true;
    EXPECT_THROW(worker.start(), ValueError);
    EXPECT_THROW(worker.start(), ValueError);
    app::Milk::is_spoilt = false;
    EXPECT_FALSE(worker.is_alive());
    EXPECT_THROW(worker.join(), RuntimeError);
    EXPECT_EQ(active_count(), 1U);
    await_arena_use(before);
}

void use_toolbox(std::vector<app::Toolbox> boxes, Queue<std::string> report) {
    auto& box = boxes.at(0);
    const auto& [condition, barrier] = box.pair;
    box.lock.release();
    report.put(box.rlock.acquire(false) ? "rlock taken" : "rlock held");
    box.semaphores.at(1).release();
    box.events.at("go").set();
    box.bounded->release();
    report.put(std::to_string(box.queue.get()));
    report.put(box.simple_queue.get());
    condition.lock();
    condition.notify();
    condition.release();
    report.put(std::to_string(barrier.wait()));
}

TEST(Worker, GEN_12_handles_nested_in_arguments_are_shared) {
    const Condition condition;
    const Barrier barrier(2);
    app::Toolbox box{.lock = {},
                     .rlock = {},
                     .semaphores = {Semaphore(0), Semaphore(0)},
                     .events = {{"go", Event()}},
                     .pair = {condition, barrier},
                     .bounded = BoundedSemaphore(1),
                     .queue = Queue<int>(1),
                     .simple_queue = {}};
    const Queue<std::string> report;
    box.lock.lock();
    box.rlock.lock();
    box.bounded->lock();
    box.queue.put(17);
    box.simple_queue.put("text");
    const Worker worker = started(use_toolbox, std::vector{box}, report);
    EXPECT_EQ(report.get(), "rlock held");
    EXPECT_TRUE(box.events.at("go").wait());
    EXPECT_EQ(report.get(), "17");
    EXPECT_EQ(report.get(), "text");
    barrier.wait();
    EXPECT_FALSE(report.get().empty());
    worker.join();
    EXPECT_FALSE(box.lock.locked());
    EXPECT_FALSE(box.semaphores.at(0).acquire(false));
    EXPECT_TRUE(box.semaphores.at(1).acquire(false));
    EXPECT_TRUE(box.bounded->acquire(false));
}

TEST(Worker, GEN_15_keeps_its_arguments_alive) {
    const SimpleQueue<int> results;
    std::optional<Worker> worker;
    for (int i = 0; i < 10; ++i) {
        const Event go;
        {
            const Queue<int> dropped;
            dropped.put(i);
            const Lock held;
            held.lock();
            worker.emplace(
                WorkerOptions{},
                [](Queue<int> source, Lock lock, Event start, SimpleQueue<int> result) {
                    start.wait();
                    lock.release();
                    result.put(source.get());
                },
                dropped, held, go, results);
            worker->start();
        }
        go.set();
        EXPECT_EQ(results.get(), i);
        worker->join();
    }
}

TEST(Worker, FAULT_25_creator_may_drop_a_primitive_right_after_start) {
    const SimpleQueue<int> results;
    std::vector<Worker> workers;
    for (int i = 0; i < 5; ++i) {
        const SimpleQueue<int> dropped;
        dropped.put(1);
        workers.push_back(started(
            [](SimpleQueue<int> source, SimpleQueue<int> result) { result.put(source.get()); },
            dropped, results));
    }
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(results.get(), 1);
    for (const auto& worker : workers)
        worker.join();
}

TEST(Worker, GEN_16_arguments_are_copies) {
    std::vector<int> numbers{1};
    const SimpleQueue<std::vector<int>> results;
    const Event go;
    const Worker worker(
        [](std::vector<int> mine, Event start, SimpleQueue<std::vector<int>> result) {
            start.wait();
            mine.push_back(2);
            result.put(mine);
        },
        numbers, go, results);
    numbers.at(0) = 100;
    worker.start();
    go.set();
    EXPECT_EQ(results.get(), (std::vector<int>{1, 2}));
    EXPECT_EQ(numbers, (std::vector<int>{100}));
    worker.join();
}

TEST(Worker, GEN_16_globals_are_shared_by_threads_only) {
    captured = 1;
    run_in_worker([] { captured = 2; });
    EXPECT_EQ(captured, platform::mode().worker_processes ? 1 : 2);
}

TEST(Worker, leaves_nothing_behind) {
    const auto before = platform::arena_use();
    for (int i = 0; i < 20; ++i) {
        const Queue<std::string> queue;
        run_in_worker(
            [](Queue<std::string> sink, std::string text) {
                const Lock own;
                sink.put(text);
            },
            queue, std::string(10'000, 'x'));
        run_in_worker([](Queue<std::string>) { throw std::out_of_range("expected"); }, queue);
    }
    await_arena_use(before);
    SUCCEED();
}

TEST(Worker, copies_refer_to_the_same_worker) {
    const Event end;
    const Worker worker(wait_for, end);
    const Worker copy = worker;
    copy.start();
    EXPECT_TRUE(worker.is_alive());
    EXPECT_THROW(worker.start(), RuntimeError);
    worker.set_name("both");
    EXPECT_EQ(copy.name(), "both");
    end.set();
    worker.join();
    EXPECT_FALSE(copy.is_alive());
}

TEST(Worker, a_thread_of_the_program_counts_as_its_worker) {
    const Worker worker(nothing);
    std::thread([&] {
        EXPECT_EQ(current_worker().name(),
                  get_backend() == "threading" ? "MainThread" : "MainProcess");
        worker.start();
        worker.join();
    }).join();
    EXPECT_FALSE(worker.is_alive());
}

/// Of processes and signals: the fork server has some.
int watching_descriptors() {
    int count = 0;
    for (const auto& link : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;  // the directory's own
        const std::string target = std::filesystem::read_symlink(link, gone);
        count += target.starts_with("anon_inode:") ? 1 : 0;
    }
    return count;
}

TEST(Worker, has_no_descriptors_of_the_fork_server) {
    if (!platform::mode().worker_processes) GTEST_SKIP() << "the fork server has none";
    const SimpleQueue<int> counts;
    run_in_worker([](SimpleQueue<int> out) { out.put(watching_descriptors()); }, counts);
    EXPECT_EQ(counts.get(), 0);
}

// There are only so many of them.
TEST(Worker, the_slots_of_ended_workers_are_used_again) {
    run_in_worker([] {});
    const auto before = platform::root().contexts_used.load();
    for (int i = 0; i < 50; ++i)
        run_in_worker([] {});
    EXPECT_LT(platform::root().contexts_used.load(), before + 10);
}

}  // namespace
}  // namespace freethreading
