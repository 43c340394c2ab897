#pragma once
/// \file
/// An executor with the fault `future`, if that is the present one.

#include <chrono>
#include <utility>

#include "conformance/drivers/faulty/fault.hpp"
#include "freethreading/freethreading.hpp"

namespace conformance::faulty {

template <class T>
class FaultyFuture : public freethreading::Future<T> {
    using Base = freethreading::Future<T>;

  public:
    explicit FaultyFuture(Base future) : Base(std::move(future)) {}

    bool cancel() const {
        if (present_fault != Fault::future) return Base::cancel();
        // Looks for as long as it takes a worker to begin: where that is long, two looks in a row would hardly
        // ever see a task begin in between.
        using clock = std::chrono::steady_clock;
        const auto has_begun = [this] { return Base::running() || Base::done(); };
        if (has_begun()) return Base::cancelled();
        const auto end = clock::now() + std::chrono::microseconds(20);
        while (!has_begun() && clock::now() < end) {
        }
        static_cast<void>(Base::cancel());  // it may be running by now
        return true;
    }
};

class FaultyExecutor : public freethreading::WorkerPoolExecutor {
  public:
    using freethreading::WorkerPoolExecutor::WorkerPoolExecutor;

    template <freethreading::PortableTarget F, class... A>
    auto submit(const F& function, const A&... arguments) {
        return with_fault(freethreading::WorkerPoolExecutor::submit(function, arguments...));
    }

  private:
    template <class T>
    static FaultyFuture<T> with_fault(freethreading::Future<T> future) {
        return FaultyFuture<T>(std::move(future));
    }
};

}  // namespace conformance::faulty
