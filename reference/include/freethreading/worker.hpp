#pragma once
/// \file
/// An activity that runs in a thread or process of its own.
///
///     void greet(std::string greeting) {
///         std::cout << greeting << " from " << freethreading::current_worker().name() << '\n';
///     }
///
///     freethreading::Worker worker({.name = "Worker", .daemon = false}, greet, "Hello");
///     worker.start();
///     worker.join();
///
/// The target and its arguments are portable values, and the worker gets copies of them: handles
/// (Lock, Queue, ...) refer to the same object, everything else is the worker's own. An exception
/// that leaves the target is reported on standard error with the worker's name, and ends that
/// worker only. The program's end waits for workers that are not daemons; daemons end with it, or,
/// if they are threads, at some time before, without their destructors being run: what they use of
/// the program's own statics must live as long. Fulfils GEN-10, GEN-12, GEN-15, GEN-16, WORKER-10
/// to WORKER-12, WORKER-20 to WORKER-23.
///
/// Memory ordering: what happened before `start` happens before the target runs; what the target
/// did happens before what a worker does after a `join` that waited for the end, or an `is_alive`
/// that returned false.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "freethreading/portable_call.hpp"
#include "freethreading/timeout.hpp"

namespace freethreading {

namespace platform {
class WorkerState;
}

/// For designated initialisers: `{.name = "Producer", .daemon = true}`.
struct WorkerOptions {
    std::string name{};            ///< empty: a name that no other worker has by default
    std::optional<bool> daemon{};  ///< none: as the worker that creates this one
};

/// A handle: copies refer to the same worker. Not portable. Used only by the worker that created it
/// (GEN-17, WORKER-8).
class Worker {
  public:
    /// A worker that ends at once. Fulfils WORKER-10.
    explicit Worker(WorkerOptions options = {});

    /// A worker that will call `target(arguments...)`. `target` is a function or a lambda without
    /// captures; whatever else is not portable does not compile, on either backend. Throws ValueError
    /// if an argument cannot be encoded; it is encoded here for a try, and again by `start`. Fulfils
    /// GEN-10, WORKER-1, WORKER-10, WORKER-11, WORKER-15, WORKER-16, WORKER-18, DOC-16.
    template <class Target, class... Arguments>
    Worker(WorkerOptions options, Target target, const Arguments&... arguments)
        : Worker(std::move(options),
                 Prepared{target_address(target), encoder(target, arguments...)}) {
        require_call<Target, Arguments...>();
    }
    template <class Target, class... Arguments>
        requires(!std::is_base_of_v<Worker, Target> && !std::is_same_v<WorkerOptions, Target>)
    explicit Worker(Target target, const Arguments&... arguments)
        : Worker(WorkerOptions{}, target, arguments...) {}

    /// Starts the worker; it is alive when the call returns, unless it has ended already. May block
    /// while the fork server starts (first call, some milliseconds) and forks. Throws RuntimeError
    /// if it was started before, or is another worker's, or the caller is a daemon worker;
    /// ValueError if an argument cannot be encoded any more or the target is in a module loaded after the
    /// fork server started; ResourceError if no process, thread or memory is to be had. The worker
    /// is then as if `start` had not been called. Fulfils WORKER-3, WORKER-4, WORKER-8, WORKER-24,
    /// WORKER-27.
    void start() const;

    /// Blocks until the worker has ended, or for `timeout` (none: for ever; zero or negative: not
    /// at all). Never throws what the target threw. Throws RuntimeError if it was not started, is
    /// the caller itself, or is another worker's; ResourceError if the fork server is dead. Fulfils
    /// WORKER-2, WORKER-5 to WORKER-9, FAULT-22.
    void join(Timeout timeout = {}) const;

    /// Whether it was started and has not ended; also right after it was killed. Never blocks.
    /// Throws RuntimeError if it is another worker's. Fulfils WORKER-2, WORKER-3, WORKER-8,
    /// WORKER-9.
    [[nodiscard]] bool is_alive() const;

    /// The name; what a started worker process sees of a later change is the old one. Fulfils
    /// WORKER-15 to WORKER-17.
    [[nodiscard]] std::string name() const;
    void set_name(std::string name) const;

    /// Whether the program's end does not wait for it. `set_daemon` throws RuntimeError once it was
    /// started. Fulfils WORKER-18, WORKER-19.
    [[nodiscard]] bool daemon() const;
    void set_daemon(bool daemon) const;

  protected:
    using Encoder = std::function<Invoker(PortableOutput&)>;
    explicit Worker(std::shared_ptr<platform::WorkerState> state) : state_(std::move(state)) {}
    struct Prepared {
        const void* target = nullptr;
        Encoder encoder{};
    };
    Worker(WorkerOptions options, Prepared prepared);

    template <class Target, class... Arguments>
    static Encoder encoder(const Target& target, const Arguments&... arguments) {
        return [target,
                copies = std::tuple<Stored<Arguments>...>(arguments...)](PortableOutput& output) {
            return std::apply(
                [&](const auto&... values) { return encode_call(output, target, values...); },
                copies);
        };
    }

    std::shared_ptr<platform::WorkerState> state_;
};

/// What `current_worker`, `active_children` and `enumerate` return: the worker, with its ident.
/// Fulfils UTIL-7, UTIL-8.
class WorkerHandle : public Worker {
  public:
    /// What `get_ident` returns in that worker. Fulfils UTIL-2.
    [[nodiscard]] std::uint64_t ident() const;
    /// Whether both refer to the same worker.
    friend bool operator==(const WorkerHandle& left, const WorkerHandle& right) {
        return left.state_ == right.state_;
    }

  private:
    friend WorkerHandle current_worker();
    friend std::vector<WorkerHandle> active_children();
    explicit WorkerHandle(std::shared_ptr<platform::WorkerState> state)
        : Worker(std::move(state)) {}
};

}  // namespace freethreading
