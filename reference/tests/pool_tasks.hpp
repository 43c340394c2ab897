#pragma once
/// \file
/// Tasks and observations that the tests of pools and executors share.

#include <csignal>
#include <cstdint>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "await.hpp"
#include "freethreading/current_worker.hpp"
#include "freethreading/event.hpp"
#include "freethreading/platform/arena.hpp"
#include "freethreading/platform/mode.hpp"
#include "freethreading/simple_queue.hpp"

namespace freethreading {

inline int square(int n) {
    return n * n;
}
inline int multiply(int a, int b) {
    return a * b;
}
inline void nothing() {}
inline int fail(int n) {
    throw std::out_of_range("no " + std::to_string(n));
}
inline int fail_if_odd(int n) {
    return n % 2 == 0 ? n : fail(n);
}
inline std::uint64_t ident() {
    return get_ident();
}
inline std::string text(std::string argument) {
    return argument + "!";
}

/// Says who runs it, and waits.
inline int block(SimpleQueue<std::uint64_t> idents, Event go) {
    idents.put(get_ident());
    static_cast<void>(go.wait());
    return 7;
}
inline int wait_for(Event go, int n) {
    static_cast<void>(go.wait());
    return n;
}
inline void die() {
    std::raise(SIGKILL);
}
inline int die_at_three(int n) {
    if (n == 3) die();
    return n;
}
/// Ends a worker process that the test does not know.
inline void kill_worker(std::uint64_t ident) {
    kill(static_cast<pid_t>(ident), SIGKILL);
}

/// Values whose way to or from a worker is closed.
struct Unportable {
    bool fails_to_save = true;
    template <class Archive>
    void save(Archive&) const {
        if (fails_to_save) throw std::runtime_error("refuses to be saved");
    }
    template <class Archive>
    void load(Archive&) {}
};

/// Waits for the workers of pools that nobody joined; at its end, until the arena holds what it
/// held at the beginning.
class ArenaUnchanged {
  public:
    ArenaUnchanged() {
        eventually([] { return active_count() == 1; });
        before_ = now();
    }
    ~ArenaUnchanged() {
        eventually([&] { return now() <= before_; });
    }
    ArenaUnchanged(const ArenaUnchanged&) = delete;
    ArenaUnchanged& operator=(const ArenaUnchanged&) = delete;

  private:
    // Workers that have ended are forgotten when somebody looks.
    static std::uint64_t now() {
        static_cast<void>(active_children());
        return platform::arena_use().blocks;
    }
    std::uint64_t before_ = 0;
};

#define SKIP_UNLESS_WORKERS_ARE_PROCESSES()                \
    if (!freethreading::platform::mode().worker_processes) \
    GTEST_SKIP() << "threads cannot be killed"

}  // namespace freethreading
