#include "freethreading/worker_pool_executor.hpp"

#include "freethreading/error.hpp"

namespace freethreading {

WorkerPoolExecutor::~WorkerPoolExecutor() {
    if (!crew_) return;
    try {
        shutdown();
    } catch (const Error&) {  // a callback's, or the fork server is dead and the workers with it
    }
}

void WorkerPoolExecutor::shutdown(bool wait, bool cancel_futures) {
    crew_->close();
    if (cancel_futures) crew_->board()->cancel_all();
    if (wait) crew_->join();
}

}  // namespace freethreading
