#include "freethreading/platform/fork_server.hpp"

#include <link.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <deque>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "freethreading/backend.hpp"
#include "freethreading/error.hpp"
#include "freethreading/platform/process.hpp"
#include "freethreading/platform/thread_annotations.hpp"

namespace freethreading::platform {
namespace {

struct Request {
    enum class Kind { start, kill, stop };
    Kind kind;
    WorkerRecord* record = nullptr;  // to start; whoever asks keeps it until it is answered
    ProcessSerial serial = 0;        // to kill; nobody waits, so the record may be gone by then
};

struct Module {
    std::uintptr_t begin;
    std::uintptr_t end;
};

// What a client knows of the server. Inherited by the worker processes, which are clients too.
struct Client {
    Mutex mutex;
    std::atomic<int> socket = -1;
    pid_t server = -1;
    std::atomic<bool> stopping = false;
    std::vector<Module> modules;  // loaded when the server was forked
};
Client& client() {
    static auto& client = *new Client;
    return client;
}

// Whether a living server will read it.
bool send_to_server(const Request& request) {
    ssize_t sent = 0;
    do {
        sent = send(client().socket.load(), &request, sizeof request, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent == sizeof request;
}

int open_pidfd(pid_t process) {
    return static_cast<int>(syscall(SYS_pidfd_open, process, 0));
}

bool is_readable(int descriptor) {
    pollfd waiting{.fd = descriptor, .events = POLLIN, .revents = 0};
    return poll(&waiting, 1, 0) > 0;
}

class Server {
  public:
    Server(int requests, pid_t program, const sigset_t& signals_of_program)
        : requests_(requests),
          program_(open_pidfd(program)),
          signals_of_program_(signals_of_program) {
        struct sigaction usual{};
        usual.sa_handler = SIG_DFL;
        sigaction(SIGCHLD, &usual, &of_program_);  // ignored, no death would be told of
        sigset_t child_ended;
        sigemptyset(&child_ended);
        sigaddset(&child_ended, SIGCHLD);
        deaths_ = signalfd(-1, &child_ended, SFD_CLOEXEC | SFD_NONBLOCK);
        if (program_ < 0 || deaths_ < 0 || getppid() != program) _exit(1);
    }

    [[noreturn]] void run() {
        for (;;) {
            pollfd waiting[] = {
                {requests_, POLLIN, 0}, {deaths_, POLLIN, 0}, {program_, POLLIN, 0}};
            poll(waiting, 3, -1);
            notice_deaths();
            for (;;) {
                // Before each burial: what the dead had sent is kept alive only until then.
                serve_requests();
                if (dead_.empty()) break;
                bury();
            }
        }
    }

    // Touches nothing that another process could hold, so it can be called while this one waits for
    // such a thing.
    void notice_deaths() {
        if (is_readable(program_)) _exit(0);
        signalfd_siginfo ignored;
        while (read(deaths_, &ignored, sizeof ignored) > 0) {
        }
        for (pid_t process; (process = waitpid(-1, nullptr, WNOHANG)) > 0;)
            notice_death(process);
    }

  private:
    using Reference = std::shared_ptr<Object>;

    void serve_requests() {
        for (Request request{};
             recv(requests_, &request, sizeof request, MSG_DONTWAIT) == sizeof request;) {
            switch (request.kind) {
                case Request::Kind::start:
                    fork_worker(*request.record);
                    break;
                case Request::Kind::kill:
                    kill_worker(request.serial);
                    break;
                case Request::Kind::stop:
                    stop();
            }
        }
    }

    // Nobody else could: the kernel gives the number of a dead child away once it has been waited
    // for, which only happens here, and by then the child is not among the workers.
    void kill_worker(ProcessSerial serial) {
        for (const auto& [process, reference] : workers_) {
            if (record_of(reference).serial == serial) kill(process, SIGKILL);
        }
    }

    static WorkerRecord& record_of(const Reference& reference) {
        return static_cast<WorkerRecord&>(*reference);
    }

    void fork_worker(WorkerRecord& record) {
        try {
            fork_worker(record, refer_to(&record));
        } catch (const ResourceError&) {
            record.state.store(WorkerRecord::failed);
            record.state.wake_all();
        }
    }

    void fork_worker(WorkerRecord& record, Reference reference) {
        const pid_t server = getpid();
        if (!record.daemon) root().live_non_daemons.fetch_add(1);
        const pid_t process = fork();
        if (process == 0) begin_worker(record, server);
        if (process < 0) {
            if (!record.daemon) root().live_non_daemons.fetch_add(~std::uint32_t{0});
            record.state.store(WorkerRecord::failed);
        } else {
            record.ident = static_cast<std::uint64_t>(process);
            record.state.store(WorkerRecord::running);
            workers_.emplace(process, std::move(reference));
        }
        record.state.wake_all();
    }

    [[noreturn]] void begin_worker(WorkerRecord& record, pid_t server) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != server) _exit(1);
        close(requests_);
        close(deaths_);
        close(program_);
        set_repair_while_waiting(nullptr);
        become_process(record.serial);
        sigaction(SIGCHLD, &of_program_, nullptr);
        sigprocmask(SIG_SETMASK, &signals_of_program_, nullptr);
        run_worker_process(record);
    }

    void notice_death(pid_t process) {
        const auto found = workers_.find(process);
        if (found == workers_.end()) return;
        repair_contexts_of(record_of(found->second).serial);
        dead_.push_back(std::move(found->second));
        workers_.erase(found);
    }

    void bury() {
        const Reference reference = std::move(dead_.front());
        dead_.pop_front();
        WorkerRecord& record = record_of(reference);
        execute_wills_of(record.serial);
        if (record.clean.load() == 0) release_blocks_of(record.serial);
        free_contexts_of(record.serial);
        record.state.store(WorkerRecord::ended);
        record.state.wake_all();
        if (record.daemon) return;
        root().live_non_daemons.fetch_add(~std::uint32_t{0});
        root().live_non_daemons.wake_all();
    }

    [[noreturn]] void stop() {
        for (const auto& [process, reference] : workers_)
            kill(process, SIGKILL);
        // The program lives on for a while and must not find a lock held by one of the dead.
        for (pid_t process; !workers_.empty() && (process = waitpid(-1, nullptr, 0)) > 0;)
            notice_death(process);
        _exit(0);
    }

    int requests_;
    int deaths_;
    int program_;
    sigset_t signals_of_program_;
    struct sigaction of_program_{};
    std::unordered_map<pid_t, Reference> workers_;
    std::deque<Reference> dead_;
};

Server* server_here = nullptr;

[[noreturn]] void run_server(int requests, pid_t program, const sigset_t& signals_of_program,
                             ProcessSerial serial) {
    prctl(PR_SET_NAME, "fork-server");
    become_process(serial);
    server_here = new Server(requests, program, signals_of_program);
    set_repair_while_waiting([] { server_here->notice_deaths(); });
    server_here->run();
}

void watch_server(pid_t server, int pidfd) {
    pollfd ended{.fd = pidfd, .events = POLLIN, .revents = 0};
    while (poll(&ended, 1, -1) < 0) {
    }
    close(pidfd);
    if (client().stopping.load()) return;
    waitpid(server, nullptr, 0);
    root().fork_server_dead.store(1);
    // Again and again: a thread that looked at the mark just before may fall asleep just after.
    for (;;) {
        wake_everyone_here();
        poll(nullptr, 0, 100);
    }
}

int note_module(dl_phdr_info* info, std::size_t, void* modules) {
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const auto& header = info->dlpi_phdr[i];
        const auto begin = info->dlpi_addr + header.p_vaddr;
        if (header.p_type == PT_LOAD)
            static_cast<std::vector<Module>*>(modules)->push_back({begin, begin + header.p_memsz});
    }
    return 0;
}

[[noreturn]] void cannot_start(const char* what) {
    throw ResourceError(std::string("the fork server cannot be started: ") + what + ": " +
                        std::strerror(errno));
}

}  // namespace

void ensure_fork_server() {
    if (client().socket.load() >= 0) return;
    const MutexGuard guard(client().mutex);
    if (client().socket.load() >= 0) return;
    const ProcessSerial serial = root().next_process_serial.fetch_add(1) + 1;
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) cannot_start("no socket");
    dl_iterate_phdr(note_module, &client().modules);
    keep_all_objects();
    flush_output();
    // No signal handler of the program may run in the server, nor in the thread that watches it.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t program = getpid();
    const pid_t server = fork();
    if (server == 0) {
        client().socket.store(ends[0]);  // for the worker processes to inherit
        run_server(ends[1], program, before, serial);
    }
    close(ends[1]);
    const int pidfd = server > 0 ? open_pidfd(server) : -1;
    try {
        if (pidfd < 0) cannot_start("no process");
        client().server = server;
        std::thread(watch_server, server, pidfd).detach();
    } catch (const std::exception& failure) {
        close(ends[0]);
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
        if (server > 0) {
            kill(server, SIGKILL);
            waitpid(server, nullptr, 0);
        }
        throw ResourceError(failure.what());
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    // Only now: whoever sees it may send requests.
    client().socket.store(ends[0]);
    prepare_program_end();
}

void stop_fork_server() {
    if (client().socket.load() < 0) return;
    client().stopping.store(true);
    if (send_to_server({.kind = Request::Kind::stop})) waitpid(client().server, nullptr, 0);
}

void require_known_code(const void* target) {
    if (!mode().worker_processes) return;
    ensure_fork_server();
    const auto address = reinterpret_cast<std::uintptr_t>(target);
    bool known = target == nullptr;
    for (const auto& module : client().modules)
        known = known || (address >= module.begin && address < module.end);
    if (!known)
        throw ValueError(
            "the target lies in a library that was loaded after the fork server had started: load "
            "it first, or call start_fork_server later");
}

void start_worker_process(WorkerRecord& record, const void* target) {
    require_known_code(target);
    require_fork_server();
    record.serial = root().next_process_serial.fetch_add(1) + 1;
    if (!send_to_server({.kind = Request::Kind::start, .record = &record}))
        throw ResourceError(std::string("the fork server does not take requests any more: ") +
                            std::strerror(errno));
    const Attention attention(record.state);
    while (record.state.load() == WorkerRecord::starting) {
        require_fork_server();
        record.state.wait(WorkerRecord::starting);
    }
    if (record.state.load() == WorkerRecord::failed)
        throw ResourceError(
            "no worker process is to be had: the limit of processes or memory is reached; let some "
            "workers end first");
}

void kill_worker_process(const WorkerRecord& record) {
    // With a dead server its workers are dead.
    static_cast<void>(send_to_server({.kind = Request::Kind::kill, .serial = record.serial}));
}

}  // namespace freethreading::platform

namespace freethreading {

void start_fork_server() {
    if (platform::mode().worker_processes) platform::ensure_fork_server();
}

}  // namespace freethreading
