#include "freethreading/platform/message.hpp"

namespace freethreading::platform {

Message* make_message(const PortableOutput& output) {
    const auto size = output.size();
    const auto& carried = output.references();
    Transaction transaction;
    auto* const message = static_cast<Message*>(allocate(
        transaction, sizeof(Message) + carried.size() * sizeof(Object*) + size, release_message));
    *message = {.size = size, .references = 0, .reference_slots = carried.size()};
    transaction.commit();
    // One transaction each, since a journal is finite; the message is still this process's own, and
    // a death undoes them all.
    for (const auto& object : carried) {
        Transaction counting;
        count_reference(counting, object.get());
        message->objects()[message->references] = object.get();
        counting.write(message->references, message->references + 1);
        counting.commit();
    }
    output.copy_to(const_cast<std::byte*>(message->bytes().data()));
    return message;
}

void put_message(const PortableOutput& output, Message*& field) {
    Message* const message = make_message(output);
    Transaction transaction;
    transaction.write(field, message);
    hand_over(transaction, message);
    transaction.commit();
}

Message* take_message(Transaction& transaction, Message*& field) {
    Message* const message = field;
    if (message == nullptr) return nullptr;
    transaction.write(field, nullptr);
    take_over(transaction, message, release_message);
    return message;
}

void release_message_of(Message*& field) {
    Transaction transaction;
    Message* const message = take_message(transaction, field);
    transaction.commit();
    if (message != nullptr) release_message(message);
}

void release_message(void* payload) {
    auto* const message = static_cast<Message*>(payload);
    while (message->references > 0) {
        Object* const object = message->objects()[message->references - 1];
        Transaction transaction;
        const bool last = release_reference(transaction, object);
        transaction.write(message->references, message->references - 1);
        transaction.commit();
        if (last) object->destroy(object);
    }
    release_plain(message);
}

ReceivedMessage::ReceivedMessage(Message* message, Afterwards afterwards, std::uint64_t first,
                                 std::uint64_t end)
    : message_(message), afterwards_(afterwards) {
    try {
        references_.reserve(end - first);
        for (std::uint64_t i = first; i < end; ++i)
            references_.push_back(refer_to(message->objects()[i]));
    } catch (...) {
        if (afterwards == release) release_message(message);
        throw;
    }
}

ReceivedMessage::~ReceivedMessage() {
    if (afterwards_ == keep) return;
    try {
        release_message(message_);
    } catch (const ResourceError&) {  // the fork server died meanwhile: the memory goes when the
                                      // program ends
    }
}

}  // namespace freethreading::platform
