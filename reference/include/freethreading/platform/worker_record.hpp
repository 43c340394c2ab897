#pragma once
/// \file
/// What all processes may know of a started worker. Internal.

#include <cstdint>
#include <memory>
#include <string>

#include "freethreading/platform/message.hpp"
#include "freethreading/platform/object.hpp"
#include "freethreading/platform/word.hpp"
#include "freethreading/portable_call.hpp"

namespace freethreading::platform {

struct WorkerRecord : Object {
    /// `state` goes through these in order; whoever waits for the worker sleeps on it.
    static constexpr std::uint32_t starting = 0;
    static constexpr std::uint32_t failed = 1;  // no process or thread was to be had
    static constexpr std::uint32_t running = 2;
    static constexpr std::uint32_t ended = 3;

    Word state;
    Word finished;  // 1: the target returned or threw; missing at the end: the worker was killed
    Word clean;     // 1: besides, it left no block behind
    ProcessSerial serial = 0;  // of its process, where it is one
    std::uint64_t ident = 0;   // set before `running`
    bool daemon = false;
    Invoker invoker = nullptr;
    Message* call = nullptr;  // name, and encoded call; the worker takes it over

    [[nodiscard]] static std::shared_ptr<WorkerRecord> make(bool daemon, Invoker invoker,
                                                            const PortableOutput& call);
    /// Whether the worker has ended; with the fork server all worker processes have.
    [[nodiscard]] bool has_ended() const;
    /// Blocks until the worker has ended or `deadline`; whether it has. Throws ResourceError if the
    /// fork server is dead.
    [[nodiscard]] bool wait_for_end(Deadline deadline);

  private:
    static void destroy(Object* object);
};

/// Throws ValueError if `target` lies in a module that was loaded after the fork server had
/// started, so that worker processes lack it.
void require_known_code(const void* target);

/// Starts the worker as a process, or throws ResourceError, or ValueError as above.
void start_worker_process(WorkerRecord& record, const void* target);

/// Has the fork server kill the worker, a process that was started; one that has ended is left
/// alone, and so is who got its number. Does not wait for the end.
void kill_worker_process(const WorkerRecord& record);

/// What a worker process does, from its fork to its end.
[[noreturn]] void run_worker_process(WorkerRecord& record);

/// Writes buffered output of this process, so that it appears neither late nor, after a fork,
/// twice.
void flush_output();

/// For the program's end: whether a non-daemon worker of this program is alive; blocks until there
/// is none but `spared`.
void wait_for_non_daemons(std::uint32_t spared);
/// Registers what has to happen at the program's end. Called when the first worker is started.
void prepare_program_end();

}  // namespace freethreading::platform
