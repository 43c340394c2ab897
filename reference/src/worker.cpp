#include "freethreading/worker.hpp"

#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <system_error>
#include <thread>

#include "freethreading/current_worker.hpp"
#include "freethreading/error.hpp"
#include "freethreading/platform/fork_server.hpp"
#include "freethreading/platform/process.hpp"
#include "freethreading/platform/worker_state.hpp"
#include "freethreading/portable_exception.hpp"

namespace freethreading {
namespace platform {
namespace {

// Numbers tell worker states apart where addresses could be used again. A forked process goes on
// counting where its parent was.
std::atomic<std::uint64_t> last_number = 0;

thread_local std::shared_ptr<WorkerState> of_thread;

std::shared_ptr<WorkerState>& of_process() {
    static auto& state = *new std::shared_ptr<WorkerState>(
        std::make_shared<WorkerState>(mode().shared_state ? "MainProcess" : "MainThread", false,
                                      static_cast<std::uint64_t>(getpid())));
    return state;
}

std::uint64_t ident_here() {
    return static_cast<std::uint64_t>(mode().worker_processes ? getpid() : gettid());
}

std::string default_name() {
    return "Worker-" + std::to_string(root().next_worker_number.fetch_add(1) + 1);
}

Message* take_call(WorkerRecord& record) {
    Message* const call = record.call;
    Transaction transaction;
    transaction.write(record.call, nullptr);
    take_over(transaction, call, release_message);
    transaction.commit();
    return call;
}

void report(const std::string& worker, const std::exception_ptr& failure) {
    // One write, so that reports of several workers do not mix.
    const std::string text =
        "Exception in worker " + worker + ": " + describe_exception(failure) + "\n";
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
}

void call_target(WorkerRecord& record, const std::function<std::string()>& name) {
    try {
        if (record.invoker == nullptr) return;
        const ReceivedMessage call(take_call(record));
        PortableInput input = call.input();
        static_cast<void>(decode<std::string>(input));
        record.invoker(input, nullptr);
    } catch (...) {
        report(name(), std::current_exception());
    }
}

// Publishes the end of a worker thread as the last thing it does: destroyed after whatever the
// target made thread-local, and before the context.
struct ThreadEnd {
    std::shared_ptr<WorkerRecord> record;
    ~ThreadEnd() {
        record->state.store(WorkerRecord::ended);
        record->state.wake_all();
        if (record->daemon) return;
        root().live_non_daemons.fetch_add(~std::uint32_t{0});
        root().live_non_daemons.wake_all();
    }
};

void run_worker_thread(const std::shared_ptr<WorkerState>& state,
                       std::shared_ptr<WorkerRecord> record) {
    static_cast<void>(this_context());
    thread_local ThreadEnd end{std::move(record)};
    WorkerState::set_current_of_thread(state);
    end.record->ident = ident_here();
    end.record->state.store(WorkerRecord::running);
    end.record->state.wake_all();
    call_target(*end.record, [&] { return state->name(); });
}

void end_program() {
    if (this_process() != 1) return;
    make_end_calls();
    // `exit` was called by a worker thread: it must not wait for itself.
    const auto caller = WorkerState::current();
    wait_for_non_daemons(caller != of_process() && !caller->daemon() ? 1 : 0);
    stop_fork_server();
}

}  // namespace

void flush_output() {
    std::cout.flush();
    std::wcout.flush();
    std::clog.flush();
    std::fflush(nullptr);
}

void prepare_program_end() {
    static const int registered = std::atexit(end_program);
    static_cast<void>(registered);
}

void wait_for_non_daemons(std::uint32_t spared) {
    Word& live = root().live_non_daemons;
    const Attention attention(live);
    for (auto count = live.load(); count > spared && root().fork_server_dead.load() == 0;
         count = live.load())
        live.wait(count);
}

void run_worker_process(WorkerRecord& record) {
    const std::string name = [&] {
        if (record.call == nullptr) return std::string();
        const ReceivedMessage call(record.call, ReceivedMessage::keep);
        PortableInput input = call.input();
        return decode<std::string>(input);
    }();
    WorkerState::set_current_of_process(
        std::make_shared<WorkerState>(name, record.daemon, static_cast<std::uint64_t>(getpid())));
    call_target(record, [&] { return name; });
    make_end_calls();
    flush_output();
    record.finished.store(1);
    if (!owns_blocks()) record.clean.store(1);
    // Not exit: the program's own exit handlers and statics are the main program's business.
    _exit(0);
}

WorkerState::WorkerState(WorkerOptions options, const void* target, Encoder encoder)
    : number_(++last_number),
      creator_(current()->number_),
      target_(target),
      name_(options.name.empty() ? default_name() : std::move(options.name)),
      daemon_(options.daemon.has_value() ? *options.daemon : current()->daemon()),
      encoder_(std::move(encoder)) {
    if (!encoder_) return;
    PortableOutput trial;  // GEN-10: the constructor refuses what cannot be encoded
    static_cast<void>(encoder_(trial));
}

WorkerState::WorkerState(std::string name, bool daemon, std::uint64_t ident)
    : number_(++last_number), creator_(0), name_(std::move(name)), daemon_(daemon), ident_(ident) {}

std::shared_ptr<WorkerState> WorkerState::current() {
    return of_thread ? of_thread : of_process();
}
void WorkerState::set_current_of_thread(std::shared_ptr<WorkerState> state) {
    of_thread = std::move(state);
}
void WorkerState::set_current_of_process(std::shared_ptr<WorkerState> state) {
    of_thread.reset();
    of_process() = std::move(state);
}

void WorkerState::require_creator(const char* call) const {
    if (current()->number_ != creator_)
        throw RuntimeError(std::string(call) +
                           " can only be called by the worker that created the Worker");
}

std::shared_ptr<WorkerRecord> WorkerState::record() const {
    const MutexGuard guard(mutex_);
    return record_;
}

void WorkerState::start() {
    if (creator_ == 0) throw RuntimeError("the worker has been started already");
    require_creator("start");
    const auto starter = current();
    const bool starter_is_daemon = starter->daemon();
    std::shared_ptr<WorkerRecord> record;
    {
        const MutexGuard guard(mutex_);
        if (record_) throw RuntimeError("the worker has been started already");
        if (starter_is_daemon) throw RuntimeError("a daemon worker must not start workers");
        PortableOutput call;
        encode(call, name_);
        const Invoker invoker = encoder_ ? encoder_(call) : nullptr;
        record = WorkerRecord::make(daemon_, invoker, call);
        if (mode().worker_processes) {
            start_worker_process(*record, target_);
        } else {
            start_thread(record);
        }
        record_ = record;
        encoder_ = nullptr;
    }
    starter->add_child({shared_from_this(), std::move(record)});
}

void WorkerState::start_thread(std::shared_ptr<WorkerRecord> record) {
    prepare_program_end();
    Word& live = root().live_non_daemons;
    if (!record->daemon) live.fetch_add(1);
    try {
        std::thread(run_worker_thread, shared_from_this(), record).detach();
    } catch (const std::system_error& failure) {
        if (!record->daemon) live.fetch_add(~std::uint32_t{0});
        throw ResourceError(std::string("no thread is to be had (") + failure.what() +
                            "): let some workers end first");
    }
    const Attention attention(record->state);
    while (record->state.load() == WorkerRecord::starting)
        record->state.wait(WorkerRecord::starting);
}

void WorkerState::join(Deadline deadline) {
    if (current().get() == this) throw RuntimeError("a worker cannot join itself");
    require_creator("join");
    const auto started = record();
    if (!started) throw RuntimeError("a worker can be joined only after it was started");
    static_cast<void>(started->wait_for_end(deadline));
}

bool WorkerState::is_alive() const {
    if (current().get() == this) return true;
    require_creator("is_alive");
    const auto started = record();
    return started && !started->has_ended();
}

std::string WorkerState::name() const {
    const MutexGuard guard(mutex_);
    return name_;
}

void WorkerState::set_name(std::string name) {
    const MutexGuard guard(mutex_);
    name_ = std::move(name);
}

bool WorkerState::daemon() const {
    const MutexGuard guard(mutex_);
    return daemon_;
}

void WorkerState::set_daemon(bool daemon) {
    const MutexGuard guard(mutex_);
    if (record_ || creator_ == 0)
        throw RuntimeError("whether a worker is a daemon can be changed only before it is started");
    daemon_ = daemon;
}

std::uint64_t WorkerState::ident() const {
    const MutexGuard guard(mutex_);
    return record_ ? record_->ident : ident_;
}

void WorkerState::add_child(Child child) {
    const MutexGuard guard(mutex_);
    std::erase_if(children_, [](const Child& other) { return other.record->has_ended(); });
    children_.push_back(std::move(child));
}

std::vector<std::shared_ptr<WorkerState>> WorkerState::living_children() {
    const MutexGuard guard(mutex_);
    std::erase_if(children_, [](const Child& child) { return child.record->has_ended(); });
    std::vector<std::shared_ptr<WorkerState>> living;
    for (const Child& child : children_)
        living.push_back(child.state);
    return living;
}

}  // namespace platform

Worker::Worker(WorkerOptions options) : Worker(std::move(options), Prepared{}) {}
Worker::Worker(WorkerOptions options, Prepared prepared)
    : state_(std::make_shared<platform::WorkerState>(std::move(options), prepared.target,
                                                     std::move(prepared.encoder))) {}
void Worker::start() const {
    state_->start();
}
void Worker::join(Timeout timeout) const {
    state_->join(Deadline::after(timeout));
}
bool Worker::is_alive() const {
    return state_->is_alive();
}
std::string Worker::name() const {
    return state_->name();
}
void Worker::set_name(std::string name) const {
    state_->set_name(std::move(name));
}
bool Worker::daemon() const {
    return state_->daemon();
}
void Worker::set_daemon(bool daemon) const {
    state_->set_daemon(daemon);
}
std::uint64_t WorkerHandle::ident() const {
    return state_->ident();
}

WorkerHandle current_worker() {
    return WorkerHandle(platform::WorkerState::current());
}

std::vector<WorkerHandle> active_children() {
    std::vector<WorkerHandle> handles;
    for (auto& child : platform::WorkerState::current()->living_children())
        handles.push_back(WorkerHandle(std::move(child)));
    return handles;
}

std::vector<WorkerHandle> enumerate() {
    auto handles = active_children();
    // As the guide shows it on each backend; nobody may rely on the order (UTIL-13).
    handles.insert(platform::mode().shared_state ? handles.end() : handles.begin(),
                   current_worker());
    return handles;
}

std::size_t active_count() {
    return active_children().size() + 1;
}

std::uint64_t get_ident() {
    return platform::ident_here();
}

}  // namespace freethreading
