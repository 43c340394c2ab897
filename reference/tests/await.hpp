#pragma once
/// \file
/// Waiting in tests: for a condition, and for workers to fall asleep. Neither has an upper bound
/// but that of the test runner, so a slow machine fails no test.
///
///     const Worker worker = started([](Lock lock, SimpleQueue<std::uint64_t> idents) {
///         idents.put(get_ident());
///         lock.lock();
///     }, lock, idents);
///     await_blocked(idents);   // the worker has said who it is, and sleeps in lock()

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "freethreading/current_worker.hpp"
#include "freethreading/platform/arena.hpp"
#include "freethreading/simple_queue.hpp"
#include "freethreading/worker.hpp"

/// Returns once `predicate()` is true.
template <class Predicate>
void eventually(Predicate predicate) {
    while (!predicate())
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

/// The first line of /proc/<ident>/<file>; the ident of a worker is that of a thread or process.
inline std::string proc_line(std::uint64_t ident, const char* file) {
    std::ifstream stream("/proc/" + std::to_string(ident) + "/" + file);
    std::string line;
    std::getline(stream, line);
    return line;
}

/// Whether a thread or process sleeps on a futex.
inline bool sleeps(std::uint64_t ident) {
    const std::string stat = proc_line(ident, "stat");
    const std::size_t name_end = stat.rfind(')');
    if (name_end == std::string::npos || stat.compare(name_end, 3, ") S") != 0) return false;
    const std::string where = proc_line(ident, "wchan");
    return where.empty() || where == "0" || where.find("futex") != std::string::npos;
}

/// Returns once all of these workers sleep, and still do so, without having run, a moment later.
inline void await_blocked(const std::vector<std::uint64_t>& idents) {
    const auto run_times = [&] {
        std::vector<std::string> times;
        for (const auto ident : idents) {
            times.push_back(sleeps(ident) ? proc_line(ident, "schedstat") : "runs");
        }
        return times;
    };
    eventually([&] {
        const auto before = run_times();
        for (const auto& time : before) {
            if (time == "runs") return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(3));
        return run_times() == before;
    });
}

/// Takes the idents of `count` workers out of a queue and waits until all of them sleep.
inline std::vector<std::uint64_t> await_blocked(
    const freethreading::SimpleQueue<std::uint64_t>& idents, std::size_t count = 1) {
    std::vector<std::uint64_t> workers;
    while (workers.size() < count)
        workers.push_back(idents.get());
    await_blocked(workers);
    return workers;
}

/// A worker that runs. It is a daemon, so that a test that fails does not keep the program alive.
template <class Target, class... Arguments>
[[nodiscard]] freethreading::Worker started(Target target, const Arguments&... arguments) {
    const freethreading::Worker worker(freethreading::WorkerOptions{.name = {}, .daemon = true},
                                       target, arguments...);
    worker.start();
    return worker;
}

/// Runs a target in a worker and waits for its end.
template <class Target, class... Arguments>
void run_in_worker(Target target, const Arguments&... arguments) {
    started(target, arguments...).join();
}

/// Waits until no more blocks of shared memory are in use than before. A worker's record is
/// released at some time after its end, so there is nothing to compare at once.
inline void await_arena_use(const freethreading::platform::ArenaUse& before) {
    eventually([&] {
        (void)freethreading::active_count();  // forgets ended workers
        const auto now = freethreading::platform::arena_use();
        return now.blocks <= before.blocks && now.bytes <= before.bytes;
    });
}

/// How long a call took, plus the millisecond that a time-out may fall short of.
template <class Call>
[[nodiscard]] std::chrono::duration<double, std::milli> time_of(Call call) {
    const auto begin = std::chrono::steady_clock::now();
    call();
    return std::chrono::steady_clock::now() - begin + std::chrono::milliseconds(1);
}
