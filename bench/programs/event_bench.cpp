// Event, against what others use as a signal: two workers raise a flag for each other in turn.

#include <array>
#include <atomic>
#include <cstdint>
#include <semaphore>
#include <string>

#include "contest.hpp"
#include "freethreading/event.hpp"
#include "peers/limit.hpp"
#include "peers/posix_semaphore.hpp"

namespace bench {
namespace {

// `pass(me)` signals the other worker, `await(me)` waits for a signal and takes it back.

struct ReferenceEvents {
    static constexpr const char* name = "reference";
    std::array<freethreading::Event, 2> events;
    static ReferenceEvents make() {
        ReferenceEvents made;
        made.events[0].set();
        return made;
    }
    void await(std::uint32_t me) const {
        events[me].wait();
        events[me].clear();
    }
    void pass(std::uint32_t me) const { events[1 - me].set(); }
};

struct StdAtomicWait {
    static constexpr const char* name = "std::atomic::wait";
    std::array<std::atomic<std::uint32_t>, 2> flags{1, 0};
    void await(std::uint32_t me) {
        flags[me].wait(0);
        flags[me].store(0);
    }
    void pass(std::uint32_t me) {
        flags[1 - me].store(1);
        flags[1 - me].notify_all();
    }
};

struct StdBinarySemaphore {
    static constexpr const char* name = "std::binary_semaphore";
    std::binary_semaphore first{1};
    std::binary_semaphore second{0};
    std::binary_semaphore& of(std::uint32_t worker) { return worker == 0 ? first : second; }
    void await(std::uint32_t me) { of(me).acquire(); }
    void pass(std::uint32_t me) { of(1 - me).release(); }
};

struct PosixSemaphores {
    static constexpr const char* name = PosixSemaphore::name;
    PosixSemaphore first{1};
    PosixSemaphore second{0};
    PosixSemaphore& of(std::uint32_t worker) { return worker == 0 ? first : second; }
    void await(std::uint32_t me) { of(me).acquire(); }
    void pass(std::uint32_t me) { of(1 - me).release(); }
};

using OnThreads = Contenders<ReferenceEvents, StdAtomicWait, StdBinarySemaphore, PosixSemaphores>;
using OnProcesses = Contenders<ReferenceEvents, PosixSemaphores>;

/// One operation is a round trip.
struct SignalToAndFro {
    template <class Handle>
    static void run(const Handle& signals, Seat seat, std::uint64_t operations) {
        const auto me = static_cast<std::uint32_t>(seat.index);
        for (std::uint64_t i = 0; i < operations; ++i) {
            signals->await(me);
            signals->pass(me);
        }
    }
};

struct SetAndClear {
    template <class Handle>
    static void once(const Handle& entry) {
        entry->events[1].set();
        entry->events[1].clear();
    }
};
struct WaitForRaised {
    template <class Handle>
    static void once(const Handle& entry) {
        benchmark::DoNotOptimize(entry->events[0].wait());
    }
};
struct AskIsSet {
    template <class Handle>
    static void once(const Handle& entry) {
        benchmark::DoNotOptimize(entry->events[0].is_set());
    }
};
struct Create {
    template <class Handle>
    static void once(const Handle&) {
        benchmark::DoNotOptimize(freethreading::Event());
    }
};

}  // namespace

void register_benchmarks() {
    for (const Placement placement : all_placements) {
        const auto round_trip = [&]<class Contender>() {
            together<Contender, SignalToAndFro>(
                {.row = std::string("event/round_trip/") + name_of(placement),
                 .placement = placement,
                 .operations = 200,
                 .counted_workers = 1});
        };
        round_trip.template operator()<PolledBall>();
        for_each_contender<OnThreads, OnProcesses>(round_trip);
    }
    alone<ReferenceEvents, SetAndClear>("event/set_and_clear");
    alone<ReferenceEvents, WaitForRaised>("event/wait_for_raised");
    alone<ReferenceEvents, AskIsSet>("event/is_set");
    alone<ReferenceEvents, Create>("event/create");
}

}  // namespace bench
