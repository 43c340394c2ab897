// DOC-4: a producer and a consumer share a queue.
#include <freethreading/freethreading.hpp>

#include <optional>

#include "print.hpp"

using freethreading::Queue;
using freethreading::Worker;

using Item = std::optional<int>;

void producer(Queue<Item> queue) {
    for (int value = 0; value < 3; ++value) {
        print("Producing ", value);
        queue.put(value);
    }
    queue.put(std::nullopt);  // Sentinel marks completion
}

void consumer(Queue<Item> queue) {
    while (const Item item = queue.get()) {
        print("Consuming ", *item);
        queue.task_done();
    }
    queue.task_done();
}

int main() {
    Queue<Item> queue;
    Worker producer_worker({.name = "Producer"}, producer, queue);
    Worker consumer_worker({.name = "Consumer"}, consumer, queue);
    producer_worker.start();
    consumer_worker.start();
    queue.join();
    producer_worker.join();
    consumer_worker.join();
}
