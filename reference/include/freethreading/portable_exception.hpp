#pragma once
/// \file
/// Exceptions that cross to another worker: class and message arrive, nothing else.
///
///     class NoSuchRecord : public std::runtime_error,
///                          public freethreading::PortableException<NoSuchRecord> {
///         using std::runtime_error::runtime_error;   // it can be made from a std::string
///     };
///
/// The classes of this library, those of the standard library that hold no more than a message (or
/// an error code), and classes that derive from PortableException as above are rebuilt exactly.
/// Anything else, classes derived from these included, becomes a RuntimeError with the message; on
/// threads as well. Fulfils POOL-5, POOL-27, POOL-28, EXEC-23, FUT-2.

#include <exception>
#include <string>
#include <typeinfo>

#include "freethreading/portable_buffer.hpp"

namespace freethreading {

namespace detail {

/// A class of exceptions that can be rebuilt, one in a list of all. Each registers itself when its
/// module is loaded, so what a worker names is looked up, never trusted.
struct RebuildableClass {
    /// Null if it cannot be done.
    using Rebuild = std::exception_ptr (*)(const std::string& message);

    RebuildableClass(const std::type_info& own_type, Rebuild function) noexcept
        : RebuildableClass(own_type, function, own_type) {}
    RebuildableClass(const std::type_info& own_type, Rebuild function,
                     const std::type_info& shown_type) noexcept;
    RebuildableClass(const RebuildableClass&) = delete;
    RebuildableClass& operator=(const RebuildableClass&) = delete;

    const std::type_info& type;
    const Rebuild rebuild;
    const std::type_info& shown_as;  // the class that a person knows
    const RebuildableClass* next;
};

}  // namespace detail

/// Base of an exception class that is rebuilt as itself in the worker that receives it. `Self`
/// derives from std::exception and can be made from what its `what()` returned; where that gives
/// another message, a RuntimeError arrives. A module with such a class must stay loaded.
template <class Self>
class PortableException {
  protected:
    PortableException() noexcept { (void)&rebuildable_; }
    PortableException(const PortableException&) noexcept = default;
    PortableException& operator=(const PortableException&) noexcept = default;
    ~PortableException() = default;

  private:
    static std::exception_ptr rebuild(const std::string& message) {
        const Self rebuilt(message);
        return message == rebuilt.what() ? std::make_exception_ptr(rebuilt) : nullptr;
    }
    static inline const detail::RebuildableClass rebuildable_{typeid(Self), rebuild};
};

/// Writes class and message. A null pointer is written too, and read as one.
void encode_exception(PortableOutput& output, const std::exception_ptr& exception);

/// The exception that was written. Throws ValueError if the bytes hold none.
[[nodiscard]] std::exception_ptr decode_exception(PortableInput& input);

/// "class: message", for a person to read.
[[nodiscard]] std::string describe_exception(const std::exception_ptr& exception);

/// The name of a class as it is written in a program.
[[nodiscard]] std::string class_name(const std::type_info& type);

}  // namespace freethreading
