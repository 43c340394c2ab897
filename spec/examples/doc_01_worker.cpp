// DOC-1: a worker greets by its name.
#include <freethreading/freethreading.hpp>

#include "print.hpp"

using freethreading::current_worker;
using freethreading::Worker;

void greet() {
    print("Hello from ", current_worker().name(), "!");
}

int main() {
    Worker worker({.name = "Worker", .daemon = false}, greet);
    worker.start();
    worker.join();
}
