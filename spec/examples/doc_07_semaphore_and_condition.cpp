// DOC-7: a semaphore limits how many workers are inside, a condition lets one worker wait for
// another.
#include <freethreading/freethreading.hpp>

#include <mutex>
#include <string>
#include <vector>

#include "print.hpp"

using freethreading::Condition;
using freethreading::current_worker;
using freethreading::Event;
using freethreading::Queue;
using freethreading::Semaphore;
using freethreading::Worker;

void restricted(Semaphore semaphore) {
    std::scoped_lock guard(semaphore);
    print("'", current_worker().name(), "' in restricted section");
}

void producer(Condition condition, Event sent, Queue<int> queue, int data) {
    std::scoped_lock guard(condition);
    queue.put(data);
    print("'", current_worker().name(), "' sent: ", data);
    sent.set();
    condition.notify();
}

// The guide's consumer only calls wait(), and may wait for ever: a notification reaches those who
// already wait, so one that comes before the consumer waits is lost. Waiting for a predicate is
// right in either order.
void consumer(Condition condition, Event sent, Queue<int> queue) {
    std::scoped_lock guard(condition);
    condition.wait_for([&] { return sent.is_set(); });
    print("'", current_worker().name(), "' received: ", queue.get());
}

int main() {
    Semaphore semaphore(2);
    std::vector<Worker> workers;
    for (int i = 0; i < 3; ++i) {
        workers.push_back(Worker({.name = "Worker-" + std::to_string(i)}, restricted, semaphore));
    }
    for (Worker& worker : workers) {
        worker.start();
    }
    for (Worker& worker : workers) {
        worker.join();
    }

    print();

    Condition condition;
    Event sent;
    Queue<int> queue;
    Worker consumer_worker({.name = "Consumer"}, consumer, condition, sent, queue);
    Worker producer_worker({.name = "Producer"}, producer, condition, sent, queue, 42);
    consumer_worker.start();
    producer_worker.start();
    consumer_worker.join();
    producer_worker.join();
}
