#include "conformance/kit/task_functions.hpp"

#include <signal.h>
#include <time.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace conformance::kit {
namespace {

/// What `set_mark` left in this worker.
thread_local Value mark;

std::int64_t number(const Value& value) {
    if (!value.is_int()) throw TaskError{ErrorKind::TypeError};
    return value.as_int();
}
std::uint64_t bits(const Value& value) {
    return static_cast<std::uint64_t>(number(value));
}
std::string text(const Value& value) {
    if (!value.is_string()) throw TaskError{ErrorKind::TypeError};
    return value.as_string();
}

bool is_prime(std::int64_t candidate) {
    for (std::int64_t divisor = 2; divisor <= candidate / divisor; ++divisor) {
        if (candidate % divisor == 0) return false;
    }
    return candidate > 1;
}

void sleep(std::int64_t nanoseconds) {
    if (nanoseconds < 0) throw TaskError{ErrorKind::ValueError};
    timespec time{.tv_sec = static_cast<time_t>(nanoseconds / 1'000'000'000),
                  .tv_nsec = static_cast<long>(nanoseconds % 1'000'000'000)};
    while (nanosleep(&time, &time) != 0 && errno == EINTR) {
    }
}

void print(std::string line) {
    line += '\n';
    // At once, since the program may end; as a whole, since others print too.
    std::fwrite(line.data(), 1, line.size(), stderr);
}

/// The kernel sends the signal: no thread of this process has to wait for the time.
void die_after(std::int64_t nanoseconds) {
    if (nanoseconds < 0) throw TaskError{ErrorKind::ValueError};
    sigevent deadly{};
    deadly.sigev_notify = SIGEV_SIGNAL;
    deadly.sigev_signo = SIGKILL;
    timer_t timer{};
    // A time of zero would disarm it.
    const std::int64_t time = nanoseconds > 0 ? nanoseconds : 1;
    const itimerspec once{.it_interval = {},
                          .it_value = {.tv_sec = static_cast<time_t>(time / 1'000'000'000),
                                       .tv_nsec = static_cast<long>(time % 1'000'000'000)}};
    if (timer_create(CLOCK_MONOTONIC, &deadly, &timer) != 0 ||
        timer_settime(timer, 0, &once, nullptr) != 0)
        throw TaskError{ErrorKind::ResourceError};
}

[[noreturn]] void die() {
    kill(getpid(), SIGKILL);
    std::abort();
}

std::string concatenation(const List& arguments) {
    std::string all;
    for (const Value& one : arguments)
        all += text(one);
    return all;
}

void require_arguments(const List& arguments, std::size_t count) {
    if (arguments.size() != count) throw TaskError{ErrorKind::TypeError};
}

std::size_t arguments_of(TaskFunction function) {
    switch (function) {
        case TaskFunction::add:
        case TaskFunction::multiply:
            return 2;
        case TaskFunction::nothing:
        case TaskFunction::get_mark:
        case TaskFunction::opaque:
            return 0;
        default:
            return 1;
    }
}

}  // namespace

Value call_task_function(TaskFunction function, const List& arguments) {
    if (function == TaskFunction::concat) return concatenation(arguments);
    if (function == TaskFunction::die) die();
    require_arguments(arguments, arguments_of(function));
    switch (function) {
        case TaskFunction::square:
            return bits(arguments[0]) * bits(arguments[0]);
        case TaskFunction::add:
            return bits(arguments[0]) + bits(arguments[1]);
        case TaskFunction::multiply:
            return bits(arguments[0]) * bits(arguments[1]);
        case TaskFunction::is_prime:
            return is_prime(number(arguments[0]));
        case TaskFunction::echo:
            return arguments[0];
        case TaskFunction::fail:
            throw TaskError{error_kind_from(text(arguments[0])).value_or(ErrorKind::Other)};
        case TaskFunction::sleep:
            sleep(number(arguments[0]));
            return {};
        case TaskFunction::print:
            print(text(arguments[0]));
            return {};
        case TaskFunction::die_after:
            die_after(number(arguments[0]));
            return {};
        case TaskFunction::set_mark:
            mark = arguments[0];
            return {};
        case TaskFunction::get_mark:
            return mark;
        case TaskFunction::opaque:
            return Opaque::transfer;
        default:
            return {};
    }
}

}  // namespace conformance::kit
