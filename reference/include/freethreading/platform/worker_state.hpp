#pragma once
/// \file
/// What a process knows of a worker: of itself, or of one it created. Internal.

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "freethreading/platform/thread_annotations.hpp"
#include "freethreading/platform/worker_record.hpp"
#include "freethreading/worker.hpp"

namespace freethreading::platform {

class WorkerState : public std::enable_shared_from_this<WorkerState> {
  public:
    using Encoder = std::function<Invoker(PortableOutput&)>;

    /// A worker not yet started, created by the calling one.
    WorkerState(WorkerOptions options, const void* target, Encoder encoder);
    /// The calling process itself: the main program, or the worker process of `record`.
    WorkerState(std::string name, bool daemon, std::uint64_t ident);

    /// The calling worker.
    [[nodiscard]] static std::shared_ptr<WorkerState> current();
    /// For a thread or process just begun.
    static void set_current_of_thread(std::shared_ptr<WorkerState> state);
    static void set_current_of_process(std::shared_ptr<WorkerState> state);

    void start();
    void join(Deadline deadline);
    [[nodiscard]] bool is_alive() const;
    [[nodiscard]] std::string name() const;
    void set_name(std::string name);
    [[nodiscard]] bool daemon() const;
    void set_daemon(bool daemon);
    [[nodiscard]] std::uint64_t ident() const;
    [[nodiscard]] std::vector<std::shared_ptr<WorkerState>> living_children();
    /// What other processes know of it; null unless it was started.
    [[nodiscard]] std::shared_ptr<WorkerRecord> record() const;

  private:
    // With its record, so that no mutex of another worker is needed to see whether it has ended.
    struct Child {
        std::shared_ptr<WorkerState> state;
        std::shared_ptr<WorkerRecord> record;
    };
    void require_creator(const char* call) const;
    void start_thread(std::shared_ptr<WorkerRecord> record);
    void add_child(Child child);

    const std::uint64_t number_;   // of this state, unique in the process
    const std::uint64_t creator_;  // number of the worker that created it; 0 for the process itself
    const void* const target_ = nullptr;
    mutable Mutex mutex_;
    std::string name_ FREETHREADING_GUARDED_BY(mutex_);
    bool daemon_ FREETHREADING_GUARDED_BY(mutex_);
    std::uint64_t ident_ FREETHREADING_GUARDED_BY(mutex_) = 0;
    Encoder encoder_ FREETHREADING_GUARDED_BY(mutex_);
    std::shared_ptr<WorkerRecord> record_ FREETHREADING_GUARDED_BY(mutex_);
    std::vector<Child> children_ FREETHREADING_GUARDED_BY(mutex_);
};

}  // namespace freethreading::platform
