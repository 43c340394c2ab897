#pragma once
/// \file
/// The guarded block that raises on misuse.
///
///     const int sum = freethreading::with(lock, [&] { return queue.get() + 1; });
///
/// `std::scoped_lock` does for correct programs; but a destructor cannot throw, so a guard whose
/// lock was already released ends the program.

#include <type_traits>
#include <utility>

#include "freethreading/error.hpp"

namespace freethreading {

/// Acquires `lock` (a Lock, RLock, Semaphore, BoundedSemaphore or Condition), calls `function` and
/// releases `lock`, also if `function` throws; returns the function's result. Blocks as
/// `lock.acquire()` does. Throws what `function` throws, else what `lock.release()` throws:
/// RuntimeError or ValueError if the block released once too often. Fulfils LOCK-7, LOCK-11,
/// RLOCK-4, RLOCK-7, SEM-12, BSEM-5, COND-4, FAULT-3.
template <class Lockable, class Function>
decltype(auto) with(const Lockable& lock, Function&& function) {
    const auto call = [&]() -> decltype(auto) {
        try {
            return std::forward<Function>(function)();
        } catch (...) {
            try {
                lock.release();
            } catch (const Error&) {  // the function's own exception says more
            }
            throw;
        }
    };
    static_cast<void>(lock.acquire());
    if constexpr (std::is_void_v<std::invoke_result_t<Function>>) {
        call();
        lock.release();
    } else {
        decltype(auto) result = call();
        lock.release();
        return static_cast<std::invoke_result_t<Function>>(std::forward<decltype(result)>(result));
    }
}

}  // namespace freethreading
