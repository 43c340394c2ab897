#pragma once
/// \file
/// A first-in-first-out channel for values of one type, with an optional bound and a count of
/// unfinished work.
///
///     void consumer(freethreading::Queue<std::optional<int>> tasks) {
///         while (const auto number = tasks.get()) {
///             process(*number);
///             tasks.task_done();
///         }
///         tasks.task_done();
///     }
///
/// An item is a copy, taken by `put`; nothing that the giver or the taker changes later is seen by
/// the other. Every item is received exactly once. If its receiver is killed the item may go with
/// it; no other death loses or doubles one. Items of any size up to the arena's capacity. Fulfils
/// QUEUE-16 to QUEUE-18, QUEUE-25 to QUEUE-27, FAULT-8, FAULT-10 to FAULT-13, FAULT-24.
///
/// Memory ordering: what a worker did before `put` happens before what the worker that receives the
/// item does after its `get`; what workers did before their `task_done` happens before what a
/// worker does after a `join` that they ended.

#include <cstdint>
#include <memory>

#include "freethreading/integer.hpp"
#include "freethreading/platform/item_queue.hpp"
#include "freethreading/portable.hpp"
#include "freethreading/timeout.hpp"

namespace freethreading {

/// A handle: copies refer to the same queue, also in other workers. `T` must be portable. Fulfils
/// GEN-12.
template <class T>
class Queue {
  public:
    /// Holds at most `maxsize` items; any number if it is zero or less. Throws ValueError above
    /// 2147483647, ResourceError if there is no memory. Fulfils QUEUE-1, QUEUE-3.
    explicit Queue(Integer maxsize = 0) : state_(platform::ItemQueue::make(maxsize)) {
        require_portable<T>();
    }

    /// Appends a copy of `item`, visible to every worker when the call returns. If the queue is
    /// full it waits, with `block`, for as long as `timeout` says (none: for ever; zero: not at
    /// all); without, not at all, whatever `timeout` says. Throws Full, ValueError for a negative
    /// time-out or an item that cannot be encoded, ResourceError if there is no room for it in
    /// memory; the queue is then unchanged. Fulfils QUEUE-2, QUEUE-4 to QUEUE-7, QUEUE-12,
    /// QUEUE-14, QUEUE-15, QUEUE-19, GEN-4.
    void put(const T& item, bool block = true, Timeout timeout = {}) const {
        const Deadline deadline = platform::queue_deadline(block, timeout);
        PortableOutput output;
        encode_in_place(output, item);
        state_->put(output, deadline);
    }
    void put(const T& item, Timeout timeout) const { put(item, true, timeout); }
    void put_nowait(const T& item) const { put(item, false); }

    /// Takes the first item. If there is none it waits, with `block`, for as long as `timeout` says
    /// (none: for ever; zero: not at all); without, not at all, whatever `timeout` says. Throws
    /// Empty, ValueError for a negative time-out, and what decoding the item throws, ResourceError
    /// if there is no memory for a handle in it; then the item is consumed. Fulfils QUEUE-8 to QUEUE-11, QUEUE-20, QUEUE-24, GEN-4.
    [[nodiscard]] T get(bool block = true, Timeout timeout = {}) const {
        platform::Item item;
        state_->get(item, platform::queue_deadline(block, timeout));
        PortableInput input = item.input();
        return decode<T>(input);
    }
    [[nodiscard]] T get(Timeout timeout) const { return get(true, timeout); }
    [[nodiscard]] T get_nowait() const { return get(false); }

    /// How many items there are at this moment; whether none; whether as many as the bound allows.
    /// Fulfils QUEUE-1, QUEUE-2, QUEUE-12, QUEUE-13.
    [[nodiscard]] std::int64_t qsize() const { return state_->size(); }
    [[nodiscard]] bool empty() const { return qsize() == 0; }
    [[nodiscard]] bool full() const { return state_->full(); }

    /// Says that one item is dealt with. Any worker may, in any order. Throws ValueError, and
    /// changes nothing, if called more often than `put`. Fulfils QUEUE-21.
    void task_done() const { state_->task_done(); }
    /// Blocks until `task_done` was called as often as `put`. Fulfils QUEUE-22, QUEUE-23.
    void join() const { state_->join(); }

    /// For transport to another worker.
    explicit Queue(PortableInput& input) : state_(platform::ItemQueue::from(input.reference())) {}
    void save(PortableOutput& output) const { output.reference(state_); }

  private:
    std::shared_ptr<platform::ItemQueue> state_;
};

}  // namespace freethreading
