// DOC-3: an executor squares numbers.
#include <freethreading/freethreading.hpp>

#include <ranges>

#include "print.hpp"

using freethreading::WorkerPoolExecutor;

int square(int x) {
    return x * x;
}

int main() {
    WorkerPoolExecutor executor(4);
    print(list(executor.map(square, std::views::iota(0, 10))));
}
