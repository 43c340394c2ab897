// The driver of the C++20 standard library and oneTBB: what they have that goes by a name of the API,
// each behind a wrapper of a few lines.
//
// A wrapper does three things. It takes the function that the arguments ask for. It throws where the
// standard leaves the behaviour undefined, as far as it can tell: a driver has to survive that. And it
// is a handle, so that workers can have the object in common. What the libraries do not have it does
// not add: that is reported as unsupported. What they do differently stays, and expectations.json
// says why.

#include <oneapi/tbb/concurrent_queue.h>
#include <oneapi/tbb/version.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <chrono>
#include <concepts>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "conformance/kit/driver.hpp"
#include "standard_locks.hpp"

namespace {

using conformance::ErrorKind;
using conformance::TimeLimit;
using namespace std::chrono_literals;
using standard_library::Count;
using standard_library::refuse;
using standard_library::Timeout;

struct Empty : std::exception {};
struct Full : std::exception {};

/// A flag and a condition variable, as everybody writes it; but for the count, without which a waiter
/// misses a set that is followed by a clear.
class Event {
  public:
    void set() {
        const std::scoped_lock guard(state_->mutex);
        state_->is_set = true;
        ++state_->sets;
        state_->changed.notify_all();
    }
    void clear() {
        const std::scoped_lock guard(state_->mutex);
        state_->is_set = false;
    }
    bool is_set() {
        const std::scoped_lock guard(state_->mutex);
        return state_->is_set;
    }
    bool wait(Timeout timeout) {
        std::unique_lock lock(state_->mutex);
        const auto passes = [this, before = state_->sets] {
            return state_->is_set || state_->sets != before;
        };
        if (timeout) return state_->changed.wait_for(lock, std::max(*timeout, 0ns), passes);
        state_->changed.wait(lock, passes);
        return true;
    }

  private:
    struct State {
        std::mutex mutex;
        std::condition_variable changed;
        bool is_set = false;
        std::uint64_t sets = 0;
    };
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

/// std::barrier tells nobody their index, so the wrapper counts; it has no time limit and cannot break.
class Barrier {
  public:
    using Action = void (*)();

    Barrier(Count auto parties, Timeout) : Barrier(parties, [] {}, std::nullopt) {}
    Barrier(Count auto parties, Action action, Timeout)
        : state_(std::make_shared<State>(checked(parties), action)) {}
    std::ptrdiff_t wait(Timeout) {
        const std::ptrdiff_t index = state_->arrived++ % state_->parties;
        state_->barrier.arrive_and_wait();
        return index;
    }

  private:
    struct Completion {
        Action action;
        void operator()() noexcept { action(); }
    };
    struct State {
        State(std::ptrdiff_t number, Action action)
            : parties(number), barrier(number, Completion{action}) {}
        std::ptrdiff_t parties;
        std::atomic<std::ptrdiff_t> arrived = 0;
        std::barrier<Completion> barrier;
    };
    static std::ptrdiff_t checked(std::ptrdiff_t parties) {
        if (parties <= 0) throw std::invalid_argument("nobody can arrive");
        return parties;
    }
    std::shared_ptr<State> state_;
};

/// With the allocator of the standard: a sanitizer does not see what TBB's own does with memory, and would
/// report its next use as a race.
template <class T>
using Items = tbb::concurrent_bounded_queue<T, std::allocator<T>>;

template <class T>
class Queue {
  public:
    explicit Queue(Count auto maxsize) {
        if (maxsize > 0) items_->set_capacity(maxsize);
    }
    void put(const T& item, bool blocking, Timeout) {
        if (!blocking) return put_nowait(item);
        items_->push(item);
    }
    T get(bool blocking, Timeout) {
        if (!blocking) return get_nowait();
        T item;
        items_->pop(item);
        return item;
    }
    void put_nowait(const T& item) {
        if (!items_->try_push(item)) throw Full();
    }
    T get_nowait() {
        T item;
        if (!items_->try_pop(item)) throw Empty();
        return item;
    }
    [[nodiscard]] std::ptrdiff_t qsize() const { return items_->size(); }
    [[nodiscard]] bool empty() const { return items_->empty(); }
    [[nodiscard]] bool full() const { return items_->size() >= items_->capacity(); }

  private:
    std::shared_ptr<Items<T>> items_ = std::make_shared<Items<T>>();
};

template <class T>
class SimpleQueue {
  public:
    void put(const T& item) { items_->push(item); }
    T get() {
        T item;
        items_->pop(item);
        return item;
    }
    [[nodiscard]] bool empty() const { return items_->empty(); }

  private:
    std::shared_ptr<Items<T>> items_ = std::make_shared<Items<T>>();
};

class Worker {
  public:
    explicit Worker(std::function<void()> target) : target_(std::move(target)) {}
    void start() {
        if (is_started_) refuse();
        is_started_ = true;
        thread_ = std::jthread(target_);
    }
    void join(Timeout) { thread_.join(); }

  private:
    std::function<void()> target_;
    bool is_started_ = false;
    std::jthread thread_;
};

struct StandardLibrary {
    static constexpr std::string_view name = "C++ standard library and oneTBB";
    static constexpr std::string_view version = "C++20, " TBB_VERSION_STRING;
    static constexpr std::array<std::string_view, 1> backends{"threading"};
    static void begin(std::string_view) {}

    using Lock = standard_library::Lock;
    using RLock = standard_library::RLock;
    using Semaphore = standard_library::Semaphore;
    using Condition = standard_library::Condition;
    using Event = ::Event;
    using Barrier = ::Barrier;
    template <class T>
    using Queue = ::Queue<T>;
    template <class T>
    using SimpleQueue = ::SimpleQueue<T>;
    using Worker = ::Worker;
    template <class Target, class... Arguments>
    static Worker make_worker(const std::string&, std::optional<bool>, Target target,
                              const Arguments&... arguments) {
        return Worker([=] { target(arguments...); });
    }
    template <class Lockable, class Body>
    static void with(Lockable& lock, const Body& body) {
        lock.acquire(true, std::nullopt);
        try {
            body();
        } catch (...) {
            lock.release();
            throw;
        }
        lock.release();
    }
    static std::string_view get_backend() { return "threading"; }

    /// What the types above do not tell.
    static std::optional<std::string> lacks(const conformance::Scenario& scenario) {
        using conformance::Type;
        for (const conformance::Object& object : scenario.objects) {
            if (object.type != Type::Barrier) continue;
            const auto& arguments = object.arguments;
            if (arguments.size() > 2 && !arguments[2].is_null()) return "std::barrier with a limit";
            if (arguments.size() > 1 && arguments[1] == "raise")
                return "std::barrier with an action that throws";
            const auto comes = [&object](const conformance::WorkerPlan& worker) {
                return std::ranges::count(worker.calls, object.id, &conformance::Call::object) > 0;
            };
            if (arguments[0].is_int() &&
                std::ranges::count_if(scenario.workers, comes) > arguments[0].as_int())
                return "std::barrier with more threads than it expects";
        }
        for (const conformance::WorkerPlan& worker : scenario.workers) {
            if (worker.daemon == true) return "a thread that is a daemon";
            for (const conformance::Call& call : worker.calls) {
                const TimeLimit::Kind kind = call.time_limit.kind();
                if (kind == TimeLimit::Kind::none || kind == TimeLimit::Kind::text) continue;
                const conformance::Object* const object = scenario.find_object(call.object);
                if (object == nullptr) return "std::thread::join with a time limit";
                // std::cv_status says that the time has passed, also of a wait that was notified.
                const bool is_bare_wait = object->type == Type::Condition &&
                                          call.operation == conformance::Operation::wait;
                if (is_bare_wait || object->type == Type::Barrier || object->type == Type::Queue)
                    return std::string(to_string(object->type)) + " with a time limit";
            }
        }
        return std::nullopt;
    }

    static Timeout timeout(TimeLimit limit) {
        // The standard adds it to what the clock shows, and does not look whether that has room.
        constexpr std::chrono::nanoseconds longest = std::chrono::years(100);
        if (limit.kind() == TimeLimit::Kind::not_a_number)
            throw std::invalid_argument("a time limit that is not a number");
        if (limit.kind() == TimeLimit::Kind::none) return std::nullopt;
        if (limit.kind() == TimeLimit::Kind::infinite) return longest;
        return std::min(std::chrono::nanoseconds(limit.count()), longest);
    }
    static ErrorKind classify(const std::exception_ptr& failure) {
        try {
            std::rethrow_exception(failure);
        } catch (const std::invalid_argument&) {
            return ErrorKind::ValueError;
        } catch (const std::system_error&) {
            return ErrorKind::RuntimeError;
        } catch (const Empty&) {
            return ErrorKind::Empty;
        } catch (const Full&) {
            return ErrorKind::Full;
        } catch (...) {
            return ErrorKind::Other;
        }
    }
    [[noreturn]] static void raise(ErrorKind kind, const std::string& message = "as it should") {
        if (kind == ErrorKind::ValueError) throw std::invalid_argument(message);
        if (kind == ErrorKind::RuntimeError)
            throw std::system_error(std::make_error_code(std::errc::operation_not_permitted),
                                    message);
        throw std::runtime_error(message);
    }
};

}  // namespace

int main(int argc, char** argv) {
    return conformance::kit::run_driver<StandardLibrary>(argc, argv);
}
