#include "conformance/kit/worker_control.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>

#include "conformance/kit/driver_fault.hpp"
#include "conformance/kit/thread_status.hpp"

namespace conformance::kit {
namespace {

void sleep_for(long nanoseconds) {
    const timespec time{.tv_sec = 0, .tv_nsec = nanoseconds};
    nanosleep(&time, nullptr);
}

/// A process that cannot be mistaken for a later one of the same number. Source: pidfd_open(2).
class ProcessHandle {
  public:
    /// Holds nothing if the worker has ended.
    ProcessHandle(Board& board, std::size_t position) {
        WorkerRecord& worker = board.worker(position);
        board.await_begun(position);
        process_ = worker.process.load();
        thread_ = worker.thread.load();
        if (process_ == getpid()) throw DriverFault("this process is no worker to be killed");
        descriptor_ = static_cast<int>(syscall(SYS_pidfd_open, process_, 0));
        if (descriptor_ < 0 && errno != ESRCH) fail("pidfd_open");
        if (worker.life.load() == WorkerRecord::ended) release();
    }
    ProcessHandle(const ProcessHandle&) = delete;
    ProcessHandle& operator=(const ProcessHandle&) = delete;
    ~ProcessHandle() { release(); }

    [[nodiscard]] bool is_held() const { return descriptor_ >= 0; }
    void signal(int number) const {
        if (syscall(SYS_pidfd_send_signal, descriptor_, number, nullptr, 0) != 0 && errno != ESRCH)
            fail("pidfd_send_signal");
    }
    void await_death() const {
        pollfd death{.fd = descriptor_, .events = POLLIN, .revents = 0};
        while (poll(&death, 1, -1) < 0 && errno == EINTR) {
        }
    }
    /// Whether it is stopped, or not; or dead.
    void await_stopped(bool stopped) const {
        for (;;) {
            const auto status = thread_status(process_, thread_);
            if (!status || status->is_dead() || status->is_stopped() == stopped) return;
            sleep_for(20'000);
        }
    }

  private:
    [[noreturn]] static void fail(const char* function) {
        throw DriverFault(std::string(function) + ": " + std::strerror(errno));
    }
    void release() {
        if (descriptor_ >= 0) close(descriptor_);
        descriptor_ = -1;
    }
    pid_t process_ = 0;
    pid_t thread_ = 0;
    int descriptor_ = -1;
};

}  // namespace

void await_blocked(Board& board, std::size_t position) {
    // Longer than any sleep of the perturbation: who slept all the time is not just resting.
    constexpr long interval = 400'000;
    WorkerRecord& worker = board.worker(position);
    board.await_begun(position);
    std::optional<ThreadStatus> before;
    for (;;) {
        if (worker.life.load() == WorkerRecord::ended) return;
        auto now = thread_status(worker.process.load(), worker.thread.load());
        if (!now || now->is_dead() || now->is_stopped()) return;
        if (before && before->is_asleep() && now->is_asleep() && before->times == now->times)
            return;
        before = std::move(now);
        sleep_for(interval);
    }
}

void kill_worker(Board& board, std::size_t position) {
    const ProcessHandle process(board, position);
    if (!process.is_held()) return;
    process.signal(SIGKILL);
    process.await_death();
}

void stop_worker(Board& board, std::size_t position) {
    const ProcessHandle process(board, position);
    if (!process.is_held()) return;
    process.signal(SIGSTOP);
    process.await_stopped(true);
    // It ended meanwhile, and was stopped on its way out, where nobody would continue it.
    if (board.worker(position).life.load() == WorkerRecord::ended) process.signal(SIGCONT);
}

void resume_worker(Board& board, std::size_t position) {
    const ProcessHandle process(board, position);
    if (!process.is_held()) return;
    process.signal(SIGCONT);
    process.await_stopped(false);
}

}  // namespace conformance::kit
