#include "freethreading/platform/item_queue.hpp"

#include <climits>
#include <cstring>
#include <string>

#include "freethreading/error.hpp"

namespace freethreading::platform {
namespace {

constexpr std::uint64_t in_message = ~std::uint64_t{0};
// A dozen items of the largest size that lies in it: with three of them, each segment was allocated and freed for
// every three, which took a fifth of their time. Only what is written is taken of the machine.
constexpr std::size_t segment_size = 16384 - 128;

std::size_t padded(std::size_t size) {
    return (size + 7) / 8 * 8;
}

// A message that was made for an item but found no place in the queue.
struct MessageGuard {
    Message* message;
    ~MessageGuard() {
        try {
            if (message != nullptr) release_message(message);
        } catch (
            const ResourceError&) {  // the fork server is dead: the memory goes with the program
        }
    }
};

}  // namespace

std::shared_ptr<ItemQueue> ItemQueue::make(std::int64_t maxsize) {
    if (maxsize > 2147483647)
        throw ValueError("a queue's maxsize must be at most 2147483647, not " +
                         std::to_string(maxsize));
    return make_object_with<ItemQueue>(destroy,
                                       maxsize > 0 ? static_cast<std::uint64_t>(maxsize) : 0);
}

std::shared_ptr<ItemQueue> ItemQueue::from(std::shared_ptr<Object> object) {
    return object_cast<ItemQueue>(std::move(object), destroy);
}

void ItemQueue::destroy(Object* object) {
    auto* const queue = static_cast<ItemQueue*>(object);
    for (;;) {
        Transaction transaction;
        if (queue->count_ > 0) {
            Message* const message = queue->remove_first(transaction, nullptr);
            transaction.commit();
            if (message != nullptr) release_message(message);
            continue;
        }
        if (queue->first_ != nullptr) free_block(transaction, queue->first_);
        if (queue->spare_ != nullptr) free_block(transaction, queue->spare_);
        free_block(transaction, queue);
        transaction.commit();
        return;
    }
}

void ItemQueue::ring_for_next(Bell& bell) {
    Transaction transaction;
    transaction.lock(lock_);
    bell.remember_sleepers();
    bell.ring(transaction, 1);
    transaction.commit();
}

std::byte* ItemQueue::make_room(Transaction& transaction, std::size_t size) {
    if (last_ == nullptr || last_->written + size > segment_size) {
        Segment* segment = spare_;
        if (segment != nullptr) {
            transaction.write(spare_, nullptr);
        } else {
            segment = static_cast<Segment*>(
                allocate(transaction, sizeof(Segment) + segment_size, release_plain));
            hand_over(transaction, segment);
        }
        transaction.write(segment->next, nullptr);
        transaction.write(segment->read, 0);
        transaction.write(segment->written, 0);
        transaction.write(last_ != nullptr ? last_->next : first_, segment);
        transaction.write(last_, segment);
    }
    return last_->data() + last_->written;
}

void ItemQueue::append(Transaction& transaction, const PortableOutput& item, Message* message) {
    const auto bytes = item.bytes();
    const std::size_t size =
        sizeof(std::uint64_t) + (message != nullptr ? sizeof message : padded(bytes.size()));
    // Written where nobody looks before the commit moves `written` past it.
    std::byte* const place = make_room(transaction, size);
    const std::uint64_t head = message != nullptr ? in_message : bytes.size();
    std::memcpy(place, &head, sizeof head);
    if (message != nullptr) {
        std::memcpy(place + sizeof head, &message, sizeof message);
        hand_over(transaction, message);
    } else if (!bytes.empty()) {
        std::memcpy(place + sizeof head, bytes.data(), bytes.size());
    }
    transaction.write(last_->written, last_->written + size);
    transaction.write(count_, count_ + 1);
}

Message* ItemQueue::remove_first(Transaction& transaction, Item* item) {
    Segment* const segment = first_;
    const std::byte* const place = segment->data() + segment->read;
    std::uint64_t head = 0;
    std::memcpy(&head, place, sizeof head);
    Message* message = nullptr;
    std::size_t size = sizeof head;
    if (head == in_message) {
        std::memcpy(&message, place + sizeof head, sizeof message);
        take_over(transaction, message, release_message);
        size += sizeof message;
    } else {
        if (item != nullptr) {
            std::memcpy(item->bytes_.data(), place + sizeof head, head);
            item->size_ = head;
        }
        size += padded(head);
    }
    transaction.write(count_, count_ - 1);
    transaction.write(segment->read, segment->read + size);
    if (segment->read < segment->written) return message;
    if (segment == last_) {
        transaction.write(segment->read, 0);
        transaction.write(segment->written, 0);
    } else {
        transaction.write(first_, segment->next);
        if (spare_ == nullptr) {
            transaction.write(spare_, segment);
        } else {
            free_block(transaction, segment);
        }
    }
    return message;
}

void ItemQueue::put(const PortableOutput& item, Deadline deadline) {
    const bool is_small = item.references().empty() && item.size() <= Item::largest_inline_size;
    MessageGuard guard{is_small ? nullptr : make_message(item)};
    std::optional<Attention> attention;
    for (bool patient = true;;) {
        std::uint32_t seen = 0;
        try {
            Transaction transaction;
            transaction.lock(lock_);
            if (maxsize_ == 0 || count_ < maxsize_) {
                append(transaction, item, guard.message);
                transaction.write(unfinished_, unfinished_ + 1);
                items_.ring(transaction, 1);
                if (attention) slots_.remember_sleepers();
                if (attention && count_ < maxsize_) slots_.ring(transaction, 1);
                transaction.commit();
                guard.message = nullptr;
                return;
            }
            const bool late = deadline.expired();
            if ((!late && !patient) || attention) slots_.remember_sleepers();
            if (late) throw Full();
            seen = slots_.load();
        } catch (const ResourceError&) {
            // It may be this thread that was told of the slot, which it cannot use.
            if (attention) ring_for_next(slots_);
            throw;
        }
        if (patient) {
            patient = slots_.rings_soon(seen);
            continue;
        }
        if (!attention) attention.emplace(slots_);
        slots_.wait(seen, deadline);
    }
}

void ItemQueue::get(Item& item, Deadline deadline) {
    std::optional<Attention> attention;
    for (bool patient = true;;) {
        std::uint32_t seen = 0;
        {
            Transaction transaction;
            transaction.lock(lock_);
            if (count_ > 0) {
                Message* const message = remove_first(transaction, &item);
                slots_.ring(transaction, 1);
                if (attention) items_.remember_sleepers();
                if (attention && count_ > 0) items_.ring(transaction, 1);
                transaction.commit();
                if (message != nullptr) item.message_.emplace(message);
                return;
            }
            const bool late = deadline.expired();
            if ((!late && !patient) || attention) items_.remember_sleepers();
            if (late) throw Empty();
            seen = items_.load();
        }
        if (patient) {
            patient = items_.rings_soon(seen);
            continue;
        }
        if (!attention) attention.emplace(items_);
        items_.wait(seen, deadline);
    }
}

std::int64_t ItemQueue::size() {
    Transaction transaction;
    transaction.lock(lock_);
    return static_cast<std::int64_t>(count_);
}

bool ItemQueue::full() {
    Transaction transaction;
    transaction.lock(lock_);
    return maxsize_ != 0 && count_ >= maxsize_;
}

void ItemQueue::task_done() {
    Transaction transaction;
    transaction.lock(lock_);
    if (unfinished_ == 0) throw ValueError("task_done was called more often than put");
    transaction.write(unfinished_, unfinished_ - 1);
    if (unfinished_ == 0) drained_.ring(transaction, INT_MAX);
    transaction.commit();
}

void ItemQueue::join() {
    std::optional<Attention> attention;
    for (bool patient = true;;) {
        std::uint32_t seen = 0;
        {
            Transaction transaction;
            transaction.lock(lock_);
            if (unfinished_ == 0) return;
            if (!patient) drained_.remember_sleepers();
            seen = drained_.load();
        }
        if (patient) {
            patient = drained_.rings_soon(seen);
            continue;
        }
        if (!attention) attention.emplace(drained_);
        drained_.wait(seen);
    }
}

Deadline queue_deadline(bool block, Timeout timeout) {
    if (!block) return Deadline::at(0);
    if (timeout.is_negative()) throw ValueError("the time-out of a queue must not be negative");
    return Deadline::after(timeout);
}

}  // namespace freethreading::platform
