#pragma once
/// \file
/// The queue under Queue and SimpleQueue: encoded items in order, a bound, and the count of
/// unfinished items. Internal.
///
/// Small items lie one after the other in segments, which the queue owns; larger ones, and those
/// that carry references, in a message of their own. `put` and `get` are one transaction each: an
/// item whose `put` committed is received by exactly one `get`, and is lost only if the receiver is
/// killed after the commit of that `get`.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "freethreading/platform/bell.hpp"
#include "freethreading/platform/message.hpp"
#include "freethreading/platform/object.hpp"
#include "freethreading/platform/transaction.hpp"
#include "freethreading/portable_buffer.hpp"
#include "freethreading/timeout.hpp"

namespace freethreading::platform {

/// An item taken out of a queue.
class Item {
  public:
    static constexpr std::size_t largest_inline_size = 1280;

    Item() = default;
    Item(const Item&) = delete;
    Item& operator=(const Item&) = delete;
    [[nodiscard]] PortableInput input() const {
        return message_ ? message_->input() : PortableInput(std::span(bytes_.data(), size_));
    }

  private:
    friend class ItemQueue;
    std::array<std::byte, largest_inline_size> bytes_;
    std::size_t size_ = 0;
    std::optional<ReceivedMessage> message_;
};

class ItemQueue : public Object {
  public:
    explicit ItemQueue(std::uint64_t maxsize) : maxsize_(maxsize) {}

    /// `maxsize` of zero or less: no bound. Throws ValueError above 2147483647.
    [[nodiscard]] static std::shared_ptr<ItemQueue> make(std::int64_t maxsize);
    [[nodiscard]] static std::shared_ptr<ItemQueue> from(std::shared_ptr<Object> object);

    /// Appends an item; waits for a free slot until `deadline`, then throws Full. Throws
    /// ResourceError if there is no memory.
    void put(const PortableOutput& item, Deadline deadline);
    /// Takes the first item out; waits for one until `deadline`, then throws Empty.
    void get(Item& item, Deadline deadline);

    [[nodiscard]] std::int64_t size();
    [[nodiscard]] bool full();
    /// Throws ValueError, and changes nothing, if no item is unfinished.
    void task_done();
    /// Blocks until no item is unfinished at a moment at which the caller looks.
    void join();

  private:
    // Items between `read` and `written`. Each is a head (its size, or `in_message`) and the bytes,
    // or the address of the message.
    struct Segment {
        Segment* next;
        std::uint64_t read;
        std::uint64_t written;
        [[nodiscard]] std::byte* data() { return reinterpret_cast<std::byte*>(this + 1); }
    };

    static void destroy(Object* object);
    void append(Transaction& transaction, const PortableOutput& item, Message* message);
    [[nodiscard]] Message* remove_first(Transaction& transaction, Item* item);
    std::byte* make_room(Transaction& transaction, std::size_t size);
    void ring_for_next(Bell& bell);

    InternalLock lock_;
    Bell items_;    // whoever waits for an item sleeps on it
    Bell slots_;    // whoever waits for room
    Bell drained_;  // whoever waits until no item is unfinished
    std::uint64_t maxsize_;
    std::uint64_t count_ = 0;
    std::uint64_t unfinished_ = 0;
    Segment* first_ = nullptr;
    Segment* last_ = nullptr;
    Segment* spare_ = nullptr;
};

/// What `put` and `get` make of `block` and `timeout`: without `block` the time-out is ignored.
/// Throws ValueError for a negative one.
[[nodiscard]] Deadline queue_deadline(bool block, Timeout timeout);

}  // namespace freethreading::platform
