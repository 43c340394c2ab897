#include "victim.hpp"

#include <dlfcn.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <sstream>
#include <stdexcept>

#include "freethreading/platform/patience.hpp"

namespace kill_tests {
namespace {

constexpr long system_call_code = 0x050f;
constexpr long breakpoint_code = 0xcc;

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error(what + ": " + std::strerror(errno));
}

// Tracer and victim never run at the same time, and take turns faster on one processor than across
// two.
void share_processor(pid_t victim) {
    cpu_set_t mine;
    CPU_ZERO(&mine);
    CPU_SET(static_cast<std::size_t>(sched_getcpu()), &mine);
    sched_setaffinity(0, sizeof mine, &mine);
    sched_setaffinity(victim, sizeof mine, &mine);
}

long read_code(pid_t process, std::uint64_t address) {
    errno = 0;
    const long code = ptrace(PTRACE_PEEKTEXT, process, address, nullptr);
    if (errno != 0) fail("PTRACE_PEEKTEXT");
    return code;
}

void write_code(pid_t process, std::uint64_t address, long code) {
    if (ptrace(PTRACE_POKETEXT, process, address, code) != 0) fail("PTRACE_POKETEXT");
}

}  // namespace

Region::Region() {
    // How long a thread looks before it sleeps depends on time, and no run would go the way of another.
    freethreading::platform::detail::patience.be_gone();
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
    board().victim = getpid();
    while (!board().attached)
        sched_yield();
    asm volatile("int3" ::: "memory");
}

Victim::Victim(const freethreading::Worker& worker) {
    worker.start();
    if (!eventually([] { return board().victim != 0; })) fail("the victim does not begin");
    process_ = board().victim;
    share_processor(process_);
    if (ptrace(PTRACE_SEIZE, process_, nullptr, PTRACE_O_EXITKILL) != 0) fail("PTRACE_SEIZE");
    board().attached = true;
    if (waitpid(process_, &status_, 0) != process_ || !WIFSTOPPED(status_)) fail("no first stop");
    note_address();
}

Victim::~Victim() {
    if (!gone_) kill();
}

void Victim::note_address() {
    errno = 0;
    const auto offset = offsetof(user_regs_struct, rip);
    address_ = static_cast<std::uint64_t>(ptrace(PTRACE_PEEKUSER, process_, offset, nullptr));
    if (errno != 0) fail("PTRACE_PEEKUSER");
}

bool Victim::is_at_system_call() const {
    return (read_code(process_, address_) & 0xffff) == system_call_code;
}

// Falls asleep at once or not at all when stepping; a run is given some time to find that somebody
// else holds an internal lock.
bool Victim::resume(bool for_one_instruction) {
    using clock = std::chrono::steady_clock;
    const auto patience = for_one_instruction ? 0ms : 500ms;
    bool may_sleep = asleep_ || !for_one_instruction;
    if (!asleep_) {
        may_sleep = may_sleep || is_at_system_call();
        const auto request = for_one_instruction ? PTRACE_SINGLESTEP : PTRACE_CONT;
        if (ptrace(request, process_, nullptr, nullptr) != 0) fail("PTRACE_SINGLESTEP");
    }
    const bool was_asleep = asleep_;
    asleep_ = false;
    if (!may_sleep || was_asleep) {
        if (waitpid(process_, &status_, 0) != process_) fail("waitpid");
        return true;
    }
    for (const auto begin = clock::now();;) {
        // The order of the two questions matters: what has stopped may look asleep.
        const bool seems_asleep = clock::now() >= begin + patience && sleeps_in_futex(process_);
        const pid_t stopped = waitpid(process_, &status_, WNOHANG);
        if (stopped == process_) return true;
        if (stopped < 0) fail("waitpid");
        if (seems_asleep) {
            asleep_ = true;
            return false;
        }
        sched_yield();
    }
}

Victim::Event Victim::step() {
    if (!resume(true)) return Event::fell_asleep;
    if (WIFEXITED(status_) || WIFSIGNALED(status_)) {
        gone_ = true;
        return Event::ended;
    }
    note_address();
    if (WSTOPSIG(status_) != SIGTRAP)
        throw std::runtime_error("signal " + std::to_string(WSTOPSIG(status_)) + " at " + place());
    return board().left.load(std::memory_order_acquire) ? Event::left : Event::stepped;
}

bool Victim::run_to(std::uint64_t address, std::uint64_t times) {
    for (; times > 0; --times) {
        if (address_ == address && step() != Event::stepped) return false;
        const long code = read_code(process_, address);
        write_code(process_, address, (code & ~0xffL) | breakpoint_code);
        if (!resume(false)) return false;
        if (WIFEXITED(status_) || WIFSIGNALED(status_)) {
            gone_ = true;
            return false;
        }
        note_address();
        if (WSTOPSIG(status_) != SIGTRAP || address_ != address + 1) return false;
        write_code(process_, address, code);
        address_ = address;
        const auto offset = offsetof(user_regs_struct, rip);
        if (ptrace(PTRACE_POKEUSER, process_, offset, address) != 0) fail("PTRACE_POKEUSER");
    }
    return true;
}

void Victim::kill() {
    gone_ = true;
    ::kill(process_, SIGKILL);
    // Its parent, the fork server, learns of the death only after the tracer has.
    while (waitpid(process_, &status_, 0) == process_ && WIFSTOPPED(status_)) {
    }
}

void Victim::let_go() {
    if (gone_) return;
    // Only what stands still can be left.
    if (asleep_ && !eventually([&] { return waitpid(process_, &status_, WNOHANG) == process_; }))
        throw std::runtime_error("the victim is not woken");
    gone_ = true;
    if (ptrace(PTRACE_DETACH, process_, nullptr, nullptr) != 0) fail("PTRACE_DETACH");
}

std::string Victim::place() const {
    std::ostringstream text;
    text << (asleep_ ? "asleep in 0x" : "before 0x") << std::hex << address_;
    // The victim was forked from this program: its code lies where ours does.
    if (Dl_info info; dladdr(reinterpret_cast<void*>(address_), &info) != 0) {
        text << " (" << info.dli_fname << "+0x"
             << address_ - reinterpret_cast<std::uint64_t>(info.dli_fbase);
        if (info.dli_sname != nullptr) text << ", " << info.dli_sname;
        text << ')';
    }
    return text.str();
}

}  // namespace kill_tests
