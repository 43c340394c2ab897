#include "freethreading/platform/worker_record.hpp"

#include "freethreading/platform/process.hpp"

namespace freethreading::platform {

std::shared_ptr<WorkerRecord> WorkerRecord::make(bool daemon, Invoker invoker,
                                                 const PortableOutput& call) {
    const auto record = make_object_with<WorkerRecord>(destroy);
    record->daemon = daemon;
    record->invoker = invoker;
    Message* const message = make_message(call);
    Transaction transaction;
    transaction.write(record->call, message);
    hand_over(transaction, message);
    transaction.commit();
    return record;
}

void WorkerRecord::destroy(Object* object) {
    auto* const record = static_cast<WorkerRecord*>(object);
    if (Message* const call = record->call; call != nullptr) {
        Transaction transaction;
        transaction.write(record->call, nullptr);
        take_over(transaction, call, release_message);
        transaction.commit();
        release_message(call);
    }
    release_plain(record);
}

bool WorkerRecord::has_ended() const {
    return state.load() == ended ||
           (mode().worker_processes && root().fork_server_dead.load() != 0);
}

bool WorkerRecord::wait_for_end(Deadline deadline) {
    if (state.load() == ended) return true;
    const Attention attention(state);
    for (;;) {
        const std::uint32_t seen = state.load();
        if (seen == ended) return true;
        if (mode().worker_processes) require_fork_server();
        if (deadline.expired()) return false;
        state.wait(seen, deadline);
    }
}

}  // namespace freethreading::platform
