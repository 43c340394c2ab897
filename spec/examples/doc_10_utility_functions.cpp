// DOC-10: who runs here, and how many.
#include <freethreading/freethreading.hpp>

#include <atomic>
#include <ranges>

#include "print.hpp"

using freethreading::active_children;
using freethreading::active_count;
using freethreading::current_worker;
using freethreading::enumerate;
using freethreading::get_ident;
using freethreading::Worker;
using freethreading::WorkerHandle;

std::atomic<bool> busy = true;

void busy_wait() {
    while (busy) {  // In C++ an endless loop has to do something: here it reads an atomic
    }
}

int main() {
    Worker({.name = "Daemon", .daemon = true}, busy_wait).start();

    // MainThread or MainProcess
    print(current_worker().name());

    // Thread or process identifier
    print(get_ident());

    // Number of active workers
    print(active_count());

    // List all active workers
    print(list(enumerate() | std::views::transform(&WorkerHandle::name)));

    // List active child workers
    print(list(active_children() | std::views::transform(&WorkerHandle::name)));
}
