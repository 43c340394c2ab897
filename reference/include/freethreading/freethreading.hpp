#pragma once
/// \file
/// All 18 names of the API and the objects they return.
///
///     #include <freethreading/freethreading.hpp>
///
///     int square(int x) { return x * x; }
///
///     int main() {
///       freethreading::WorkerPool pool(4);
///       for (int n : pool.map(square, std::views::iota(0, 10))) std::cout << n << ' ';
///     }
///
/// Fulfils GEN-1.

#include "freethreading/async_result.hpp"
#include "freethreading/backend.hpp"
#include "freethreading/barrier.hpp"
#include "freethreading/bounded_semaphore.hpp"
#include "freethreading/condition.hpp"
#include "freethreading/current_worker.hpp"
#include "freethreading/error.hpp"
#include "freethreading/event.hpp"
#include "freethreading/future.hpp"
#include "freethreading/imap_iterator.hpp"
#include "freethreading/lock.hpp"
#include "freethreading/portable.hpp"
#include "freethreading/queue.hpp"
#include "freethreading/rlock.hpp"
#include "freethreading/semaphore.hpp"
#include "freethreading/simple_queue.hpp"
#include "freethreading/timeout.hpp"
#include "freethreading/with.hpp"
#include "freethreading/worker.hpp"
#include "freethreading/worker_pool.hpp"
#include "freethreading/worker_pool_executor.hpp"
