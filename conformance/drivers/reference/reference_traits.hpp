#pragma once
/// \file
/// The reference implementation, as the kit wants to know it.
///
///     int main(int argc, char** argv) { return kit::run_driver<ReferenceTraits>(argc, argv); }

#include <array>
#include <chrono>
#include <exception>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "conformance/kit/driver.hpp"
#include "freethreading/freethreading.hpp"
#include "freethreading/platform/mode.hpp"

namespace conformance {

/// What Python calls TypeError is an error of compilation here. Tasks that have to fail with one
/// throw a standard exception that the library rebuilds and never throws itself.
using TypeErrorOfTask = std::domain_error;

struct ReferenceTraits {
    static constexpr std::string_view name = "freethreading reference";
    static constexpr std::string_view version = "0.1.0";
    static constexpr std::array<std::string_view, 2> backends{"threading", "multiprocessing"};

    static void begin(std::string_view backend) {
        freethreading::set_backend(backend == "threading"
                                       ? freethreading::Backend::threading
                                       : freethreading::Backend::multiprocessing);
        freethreading::start_fork_server();
    }
    static bool workers_are_processes() { return freethreading::platform::mode().worker_processes; }

    using Lock = freethreading::Lock;
    using RLock = freethreading::RLock;
    using Semaphore = freethreading::Semaphore;
    using BoundedSemaphore = freethreading::BoundedSemaphore;
    using Condition = freethreading::Condition;
    using Event = freethreading::Event;
    using Barrier = freethreading::Barrier;
    /// Items, arguments and results of tasks.
    struct Parcel : conformance::kit::Parcel {
        using conformance::kit::Parcel::Parcel;
        template <class Archive>
        void save(Archive& archive) const {
            depart();
            archive(json);
        }
        template <class Archive>
        void load(Archive& archive) {
            archive(json);
            arrive();
        }
    };
    template <class F>
    static constexpr bool is_target = freethreading::PortableTarget<F>;
    template <class T>
    static constexpr bool is_transferable = freethreading::Portable<T>;

    template <class T>
    using Queue = freethreading::Queue<T>;
    template <class T>
    using SimpleQueue = freethreading::SimpleQueue<T>;
    using Worker = freethreading::Worker;
    using WorkerPool = freethreading::WorkerPool;
    using WorkerPoolExecutor = freethreading::WorkerPoolExecutor;
    template <class T>
    using AsyncResult = freethreading::AsyncResult<T>;
    template <class T>
    using ImapIterator = freethreading::ImapIterator<T>;
    template <class T>
    using ExecutorMap = freethreading::ExecutorMap<T>;
    template <class T>
    using Future = freethreading::Future<T>;

    template <class Target, class... Arguments>
    static Worker make_worker(std::string worker_name, std::optional<bool> daemon, Target target,
                              const Arguments&... arguments) {
        return Worker({.name = std::move(worker_name), .daemon = daemon}, target, arguments...);
    }
    template <class Lockable, class Body>
    static void with(const Lockable& lock, const Body& body) {
        freethreading::with(lock, body);
    }
    static std::string_view get_backend() { return freethreading::get_backend(); }
    static std::uint64_t get_ident() { return freethreading::get_ident(); }
    static auto current_worker() { return freethreading::current_worker(); }
    static std::size_t active_count() { return freethreading::active_count(); }
    static auto active_children() { return freethreading::active_children(); }
    static auto enumerate() { return freethreading::enumerate(); }

    static freethreading::Timeout timeout(TimeLimit limit) {
        using Seconds = std::chrono::duration<double>;
        switch (limit.kind()) {
            case TimeLimit::Kind::none:
                return {};
            case TimeLimit::Kind::finite:
                return std::chrono::nanoseconds(limit.count());
            case TimeLimit::Kind::infinite:
                return Seconds(std::numeric_limits<double>::infinity());
            case TimeLimit::Kind::not_a_number:
            case TimeLimit::Kind::text:
                break;
        }
        return Seconds(std::numeric_limits<double>::quiet_NaN());
    }

    static ErrorKind classify(const std::exception_ptr& failure) {
        try {
            std::rethrow_exception(failure);
        } catch (const freethreading::ValueError&) {
            return ErrorKind::ValueError;
        } catch (const freethreading::BrokenBarrierError&) {
            return ErrorKind::BrokenBarrierError;
        } catch (const freethreading::RuntimeError&) {
            return ErrorKind::RuntimeError;
        } catch (const freethreading::Empty&) {
            return ErrorKind::Empty;
        } catch (const freethreading::Full&) {
            return ErrorKind::Full;
        } catch (const freethreading::TimeoutError&) {
            return ErrorKind::TimeoutError;
        } catch (const freethreading::CancelledError&) {
            return ErrorKind::CancelledError;
        } catch (const freethreading::BrokenWorkerPool&) {
            return ErrorKind::BrokenWorkerPool;
        } catch (const freethreading::ResourceError&) {
            return ErrorKind::ResourceError;
        } catch (const TypeErrorOfTask&) {
            return ErrorKind::TypeError;
        } catch (...) {
            return ErrorKind::Other;
        }
    }

    [[noreturn]] static void raise(ErrorKind kind,
                                   const std::string& message = "as the scenario wants it") {
        switch (kind) {
            case ErrorKind::ValueError:
                throw freethreading::ValueError(message);
            case ErrorKind::RuntimeError:
                throw freethreading::RuntimeError(message);
            case ErrorKind::Empty:
                throw freethreading::Empty(message);
            case ErrorKind::Full:
                throw freethreading::Full(message);
            case ErrorKind::TimeoutError:
                throw freethreading::TimeoutError(message);
            case ErrorKind::BrokenBarrierError:
                throw freethreading::BrokenBarrierError(message);
            case ErrorKind::CancelledError:
                throw freethreading::CancelledError(message);
            case ErrorKind::BrokenWorkerPool:
                throw freethreading::BrokenWorkerPool(message);
            case ErrorKind::ResourceError:
                throw freethreading::ResourceError(message);
            case ErrorKind::TypeError:
                throw TypeErrorOfTask(message);
            case ErrorKind::Other:
                break;
        }
        throw std::out_of_range(message);
    }
};

}  // namespace conformance
