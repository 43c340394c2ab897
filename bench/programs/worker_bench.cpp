// Worker, against the threads and processes of the system, in a small program and in one that holds a GiB.

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <new>
#include <string>
#include <system_error>
#include <thread>

#include "contest.hpp"
#include "freethreading/current_worker.hpp"
#include "freethreading/worker.hpp"

namespace bench {
namespace {

void do_nothing() {}

// Each contender starts an activity that does nothing, and waits for its end.

struct ReferenceWorker {
    static constexpr const char* name = "reference";
    static ReferenceWorker make() { return {}; }
    void start_and_join() const {
        const freethreading::Worker worker(do_nothing);
        worker.start();
        worker.join();
    }
};

struct StdThread {
    static constexpr const char* name = "std::thread";
    void start_and_join() { std::thread(do_nothing).join(); }
};

/// What clone(2) itself costs, with a stack that is kept and without thread-local storage.
struct Clone {
    static constexpr const char* name = "limit";
    Clone()
        : stack(static_cast<std::byte*>(mmap(nullptr, stack_size, PROT_READ | PROT_WRITE,
                                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
        if (stack == MAP_FAILED) throw std::bad_alloc();
    }
    ~Clone() { munmap(stack, stack_size); }
    Clone(const Clone&) = delete;
    Clone& operator=(const Clone&) = delete;
    void start_and_join() {
        constexpr int like_a_thread = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
                                      CLONE_THREAD | CLONE_SYSVSEM | CLONE_CHILD_CLEARTID;
        alive.store(1);
        const int thread = clone([](void*) { return 0; }, stack + stack_size, like_a_thread,
                                 nullptr, nullptr, nullptr, &alive);
        if (thread < 0) throw std::system_error(errno, std::generic_category(), "clone");
        while (alive.load() != 0)
            syscall(SYS_futex, &alive, FUTEX_WAIT, 1, nullptr, nullptr, 0);
    }
    static constexpr std::size_t stack_size = 64 << 10;
    std::byte* stack;
    std::atomic<int> alive = 0;
};

void await_end_of(pid_t process, const char* how) {
    if (process < 0) throw std::system_error(errno, std::generic_category(), how);
    while (waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
    }
}

struct ForkAndWait {
    static constexpr const char* name = "fork+waitpid";
    void start_and_join() {
        const pid_t process = fork();
        if (process == 0) _exit(0);
        await_end_of(process, "fork");
    }
};

/// As vfork(2): the child borrows the parent's memory, so nothing is copied.
struct BorrowMemory {
    static constexpr const char* name = "limit";
    void start_and_join() {
        const int process = clone([](void*) { return 0; }, stack.data() + stack.size(),
                                  CLONE_VM | CLONE_VFORK | SIGCHLD, nullptr);
        await_end_of(process, "clone");
    }
    alignas(16) std::array<std::byte, 16 << 10> stack;
};

struct PosixSpawn {
    static constexpr const char* name = "posix_spawn";
    void start_and_join() {
        pid_t process = -1;
        std::string program = "/bin/true";
        std::array<char*, 2> arguments{program.data(), nullptr};
        errno = posix_spawn(&process, program.c_str(), nullptr, nullptr, arguments.data(), environ);
        await_end_of(process, "posix_spawn");
    }
};

using OnThreads = Contenders<Clone, ReferenceWorker, StdThread>;
using OnProcesses = Contenders<BorrowMemory, ReferenceWorker, ForkAndWait, PosixSpawn>;

struct StartAndJoin {
    template <class Handle>
    static void once(const Handle& contender) {
        contender->start_and_join();
    }
};

/// The same with memory in the program that a fork has to account for.
constexpr std::size_t one_gib = std::size_t{1} << 30;
template <class Contender>
struct Heavy {
    static constexpr const char* name = Contender::name;
    Heavy() {
        ballast = mmap(nullptr, one_gib, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
        if (ballast == MAP_FAILED) throw std::bad_alloc();
    }
    ~Heavy() { munmap(ballast, one_gib); }
    Heavy(const Heavy&) = delete;
    Heavy& operator=(const Heavy&) = delete;
    void start_and_join() { contender.start_and_join(); }
    void* ballast;
    Contender contender;
};
template <OfTheReference Contender>
struct Heavy<Contender> {
    static constexpr const char* name = Contender::name;
    static Heavy make() { return {std::make_shared<Heavy<StdThread>>()}; }
    void start_and_join() const { Contender::make().start_and_join(); }
    std::shared_ptr<Heavy<StdThread>> ballast;
};

struct Create {
    template <class Handle>
    static void once(const Handle&) {
        benchmark::DoNotOptimize(freethreading::Worker(do_nothing));
    }
};
struct AskCurrentWorker {
    template <class Handle>
    static void once(const Handle&) {
        benchmark::DoNotOptimize(freethreading::current_worker());
    }
};
struct AskIdent {
    template <class Handle>
    static void once(const Handle&) {
        benchmark::DoNotOptimize(freethreading::get_ident());
    }
};
struct AskActiveCount {
    template <class Handle>
    static void once(const Handle&) {
        benchmark::DoNotOptimize(freethreading::active_count());
    }
};
struct AskActiveChildren {
    template <class Handle>
    static void once(const Handle&) {
        benchmark::DoNotOptimize(freethreading::active_children());
    }
};
struct Enumerate {
    template <class Handle>
    static void once(const Handle&) {
        benchmark::DoNotOptimize(freethreading::enumerate());
    }
};
struct AskBackend {
    template <class Handle>
    static void once(const Handle&) {
        benchmark::DoNotOptimize(freethreading::get_backend());
    }
};

}  // namespace

void register_benchmarks() {
    for_each_contender<OnThreads, OnProcesses>([]<class Contender>() {
        alone<Contender, StartAndJoin>("worker/start_join")->UseRealTime();
        if (on_processes())
            alone<Heavy<Contender>, StartAndJoin>("worker/start_join_1gib")->UseRealTime();
    });
    alone<ReferenceWorker, Create>("worker/create");
    alone<ReferenceWorker, AskCurrentWorker>("worker/current_worker");
    alone<ReferenceWorker, AskIdent>("worker/get_ident");
    alone<ReferenceWorker, AskActiveCount>("worker/active_count");
    alone<ReferenceWorker, AskActiveChildren>("worker/active_children");
    alone<ReferenceWorker, Enumerate>("worker/enumerate");
    alone<ReferenceWorker, AskBackend>("worker/get_backend");
}

}  // namespace bench
