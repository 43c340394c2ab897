#pragma once
/// \file
/// Ways of the system and of libraries to send bytes from one process to another. Messages are of one
/// size; a channel is made with it, with how many messages it should hold, and with its number, since
/// some need descriptors that were there before the workers.

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <system_error>
#include <vector>

#include "contest.hpp"
#include "peers/limit.hpp"
#include "shared_memory.hpp"
#ifdef BENCH_HAS_BOOST
#include <boost/interprocess/ipc/message_queue.hpp>
#endif
#ifdef BENCH_HAS_ZEROMQ
#include <zmq.h>
#endif

namespace bench {

using Bytes = std::vector<std::byte>;

/// Descriptors that every worker process inherits, since they are opened before `main`.
struct ChannelDescriptors {
    static constexpr std::size_t channels = 2;
    using Ends = std::array<int, 2>;  // what is written to [1] is read from [0]
    std::array<Ends, channels> pipes{};
    std::array<Ends, channels> sockets{};
    ChannelDescriptors() {
        for (std::size_t i = 0; i < channels; ++i) {
            if (pipe(pipes[i].data()) != 0 ||
                socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets[i].data()) != 0) {
                std::perror("no pipes and sockets for the peers");
                std::_Exit(4);
            }
            constexpr int capacity =
                1 << 20;  // what the system allows everybody; else it stays as it is
            fcntl(pipes[i][1], F_SETPIPE_SZ, capacity);
        }
    }
};
inline const ChannelDescriptors channel_descriptors;

inline std::size_t require_moved(ssize_t result, const char* call) {
    if (result <= 0) throw std::system_error(errno, std::generic_category(), call);
    return static_cast<std::size_t>(result);
}

struct Pipe {
    static constexpr const char* name = "pipe";
    Pipe(std::size_t channel, std::size_t size, std::size_t)
        : ends(channel_descriptors.pipes[channel]), size(size) {}
    ChannelDescriptors::Ends ends;
    std::size_t size;
    void put(const Bytes& message) const {
        for (std::size_t done = 0; done < size;)
            done += require_moved(write(ends[1], message.data() + done, size - done), "write");
    }
    void get(Bytes& message) const {
        for (std::size_t done = 0; done < size;)
            done += require_moved(read(ends[0], message.data() + done, size - done), "read");
    }
};

/// Of packets, since those of streams are slower; a packet must fit into the socket's buffer.
struct SocketPair {
    static constexpr const char* name = "socketpair";
    static constexpr std::size_t largest_packet = 64 << 10;
    SocketPair(std::size_t channel, std::size_t size, std::size_t)
        : ends(channel_descriptors.sockets[channel]), size(size) {}
    ChannelDescriptors::Ends ends;
    std::size_t size;
    void put(const Bytes& message) const {
        for (std::size_t done = 0; done < size;)
            done += require_moved(
                send(ends[1], message.data() + done, std::min(size - done, largest_packet), 0),
                "send");
    }
    void get(Bytes& message) const {
        for (std::size_t done = 0; done < size;)
            done += require_moved(
                recv(ends[0], message.data() + done, std::min(size - done, largest_packet), 0),
                "recv");
    }
};

/// Polled ring of slots with sequence numbers. Source: D. Vyukov, "Bounded MPMC queue".
struct PolledRing {
    static constexpr const char* name = "limit";
    PolledRing(std::size_t, std::size_t size, std::size_t depth)
        : size(size), depth(depth), stride((sizeof(Slot) + size + 63) / 64 * 64) {
        slots = {reinterpret_cast<std::uint64_t>(take_shared_memory(stride * depth))};
        for (std::uint64_t i = 0; i < depth; ++i)
            new (&slot(i)) Slot{.turn = i};
    }
    ~PolledRing() { give_back_shared_memory(slots.get()); }
    PolledRing(const PolledRing&) = delete;
    PolledRing& operator=(const PolledRing&) = delete;

    void put(const Bytes& message) {
        std::uint64_t place = written.load();
        poll_until([&] {
            place = written.load();
            return slot(place).turn.load() == place &&
                   written.compare_exchange_strong(place, place + 1);
        });
        std::memcpy(bytes_of(slot(place)), message.data(), size);
        slot(place).turn.store(place + 1);
    }
    void get(Bytes& message) {
        std::uint64_t place = 0;
        poll_until([&] {
            place = read.load();
            return slot(place).turn.load() == place + 1 &&
                   read.compare_exchange_strong(place, place + 1);
        });
        std::memcpy(message.data(), bytes_of(slot(place)), size);
        slot(place).turn.store(place + depth);
    }

    struct Slot {
        std::atomic<std::uint64_t> turn;
    };
    Slot& slot(std::uint64_t place) const {
        return *reinterpret_cast<Slot*>(slots.address + place % depth * stride);
    }
    static std::byte* bytes_of(Slot& slot) { return reinterpret_cast<std::byte*>(&slot + 1); }
    std::size_t size;
    std::size_t depth;
    std::size_t stride;
    Shared<std::byte> slots;
    alignas(64) std::atomic<std::uint64_t> written = 0;
    alignas(64) std::atomic<std::uint64_t> read = 0;
};

/// A name that no other channel of this machine has.
class UniqueName {
  public:
    explicit UniqueName(const char* before) {
        static int number = 0;
        std::snprintf(text_.data(), text_.size(), "%sfreethreading-bench-%d-%d", before,
                      static_cast<int>(getpid()), ++number);
    }
    [[nodiscard]] const char* text() const { return text_.data(); }

  private:
    std::array<char, 64> text_{};
};

#ifdef BENCH_HAS_BOOST
struct BoostMessageQueue {
    static constexpr const char* name = "boost::message_queue";
    using Queue = boost::interprocess::message_queue;
    BoostMessageQueue(std::size_t channel, std::size_t size, std::size_t depth)
        : channel(channel), size(size) {
        Queue::remove(called.text());
        const Queue queue(boost::interprocess::create_only, called.text(), depth, size);
    }
    ~BoostMessageQueue() { Queue::remove(called.text()); }
    BoostMessageQueue(const BoostMessageQueue&) = delete;
    BoostMessageQueue& operator=(const BoostMessageQueue&) = delete;
    std::size_t channel;
    std::size_t size;
    UniqueName called{""};

    [[nodiscard]] std::unique_ptr<Queue>& opened() const {
        thread_local std::array<std::unique_ptr<Queue>, ChannelDescriptors::channels> queues;
        return queues[channel];
    }
    void open_for_put() const {
        opened() = std::make_unique<Queue>(boost::interprocess::open_only, called.text());
    }
    void open_for_get() const { open_for_put(); }
    void put(const Bytes& message) const { opened()->send(message.data(), size, 0); }
    void get(Bytes& message) const {
        std::size_t received = 0;
        unsigned priority = 0;
        opened()->receive(message.data(), size, received, priority);
    }
};
using BoostChannel = Contenders<BoostMessageQueue>;
#else
using BoostChannel = Contenders<>;
#endif

#ifdef BENCH_HAS_ZEROMQ
/// For one worker that puts and one that gets.
struct ZeroMq {
    static constexpr const char* name = "zeromq";
    ZeroMq(std::size_t channel, std::size_t size, std::size_t depth)
        : channel(channel), size(size), depth(static_cast<int>(depth)) {}
    std::size_t channel;
    std::size_t size;
    int depth;
    UniqueName called{"ipc://@"};

    [[nodiscard]] void*& opened() const {
        thread_local std::array<void*, ChannelDescriptors::channels> sockets{};
        return sockets[channel];
    }
    void open(int type) const {
        static void* const context = zmq_ctx_new();
        opened() = zmq_socket(context, type);
        zmq_setsockopt(opened(), ZMQ_SNDHWM, &depth, sizeof depth);
        zmq_setsockopt(opened(), ZMQ_RCVHWM, &depth, sizeof depth);
    }
    static void require(bool done, const char* call) {
        if (!done) throw std::system_error(errno, std::generic_category(), call);
    }
    void open_for_put() const {
        open(ZMQ_PUSH);
        require(zmq_bind(opened(), called.text()) == 0, "zmq_bind");
    }
    void open_for_get() const {
        open(ZMQ_PULL);
        require(zmq_connect(opened(), called.text()) == 0, "zmq_connect");
    }
    void put(const Bytes& message) const {
        require(zmq_send(opened(), message.data(), size, 0) >= 0, "zmq_send");
    }
    void get(Bytes& message) const {
        require(zmq_recv(opened(), message.data(), size, 0) >= 0, "zmq_recv");
    }
};
using ZeroMqChannel = Contenders<ZeroMq>;
#else
using ZeroMqChannel = Contenders<>;
#endif

}  // namespace bench
