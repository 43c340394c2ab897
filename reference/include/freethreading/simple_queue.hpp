#pragma once
/// \file
/// The plain channel: first in, first out, no bound.
///
///     void fill(freethreading::SimpleQueue<std::string> queue) { queue.put("hello"); }
///
/// Copies, deaths and memory ordering are as for Queue. Fulfils SQUEUE-4, SQUEUE-5, SQUEUE-9,
/// FAULT-9.

#include <memory>

#include "freethreading/platform/item_queue.hpp"
#include "freethreading/portable.hpp"

namespace freethreading {

/// A handle: copies refer to the same queue, also in other workers. `T` must be portable. Fulfils
/// GEN-12.
template <class T>
class SimpleQueue {
  public:
    /// Throws ResourceError if there is no memory. Fulfils SQUEUE-1.
    SimpleQueue() : state_(platform::ItemQueue::make(0)) { require_portable<T>(); }

    /// Appends a copy of `item`, visible to every worker when the call returns. Never blocks.
    /// Throws ValueError for an item that cannot be encoded, ResourceError if there is no room for
    /// it in memory; the queue is then unchanged. Fulfils SQUEUE-4 to SQUEUE-7, SQUEUE-9.
    void put(const T& item) const {
        PortableOutput output;
        encode_in_place(output, item);
        state_->put(output, Deadline::never());
    }

    /// Takes the first item; blocks until there is one. Throws what decoding the item throws; then
    /// the item is consumed. Fulfils SQUEUE-2, SQUEUE-4, SQUEUE-8.
    [[nodiscard]] T get() const {
        platform::Item item;
        state_->get(item, Deadline::never());
        PortableInput input = item.input();
        return decode<T>(input);
    }

    /// Whether there is no item at this moment. Fulfils SQUEUE-3, SQUEUE-5.
    [[nodiscard]] bool empty() const { return state_->size() == 0; }

    /// For transport to another worker.
    explicit SimpleQueue(PortableInput& input)
        : state_(platform::ItemQueue::from(input.reference())) {}
    void save(PortableOutput& output) const { output.reference(state_); }

  private:
    std::shared_ptr<platform::ItemQueue> state_;
};

}  // namespace freethreading
