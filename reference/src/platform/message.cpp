#include "freethreading/platform/message.hpp"

namespace freethreading::platform {

Message* make_message(const PortableOutput& output) {
    const auto bytes = output.bytes();
    const auto& carried = output.references();
    Transaction transaction;
    auto* const message = static_cast<Message*>(
        allocate(transaction, sizeof(Message) + carried.size() * sizeof(Object*) + bytes.size(),
                 release_message));
    *message = {.size = bytes.size(), .references = 0, .reference_slots = carried.size()};
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
    freethreading::detail::copy_bytes(const_cast<std::byte*>(message->bytes().data()), bytes.data(),
                                      bytes.size());
    return message;
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

ReceivedMessage::ReceivedMessage(Message* message, Afterwards afterwards)
    : message_(message), afterwards_(afterwards) {
    try {
        references_.reserve(message->references);
        for (std::uint64_t i = 0; i < message->references; ++i)
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
