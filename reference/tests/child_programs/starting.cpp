// A program that uses the library for the first time, under the conditions that its argument names;
// see backend_test.cpp, fork_server_test.cpp and arena_full_test.cpp. Longer than other files: one program
// for all of them, since each costs three links.

#include <dlfcn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "freethreading/freethreading.hpp"
#include "freethreading/platform/arena.hpp"
#include "freethreading/platform/patience.hpp"

namespace {

using namespace freethreading;
using namespace std::chrono_literals;

void print(const std::string& line) {
    std::cout << line + "\n" << std::flush;
}

/// "ValueError" and so on; "none" if the call raises nothing.
template <class Call>
std::string error_of(Call call) {
    try {
        call();
    } catch (const ResourceError&) {
        return "ResourceError";
    } catch (const ValueError&) {
        return "ValueError";
    } catch (const RuntimeError&) {
        return "RuntimeError";
    }
    return "none";
}

/// Prints an error's class and message; returns 2 if there is one.
template <class Call>
int report(Call call) {
    try {
        const std::string error = error_of([&] {
            try {
                call();
            } catch (const std::exception& thrown) {
                std::cout << thrown.what() << ": ";
                throw;
            }
        });
        print(error);
        return error == "none" ? 0 : 2;
    } catch (const std::exception&) {
        print("another exception");
        return 3;
    }
}

void wait_for(Event event) {
    event.wait();
}

int use_get_backend() {
    return report([] { print(std::string(get_backend())); });
}
int use_lock() {
    return report([] { const Lock lock; });
}
int use_queue() {
    return report([] { const Queue<int> queue; });
}
int use_worker() {
    return report([] { Worker([] {}).start(); });
}
int use_fork_server() {
    return report([] { start_fork_server(); });
}

int backend_is_constant() {
    print(std::string(get_backend()));
    setenv("FREETHREADING_BACKEND", "nonsense", 1);
    print(std::string(get_backend()));
    const Lock lock;
    print(std::string(get_backend()));
    return 0;
}

int set_backend_first(Backend backend) {
    set_backend(backend == Backend::threading ? Backend::multiprocessing : Backend::threading);
    set_backend(backend);
    print(std::string(get_backend()));
    print(error_of([] { set_backend(Backend::threading); }));
    const Queue<std::string> names;
    const Worker worker([](Queue<std::string> queue) { queue.put(std::string(get_backend())); },
                        names);
    worker.start();
    print(names.get());
    worker.join();
    return 0;
}
int set_threading() {
    return set_backend_first(Backend::threading);
}
int set_multiprocessing() {
    return set_backend_first(Backend::multiprocessing);
}

int set_backend_late() {
    const Lock lock;
    return report([] { set_backend(Backend::multiprocessing); });
}

std::vector<pid_t> children() {
    std::vector<pid_t> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        std::ifstream file(entry.path() / "stat");
        std::string line;
        if (!std::getline(file, line) || line.rfind(") ") == std::string::npos) continue;
        if (std::stoi(line.substr(line.rfind(") ") + 4)) == getpid()) {
            found.push_back(std::stoi(entry.path().filename()));
        }
    }
    return found;
}

int server_starts_on_first_use() {
    print(std::to_string(children().size()));
    const Queue<int> queue;
    queue.put(1);
    print(std::to_string(children().size()));
    const Worker worker([] {});
    worker.start();
    worker.join();
    print(std::to_string(children().size()));
    start_fork_server();
    print(std::to_string(children().size()));
    return 0;
}

int global = 1;

int globals_are_those_of_the_servers_start() {
    start_fork_server();
    global = 2;
    const Queue<int> values;
    const Worker worker([](Queue<int> queue) { queue.put(global); }, values);
    worker.start();
    print(std::to_string(values.get()));
    worker.join();
    return 0;
}

int threads_before_workers() {
    start_fork_server();
    std::vector<std::thread> threads;
    const Queue<int> results;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&results, i] {
            for (int round = 0; round < 10; ++round) {
                const Worker worker([](Queue<int> queue, int value) { queue.put(value); }, results,
                                    i);
                worker.start();
                worker.join();
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    int sum = 0;
    while (!results.empty())
        sum += results.get();
    print(std::to_string(sum));
    return 0;
}

int server_ignores_signals() {
    start_fork_server();
    for (const pid_t server : children()) {
        for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT})
            kill(server, signal);
    }
    const Event event;
    const Worker worker(wait_for, event);
    worker.start();
    kill(static_cast<pid_t>(active_children().at(0).ident()), SIGTERM);  // which a worker obeys
    worker.join();
    print(worker.is_alive() ? "alive" : "not alive");
    return 0;
}

int server_killed() {
    const Event event;
    const Queue<int> queue;
    queue.put(5);
    const Worker running(wait_for, event);
    running.start();
    const Worker unstarted(wait_for, event);
    std::string error;
    std::thread joiner([&] { error = error_of([&] { running.join(); }); });
    kill(children().at(0), SIGKILL);
    joiner.join();
    print(error);
    print(error_of([&] { running.join(); }));
    print(error_of([&] { running.join(1h); }));
    print(error_of([&] { unstarted.start(); }));
    print(running.is_alive() || unstarted.is_alive() ? "alive" : "not alive");
    print(std::to_string(active_count()));
    // What needs no worker still works.
    queue.put(queue.get() + 1);
    print(std::to_string(queue.get()));
    return 3;
}

// Also inherited through exec from who started the program.
int deaths_of_children_ignored() {
    signal(SIGCHLD, SIG_IGN);
    const Worker worker([] {});
    worker.start();
    worker.join();
    print(worker.is_alive() ? "alive" : "not alive");
    return 0;
}

int handles_dropped_while_the_server_starts() {
    std::atomic<bool> done = false;
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i) {
        threads.emplace_back([&] {
            while (!done) {
                const std::vector<Lock> locks(100);
            }
        });
    }
    const std::vector<Lock> kept(10'000);
    const Worker worker([] {});
    worker.start();
    worker.join();
    done = true;
    for (auto& thread : threads)
        thread.join();
    print(worker.is_alive() ? "alive" : "not alive");
    return 0;
}

int server_killed_at_start() {
    start_fork_server();
    kill(children().at(0), SIGKILL);
    const Worker worker([] {});
    print(error_of([&] {
        for (;;)
            worker.start();
    }));
    print(worker.is_alive() ? "alive" : "not alive");
    return 3;
}

int server_killed_among_busy_workers() {
    const Queue<std::string> queue;
    for (int i = 0; i < 4; ++i) {
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
    kill(children().at(0), SIGKILL);
    // Goes on until the server's end is known, whether one of the dead holds a lock or not.
    const std::string error = error_of([&] {
        for (;;) {
            queue.put("");
            Worker([] {}).start();
        }
    });
    print(error);
    const std::string after = error_of([&] { queue.put(""); });
    print(after == "none" ? "ResourceError" : after);
    return 3;
}

void give_up_privileges() {
    // Root has no limits. A user of our own, so that nobody else's processes count.
    if (getuid() == 0 && (setgid(54321) != 0 || setuid(54321) != 0)) std::exit(98);
    prctl(PR_SET_DUMPABLE, 1);
}

void limit_processes(pid_t process, bool limited) {
    rlimit limit{};
    prlimit(process, RLIMIT_NPROC, nullptr, &limit);
    limit.rlim_cur = limited ? 1 : limit.rlim_max;
    if (prlimit(process, RLIMIT_NPROC, &limit, nullptr) != 0) std::exit(97);
}

/// Whoever starts the workers: the fork server, or the program itself.
pid_t starter() {
    const auto all = children();
    return all.empty() ? getpid() : all.front();
}

int no_process_to_be_had() {
    give_up_privileges();
    start_fork_server();
    const Event event;
    const Worker first(wait_for, event);
    first.start();
    limit_processes(starter(), true);
    const Worker second({.name = "second"}, wait_for, event);
    for (int i = 0; i < 3; ++i)
        (void)report([&] { second.start(); });
    print(second.is_alive() ? "alive" : "not alive");
    print(error_of([&] { second.join(); }));
    print(std::to_string(active_count()));
    print(first.is_alive() ? "alive" : "not alive");
    limit_processes(starter(), false);
    print(error_of([&] { second.start(); }));
    print(second.is_alive() ? "alive" : "not alive");
    event.set();
    first.join();
    second.join();
    return 0;
}

int no_fork_server_to_be_had() {
    give_up_privileges();
    limit_processes(getpid(), true);
    const Worker worker([] {});
    print(error_of([] { start_fork_server(); }));
    print(error_of([&] { worker.start(); }));
    limit_processes(getpid(), false);
    print(error_of([&] { worker.start(); }));
    worker.join();
    return 0;
}

std::string late_library() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "liblate_target.so";
}

int target_loaded(bool late) {
    if (late) start_fork_server();
    void* const library = dlopen(late_library().c_str(), RTLD_NOW);
    if (library == nullptr) throw std::runtime_error(dlerror());
    const auto target = reinterpret_cast<void (*)()>(dlsym(library, "late_target"));
    const Worker worker(target);
    const int status = report([&] { worker.start(); });
    if (status == 0) worker.join();
    return status;
}
int target_loaded_late() {
    return target_loaded(true);
}
int target_loaded_early() {
    return target_loaded(false);
}

int arena_full() {
    const Queue<std::string> queue;
    const std::string huge(2'000'000, 'x');
    print(error_of([&] { queue.put(huge); }));
    print(error_of([&] { queue.put(huge, false); }));
    print(queue.empty() ? "empty" : "not empty");
    queue.join();  // nothing is unfinished
    const std::string large(10'000, 'y');
    int count = 0;
    const std::string error = error_of([&] {
        for (;; ++count)
            queue.put(large);
    });
    print(error);
    print(count > 10 && queue.qsize() == count ? "as many as were put" : "wrong");
    // Full to the last byte: objects, workers and small items are refused as well.
    std::vector<Lock> locks;
    print(error_of([&] {
        for (;;)
            locks.emplace_back();
    }));
    print(error_of([] { const Queue<int> another; }));
    print(error_of([] { Worker([] {}).start(); }));
    print(error_of([&] {
        for (;;)
            queue.put("small");
    }));
    for (const auto& lock : locks) {
        if (!lock.acquire(false)) print("wrong");
    }
    for (int i = 0; i < count; ++i) {
        if (queue.get() != large) print("wrong");
    }
    while (!queue.empty()) {
        if (queue.get() != "small") print("wrong");
    }
    locks.clear();
    // Everything is as it was.
    int again = 0;
    print(error_of([&] {
        for (;; ++again)
            queue.put(large);
    }));
    print(again >= count - 1 ? "as much room" : "less room");
    while (!queue.empty())
        (void)queue.get();
    const Worker worker([](Queue<std::string> sink) { sink.put("from a worker"); }, queue);
    worker.start();
    worker.join();
    print(queue.get());
    return 0;
}

int no_room_for_handles() {
    const Queue<std::vector<Lock>> queue;
    queue.put({});  // its first segment stays
    static_cast<void>(queue.get());
    const auto before = platform::arena_use();
    queue.put(std::vector<Lock>(200));
    {
        std::vector<Lock> locks;
        print(error_of([&] {
            for (;;)
                locks.emplace_back();
        }));
        print(error_of([&] { static_cast<void>(queue.get()); }));
        print(queue.empty() ? "consumed" : "still there");
    }
    const auto now = platform::arena_use();
    print(now.blocks == before.blocks && now.bytes == before.bytes ? "nothing left" : "lost");
    queue.put(std::vector<Lock>(200));
    print(std::to_string(queue.get().size()));
    return 0;
}

int arena_full_in_workers() {
    const Queue<std::string> errors;
    for (int i = 0; i < 5; ++i) {
        const Worker worker(
            [](Queue<std::string> report) {
                const Queue<std::string> queue;
                const std::string error = error_of([&] {
                    for (;;)
                        queue.put(std::string(10'000, 'x'));
                });
                while (!queue.empty())
                    (void)queue.get();
                report.put(error);
            },
            errors);
        worker.start();
        print(errors.get());
        worker.join();
    }
    return 0;
}

int on_this_core() {
    print(std::to_string(platform::Patience::looks()));
    return 0;
}

const std::map<std::string, int (*)()> scenarios{
    {"on_this_core", on_this_core},
    {"use_get_backend", use_get_backend},
    {"use_lock", use_lock},
    {"use_queue", use_queue},
    {"use_worker", use_worker},
    {"use_fork_server", use_fork_server},
    {"backend_is_constant", backend_is_constant},
    {"set_threading", set_threading},
    {"set_multiprocessing", set_multiprocessing},
    {"set_backend_late", set_backend_late},
    {"server_starts_on_first_use", server_starts_on_first_use},
    {"globals_are_those_of_the_servers_start", globals_are_those_of_the_servers_start},
    {"threads_before_workers", threads_before_workers},
    {"server_ignores_signals", server_ignores_signals},
    {"server_killed", server_killed},
    {"deaths_of_children_ignored", deaths_of_children_ignored},
    {"handles_dropped_while_the_server_starts", handles_dropped_while_the_server_starts},
    {"server_killed_at_start", server_killed_at_start},
    {"server_killed_among_busy_workers", server_killed_among_busy_workers},
    {"no_process_to_be_had", no_process_to_be_had},
    {"no_fork_server_to_be_had", no_fork_server_to_be_had},
    {"target_loaded_late", target_loaded_late},
    {"target_loaded_early", target_loaded_early},
    {"arena_full", arena_full},
    {"arena_full_in_workers", arena_full_in_workers},
    {"no_room_for_handles", no_room_for_handles},
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2 || !scenarios.contains(argv[1])) return 99;
    return scenarios.at(argv[1])();
}
