#pragma once
/// \file
/// A call that is made by another worker: a target and its arguments, as bytes.
///
///     PortableOutput call;
///     const Invoker invoke = encode_call(call, add, 2, 3);
///     // in the other worker:
///     PortableInput input(call);
///     PortableOutput result;
///     invoke(input, &result);   // then decode<int>(...) gives 5
///
/// Targets are functions and capture-less lambdas (or empty function objects). Code lies at the
/// same address in every worker, so an Invoker and a pointer to a function keep their meaning
/// there.

#include <concepts>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "freethreading/portable.hpp"

namespace freethreading {

/// Decodes a call and makes it; appends the result where one is asked for. What the target throws
/// passes through, so does the ValueError of a result that cannot be encoded.
using Invoker = void (*)(PortableInput& call, PortableOutput* result);

namespace detail {
template <class F>
concept FunctionPointer = std::is_pointer_v<F> && std::is_function_v<std::remove_pointer_t<F>>;
}

/// A function, a pointer to one, or a function object without state.
template <class F>
concept PortableTarget =
    detail::FunctionPointer<std::decay_t<F>> ||
    (std::is_empty_v<std::decay_t<F>> && std::default_initializable<std::decay_t<F>>);

/// Whether `F` can be called with arguments of the types `A`, each on its way become a Stored<A>.
template <class F, class... A>
concept CallableWith = std::is_invocable_v<std::decay_t<F>&, Stored<A>...>;

/// Fails to compile unless `F` is a target that can be called with arguments of the types `A`, and
/// says what is wrong. Fulfils GEN-10, DOC-16.
template <class F, class... A>
consteval void require_call() {
    static_assert(PortableTarget<F>,
                  "a target must be a function or a lambda without captures: give it what it needs "
                  "as arguments");
    (require_portable<Stored<A>>(), ...);
    static_assert(CallableWith<F, A...>,
                  "the target cannot be called with these arguments: their number or types differ, "
                  "or it takes a non-const reference (it gets copies); a C string arrives as "
                  "std::string");
}

namespace detail {
template <class F, class... A>
struct ResultOfCall : std::type_identity<void> {};
template <class F, class... A>
    requires CallableWith<F, A...>
struct ResultOfCall<F, A...>
    : std::type_identity<Stored<std::invoke_result_t<std::decay_t<F>&, Stored<A>...>>> {};
}  // namespace detail

/// What the call of a target results in, as its caller receives it; void if nothing. (Also void if
/// it cannot be called, so that a function declared with it lives to say so by `require_call`.)
template <class F, class... A>
using CallResult = typename detail::ResultOfCall<F, A...>::type;

/// Writes a target: the address of a function, nothing for a function object.
/// Throws ValueError for a null pointer.
template <class F>
void encode_target(PortableOutput& output, const F& target) {
    if constexpr (detail::FunctionPointer<std::decay_t<F>>) {
        const std::decay_t<F> pointer = target;
        if (pointer == nullptr) throw ValueError("the target is a null pointer");
        output.write(&pointer, sizeof pointer);
    }
}

template <class F>
[[nodiscard]] std::decay_t<F> decode_target(PortableInput& input) {
    std::decay_t<F> target{};
    if constexpr (detail::FunctionPointer<std::decay_t<F>>) {
        input.read(&target, sizeof target);
        if (target == nullptr) PortableInput::reject("the target is a null pointer");
    }
    return target;
}

/// Writes one argument, a C string as std::string. Throws ValueError for a null C string.
template <class A>
void encode_argument(PortableOutput& output, const A& argument) {
    if constexpr (std::is_same_v<Stored<A>, A>) {
        encode(output, argument);
    } else if constexpr (std::is_array_v<A>) {
        encode(output,
               Stored<A>(argument, std::find(std::begin(argument), std::end(argument), '\0')));
    } else {
        if (argument == nullptr) throw ValueError("a null pointer is no string");
        encode(output, Stored<A>(argument));
    }
}

/// Calls a decoded target with decoded arguments, and appends what it returns to `result` if that
/// is given and there is something.
template <class F, class... Arguments>
void call_target(F& target, std::tuple<Arguments...>&& arguments, PortableOutput* result) {
    using Result = Stored<std::invoke_result_t<F&, Arguments...>>;
    if constexpr (std::is_void_v<Result>) {
        std::apply(target, std::move(arguments));
    } else if constexpr (Portable<Result>) {
        const auto& value = std::apply(target, std::move(arguments));
        if (result != nullptr) encode_argument(*result, value);
    } else {
        (void)std::apply(target, std::move(arguments));
    }
}

/// Writes a call and returns what makes it. Throws ValueError as `encode` does.
template <class F, class... A>
[[nodiscard]] Invoker encode_call(PortableOutput& output, const F& target, const A&... arguments) {
    require_call<F, A...>();
    encode_target(output, target);
    (encode_argument(output, arguments), ...);
    return [](PortableInput& call, PortableOutput* result) {
        if constexpr (PortableTarget<F> && CallableWith<F, A...>) {
            auto callable = decode_target<F>(call);
            call_target(callable, std::tuple<Stored<A>...>{decode<Stored<A>>(call)...}, result);
        }
    };
}

/// An address within the code of the target, to tell the module that it lies in. (The Invoker may
/// lie in another one: wherever the call was written.)
template <class F>
[[nodiscard]] const void* target_address(const F& target) {
    if constexpr (detail::FunctionPointer<std::decay_t<F>>) {
        const std::decay_t<F> pointer = target;
        return reinterpret_cast<const void*>(pointer);
    } else {
        return reinterpret_cast<const void*>(&decode_target<F>);
    }
}

}  // namespace freethreading
