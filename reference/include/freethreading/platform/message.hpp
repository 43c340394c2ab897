#pragma once
/// \file
/// Encoded values in shared memory, on their way from one worker to another, and the references
/// they carry. Internal.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "freethreading/platform/object.hpp"
#include "freethreading/portable_buffer.hpp"

namespace freethreading::platform {

/// The bytes follow the references, which follow the message.
struct Message {
    std::uint64_t size;             // of the bytes
    std::uint64_t references;       // counted so far
    std::uint64_t reference_slots;  // room for references

    [[nodiscard]] Object** objects() { return reinterpret_cast<Object**>(this + 1); }
    [[nodiscard]] std::span<const std::byte> bytes() {
        return {reinterpret_cast<const std::byte*>(objects() + reference_slots), size};
    }
};

/// Writes a message that belongs to this process. Throws ResourceError if there is no room.
[[nodiscard]] Message* make_message(const PortableOutput& output);

/// The same, for a field of an object that this process is making: the object then owns it.
void put_message(const PortableOutput& output, Message*& field);
/// The message that `field` points to, if any, becomes the caller's.
[[nodiscard]] Message* take_message(Transaction& transaction, Message*& field);

/// Releases the message that `field` points to, if any.
void release_message_of(Message*& field);

/// Drops the carried references and frees the message, which must belong to this process. Fit for
/// `take_over`.
void release_message(void* message);

/// A message that this process is reading. It must belong to this process, and is released at the
/// end; or, with `keep`, it must live meanwhile, and stays.
class ReceivedMessage {
  public:
    enum Afterwards : bool { release, keep };
    explicit ReceivedMessage(Message* message, Afterwards afterwards = release)
        : ReceivedMessage(message, afterwards, 0, message->references) {}
    /// With the references of that range only.
    ReceivedMessage(Message* message, Afterwards afterwards, std::uint64_t first,
                    std::uint64_t end);
    ~ReceivedMessage();
    ReceivedMessage(const ReceivedMessage&) = delete;
    ReceivedMessage& operator=(const ReceivedMessage&) = delete;
    [[nodiscard]] PortableInput input() const {
        return PortableInput(message_->bytes(), references_);
    }
    [[nodiscard]] std::span<const std::shared_ptr<Object>> references() const {
        return references_;
    }

  private:
    Message* message_;
    Afterwards afterwards_;
    std::vector<std::shared_ptr<Object>> references_;
};

}  // namespace freethreading::platform
