#include "freethreading/portable_exception.hpp"

#include <cxxabi.h>

#include <array>
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

/// A class that is known without registering: its type, the type that stands for it after it was
/// rebuilt, and how to do that.
struct KnownClass {
    const std::type_info* type;
    const std::type_info* rebuilt_type;
    detail::RebuildableClass::Rebuild rebuild;
};

template <class Exception>
KnownClass known_class() {
    if constexpr (std::is_constructible_v<Exception, const std::string&>) {
        return {&typeid(Exception), &typeid(Exception), [](const std::string& message) {
                    return std::make_exception_ptr(Exception(message));
                }};
    } else {
        return {&typeid(Exception), &typeid(WithMessage<Exception>),
                [](const std::string& message) {
                    if (message == Exception().what()) return std::make_exception_ptr(Exception());
                    return std::make_exception_ptr(WithMessage<Exception>(message));
                }};
    }
}

template <class... Exceptions>
auto known_classes() {
    return std::array{known_class<Exceptions>()...};
}

const auto& all_known_classes() {
    static const auto classes =
        known_classes<ValueError, RuntimeError, BrokenBarrierError, Empty, Full, TimeoutError,
                      CancelledError, BrokenWorkerPool, ResourceError,  //
                      std::exception, std::logic_error, std::invalid_argument, std::domain_error,
                      std::length_error, std::out_of_range, std::runtime_error, std::range_error,
                      std::overflow_error, std::underflow_error, std::bad_alloc,
                      std::bad_array_new_length, std::bad_cast, std::bad_typeid,
                      std::bad_optional_access, std::bad_variant_access, std::bad_function_call,
                      std::bad_weak_ptr, std::bad_exception>();
    return classes;
}

/// What is known of an exception that is being handled.
struct Description {
    const std::type_info* type = nullptr;  // nothing for exceptions of other languages
    std::string message;
    std::optional<std::error_code> code;  // of a std::system_error
};

/// The text that a std::system_error was made with, if any: that of the code follows it.
std::optional<std::string> without_code(const std::string& message, const std::error_code& code) {
    const std::string ending = ": " + code.message();
    if (!message.ends_with(ending)) return std::nullopt;
    return message.substr(0, message.size() - ending.size());
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
        return {&typeid(message), message, {}};
    } catch (const char* message) {
        return {&typeid(message), text(message), {}};
    } catch (int number) {
        return {&typeid(number), std::to_string(number), {}};
    } catch (...) {
        return {abi::__cxa_current_exception_type(), {}, {}};
    }
}

const KnownClass* find_known(const std::type_info& type) {
    for (const auto& known : all_known_classes()) {
        if (*known.type == type || *known.rebuilt_type == type) return &known;
    }
    return nullptr;
}

/// The type that a receiver can rebuild; nothing if there is none.
const std::type_info* rebuildable_type(const Description& description) {
    if (description.type == nullptr) return nullptr;
    if (const auto* known = find_known(*description.type)) return known->type;
    if (*description.type == typeid(std::system_error)) {
        const auto& category = description.code->category();
        const bool is_ours =
            category == std::generic_category() || category == std::system_category();
        return is_ours ? description.type : nullptr;
    }
    for (const auto* one = registered.load(); one != nullptr; one = one->next) {
        if (one->type == *description.type) return description.type;
    }
    return nullptr;
}

/// Of several classes with the same name (in anonymous namespaces) the one at that address.
detail::RebuildableClass::Rebuild find_rebuild(std::string_view name, std::uintptr_t address) {
    for (const auto& known : all_known_classes()) {
        if (known.type->name() == name) return known.rebuild;
    }
    detail::RebuildableClass::Rebuild found = nullptr;
    for (const auto* one = registered.load(); one != nullptr; one = one->next) {
        if (one->type.name() != name) continue;
        if (reinterpret_cast<std::uintptr_t>(&one->type) == address) return one->rebuild;
        found = one->rebuild;
    }
    return found;
}

}  // namespace

detail::RebuildableClass::RebuildableClass(const std::type_info& class_type,
                                           Rebuild function) noexcept
    : type(class_type), rebuild(function), next(registered.load()) {
    while (!registered.compare_exchange_weak(next, this)) {
    }
}

void encode_exception(PortableOutput& output, const std::exception_ptr& exception) {
    if (exception == nullptr) return encode(output, std::string());
    auto description = examine(exception);
    const auto* type = rebuildable_type(description);
    if (type == nullptr) {
        if (description.message.empty()) description.message = describe_exception(exception);
        type = &typeid(RuntimeError);
    }
    encode(output, std::string(type->name()));
    encode(output, reinterpret_cast<std::uintptr_t>(type));
    if (*type == typeid(std::system_error)) {
        encode(output, without_code(description.message, *description.code));
        encode(output, description.code->category() == std::system_category());
        encode(output, description.code->value());
    } else {
        encode(output, description.message);
    }
}

std::exception_ptr decode_exception(PortableInput& input) {
    const auto name = decode<std::string>(input);
    if (name.empty()) return nullptr;
    const auto address = decode<std::uintptr_t>(input);
    if (name == typeid(std::system_error).name()) {
        const auto text = decode<std::optional<std::string>>(input);
        const auto& category =
            decode<bool>(input) ? std::system_category() : std::generic_category();
        const std::error_code code(decode<int>(input), category);
        return std::make_exception_ptr(text ? std::system_error(code, *text)
                                            : std::system_error(code));
    }
    const auto message = decode<std::string>(input);
    std::exception_ptr rebuilt;
    if (const auto rebuild = find_rebuild(name, address)) {
        try {
            rebuilt = rebuild(message);
        } catch (...) {  // the class is not what it promised to be
        }
    }
    return rebuilt != nullptr ? rebuilt : std::make_exception_ptr(RuntimeError(message));
}

std::string describe_exception(const std::exception_ptr& exception) {
    if (exception == nullptr) return "no exception";
    const auto description = examine(exception);
    if (description.type == nullptr) return "an exception of another language";
    const auto* known = find_known(*description.type);
    const auto name = class_name(known != nullptr ? *known->type : *description.type);
    return description.message.empty() ? name : name + ": " + description.message;
}

std::string class_name(const std::type_info& type) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> name(
        abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
    return status == 0 ? name.get() : type.name();
}

}  // namespace freethreading
