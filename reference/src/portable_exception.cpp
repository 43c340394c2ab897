#include "freethreading/portable_exception.hpp"

#include <cxxabi.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <string_view>
#include <system_error>
#include <variant>

#include "freethreading/error.hpp"
#include "freethreading/portable.hpp"

namespace freethreading {
namespace {

// Constant-initialised, so that classes may register before any other static object exists.
constinit std::atomic<const detail::RebuildableClass*> registered{nullptr};

/// A standard exception whose own constructor takes no message, with the one it had.
template <class Exception>
class WithMessage : public Exception {
  public:
    explicit WithMessage(const std::string& message)
        : message_(std::make_shared<const std::string>(message)) {}
    [[nodiscard]] const char* what() const noexcept override { return message_->c_str(); }

  private:
    std::shared_ptr<const std::string> message_;  // copying an exception must not throw
};

template <class Exception>
std::exception_ptr from_message(const std::string& message) {
    if constexpr (std::is_constructible_v<Exception, const std::string&>) {
        return std::make_exception_ptr(Exception(message));
    } else if (message == Exception().what()) {
        return std::make_exception_ptr(Exception());
    } else {
        return std::make_exception_ptr(WithMessage<Exception>(message));
    }
}

template <class... Exceptions>
struct TakeMessage {
    detail::RebuildableClass classes[sizeof...(Exceptions)] = {
        {typeid(Exceptions), from_message<Exceptions>}...};
};
template <class... Exceptions>
struct TakeNothing : TakeMessage<Exceptions...> {
    detail::RebuildableClass rebuilt[sizeof...(Exceptions)] = {
        {typeid(WithMessage<Exceptions>), from_message<Exceptions>, typeid(Exceptions)}...};
};

const TakeMessage<ValueError, RuntimeError, BrokenBarrierError, Empty, Full, TimeoutError,
                  CancelledError, BrokenWorkerPool, ResourceError>
    own_classes;
const TakeMessage<std::logic_error, std::invalid_argument, std::domain_error, std::length_error,
                  std::out_of_range, std::runtime_error, std::range_error, std::overflow_error,
                  std::underflow_error>
    standard_classes;
const TakeNothing<std::exception, std::bad_alloc, std::bad_array_new_length, std::bad_cast,
                  std::bad_typeid, std::bad_optional_access, std::bad_variant_access,
                  std::bad_function_call, std::bad_weak_ptr, std::bad_exception>
    standard_classes_without_message;

/// What is known of an exception.
struct Description {
    const std::type_info* type;  // nothing for exceptions of other languages
    std::string message;
    std::optional<std::error_code> code;  // of a std::system_error
    bool is_exception = true;             // and not some other object that was thrown
};

/// The text that makes a std::system_error with this message and code; none for the code's own message.
std::optional<std::string> text_before_code(const std::string& message,
                                            const std::error_code& code) {
    const std::string own = code.message();
    if (message == own) return std::nullopt;
    const std::string ending = ": " + own;
    if (message.ends_with(ending)) return message.substr(0, message.size() - ending.size());
    return message + '\0';  // where `what()` ended, too
}

Description examine(const std::exception_ptr& exception) {
    const auto text = [](const char* message) { return std::string(message ? message : ""); };
    try {
        std::rethrow_exception(exception);
    } catch (const std::system_error& error) {
        return {&typeid(error), text(error.what()), error.code()};
    } catch (const std::exception& error) {
        return {&typeid(error), text(error.what()), {}};
    } catch (const Error& error) {
        return {&typeid(error), text(error.message()), {}};
    } catch (const std::string& message) {
        return {&typeid(message), message, {}, false};
    } catch (const char* message) {
        return {&typeid(message), text(message), {}, false};
    } catch (int number) {
        return {&typeid(number), std::to_string(number), {}, false};
    } catch (...) {
        return {abi::__cxa_current_exception_type(), {}, {}, false};
    }
}

const detail::RebuildableClass* find_class(const std::type_info& type) {
    const auto* one = registered.load();
    while (one != nullptr && one->type != type)
        one = one->next;
    return one;
}

/// Of several classes with the same name (in anonymous namespaces) the one at that address.
const detail::RebuildableClass* find_class(std::string_view name, std::uintptr_t address) {
    const detail::RebuildableClass* found = nullptr;
    for (const auto* one = registered.load(); one != nullptr; one = one->next) {
        if (one->type.name() != name) continue;
        if (reinterpret_cast<std::uintptr_t>(&one->type) == address) return one;
        found = one;
    }
    return found;
}

/// Whether it is a std::system_error of a category that is known everywhere.
bool is_system_error(const Description& description) {
    return description.code && *description.type == typeid(std::system_error) &&
           (description.code->category() == std::generic_category() ||
            description.code->category() == std::system_category());
}

}  // namespace

detail::RebuildableClass::RebuildableClass(const std::type_info& own_type, Rebuild function,
                                           const std::type_info& shown_type) noexcept
    : type(own_type), rebuild(function), shown_as(shown_type), next(registered.load()) {
    while (!registered.compare_exchange_weak(next, this)) {
    }
}

void encode_exception(PortableOutput& output, const std::exception_ptr& exception) {
    if (exception == nullptr) return encode(output, std::string());
    const auto description = examine(exception);
    const auto* type = description.type;
    if (is_system_error(description)) {
        encode(output, std::string(type->name()));
        encode(output, text_before_code(description.message, *description.code));
        encode(output, description.code->category() == std::system_category());
        encode(output, description.code->value());
        return;
    }
    if (type == nullptr || find_class(*type) == nullptr) type = &typeid(RuntimeError);
    encode(output, std::string(type->name()));
    encode(output, reinterpret_cast<std::uintptr_t>(type));
    encode(output, description.message.empty() && !description.is_exception
                       ? describe_exception(exception)
                       : description.message);
}

std::exception_ptr decode_exception(PortableInput& input) {
    const auto name = decode<std::string>(input);
    if (name.empty()) return nullptr;
    if (name == typeid(std::system_error).name()) {
        const auto text = decode<std::optional<std::string>>(input);
        const auto& category =
            decode<bool>(input) ? std::system_category() : std::generic_category();
        const std::error_code code(decode<int>(input), category);
        return std::make_exception_ptr(text ? std::system_error(code, *text)
                                            : std::system_error(code));
    }
    const auto address = decode<std::uintptr_t>(input);
    const auto message = decode<std::string>(input);
    std::exception_ptr rebuilt;
    if (const auto* found = find_class(name, address)) {
        try {
            rebuilt = found->rebuild(message);
        } catch (...) {  // the class is not what it promised to be
        }
    }
    return rebuilt != nullptr ? rebuilt : std::make_exception_ptr(RuntimeError(message));
}

std::string describe_exception(const std::exception_ptr& exception) {
    if (exception == nullptr) return "no exception";
    const auto description = examine(exception);
    if (description.type == nullptr) return "an exception of another language";
    const auto* found = find_class(*description.type);
    const auto name = class_name(found != nullptr ? found->shown_as : *description.type);
    return description.message.empty() ? name : name + ": " + description.message;
}

std::string class_name(const std::type_info& type) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> name(
        abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
    return status == 0 ? name.get() : type.name();
}

}  // namespace freethreading
