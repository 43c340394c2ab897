#pragma once
/// \file
/// What lock_bench.cpp and rlock_bench.cpp have in common: the work done with a lock.

#include <benchmark/benchmark.h>

#include <cstdint>

#include "freethreading/with.hpp"
#include "team_control.hpp"

namespace bench {

/// Takes the lock so often, then releases it so often.
template <int depth>
struct AcquireRelease {
    template <class Handle>
    static void once(const Handle& lock) {
        for (int i = 0; i < depth; ++i)
            lock->acquire();
        for (int i = 0; i < depth; ++i)
            lock->release();
    }
};

/// Work that takes so many steps, each of which needs the one before.
template <int steps>
std::uint32_t work_through(std::uint32_t value) {
    for (int i = 0; i < steps; ++i)
        value = value * 1664525 + 1013904223;
    return value;
}

/// All workers want the lock, and do `steps` inside.
template <int steps>
struct Contend {
    template <class Handle>
    static std::uint64_t run_for(const Handle& lock, Seat seat, Until until) {
        constexpr int between_looks_at_the_clock = 256;
        auto value = static_cast<std::uint32_t>(seat.index);
        std::uint64_t operations = 0;
        for (; !until.over(); operations += between_looks_at_the_clock) {
            for (int i = 0; i < between_looks_at_the_clock; ++i) {
                lock->acquire();
                value = work_through<steps>(value);
                lock->release();
            }
        }
        benchmark::DoNotOptimize(value);
        return operations;
    }
};

/// Tries for a lock that is held, from the second call on.
struct TryHeld {
    template <class Handle>
    static void once(const Handle& lock) {
        benchmark::DoNotOptimize(lock->try_acquire());
    }
};

/// A guarded block with nothing in it, of the reference.
struct With {
    template <class Handle>
    static void once(const Handle& entry) {
        freethreading::with(entry->lock, [] {});
    }
};

}  // namespace bench
