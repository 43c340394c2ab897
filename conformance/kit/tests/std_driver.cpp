// The driver of a tiny implementation over the standard library: a Lock without `locked` and
// `with`, an Event that prints, and workers that are threads. Nothing else.

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "conformance/kit/driver.hpp"

namespace {

using conformance::ErrorKind;
using conformance::TimeLimit;
using Timeout = std::optional<std::chrono::nanoseconds>;

/// A flag, and workers that wait for it.
struct Flag {
    std::mutex mutex;
    std::condition_variable changed;
    bool value = false;

    bool wait_for(bool wanted, Timeout timeout) {
        std::unique_lock guard(mutex);
        const auto holds = [&] { return value == wanted; };
        if (timeout) return changed.wait_for(guard, *timeout, holds);
        changed.wait(guard, holds);
        return true;
    }
};

class Lock {
  public:
    bool acquire(bool blocking, Timeout timeout) {
        std::unique_lock guard(flag_->mutex);
        const auto is_free = [&] { return !flag_->value; };
        if (!blocking) timeout = std::chrono::nanoseconds(0);
        if (timeout) {
            if (!flag_->changed.wait_for(guard, *timeout, is_free)) return false;
        } else {
            flag_->changed.wait(guard, is_free);
        }
        flag_->value = true;
        return true;
    }
    void release() {
        const std::scoped_lock guard(flag_->mutex);
        if (!flag_->value) throw std::runtime_error("the lock is free\nand two lines say so");
        flag_->value = false;
        flag_->changed.notify_one();
    }

  private:
    std::shared_ptr<Flag> flag_ = std::make_shared<Flag>();
};

class Event {
  public:
    void set() {
        std::puts("{\"done\":999}");
        std::fflush(stdout);
        const std::scoped_lock guard(flag_->mutex);
        flag_->value = true;
        flag_->changed.notify_all();
    }
    bool wait(Timeout timeout) { return flag_->wait_for(true, timeout); }

  private:
    std::shared_ptr<Flag> flag_ = std::make_shared<Flag>();
};

class Worker {
  public:
    explicit Worker(std::function<void()> target) : target_(std::move(target)) {}
    Worker(Worker&&) = default;
    Worker& operator=(Worker&&) = default;
    ~Worker() {
        if (thread_.joinable()) thread_.join();
    }
    void start() {
        if (thread_.joinable()) throw std::runtime_error("started twice");
        thread_ = std::thread(target_);
    }
    void join(Timeout) {
        if (thread_.joinable()) thread_.join();
    }

  private:
    std::function<void()> target_;
    std::thread thread_;
};

struct Standard {
    static constexpr std::string_view name = "std";
    static constexpr std::string_view version = "20";
    static constexpr std::array<std::string_view, 1> backends{"threading"};
    static void begin(std::string_view) {}

    using Lock = ::Lock;
    using Event = ::Event;
    using Worker = ::Worker;
    template <class Target, class... Arguments>
    static Worker make_worker(const std::string&, std::optional<bool>, Target target,
                              const Arguments&... arguments) {
        return Worker([=] { target(arguments...); });
    }
    static std::string get_backend() { return "threading"; }

    static std::optional<std::string> lacks(const conformance::Scenario& scenario) {
        for (const conformance::WorkerPlan& worker : scenario.workers) {
            for (const conformance::Call& call : worker.calls) {
                if (call.operation == conformance::Operation::join && !call.time_limit.is_none())
                    return "join with a time limit";
            }
        }
        return std::nullopt;
    }

    static Timeout timeout(TimeLimit limit) {
        if (!limit.is_finite()) return std::nullopt;
        return std::chrono::nanoseconds(limit.count());
    }
    static ErrorKind classify(const std::exception_ptr& failure) {
        try {
            std::rethrow_exception(failure);
        } catch (const std::runtime_error&) {
            return ErrorKind::RuntimeError;
        } catch (...) {
            return ErrorKind::Other;
        }
    }
    [[noreturn]] static void raise(ErrorKind, const std::string& = {}) { throw std::exception(); }
};

}  // namespace

int main() {
    return conformance::kit::run_driver<Standard>();
}
