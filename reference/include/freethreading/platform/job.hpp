#pragma once
/// \file
/// A task of a pool or executor: a call, or many calls of one target that workers share out among
/// themselves, and what they resulted in. Internal.
///
/// Each of the calls is a Part. Small arguments and results lie in the parts, so that they cost neither
/// memory of their own nor a transaction.

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

#include "freethreading/platform/bell.hpp"
#include "freethreading/platform/message.hpp"
#include "freethreading/platform/object.hpp"
#include "freethreading/portable_call.hpp"

namespace freethreading::platform {

class JobBoard;
struct Job;

/// Calls to be made by workers, and where their code lies.
struct Call {
    Invoker invoker = nullptr;
    const void* target = nullptr;
    PortableOutput bytes{};
    /// Where the second part of `bytes` begins, the third, ...: each of them is a call by itself.
    std::vector<PortableOutput::Position> starts{};

    [[nodiscard]] std::size_t parts() const { return starts.size() + 1; }
};

struct Part {
    Job* job = nullptr;
    PortableOutput::Position start{};  // in the job's input
    // The encoded value or exception: a message, or else the bytes in place; nothing if void.
    Message* result = nullptr;
    std::uint64_t small_size = 0;
    std::array<std::byte, 24> small_result{};

    [[nodiscard]] bool has_room_for(const PortableOutput& output) const {
        return output.references().empty() && output.size() <= small_result.size();
    }
};
static_assert(sizeof(Part) == 64);

/// Its fields are guarded by the board's lock. What a finished job resulted in never changes again.
struct Job : Object {
    /// From `succeeded` on it is finished.
    enum Status : std::uint64_t {
        queued,
        running,
        succeeded,
        failed,
        cancelled,
        lost,           // the worker died
        terminated,     // the pool was terminated
        uninitialized,  // the initializer failed
        no_memory       // not even for the exception
    };
    static constexpr std::uint64_t none = std::numeric_limits<std::uint64_t>::max();

    /// Throws ResourceError if there is no memory for it.
    [[nodiscard]] static std::shared_ptr<Job> make(JobBoard& board, const Call& call);
    /// `Object::destroy` of a job.
    static void destroy(Object* object);

    [[nodiscard]] bool is_finished() const { return status >= succeeded; }
    [[nodiscard]] bool is_ready() const { return is_finished() && held == 0; }
    /// Parts that are neither done nor given up.
    [[nodiscard]] std::uint64_t unfinished_parts() const { return part_count - claimed + active; }

    JobBoard* board = nullptr;
    Invoker invoker = nullptr;
    // What is to be called, until it has been: a message, or else the bytes in place.
    Message* input = nullptr;
    std::uint64_t small_size = 0;
    std::array<std::byte, 48> small_input;

    std::uint64_t part_count = 1;
    std::uint64_t claimed = 0;         // so many parts workers have taken
    std::uint64_t active = 0;          // of those, not yet done
    std::uint64_t failed_part = none;  // the first one in order, and
    Status failure = queued;           // how
    // Valid from the job's first moment: should its maker die then, it is destroyed as it is.
    Part* parts = &only_part;  // or a table, if there are several
    Part only_part{.job = this};

    Status status = queued;
    std::uint64_t place = 0;      // in the order in which jobs finished
    std::uint64_t announced = 0;  // the supervisor is told when it has finished
    std::uint64_t held = 0;       // not ready, though finished: callbacks come first
    Job* next = nullptr;          // among the queued or the running ones
    Job* previous = nullptr;
    Job* next_announced = nullptr;
    Bell changed;  // whoever waits for the job sleeps on it
};

/// Reads what a part is to call, or what that resulted in. The job must live, and the bytes stay,
/// meanwhile.
class PartBytes {
  public:
    [[nodiscard]] static PartBytes of_call(const Part& part);
    [[nodiscard]] static PartBytes of_result(const Part& part);
    [[nodiscard]] PortableInput input() const {
        return message_ ? PortableInput(bytes_, message_->references()) : PortableInput(bytes_);
    }

  private:
    explicit PartBytes(std::span<const std::byte> bytes) : bytes_(bytes) {}
    PartBytes(Message* message, PortableOutput::Position from, PortableOutput::Position to);

    std::optional<ReceivedMessage> message_;
    std::span<const std::byte> bytes_;
};

/// What a finished job failed with; null if it succeeded.
[[nodiscard]] std::exception_ptr failure_of(const Job& job);
[[nodiscard]] std::exception_ptr failure_of(Job::Status status);

template <class R>
[[nodiscard]] R value_of(const Part& part) {
    const auto result = PartBytes::of_result(part);
    PortableInput input = result.input();
    return decode<R>(input);
}

/// Appends the elements of the container that a part resulted in.
template <class R>
void append_value_of(const Part& part, R& all) {
    const auto result = PartBytes::of_result(part);
    PortableInput input = result.input();
    decode_onto(all, input);
}

/// The value that a job of one part resulted in, or what it failed with.
template <class R>
[[nodiscard]] R result_of(const Job& job) {
    if (const auto failure = failure_of(job)) std::rethrow_exception(failure);
    if constexpr (!std::is_void_v<R>) return value_of<R>(job.only_part);
}

}  // namespace freethreading::platform
