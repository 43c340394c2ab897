#include "freethreading/worker_pool.hpp"

#include <string>

#include "freethreading/error.hpp"

namespace freethreading {

std::size_t platform::checked_chunk_size(std::int64_t chunk_size) {
    if (chunk_size <= 0)
        throw ValueError("a chunk must have at least one element, not " +
                         std::to_string(chunk_size));
    return static_cast<std::size_t>(chunk_size);
}

WorkerPool::~WorkerPool() {
    if (!crew_) return;
    try {
        crew_->terminate();
    } catch (const Error&) {  // the fork server is dead, and the workers with it
    }
}

void WorkerPool::close() {
    crew_->close();
}

void WorkerPool::terminate() {
    crew_->terminate();
}

void WorkerPool::join() {
    if (!crew_->is_closed())
        throw ValueError("a pool must be closed or terminated before it can be joined");
    crew_->join();
}

}  // namespace freethreading
