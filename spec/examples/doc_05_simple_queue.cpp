// DOC-5: a worker sends two messages through a simple queue.
#include <freethreading/freethreading.hpp>

#include <string>

#include "print.hpp"

using freethreading::SimpleQueue;
using freethreading::Worker;

void fill_queue(SimpleQueue<std::string> queue) {
    queue.put("hello");
    queue.put("world");
}

int main() {
    SimpleQueue<std::string> queue;
    Worker worker(fill_queue, queue);
    worker.start();
    print(queue.get());
    print(queue.get());
    worker.join();
    print(queue.empty() ? "True" : "False");
}
