// DOC-8: a bounded semaphore refuses to be released more often than it was acquired.
#include <freethreading/freethreading.hpp>

#include <iostream>
#include <tuple>

using freethreading::BoundedSemaphore;
using freethreading::Semaphore;
using freethreading::ValueError;

int main() {
    Semaphore s(1);
    std::ignore = s.acquire();  // Decreases counter to 0
    s.release();                // Increases counter to 1
    s.release();                // Increases counter to 2

    BoundedSemaphore b(1);
    std::ignore = b.acquire();  // Decreases counter to 0
    b.release();                // Increases counter to 1
    try {
        b.release();  // Throws ValueError
    } catch (const ValueError& error) {
        std::cerr << "ValueError: " << error.what() << '\n';
        return 1;
    }
}
