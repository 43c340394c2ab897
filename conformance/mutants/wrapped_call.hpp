#pragma once
/// \file
/// Functions that run in another way than the caller wants: what a worker or a task calls, with something around.
///
///     pool.apply(wrapped<ways_to_run::Twice, F, A...>(), address_of(f), arguments...);
///
/// The function itself goes along as a number: workers are forked, so it has the same address there.

#include <cstdint>
#include <type_traits>

#include "freethreading/freethreading.hpp"

namespace conformance::mutants {

namespace ft = freethreading;

template <class F>
concept FunctionPointer = std::is_pointer_v<F> && std::is_function_v<std::remove_pointer_t<F>>;

template <FunctionPointer F>
[[nodiscard]] std::uint64_t address_of(F function) {
    return reinterpret_cast<std::uint64_t>(function);
}

namespace detail {
template <class Around, class F, class... A>
auto call_wrapped(std::uint64_t function, ft::Stored<A>... arguments) {
    return Around::run([&] { return reinterpret_cast<F>(function)(arguments...); });
}
}  // namespace detail

/// To be called with `address_of(f)` and what `f` is to be called with.
template <class Around, FunctionPointer F, class... A>
[[nodiscard]] auto wrapped() {
    return &detail::call_wrapped<Around, F, A...>;
}

}  // namespace conformance::mutants
