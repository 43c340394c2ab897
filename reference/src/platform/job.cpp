#include "freethreading/platform/job.hpp"

#include <new>

#include "freethreading/error.hpp"
#include "freethreading/portable_exception.hpp"

namespace freethreading::platform {
namespace {

void release_table(Job& job) {
    Part* const table = job.parts;
    if (table == &job.only_part) return;
    Transaction transaction;
    transaction.write(job.parts, &job.only_part);
    transaction.write(job.part_count, 1);
    take_over(transaction, table, release_plain);
    transaction.commit();
    release_plain(table);
}

void make_table(Job& job, const Call& call) {
    Part* table = nullptr;
    {
        Transaction transaction;
        table =
            static_cast<Part*>(allocate(transaction, call.parts() * sizeof(Part), release_plain));
        transaction.commit();
    }
    for (std::size_t i = 0; i < call.parts(); ++i) {
        auto& part = *new (table + i) Part;
        part.job = &job;
        if (i > 0) part.start = call.starts[i - 1];
    }
    Transaction transaction;
    transaction.write(job.parts, table);
    transaction.write(job.part_count, call.parts());
    hand_over(transaction, table);
    transaction.commit();
}

PortableOutput::Position end_of(const Message& message) {
    return {.bytes = message.size, .references = message.references};
}

}  // namespace

std::shared_ptr<Job> Job::make(JobBoard& board, const Call& call) {
    auto job = make_object_with<Job>(destroy);
    job->board = &board;
    job->invoker = call.invoker;
    if (call.parts() > 1) make_table(*job, call);
    const auto size = call.bytes.size();
    if (call.bytes.references().empty() && size <= job->small_input.size()) {
        call.bytes.copy_to(job->small_input.data());
        job->small_size = size;
    } else {
        put_message(call.bytes, job->input);
    }
    return job;
}

void Job::destroy(Object* object) {
    auto* const job = static_cast<Job*>(object);
    release_message_of(job->input);
    for (Part& part : std::span(job->parts, job->part_count)) {
        if (part.result != nullptr) release_message_of(part.result);
    }
    release_table(*job);
    release_plain(job);
}

PartBytes::PartBytes(Message* message, PortableOutput::Position from, PortableOutput::Position to)
    : message_(std::in_place, message, ReceivedMessage::keep, from.references, to.references),
      bytes_(message->bytes().subspan(from.bytes, to.bytes - from.bytes)) {}

PartBytes PartBytes::of_call(const Part& part) {
    const Job& job = *part.job;
    const bool is_last = &part == job.parts + job.part_count - 1;
    if (job.input != nullptr)
        return PartBytes(job.input, part.start, is_last ? end_of(*job.input) : (&part + 1)->start);
    const auto end = is_last ? job.small_size : (&part + 1)->start.bytes;
    return PartBytes(std::span(job.small_input).subspan(part.start.bytes, end - part.start.bytes));
}

PartBytes PartBytes::of_result(const Part& part) {
    if (part.result != nullptr) return PartBytes(part.result, {}, end_of(*part.result));
    return PartBytes(std::span(part.small_result).first(part.small_size));
}

std::exception_ptr failure_of(const Job& job) {
    if (job.status != Job::failed) return failure_of(job.status);
    const auto result = PartBytes::of_result(job.parts[job.failed_part]);
    PortableInput input = result.input();
    return decode_exception(input);
}

std::exception_ptr failure_of(Job::Status status) {
    const auto broken = [](const char* message) {
        return std::make_exception_ptr(BrokenWorkerPool(message));
    };
    switch (status) {
        case Job::cancelled:
            return std::make_exception_ptr(CancelledError());
        case Job::lost:
            return broken("a worker of the pool died abruptly, and the task is lost with it");
        case Job::terminated:
            return broken("the pool was terminated before the task had finished");
        case Job::uninitialized:
            return broken("the initializer of the pool failed, so that no worker can run a task");
        case Job::no_memory:
            return std::make_exception_ptr(
                ResourceError("no memory is left for the result of the task"));
        default:
            return nullptr;
    }
}

}  // namespace freethreading::platform
