// A program that ends in the way that its argument says; see program_end_test.cpp.

#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "../shared_cell.hpp"
#include "freethreading/freethreading.hpp"

namespace {

using namespace freethreading;
using namespace std::chrono_literals;

/// Set when main has returned and the program waits for its workers; handlers registered later run
/// earlier.
std::optional<Event> main_has_ended;
void tell_main_has_ended() {
    main_has_ended->set();
}

void set_event_when_main_has_ended(const Event& event) {
    main_has_ended = event;
    std::atexit(tell_main_has_ended);
}

void print(const std::string& line) {
    std::cout << line + "\n" << std::flush;
}

void wait_for(Event event) {
    event.wait();
}

void print_after(Event event, std::string line) {
    event.wait();
    print(line);
}

void wait_for_ever(Event started) {
    started.set();
    Event().wait();
}

/// Something that a worker's end would destroy.
struct Announcer {
    std::string text;
    Announcer(std::string what) : text(std::move(what)) {}
    Announcer(const Announcer&) = delete;
    Announcer& operator=(const Announcer&) = delete;
    ~Announcer() { print(text); }
};

int non_daemons_are_joined() {
    const Event ended;
    for (int i = 0; i < 3; ++i)
        Worker(print_after, ended, "worker done").start();
    set_event_when_main_has_ended(ended);
    print("main done");
    return 3;
}

int exit_call_joins() {
    const Event ended;
    Worker(print_after, ended, "worker done").start();
    set_event_when_main_has_ended(ended);
    std::exit(5);
}

int grandchild_is_joined() {
    const Event ended;
    const Worker parent([](Event event) { Worker(print_after, event, "grandchild done").start(); },
                        ended);
    parent.start();
    parent.join();
    set_event_when_main_has_ended(ended);
    return 0;
}

int daemons_are_ended() {
    for (int i = 0; i < 3; ++i) {
        const Event started;
        const Worker worker(
            {.daemon = true},
            [](Event event) {
                const Announcer announcer("cleanup");
                wait_for_ever(event);
            },
            started);
        worker.start();
        started.wait();
    }
    print("main done");
    return 4;
}

int busy_daemons() {
    const Queue<std::string> queue(10);
    const Lock lock;
    const Event event;
    for (int i = 0; i < 4; ++i) {
        const Worker worker(
            {.daemon = true},
            [](Queue<std::string> items, Lock guard, Event changing) {
                for (int round = 0;; ++round) {
                    const std::scoped_lock held(guard);
                    changing.set();
                    if (items.full()) (void)items.get();
                    items.put(std::string(static_cast<std::size_t>(round % 2000), 'x'));
                    changing.clear();
                }
            },
            queue, lock, event);
        worker.start();
    }
    for (int i = 0; i < 50; ++i)
        event.wait();
    return 0;
}

int daemon_holds_lock() {
    const Lock lock;
    const Event locked;
    const Event ended;
    const Worker daemon(
        {.daemon = true},
        [](Lock taken, Event event) {
            taken.lock();
            wait_for_ever(event);
        },
        lock, locked);
    daemon.start();
    locked.wait();
    Worker(
        [](Lock held, Event event) {
            event.wait();
            print(held.acquire(20ms) ? "acquired" : "in time");
        },
        lock, ended)
        .start();
    set_event_when_main_has_ended(ended);
    return 0;
}

int exception_in_worker() {
    const Worker worker({.name = "Failing one"}, [] { throw std::out_of_range("the message"); });
    worker.start();
    worker.join();
    const Worker second({.name = "Other one"}, [] { throw 42; });
    second.start();
    return 0;
}

int main_throws() {
    const Event ready;
    Worker(wait_for_ever, ready).start();
    ready.wait();
    throw std::out_of_range("from main");
}

int undrained_queue() {
    const Queue<std::string> queue;
    for (int i = 0; i < 20; ++i)
        queue.put(std::string(1'000'000, 'x'));
    const Worker worker([](Queue<std::string> sink) { sink.put(std::string(1'000'000, 'x')); },
                        queue);
    worker.start();
    return 0;
}

int waits_to_be_killed() {
    std::vector<Event> started(4);
    Worker({.name = "Worker"}, wait_for_ever, started[0]).start();
    Worker({.daemon = true}, wait_for_ever, started[1]).start();
    Worker(
        [](Event first, Event second) {
            Worker(wait_for_ever, first).start();
            wait_for_ever(second);
        },
        started[2], started[3])
        .start();
    for (const auto& event : started)
        event.wait();
    print("ready");
    Event().wait();
    return 0;
}

int spins_until_killed() {
    const Queue<std::string> queue;
    for (int i = 0; i < 3; ++i) {
        Worker(
            [](Queue<std::string> items) {
                for (;;) {
                    items.put(std::string(2000, 'x'));
                    (void)items.get();
                }
            },
            queue)
            .start();
    }
    print("ready");
    for (;;) {
        const Worker worker([] {});
        worker.start();
        worker.join();
    }
}

int output_appears_once() {
    std::cout << "cout before\n";
    std::printf("printf before\n");
    std::clog << "clog before\n";
    const Worker worker([] {
        std::cout << "cout in worker\n";
        std::printf("printf in worker\n");
    });
    worker.start();
    worker.join();
    std::cout << "cout between\n";
    std::printf("printf between\n");
    const Worker second([] { std::cout << "cout in second\n"; });
    second.start();
    second.join();
    std::cout << "cout after\n";
    std::printf("printf after\n");
    return 0;
}

int output_of_daemon() {
    const Worker worker({.daemon = true}, [] { std::cout << "not flushed\n"; });
    worker.start();
    worker.join();
    return 0;
}

// Destroyed after the program has waited for its workers.
std::optional<Queue<int>> outlives_the_workers;
struct StartsLate {
    std::function<void()> action;
    ~StartsLate() {
        if (action) action();
    }
} starts_late;

int static_handles() {
    outlives_the_workers.emplace();
    const Worker worker([](Queue<int> queue) { queue.put(1); }, *outlives_the_workers);
    worker.start();
    starts_late.action = [worker] {
        print(outlives_the_workers->get_nowait() == 1 ? "still usable" : "wrong");
        worker.join();
        if (get_backend() == "threading" || std::getenv("FREETHREADING_WORKERS") != nullptr) return;
        try {
            Worker([] {}).start();
            print("started");
        } catch (const ResourceError&) {
            print("ResourceError");
        }
    };
    return 0;
}

int many_workers_at_once() {
    const Event ended;
    for (int i = 0; i < 20; ++i)
        Worker({.daemon = i % 2 == 0}, wait_for, ended).start();
    set_event_when_main_has_ended(ended);
    return 7;
}

int no_worker() {
    print(std::string(get_backend()));
    const Queue<int> queue;
    queue.put(1);
    return 6;
}

// What workers that nobody joins have done, for whoever comes when they have ended. Apart from the workers' ends
// nothing may order the two: no object of the library, whose last handle goes through a lock.
struct Deeds {
    std::atomic<bool> may_begin = false;
    std::array<int, 8> done{};
};
SharedCell<Deeds> deeds;

int deeds_are_seen() {
    std::atexit(
        [] { std::printf("%d\n", std::accumulate(deeds->done.begin(), deeds->done.end(), 0)); });
    for (std::size_t i = 0; i < deeds->done.size(); ++i) {
        const auto do_it = [](std::size_t number) {
            while (!deeds->may_begin.load(std::memory_order_relaxed))
                std::this_thread::yield();
            deeds->done.at(number) = 1;
        };
        Worker(WorkerOptions{.name = {}, .daemon = false}, do_it, i).start();
    }
    std::atexit([] { deeds->may_begin.store(true, std::memory_order_relaxed); });
    return 0;
}

const std::map<std::string, int (*)()> scenarios{
    {"deeds_are_seen", deeds_are_seen},
    {"non_daemons_are_joined", non_daemons_are_joined},
    {"exit_call_joins", exit_call_joins},
    {"grandchild_is_joined", grandchild_is_joined},
    {"daemons_are_ended", daemons_are_ended},
    {"busy_daemons", busy_daemons},
    {"daemon_holds_lock", daemon_holds_lock},
    {"exception_in_worker", exception_in_worker},
    {"main_throws", main_throws},
    {"undrained_queue", undrained_queue},
    {"waits_to_be_killed", waits_to_be_killed},
    {"spins_until_killed", spins_until_killed},
    {"output_appears_once", output_appears_once},
    {"output_of_daemon", output_of_daemon},
    {"static_handles", static_handles},
    {"many_workers_at_once", many_workers_at_once},
    {"no_worker", no_worker},
};

}  // namespace

int main(int argc, char** argv) {
    const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
    setrlimit(RLIMIT_CORE, &no_core);
    if (argc != 2 || !scenarios.contains(argv[1])) return 99;
    return scenarios.at(argv[1])();
}
