// DOC-15: what to do instead of DOC-14. Each worker sends its result, and the sum is 5 on both
// backends.
#include <freethreading/freethreading.hpp>

#include <vector>

#include "print.hpp"

using freethreading::SimpleQueue;
using freethreading::Worker;

void increment(SimpleQueue<int> results) {
    results.put(1);
}

int main() {
    SimpleQueue<int> results;
    std::vector<Worker> workers;
    for (int i = 0; i < 5; ++i) {
        workers.emplace_back(increment, results);
    }
    for (Worker& worker : workers) {
        worker.start();
    }
    for (Worker& worker : workers) {
        worker.join();
    }

    int counter = 0;
    while (!results.empty()) {
        counter += results.get();
    }
    print(counter);
}
