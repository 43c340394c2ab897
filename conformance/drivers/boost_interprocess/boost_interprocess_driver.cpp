// The driver of Boost.Interprocess: what it has that goes by a name of the API, with worker processes
// that are made by fork.
//
// Each object lies in anonymous shared memory, or is a message queue that has lost its name: workers
// inherit it, since they are forked by those who have it. A wrapper takes the function that the
// arguments ask for, and adds nothing. What Boost does not have is reported as unsupported; what it
// does differently stays, and expectations.json says why.

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/version.hpp>
#include <cerrno>
#include <cstdint>
#include <exception>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "conformance/kit/driver.hpp"
#include "interprocess_locks.hpp"
// After the header that says what becomes of Boost's assertions.
#include <boost/interprocess/ipc/message_queue.hpp>

namespace {

namespace interprocess = boost::interprocess;
namespace posix_time = boost::posix_time;
using boost_interprocess::Count;
using boost_interprocess::deadline;
using boost_interprocess::Timeout;
using conformance::ErrorKind;
using conformance::TimeLimit;

struct Empty : std::exception {};
struct Full : std::exception {};
/// What a scenario wants to leave a worker, of a kind that nothing here throws.
struct OtherError : std::runtime_error {
    OtherError(ErrorKind its_kind, const std::string& message)
        : std::runtime_error(message), kind(its_kind) {}
    ErrorKind kind;
};

ErrorKind kind_of(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::invalid_argument&) {
        return ErrorKind::ValueError;
    } catch (const interprocess::interprocess_exception& error) {
        const int native = error.get_native_error();
        return native == EINVAL || native == EOVERFLOW ? ErrorKind::ValueError
                                                       : ErrorKind::RuntimeError;
    } catch (const std::system_error&) {
        return ErrorKind::RuntimeError;
    } catch (const OtherError& error) {
        return error.kind;
    } catch (const Empty&) {
        return ErrorKind::Empty;
    } catch (const Full&) {
        return ErrorKind::Full;
    } catch (...) {
        return ErrorKind::Other;
    }
}

constexpr std::int64_t largest_capacity = 65536;

/// Of texts. A message_queue has a capacity, and so has each message.
template <class T>
class Queue {
  public:
    static constexpr std::int64_t default_capacity = 1024;
    static constexpr std::size_t longest = 4096;

    explicit Queue(Count auto maxsize) : messages_(make(maxsize)) {}
    void put(const T& item, bool blocking, Timeout timeout) {
        if (!blocking) return put_nowait(item);
        if (!timeout) return messages_->send(item.data(), item.size(), 0);
        if (timeout->is_negative()) throw std::invalid_argument("a negative time limit");
        if (!messages_->timed_send(item.data(), item.size(), 0, deadline(*timeout))) throw Full();
    }
    T get(bool blocking, Timeout timeout) {
        if (blocking && timeout && timeout->is_negative())
            throw std::invalid_argument("a negative time limit");
        return received([&](auto&... message) {
            if (!blocking) return messages_->try_receive(message...);
            if (timeout) return messages_->timed_receive(message..., deadline(*timeout));
            messages_->receive(message...);
            return true;
        });
    }
    void put_nowait(const T& item) {
        if (!messages_->try_send(item.data(), item.size(), 0)) throw Full();
    }
    T get_nowait() {
        return received([&](auto&... message) { return messages_->try_receive(message...); });
    }
    [[nodiscard]] std::size_t qsize() const { return messages_->get_num_msg(); }
    [[nodiscard]] bool empty() const { return messages_->get_num_msg() == 0; }
    [[nodiscard]] bool full() const { return messages_->get_num_msg() == messages_->get_max_msg(); }

  private:
    using Messages = interprocess::message_queue;

    static std::shared_ptr<Messages> make(std::int64_t maxsize) {
        const std::string name = "freethreading-example-" + std::to_string(getpid());
        const std::int64_t capacity = maxsize > 0 ? maxsize : default_capacity;
        auto messages = std::make_shared<Messages>(interprocess::create_only, name.c_str(),
                                                   static_cast<std::size_t>(capacity), longest);
        Messages::remove(name.c_str());
        return messages;
    }
    static T received(const auto& receive) {
        std::array<char, longest> text;
        void* const place = text.data();
        Messages::size_type size = text.size();
        unsigned priority = 0;
        if (!receive(place, longest, size, priority)) throw Empty();
        return T(text.data(), size);
    }
    std::shared_ptr<Messages> messages_;
};

class Worker {
  public:
    Worker(std::string name, std::function<void()> target)
        : name_(std::move(name)), target_(std::move(target)) {}
    void start() {
        if (process_ != not_started) refuse();
        const pid_t process = fork();
        if (process < 0) throw std::system_error(errno, std::generic_category());
        if (process == 0) run();
        process_ = process;
    }
    void join(Timeout timeout) {
        if (process_ == not_started) refuse();
        if (timeout && !timeout->is_special())
            await_end(std::max<std::int64_t>(0, timeout->total_milliseconds()));
        look(timeout && !timeout->is_special() ? WNOHANG : 0);
    }
    bool is_alive() {
        look(WNOHANG);
        return process_ != not_started && !has_ended_;
    }

  private:
    static constexpr pid_t not_started = 0;

    [[noreturn]] static void refuse() {
        throw std::system_error(std::make_error_code(std::errc::operation_not_permitted));
    }
    [[noreturn]] void run() const {
        try {
            target_();
        } catch (const std::exception& error) {
            std::cerr << name_ << ": " << to_string(kind_of(std::current_exception())) << ": "
                      << error.what() << std::endl;
        }
        _exit(0);
    }
    void look(int options) {
        if (process_ == not_started || has_ended_) return;
        has_ended_ = waitpid(process_, nullptr, options) == process_;
    }
    void await_end(std::int64_t milliseconds) const {
        pollfd process{static_cast<int>(syscall(SYS_pidfd_open, process_, 0)), POLLIN, 0};
        poll(&process, 1, static_cast<int>(milliseconds));
        close(process.fd);
    }
    std::string name_;
    std::function<void()> target_;
    pid_t process_ = not_started;
    bool has_ended_ = false;
};

struct BoostInterprocess {
    static constexpr std::string_view name = "Boost.Interprocess";
    static constexpr std::string_view version = BOOST_LIB_VERSION;
    static constexpr std::array<std::string_view, 1> backends{"multiprocessing"};
    static void begin(std::string_view) {}
    static bool workers_are_processes() { return true; }

    using Lock = boost_interprocess::Lock;
    using RLock = boost_interprocess::RLock;
    using Semaphore = boost_interprocess::Semaphore;
    using Condition = boost_interprocess::Condition;
    template <class T>
    using Queue = ::Queue<T>;
    using Worker = ::Worker;
    template <class Target, class... Arguments>
    static Worker make_worker(std::string worker_name, std::optional<bool>, Target target,
                              const Arguments&... arguments) {
        return Worker(std::move(worker_name), [=] { target(arguments...); });
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
    static std::string_view get_backend() { return "multiprocessing"; }
    static std::int64_t get_ident() { return getpid(); }

    /// What the types above do not tell. A message_queue takes all of its memory when it is made.
    static std::optional<std::string> lacks(const conformance::Scenario& scenario) {
        for (const conformance::WorkerPlan& worker : scenario.workers) {
            if (worker.daemon == true) return "a worker that is a daemon";
        }
        for (const conformance::Object& object : scenario.objects) {
            if (object.type == conformance::Type::Queue && !object.arguments.empty() &&
                object.arguments[0].is_int() && object.arguments[0].as_int() > largest_capacity)
                return "message_queue of so many messages";
        }
        return std::nullopt;
    }

    static Timeout timeout(TimeLimit limit) {
        if (limit.kind() == TimeLimit::Kind::none) return std::nullopt;
        if (limit.kind() == TimeLimit::Kind::infinite) return posix_time::pos_infin;
        if (!limit.is_finite()) throw std::invalid_argument("a time limit that is not a number");
        // Rounded away from zero: a deadline has microseconds.
        return posix_time::microseconds(
            limit.count() == 0 ? 0 : limit.count() / 1000 + (limit.count() < 0 ? -1 : 1));
    }
    static ErrorKind classify(const std::exception_ptr& failure) { return kind_of(failure); }
    [[noreturn]] static void raise(ErrorKind kind, const std::string& message = "as it should") {
        if (kind == ErrorKind::ValueError) throw std::invalid_argument(message);
        if (kind == ErrorKind::RuntimeError)
            throw std::system_error(std::make_error_code(std::errc::operation_not_permitted),
                                    message);
        throw OtherError(kind, message);
    }
};

}  // namespace

int main(int argc, char** argv) {
    return conformance::kit::run_driver<BoostInterprocess>(argc, argv);
}
