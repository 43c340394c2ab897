// Queue and SimpleQueue, against the queues of others and what the system has to send bytes.

#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <deque>
#include <mutex>
#include <string>

#include "contest.hpp"
#include "freethreading/queue.hpp"
#include "freethreading/simple_queue.hpp"
#include "peers/channels.hpp"
#ifdef BENCH_HAS_MOODYCAMEL
#include <concurrentqueue/blockingconcurrentqueue.h>
#endif
#ifdef BENCH_HAS_TBB
#include <oneapi/tbb/concurrent_queue.h>
#endif

namespace bench {
namespace {

// Contenders are made as channels.hpp has it. Small messages are integers where a queue is one of values.

template <class Queue, class Value, bool bounded>
struct OfReference {
    static constexpr const char* name = "reference";
    Queue queue;
    static OfReference make(std::size_t, std::size_t, std::size_t depth) {
        if constexpr (bounded) {
            return {Queue(static_cast<std::int64_t>(depth))};
        } else {
            return {Queue()};
        }
    }
    void put(const Value& value) const { queue.put(value); }
    void get(Value& value) const { value = queue.get(); }
};
using ReferenceQueue = OfReference<freethreading::Queue<std::uint64_t>, std::uint64_t, false>;
using ReferenceBoundedQueue = OfReference<freethreading::Queue<std::uint64_t>, std::uint64_t, true>;
using ReferenceSimpleQueue =
    OfReference<freethreading::SimpleQueue<std::uint64_t>, std::uint64_t, false>;
using ReferenceQueueOfBytes = OfReference<freethreading::Queue<Bytes>, Bytes, true>;

struct StdQueue {
    static constexpr const char* name = "std::deque+mutex";
    StdQueue(std::size_t, std::size_t, std::size_t) {}
    std::mutex mutex;
    std::condition_variable filled;
    std::deque<std::uint64_t> items;
    void put(std::uint64_t value) {
        {
            const std::scoped_lock guard(mutex);
            items.push_back(value);
        }
        filled.notify_one();
    }
    void get(std::uint64_t& value) {
        std::unique_lock guard(mutex);
        filled.wait(guard, [&] { return !items.empty(); });
        value = items.front();
        items.pop_front();
    }
};

#ifdef BENCH_HAS_MOODYCAMEL
struct MoodycamelQueue {
    static constexpr const char* name = "moodycamel::BlockingConcurrentQueue";
    MoodycamelQueue(std::size_t, std::size_t, std::size_t) {}
    moodycamel::BlockingConcurrentQueue<std::uint64_t> queue;
    void put(std::uint64_t value) { queue.enqueue(value); }
    void get(std::uint64_t& value) { queue.wait_dequeue(value); }
};
using MoodycamelQueues = Contenders<MoodycamelQueue>;
#else
using MoodycamelQueues = Contenders<>;
#endif

#ifdef BENCH_HAS_TBB
struct TbbQueue {
    static constexpr const char* name = "tbb::concurrent_bounded_queue";
    TbbQueue(std::size_t, std::size_t, std::size_t depth) {
        queue.set_capacity(static_cast<std::ptrdiff_t>(depth));
    }
    tbb::concurrent_bounded_queue<std::uint64_t> queue;
    void put(std::uint64_t value) { queue.push(value); }
    void get(std::uint64_t& value) { queue.pop(value); }
};
using TbbQueues = Contenders<TbbQueue>;
#else
using TbbQueues = Contenders<>;
#endif

using OnThreads =
    AllOf<Contenders<PolledRing, ReferenceQueue, StdQueue>, MoodycamelQueues, TbbQueues>;
using OnProcesses = AllOf<Contenders<PolledRing, ReferenceQueue, Pipe>, BoostChannel>;
using BytesOnProcesses = AllOf<Contenders<PolledRing, ReferenceQueueOfBytes, Pipe, SocketPair>,
                               BoostChannel, ZeroMqChannel>;

/// Two channels, one for each direction.
template <class Channel>
struct Both {
    static constexpr const char* name = Channel::name;
    Both(std::size_t size, std::size_t depth) : there(0, size, depth), back(1, size, depth) {}
    Channel there;
    Channel back;
};
template <OfTheReference Channel>
struct Both<Channel> {
    static constexpr const char* name = Channel::name;
    Channel there;
    Channel back;
    static Both make(std::size_t size, std::size_t depth) {
        return {Channel::make(0, size, depth), Channel::make(1, size, depth)};
    }
};

/// What a channel's messages are, and one of `size` bytes.
template <class Channel>
auto message_of(const Channel&, std::size_t size) {
    if constexpr (requires(Channel& channel, std::uint64_t& value) { channel.get(value); }) {
        return std::uint64_t{1};
    } else {
        return Bytes(size);
    }
}
template <class Channel>
void open_for_put(Channel& channel) {
    if constexpr (requires { channel.open_for_put(); }) channel.open_for_put();
}
template <class Channel>
void open_for_get(Channel& channel) {
    if constexpr (requires { channel.open_for_get(); }) channel.open_for_get();
}

/// The first half of the workers put, the others get.
template <std::size_t size>
struct Transfer {
    static bool puts(Seat seat) { return seat.index < seat.workers / 2; }
    template <class Handle>
    static void enter(const Handle& channel, Seat seat) {
        puts(seat) ? open_for_put(*channel.operator->()) : open_for_get(*channel.operator->());
    }
    template <class Handle>
    static void run(const Handle& channel, Seat seat, std::uint64_t operations) {
        auto message = message_of(*channel.operator->(), size);
        for (std::uint64_t i = 0; i < operations; ++i)
            puts(seat) ? channel->put(message) : channel->get(message);
        benchmark::DoNotOptimize(message);
    }
};

/// The second worker sends back what it gets.
template <std::size_t size>
struct RoundTrip {
    template <class Handle>
    static void enter(const Handle& both, Seat seat) {
        if (seat.index == 0) {
            open_for_put(both->there);
            open_for_get(both->back);
        } else {
            open_for_get(both->there);
            open_for_put(both->back);
        }
    }
    template <class Handle>
    static void run(const Handle& both, Seat seat, std::uint64_t operations) {
        auto message = message_of(both->there, size);
        for (std::uint64_t i = 0; i < operations; ++i) {
            if (seat.index == 0) {
                both->there.put(message);
                both->back.get(message);
            } else {
                both->there.get(message);
                both->back.put(message);
            }
        }
    }
};

struct PutAndGet {
    template <class Handle>
    static void enter(const Handle& channel) {
        open_for_put(*channel.operator->());
    }
    template <class Handle>
    static void once(const Handle& channel) {
        auto message = message_of(*channel.operator->(), sizeof(std::uint64_t));
        channel->put(message);
        channel->get(message);
        benchmark::DoNotOptimize(message);
    }
};
struct PutGetAndTaskDone {
    template <class Handle>
    static void once(const Handle& entry) {
        entry->queue.put(1);
        benchmark::DoNotOptimize(entry->queue.get());
        entry->queue.task_done();
    }
};
struct AskSize {
    template <class Handle>
    static void once(const Handle& entry) {
        benchmark::DoNotOptimize(entry->queue.qsize());
    }
};
struct GetFromEmpty {
    template <class Handle>
    static void once(const Handle& entry) {
        try {
            benchmark::DoNotOptimize(entry->queue.get_nowait());
        } catch (const freethreading::Empty&) {
        }
    }
};
struct JoinFinished {
    template <class Handle>
    static void once(const Handle& entry) {
        entry->queue.join();
    }
};
template <class Queue>
struct Create {
    template <class Handle>
    static void once(const Handle&) {
        benchmark::DoNotOptimize(Queue());
    }
};

constexpr std::size_t channel_number = 0;
constexpr std::size_t small = sizeof(std::uint64_t);
constexpr std::size_t small_depth = 1024;

/// As many messages as take four MiB, but some.
constexpr std::size_t depth_of(std::size_t size) {
    return std::clamp<std::size_t>((4 << 20) / size, 4, small_depth);
}

/// What copying one message costs. On pages of their own: memcpy of glibc 2.36 falls to a twentieth of its
/// speed if source and destination lie some bytes apart modulo 4096.
template <std::size_t size>
struct OneCopy {
    static constexpr const char* name = "limit";
    OneCopy() : from{}, to{} {}
    alignas(4096) std::array<std::byte, size> from;
    alignas(4096) std::array<std::byte, size> to;
};
struct Copy {
    template <class Handle>
    static void once(const Handle& buffers) {
        std::memcpy(buffers->to.data(), buffers->from.data(), buffers->to.size());
        benchmark::ClobberMemory();
    }
};

std::string pairs(int workers) {
    return std::to_string(workers / 2) + "p" + std::to_string(workers / 2) + "c";
}

template <std::size_t size, class OnThese>
void register_sizes(std::uint64_t operations) {
    const std::string bytes = "/bytes:" + std::to_string(size);
    alone<OneCopy<size>, Copy>("queue/transfer" + bytes);
    OnThese::for_each([&]<class Contender>() {
        if constexpr (!std::is_same_v<Contender, PolledRing>)
            together<Contender, Transfer<size>>({.row = "queue/transfer" + bytes,
                                                 .operations = operations,
                                                 .counted_workers = 1,
                                                 .bytes = size},
                                                channel_number, size, depth_of(size));
        together<Both<Contender>, RoundTrip<size>>({.row = "queue/round_trip" + bytes,
                                                    .operations = operations / 10,
                                                    .counted_workers = 1,
                                                    .bytes = 2 * size},
                                                   size, depth_of(size));
    });
}

template <class Reference>
void register_items(const std::string& row, int workers) {
    const auto items = [&]<class Contender>() {
        together<Contender, Transfer<small>>(
            {.row = row + "/" + pairs(workers),
             .workers = workers,
             .placement = Placement::cross,
             .operations = static_cast<std::uint64_t>(100'000 / workers),
             .counted_workers = workers / 2},
            channel_number, small, small_depth);
    };
    for_each_contender<OnThreads, OnProcesses>([&]<class Contender>() {
        if constexpr (OfTheReference<Contender>) {
            items.template operator()<Reference>();
        } else {
            items.template operator()<Contender>();
        }
    });
}

}  // namespace

void register_benchmarks() {
    for (const int workers : {2, 4, 8, 16}) {
        register_items<ReferenceQueue>("queue/items", workers);
        register_items<ReferenceBoundedQueue>("queue/bounded_items", workers);
        register_items<ReferenceSimpleQueue>("simple_queue/items", workers);
    }
    for (const Placement placement : all_placements) {
        for_each_contender<OnThreads, OnProcesses>([&]<class Contender>() {
            together<Both<Contender>, RoundTrip<small>>(
                {.row = std::string("queue/round_trip/") + name_of(placement),
                 .placement = placement,
                 .operations = 200,
                 .counted_workers = 1},
                small, small_depth);
        });
    }
    for_each_contender<OnThreads, OnProcesses>([&]<class Contender>() {
        alone<Contender, PutAndGet>("queue/put_and_get", channel_number, small, small_depth);
    });
    if (on_processes()) {
        register_sizes<1 << 10, BytesOnProcesses>(5000);
        register_sizes<64 << 10, BytesOnProcesses>(500);
        register_sizes<1 << 20, BytesOnProcesses>(50);
    } else {
        using BytesOnThreads = Contenders<PolledRing, ReferenceQueueOfBytes>;
        register_sizes<1 << 10, BytesOnThreads>(5000);
        register_sizes<64 << 10, BytesOnThreads>(500);
        register_sizes<1 << 20, BytesOnThreads>(50);
    }
    const auto of_reference = [&]<class Work>(const char* row) {
        alone<ReferenceQueue, Work>(row, channel_number, small, small_depth);
    };
    of_reference.operator()<PutGetAndTaskDone>("queue/put_get_task_done");
    of_reference.operator()<AskSize>("queue/qsize");
    of_reference.operator()<GetFromEmpty>("queue/get_from_empty");
    of_reference.operator()<JoinFinished>("queue/join_finished");
    of_reference.operator()<Create<freethreading::Queue<int>>>("queue/create");
}

}  // namespace bench
