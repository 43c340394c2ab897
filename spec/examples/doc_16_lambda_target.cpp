// DOC-16: what cannot be taken to another process is no target, on either backend. This program
// must not compile.
#include <freethreading/freethreading.hpp>

#include "print.hpp"

using freethreading::Worker;

int main() {
    int count = 0;
    Worker worker([&count] { print(++count); });
    worker.start();
    worker.join();
}
