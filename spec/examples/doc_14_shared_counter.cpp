// DOC-14: what not to do. A worker process changes its own copy of a global: 5 on threading, 0 on
// multiprocessing.
#include <freethreading/freethreading.hpp>

#include "print.hpp"

using freethreading::Worker;

int counter = 0;

void increment() {
    ++counter;
}

int main() {
    for (int i = 0; i < 5; ++i) {
        Worker worker(increment);
        worker.start();
        worker.join();  // Before the next one starts: together their increments would be a data
                        // race on threads
    }
    print(counter);
}
