#pragma once
/// \file
/// The exceptions of the library, the same classes on both backends.
///
///     try {
///         queue.put(item, false);
///     } catch (const freethreading::Full&) {
///         // Also caught as Error, std::runtime_error, std::exception.
///     }
///
/// Each class derives from Error and from the nearest standard exception. Error itself is no
/// std::exception, or each class would hold two of them and no handler for std::exception would
/// match.

#include <stdexcept>
#include <string>

namespace freethreading {

/// What all exceptions of this library have in common. A mix-in: only derived classes are thrown.
class Error {
  public:
    virtual ~Error() = default;

    /// The sentence that says what went wrong; the same as `what()`. Valid as long as the
    /// exception.
    [[nodiscard]] virtual const char* message() const noexcept = 0;

  protected:
    Error() = default;
    Error(const Error&) = default;
    Error& operator=(const Error&) = default;
};

namespace detail {

template <class StandardException>
class StandardError : public StandardException, public Error {
  public:
    using StandardException::StandardException;
    [[nodiscard]] const char* message() const noexcept override { return this->what(); }
};

}  // namespace detail

/// A value that can never be right: a bad size, count or time-out, a semaphore released too often,
/// something that cannot cross to another worker, a pool that is closed.
class ValueError : public detail::StandardError<std::invalid_argument> {
    using StandardError::StandardError;
};

/// A call in the wrong state (releasing a lock that one does not hold, starting a worker twice),
/// and what any exception becomes that cannot be rebuilt in the worker that asks for it.
class RuntimeError : public detail::StandardError<std::runtime_error> {
    using StandardError::StandardError;
};

/// A barrier that is broken, or was reset while workers were waiting.
class BrokenBarrierError : public RuntimeError {
    using RuntimeError::RuntimeError;
};

/// No item came in time.
class Empty : public detail::StandardError<std::runtime_error> {
  public:
    using StandardError::StandardError;
    Empty() : StandardError("the queue is empty") {}
};

/// No slot became free in time.
class Full : public detail::StandardError<std::runtime_error> {
  public:
    using StandardError::StandardError;
    Full() : StandardError("the queue is full") {}
};

/// A result did not come in time.
class TimeoutError : public detail::StandardError<std::runtime_error> {
  public:
    using StandardError::StandardError;
    TimeoutError() : StandardError("the time is over and the result is not there") {}
};

/// The result of a task that was cancelled.
class CancelledError : public detail::StandardError<std::runtime_error> {
  public:
    using StandardError::StandardError;
    CancelledError() : StandardError("the task was cancelled") {}
};

/// A pool that lost a worker, or whose initializer failed.
class BrokenWorkerPool : public detail::StandardError<std::runtime_error> {
    using StandardError::StandardError;
};

/// No fault of the program: no memory left in the arena, no process or thread to be had, the fork
/// server is dead.
class ResourceError : public detail::StandardError<std::runtime_error> {
    using StandardError::StandardError;
};

}  // namespace freethreading
