#pragma once
/// \file
/// The limits: the cheapest that the machine can do where a primitive does more. They keep no
/// promise about order, time-outs or killed workers.

#include <sched.h>

#include <atomic>
#include <cstdint>

namespace bench {

/// Looks often, then lets others run: catches a worker on another core as well as on this one.
template <class Condition>
void poll_until(Condition condition) {
    for (int looks = 0; !condition(); ++looks) {
        if (looks >= 50) sched_yield();
    }
}

/// One atomic exchange: what taking and releasing a lock costs at least.
struct OneExchange {
    static constexpr const char* name = "limit";
    std::atomic<std::uint32_t> word = 0;
    void exchange() { word.exchange(1); }
};

/// A word that is taken by exchanging and released by storing.
struct PolledLock {
    static constexpr const char* name = "limit";
    std::atomic<std::uint32_t> word = 0;
    void acquire() {
        poll_until([this] { return word.load() == 0 && word.exchange(1) == 0; });
    }
    bool try_acquire() { return word.load() == 0 && word.exchange(1) == 0; }
    void release() { word.store(0, std::memory_order_release); }
};

/// A count of tokens.
struct PolledSemaphore {
    static constexpr const char* name = "limit";
    explicit PolledSemaphore(int tokens) : tokens(tokens) {}
    std::atomic<int> tokens;
    bool try_acquire() {
        int seen = tokens.load();
        return seen > 0 && tokens.compare_exchange_strong(seen, seen - 1);
    }
    void acquire() {
        poll_until([this] { return try_acquire(); });
    }
    void release() { tokens.fetch_add(1); }
};

/// A ball that two workers pass to and fro.
struct PolledBall {
    static constexpr const char* name = "limit";
    std::atomic<std::uint32_t> holder = 0;
    void pass(std::uint32_t from) { holder.store(1 - from, std::memory_order_release); }
    void await(std::uint32_t worker) {
        poll_until([&] { return holder.load(std::memory_order_acquire) == worker; });
    }
};

}  // namespace bench
