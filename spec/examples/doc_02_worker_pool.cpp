// DOC-2: a pool of workers squares numbers.
#include <freethreading/freethreading.hpp>

#include <ranges>

#include "print.hpp"

using freethreading::WorkerPool;

int square(int x) {
    return x * x;
}

int main() {
    WorkerPool pool(4);
    print(list(pool.map(square, std::views::iota(0, 10))));
}
