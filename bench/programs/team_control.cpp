#include "team_control.hpp"

#include <linux/futex.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdio>
#include <ctime>

namespace bench {
namespace {

std::int64_t now(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

void sleep_while(std::atomic<std::uint32_t>& word, std::uint32_t value) {
    const timespec second{.tv_sec = 1, .tv_nsec = 0};
    syscall(SYS_futex, &word, FUTEX_WAIT, value, &second, nullptr, 0);
}
void wake_all(std::atomic<std::uint32_t>& word) {
    syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

/// The cores that the program may use, as it was started.
cpu_set_t all_cores() {
    static const cpu_set_t cores = [] {
        cpu_set_t found;
        CPU_ZERO(&found);
        sched_getaffinity(0, sizeof found, &found);
        return found;
    }();
    return cores;
}

void go_to(Placement placement, int index) {
    const cpu_set_t cores = all_cores();
    if (placement == Placement::free) {
        sched_setaffinity(0, sizeof cores, &cores);
        return;
    }
    int skip = placement == Placement::same ? 0 : index % CPU_COUNT(&cores);
    for (int core = 0; core < CPU_SETSIZE; ++core) {
        if (!CPU_ISSET(static_cast<unsigned>(core), &cores) || skip-- > 0) continue;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(static_cast<unsigned>(core), &one);
        sched_setaffinity(0, sizeof one, &one);
        return;
    }
}

void add_usage(Report& report, std::int64_t sign) {
    rusage usage{};
    getrusage(RUSAGE_THREAD, &usage);
    report.sleeps += sign * usage.ru_nvcsw;
    report.preemptions += sign * usage.ru_nivcsw;
    report.cpu += sign * now(CLOCK_THREAD_CPUTIME_ID);
}

}  // namespace

bool Until::over() const {
    return now(CLOCK_MONOTONIC) >= nanoseconds_;
}

bool await_round(TeamControl& control, std::uint32_t number) {
    for (;;) {
        const std::uint32_t seen = control.round.load();
        if (control.over.load() != 0) return false;
        if (seen >= number) return true;
        sleep_while(control.round, seen);
    }
}

void start_round(TeamControl& control) {
    static_cast<void>(all_cores());
    control.ready.store(0);
    control.done.store(0);
    control.round.fetch_add(1);
    wake_all(control.round);
}

void end_rounds(TeamControl& control) {
    control.over.store(1);
    control.round.fetch_add(1);
    wake_all(control.round);
}

bool await_reports(TeamControl& control) {
    const std::uint32_t seen = control.done.load();
    if (seen == control.workers) return true;
    sleep_while(control.done, seen);
    return control.done.load() == control.workers;
}

Turn::Turn(TeamControl& control, Seat seat)
    : control_(control), report_(control.reports[static_cast<std::size_t>(seat.index)]) {
    go_to(control.placement, seat.index);
    report_ = {};
    add_usage(report_, -1);
    control.ready.fetch_add(1);
    while (control.ready.load() < control.workers)
        sched_yield();
    report_.begin = now(CLOCK_MONOTONIC);
}

Turn::~Turn() {
    report_.end = now(CLOCK_MONOTONIC);
    add_usage(report_, 1);
    control_.done.fetch_add(1);
    wake_all(control_.done);
}

void Turn::fail(const char* why) {
    std::snprintf(report_.failure.data(), report_.failure.size(), "%s", why);
}

Round sum_up(const TeamControl& control) {
    Round round;
    std::int64_t begin = INT64_MAX;
    std::int64_t end = INT64_MIN;
    for (std::uint32_t i = 0; i < control.workers; ++i) {
        const Report& report = control.reports[i];
        begin = std::min(begin, report.begin);
        end = std::max(end, report.end);
        round.cpu_seconds += 1e-9 * static_cast<double>(report.cpu);
        round.sleeps += static_cast<double>(report.sleeps);
        round.preemptions += static_cast<double>(report.preemptions);
        round.operations += static_cast<double>(report.operations);
        if (report.failure[0] != '\0') round.failure = report.failure.data();
    }
    round.seconds = 1e-9 * static_cast<double>(end - begin);
    return round;
}

}  // namespace bench
