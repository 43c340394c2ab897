// DOC-12: primes in parallel, with workers and queues.
#include <freethreading/freethreading.hpp>

#include <algorithm>
#include <optional>
#include <vector>

#include "print.hpp"

using freethreading::Queue;
using freethreading::Worker;

using Task = std::optional<int>;

bool is_prime(int n) {
    if (n < 2) {
        return false;
    }
    for (int i = 2; i * i <= n; ++i) {
        if (n % i == 0) {
            return false;
        }
    }
    return true;
}

void work(Queue<Task> tasks, Queue<int> results) {
    while (const Task number = tasks.get()) {
        if (is_prime(*number)) {
            results.put(*number);
        }
        tasks.task_done();
    }
    tasks.task_done();
}

int main() {
    Queue<Task> tasks;
    Queue<int> results;

    std::vector<Worker> pool;
    for (int i = 0; i < 4; ++i) {
        pool.emplace_back(work, tasks, results);
    }
    for (Worker& worker : pool) {
        worker.start();
    }

    for (int candidate = 500; candidate < 600; ++candidate) {
        tasks.put(candidate);
    }

    // Sentinel per worker to signal completion
    for (std::size_t i = 0; i < pool.size(); ++i) {
        tasks.put(std::nullopt);
    }

    tasks.join();
    for (Worker& worker : pool) {
        worker.join();
    }

    std::vector<int> primes;
    while (!results.empty()) {
        primes.push_back(results.get());
    }

    std::ranges::sort(primes);
    print("Found ", primes.size(), " primes: ", list(primes));
}
