// DOC-9: an event starts all runners, a barrier holds them until the last one has come.
#include <freethreading/freethreading.hpp>

#include <string>
#include <vector>

#include "print.hpp"

using freethreading::Barrier;
using freethreading::current_worker;
using freethreading::Event;
using freethreading::Worker;

void runner(Event start_signal, Barrier checkpoint) {
    print("'", current_worker().name(), "' waiting for start signal");
    start_signal.wait();  // All runners wait for the event
    print("'", current_worker().name(), "' started");
    checkpoint.wait();  // Synchronize at the checkpoint
    print("'", current_worker().name(), "' passed checkpoint");
}

int main() {
    Event start_signal;
    Barrier checkpoint(3);
    std::vector<Worker> workers;
    for (int i = 0; i < 3; ++i) {
        workers.push_back(
            Worker({.name = "Runner-" + std::to_string(i)}, runner, start_signal, checkpoint));
    }
    for (Worker& worker : workers) {
        worker.start();
    }

    // The guide says here that it gives the runners time to wait, and shows all "waiting" lines
    // first. Nothing makes it so, and nothing needs to: an event stays set, and a runner that comes
    // late passes it at once. So one may print "started" before another prints "waiting"; only
    // "passed" has to wait for every "started".
    start_signal.set();

    for (Worker& worker : workers) {
        worker.join();
    }
}
