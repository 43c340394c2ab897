#pragma once
/// \file
/// What kind of value a type is, as far as copying it to another worker goes. Internal.

#include <array>
#include <bitset>
#include <chrono>
#include <complex>
#include <concepts>
#include <cstddef>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "freethreading/portable_aggregate.hpp"
#include "freethreading/portable_archive.hpp"
#include "freethreading/portable_buffer.hpp"

namespace freethreading {

/// Specialise to `true` for a trivially copyable type of your own that no other rule covers, to
/// have it copied as its bytes. It must hold no address of anything.
///
///     template <>
///     inline constexpr bool freethreading::copied_as_bytes<geometry::Point> = true;
template <class T>
inline constexpr bool copied_as_bytes = false;

/// A handle to shared state: it writes a reference to that state, and can be made from one.
template <class T>
concept PortableHandle = std::is_class_v<T> && std::is_constructible_v<T, PortableInput&> &&
                         requires(const T& handle, PortableOutput& output) {
                             { handle.save(output) } -> std::same_as<void>;
                         };

namespace detail {

template <template <class...> class A, template <class...> class... B>
inline constexpr bool is_one_of = false;
template <template <class...> class A, template <class...> class B,
          template <class...> class... More>
inline constexpr bool is_one_of<A, B, More...> = is_one_of<A, More...>;
template <template <class...> class A, template <class...> class... More>
inline constexpr bool is_one_of<A, A, More...> = true;

template <class T>
inline constexpr bool is_smart_pointer = false;
template <template <class...> class Pointer, class... T>
inline constexpr bool is_smart_pointer<Pointer<T...>> =
    is_one_of<Pointer, std::unique_ptr, std::shared_ptr, std::weak_ptr>;

/// A policy of a container (allocator, order, hash) that can be made anew on arrival.
template <class T>
concept Stateless = std::is_empty_v<T> && std::default_initializable<T>;

/// The types that a composed type of the standard library consists of.
template <class T>
struct Composition;
template <template <class...> class Container, class T, Stateless... Policies>
    requires is_one_of<Container, std::basic_string, std::vector, std::deque, std::list, std::set,
                       std::multiset, std::unordered_set, std::unordered_multiset>
struct Composition<Container<T, Policies...>> {
    using Parts = Types<T>;
    static constexpr bool is_container = true;
};
template <template <class...> class Container, class Key, class T, Stateless... Policies>
    requires is_one_of<Container, std::map, std::multimap, std::unordered_map,
                       std::unordered_multimap>
struct Composition<Container<Key, T, Policies...>> {
    using Parts = Types<Key, T>;
    static constexpr bool is_container = true;
};
template <template <class...> class Product, class... T>
    requires is_one_of<Product, std::pair, std::tuple, std::optional, std::variant>
struct Composition<Product<T...>> {
    using Parts = Types<std::remove_const_t<T>...>;
    static constexpr bool is_container = false;
};
template <class T, std::size_t Size>
struct Composition<std::array<T, Size>> {
    using Parts = Types<T>;
    static constexpr bool is_container = false;
};

template <class T>
concept Composed = requires { typename Composition<T>::Parts; };
template <class T>
concept Container = Composed<T> && Composition<T>::is_container;
template <class T>
concept Optional = Composed<T> && requires(T& value) { value.has_value(); };
template <class T>
concept Variant = Composed<T> && requires { std::variant_size<T>::value; };
template <class T>
concept Array = Composed<T> && requires(T& value) {
    std::tuple_size<T>::value;
    value.data();
};

template <class T>
struct IsBitset : std::false_type {};
template <std::size_t Size>
struct IsBitset<std::bitset<Size>> : std::true_type {};

template <class T>
struct IsNumber : std::bool_constant<std::is_arithmetic_v<T> || std::is_enum_v<T>> {};
template <class T>
struct IsNumber<std::complex<T>> : std::is_arithmetic<T> {};
template <class Rep, class Period>
struct IsNumber<std::chrono::duration<Rep, Period>> : std::is_arithmetic<Rep> {};
template <class Clock, class Duration>
struct IsNumber<std::chrono::time_point<Clock, Duration>> : IsNumber<Duration> {};

/// Types with only one value.
template <class T>
inline constexpr bool is_unit = std::is_same_v<T, std::monostate> || std::is_null_pointer_v<T>;

/// Whether cereal finds functions that save and load `T`.
template <class T>
consteval bool serializes_itself() {
    if constexpr (!std::is_class_v<T> || is_smart_pointer<T> || Composed<T>) {
        return false;
    } else {
        return cereal::traits::is_output_serializable<T, OutputArchive>::value &&
               cereal::traits::is_input_serializable<T, InputArchive>::value;
    }
}

/// Whether `T` can be taken apart into members that can be put together again.
template <class T>
consteval bool is_record() {
    if constexpr (Composed<T> || PortableHandle<T> || !is_decomposable<T>()) {
        return false;
    } else {
        return !serializes_itself<T>() && has_plain_members<T>;
    }
}

/// Whether a copy of its bytes is a copy of the value. All bytes make a value, but for `bool`.
template <class T>
consteval bool is_bytes() {
    if constexpr (IsNumber<T>::value) {
        return true;
    } else if constexpr (std::is_array_v<T>) {  // only as a member
        return is_bytes<std::remove_all_extents_t<T>>();
    } else if constexpr (!std::is_trivially_copyable_v<T> || !std::copy_constructible<T>) {
        return false;
    } else if constexpr (copied_as_bytes<T>) {
        return true;
    } else if constexpr (Array<T>) {
        return std::tuple_size_v<T> != 0 && is_bytes<typename T::value_type>();
    } else if constexpr (!std::is_empty_v<T> && is_record<T>()) {
        return []<class... M>(Types<M...>) { return (is_bytes<M>() && ...); }(MemberTypes<T>());
    } else {
        return false;
    }
}

/// The rule itself. `Assumed` are the records being looked at further out: one that contains a
/// container of itself is portable if its other members are.
template <class T, class... Assumed>
consteval bool is_portable() {
    if constexpr (!std::is_object_v<T> || std::is_array_v<T> ||
                  !std::is_same_v<T, std::remove_cv_t<T>>) {
        return false;
    } else if constexpr (is_unit<T> || is_bytes<T>() || IsBitset<T>::value || PortableHandle<T> ||
                         (std::is_same_v<T, Assumed> || ...)) {
        return true;
    } else if constexpr (Composed<T>) {
        return []<class... P>(Types<P...>) {
            return (is_portable<P, Assumed...>() && ...);
        }(typename Composition<T>::Parts());
    } else if constexpr (serializes_itself<T>()) {
        return std::default_initializable<T> && std::move_constructible<T>;
    } else if constexpr (is_record<T>()) {
        return []<class... M>(Types<M...>) {
            return (is_portable<M, T, Assumed...>() && ...);
        }(MemberTypes<T>());
    } else {
        return false;
    }
}

}  // namespace detail
}  // namespace freethreading
