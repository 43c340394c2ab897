// DOC-6: a lock lets one worker in at a time, a reentrant lock lets its owner in again.
#include <freethreading/freethreading.hpp>

#include <mutex>
#include <string>
#include <vector>

#include "print.hpp"

using freethreading::current_worker;
using freethreading::Lock;
using freethreading::RLock;
using freethreading::Worker;

void critical(Lock lock) {
    std::scoped_lock guard(lock);
    print("'", current_worker().name(), "' acquired the lock");
}

void countdown(RLock rlock, int n) {
    std::scoped_lock guard(rlock);
    if (n > 0) {
        print("'", current_worker().name(), "': ", n, "...");
        countdown(rlock, n - 1);
    } else {
        print("'", current_worker().name(), "': go!");
    }
}

void run(std::vector<Worker>& workers) {
    for (Worker& worker : workers) {
        worker.start();
    }
    for (Worker& worker : workers) {
        worker.join();
    }
}

int main() {
    Lock lock;
    std::vector<Worker> workers;
    for (int i = 0; i < 2; ++i) {
        workers.push_back(Worker({.name = "Worker-" + std::to_string(i)}, critical, lock));
    }
    run(workers);

    print();

    RLock rlock;
    workers.clear();
    for (int i = 0; i < 2; ++i) {
        workers.push_back(Worker({.name = "Worker-" + std::to_string(i)}, countdown, rlock, 3));
    }
    run(workers);
}
