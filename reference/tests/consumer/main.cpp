#include <freethreading/freethreading.hpp>
#include <iostream>

namespace {

void answer(const freethreading::Queue<int>& queue) {
    queue.put(42);
}

}  // namespace

int main() {
    const freethreading::Queue<int> queue;
    freethreading::Worker worker(answer, queue);
    worker.start();
    std::cout << queue.get() << " by " << freethreading::get_backend() << '\n';
    worker.join();
}
