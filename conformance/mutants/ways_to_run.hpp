#pragma once
/// \file
/// What may be around a target, a task, an initializer or a callback.
///
///     pool.apply(wrapped<ways_to_run::Twice, F, A...>(), address_of(f), arguments...);
///     call_back(CalledBack::twice, [&] { callback(value); });

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <exception>
#include <iostream>

#include "conformance/mutants/altered_limits.hpp"
#include "freethreading/freethreading.hpp"

namespace conformance::mutants {

namespace ft = freethreading;

namespace ways_to_run {

struct NotAtAll {
    template <class Call>
    static void run(const Call&) {}
};

struct Twice {
    template <class Call>
    static auto run(const Call& call) {
        static_cast<void>(call());
        return call();
    }
};

/// As if nothing had been thrown.
struct Silently {
    template <class Call>
    static void run(const Call& call) {
        try {
            static_cast<void>(call());
        } catch (...) {  // nobody hears of it
        }
    }
};

/// With a report that does not say who failed.
struct Anonymously {
    template <class Call>
    static void run(const Call& call) {
        try {
            call();
        } catch (const std::exception& failure) {
            std::cerr << "a worker failed: " << failure.what() << '\n';
        }
    }
};

/// The worker is lost with an error that the library does not know.
struct Fragile {
    template <class Call>
    static auto run(const Call& call) {
        try {
            return call();
        } catch (const ft::Error&) {
            throw;
        } catch (...) {
            wait_in_vain();
        }
    }
};

/// Beside a helper process, which ends with the call and not with a worker that is killed.
struct WithAHelper {
    template <class Call>
    static void run(const Call& call) {
        const Helper helper;
        call();
    }

  private:
    struct Helper {
        Helper() {
            while (process == 0)
                pause();
        }
        ~Helper() {
            if (process < 0) return;
            kill(process, SIGKILL);
            waitpid(process, nullptr, 0);
        }
        const pid_t process = fork();
    };
};

/// In a thread that may not start workers.
struct Confined {
    inline static thread_local bool is_here = false;
    template <class Call>
    static auto run(const Call& call) {
        is_here = true;
        return call();
    }
};

}  // namespace ways_to_run

enum class CalledBack { as_it_is, twice, in_another_process, or_hanging, silently };

/// Whether a callback runs in this thread.
inline thread_local bool is_calling_back = false;

/// In a copy of this process, which ends with the call.
template <class Call>
void call_in_a_copy_of_this_process(const Call& call) {
    const pid_t copy = fork();
    if (copy == 0) {
        ways_to_run::Silently::run(call);
        _exit(0);
    }
    if (copy > 0) waitpid(copy, nullptr, 0);
}

template <class Call>
void call_back(CalledBack way, const Call& call) {
    struct Here {
        Here() { is_calling_back = true; }
        ~Here() { is_calling_back = false; }
    };
    const Here here;
    switch (way) {
        case CalledBack::as_it_is:
            return call();
        case CalledBack::twice:
            call();
            return call();
        case CalledBack::in_another_process:
            return call_in_a_copy_of_this_process(call);
        case CalledBack::or_hanging:
            try {
                return call();
            } catch (...) {
                wait_in_vain();
            }
        case CalledBack::silently:
            return ways_to_run::Silently::run([&] {
                call();
                return true;
            });
    }
}

}  // namespace conformance::mutants
