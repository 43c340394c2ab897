#pragma once
/// \file
/// The members of an aggregate, found without its help. Internal.
///
/// How many there are follows from how many initialisers it takes; structured bindings then name
/// them. Source of the method: A. Polukhin's Boost.PFR; the treatment of C arrays, whose elements
/// take an initialiser each, follows reflect-cpp.

#include <array>
#include <cstddef>
#include <exception>
#include <type_traits>
#include <utility>

namespace freethreading::detail {

template <class... T>
struct Types {};

/// An initialiser for whatever a member is, except a whole aggregate where its base or copy is
/// meant.
template <class Aggregate>
struct AnyMember {
    constexpr explicit AnyMember(std::size_t) {}
    template <class T>
        requires(!std::is_base_of_v<T, Aggregate>)
    operator T() const noexcept {
        std::terminate();  // never called, but some initialisers of T must find a definition
    }
};

template <class Aggregate>
struct AnyBase {
    template <class T>
        requires(std::is_base_of_v<T, Aggregate> && !std::is_same_v<T, Aggregate>)
    operator T() const noexcept {
        std::terminate();
    }
};

/// Whether `T{any * before, {any * nested}, any * after}` is valid; without the middle if it is 0.
template <class T, std::size_t Before, std::size_t Nested = 0, std::size_t After = 0>
consteval bool takes() {
    return []<std::size_t... B, std::size_t... N, std::size_t... A>(
               std::index_sequence<B...>, std::index_sequence<N...>, std::index_sequence<A...>) {
        using Any = AnyMember<T>;
        if constexpr (Nested == 0) {
            return requires { T{Any(B)...}; };
        } else {
            return requires { T{Any(B)..., {Any(N)...}, Any(A)...}; };
        }
    }(std::make_index_sequence<Before>(), std::make_index_sequence<Nested>(),
           std::make_index_sequence<After>());
}

inline constexpr std::size_t most_initialisers = 64;
inline constexpr std::size_t most_members = 16;

/// The largest number of initialisers. Fewer are valid only while the members left out can do
/// without.
template <class T, std::size_t Count = 0, bool Found = false>
consteval std::size_t initialiser_count() {
    if constexpr (Count > most_initialisers + 1) {
        return Count;  // too many, or none will do
    } else if constexpr (takes<T, Count>()) {
        return initialiser_count<T, Count + 1, true>();
    } else if constexpr (Found) {
        return Count - 1;
    } else {
        return initialiser_count<T, Count + 1>();
    }
}

/// How many initialisers the member takes that the initialiser number `First` belongs to: more than
/// one only if it is a C array. Given more braces an array leaves no place for another initialiser.
template <class T, std::size_t First, std::size_t Left, std::size_t Size = Left>
consteval std::size_t initialisers_of_member() {
    if constexpr (Size < 2) {
        return 1;
    } else if constexpr (takes<T, First, Size, Left - Size>() &&
                         !takes<T, First, Size, Left - Size + 1>()) {
        return Size;
    } else {
        return initialisers_of_member<T, First, Left, Size - 1>();
    }
}

template <class T, std::size_t Left, std::size_t First = 0>
consteval std::size_t count_members() {
    if constexpr (Left == 0) {
        return 0;
    } else {
        constexpr std::size_t size = initialisers_of_member<T, First, Left>();
        return 1 + count_members<T, Left - size, First + size>();
    }
}

template <class T>
consteval std::size_t member_count() {
    constexpr std::size_t initialisers = initialiser_count<T>();
    if constexpr (initialisers > most_initialisers) {
        return initialisers;
    } else {
        return count_members<T, initialisers>();
    }
}

/// An aggregate that can be taken apart and put together: no bases, no more members than `members`
/// can name. (Whether the members can be copied is another question.)
template <class T>
consteval bool is_decomposable() {
    if constexpr (!std::is_aggregate_v<T> || std::is_array_v<T> || std::is_union_v<T>) {
        return false;
    } else if constexpr (requires { T{AnyBase<T>()}; }) {
        return false;
    } else {
        return member_count<T>() <= most_members;
    }
}

/// Calls `function` with references to all members of `value`.
template <class T, class Function>
constexpr decltype(auto) members(T& value, Function&& function) {
    constexpr std::size_t count = member_count<std::remove_const_t<T>>();
    // clang-format off
    if constexpr (count == 0) { return function(); }
    if constexpr (count == 1) { auto& [a] = value; return function(a); }
    if constexpr (count == 2) { auto& [a, b] = value; return function(a, b); }
    if constexpr (count == 3) { auto& [a, b, c] = value; return function(a, b, c); }
    if constexpr (count == 4) { auto& [a, b, c, d] = value; return function(a, b, c, d); }
    if constexpr (count == 5) { auto& [a, b, c, d, e] = value; return function(a, b, c, d, e); }
    if constexpr (count == 6) { auto& [a, b, c, d, e, f] = value; return function(a, b, c, d, e, f); }
    if constexpr (count == 7) { auto& [a, b, c, d, e, f, g] = value; return function(a, b, c, d, e, f, g); }
    if constexpr (count == 8) { auto& [a, b, c, d, e, f, g, h] = value; return function(a, b, c, d, e, f, g, h); }
    if constexpr (count == 9) { auto& [a, b, c, d, e, f, g, h, i] = value; return function(a, b, c, d, e, f, g, h, i); }
    if constexpr (count == 10) { auto& [a, b, c, d, e, f, g, h, i, j] = value; return function(a, b, c, d, e, f, g, h, i, j); }
    if constexpr (count == 11) { auto& [a, b, c, d, e, f, g, h, i, j, k] = value; return function(a, b, c, d, e, f, g, h, i, j, k); }
    if constexpr (count == 12) { auto& [a, b, c, d, e, f, g, h, i, j, k, l] = value; return function(a, b, c, d, e, f, g, h, i, j, k, l); }
    if constexpr (count == 13) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m] = value; return function(a, b, c, d, e, f, g, h, i, j, k, l, m); }
    if constexpr (count == 14) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = value; return function(a, b, c, d, e, f, g, h, i, j, k, l, m, n); }
    if constexpr (count == 15) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o] = value; return function(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o); }
    if constexpr (count == 16) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = value; return function(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p); }
    // clang-format on
}

/// Types<...> of the members as they are declared, but for references.
template <class T>
using MemberTypes =
    decltype(members(std::declval<T&>(), []<class... M>(M&...) { return Types<M...>(); }));

/// Whether no member is a reference or const. A reference does not become const with the whole.
template <class T>
inline constexpr bool has_plain_members = []<class... M, class... C>(Types<M...>, Types<C...>) {
    return (std::is_same_v<const M, C> && ...) && !(std::is_const_v<M> || ...);
}(MemberTypes<T>(), MemberTypes<const T>());

}  // namespace freethreading::detail
