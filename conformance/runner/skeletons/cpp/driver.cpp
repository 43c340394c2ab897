// A driver: it hosts an implementation of the API `freethreading`, and freethreading-conformance judges
// that. As it stands it hosts the Lock and the Worker below. Put your own types in their place, and in
// struct Implementation whatever else you have; what is missing there is reported as unsupported. The
// members that it may have are listed in the driver kit's README.md, which is installed beside
// driver_protocol.md.

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
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
/// Nothing: no limit.
using Timeout = std::optional<std::chrono::nanoseconds>;

// ---- The implementation. Yours comes from a library of yours.

/// A handle: workers get copies of it, which mean the same lock.
class Lock {
  public:
    bool acquire(bool blocking, Timeout timeout) {
        if (timeout && *timeout < std::chrono::nanoseconds(0)) timeout.reset();
        if (!blocking && timeout) throw std::invalid_argument("a time limit without blocking");
        std::unique_lock guard(state_->mutex);
        const auto is_free = [this] { return !state_->is_held; };
        if (!blocking) timeout = std::chrono::nanoseconds(0);
        if (!timeout) {
            state_->released.wait(guard, is_free);
        } else if (!state_->released.wait_for(guard, *timeout, is_free)) {
            return false;
        }
        state_->is_held = true;
        return true;
    }
    void release() {
        const std::scoped_lock guard(state_->mutex);
        if (!state_->is_held) throw std::logic_error("release of a lock that is free");
        state_->is_held = false;
        state_->released.notify_one();
    }
    bool locked() const {
        const std::scoped_lock guard(state_->mutex);
        return state_->is_held;
    }

  private:
    struct State {
        std::mutex mutex;
        std::condition_variable released;
        bool is_held = false;
    };
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

class Worker {
  public:
    explicit Worker(std::function<void()> target) : target_(std::move(target)) {}
    void start() {
        if (is_started_) throw std::logic_error("started twice");
        is_started_ = true;
        thread_ = std::jthread(target_);
    }
    void join(Timeout) {
        if (!is_started_) throw std::logic_error("not started");
        if (thread_.joinable()) thread_.join();
    }

  private:
    std::function<void()> target_;
    bool is_started_ = false;
    std::jthread thread_;
};

// ---- What the kit has to know of it.

struct Implementation {
    static constexpr std::string_view name = "my library";
    static constexpr std::string_view version = "0.1";
    /// "threading" where workers are threads, "multiprocessing" where they are processes, or both.
    static constexpr std::array<std::string_view, 1> backends{"threading"};
    static void begin(std::string_view /*backend*/) {}

    using Lock = ::Lock;
    using Worker = ::Worker;
    template <class Target, class... Arguments>
    static Worker make_worker(const std::string& /*name*/, std::optional<bool> /*daemon*/,
                              Target target, const Arguments&... arguments) {
        return Worker([=] { target(arguments...); });
    }

    /// What the types do not tell.
    static std::optional<std::string> lacks(const conformance::Scenario& scenario) {
        for (const conformance::WorkerPlan& worker : scenario.workers) {
            if (worker.daemon == true) return "a worker that is a daemon";
            for (const conformance::Call& call : worker.calls) {
                if (call.operation == conformance::Operation::raise)
                    return "an error that leaves a worker";
                if (call.operation == conformance::Operation::join && !call.time_limit.is_none())
                    return "a join with a time limit";
            }
        }
        if (scenario.ends != conformance::ProgramEnd::none) return "workers that outlive main";
        return std::nullopt;
    }

    /// Your type of time limits.
    static Timeout timeout(TimeLimit limit) {
        constexpr std::chrono::nanoseconds longest = std::chrono::years(100);
        switch (limit.kind()) {
            case TimeLimit::Kind::none:
                return std::nullopt;
            case TimeLimit::Kind::infinite:
                return longest;
            case TimeLimit::Kind::finite:
                return std::min(std::chrono::nanoseconds(limit.count()), longest);
            case TimeLimit::Kind::not_a_number:
            case TimeLimit::Kind::text:
                break;
        }
        throw std::invalid_argument("a time limit that is not a number");
    }
    /// Which of the API's errors your exception is.
    static ErrorKind classify(const std::exception_ptr& failure) {
        try {
            std::rethrow_exception(failure);
        } catch (const std::invalid_argument&) {
            return ErrorKind::ValueError;
        } catch (const std::logic_error&) {
            return ErrorKind::RuntimeError;
        } catch (...) {
            return ErrorKind::Other;
        }
    }
    /// Your exception for one of the API's errors.
    [[noreturn]] static void raise(ErrorKind kind, const std::string& message = "as it should") {
        if (kind == ErrorKind::ValueError) throw std::invalid_argument(message);
        if (kind == ErrorKind::RuntimeError) throw std::logic_error(message);
        throw std::runtime_error(message);
    }
};

}  // namespace

int main(int argc, char** argv) {
    return conformance::kit::run_driver<Implementation>(argc, argv);
}
