#pragma once
/// \file
/// The implementation's types behind the API's names, as far as the traits have them.

#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "conformance/kit/parcel.hpp"
#include "spec/scenario/scenario.hpp"

namespace conformance::kit {

/// The implementation's class for a type of object; void if it has none. Items, arguments and
/// results of tasks are texts, the JSON of the value, or parcels of such.
template <class Traits, Type type>
struct ObjectType : std::type_identity<void> {};

template <class Traits>
    requires requires { typename Traits::Lock; }
struct ObjectType<Traits, Type::Lock> : std::type_identity<typename Traits::Lock> {};
template <class Traits>
    requires requires { typename Traits::RLock; }
struct ObjectType<Traits, Type::RLock> : std::type_identity<typename Traits::RLock> {};
template <class Traits>
    requires requires { typename Traits::Semaphore; }
struct ObjectType<Traits, Type::Semaphore> : std::type_identity<typename Traits::Semaphore> {};
template <class Traits>
    requires requires { typename Traits::BoundedSemaphore; }
struct ObjectType<Traits, Type::BoundedSemaphore>
    : std::type_identity<typename Traits::BoundedSemaphore> {};
template <class Traits>
    requires requires { typename Traits::Condition; }
struct ObjectType<Traits, Type::Condition> : std::type_identity<typename Traits::Condition> {};
template <class Traits>
    requires requires { typename Traits::Event; }
struct ObjectType<Traits, Type::Event> : std::type_identity<typename Traits::Event> {};
template <class Traits>
    requires requires { typename Traits::Barrier; }
struct ObjectType<Traits, Type::Barrier> : std::type_identity<typename Traits::Barrier> {};
template <class Traits>
    requires requires { typename Traits::template Queue<text_type<Traits>>; }
struct ObjectType<Traits, Type::Queue>
    : std::type_identity<typename Traits::template Queue<text_type<Traits>>> {};
template <class Traits>
    requires requires { typename Traits::template SimpleQueue<text_type<Traits>>; }
struct ObjectType<Traits, Type::SimpleQueue>
    : std::type_identity<typename Traits::template SimpleQueue<text_type<Traits>>> {};
template <class Traits>
    requires requires { typename Traits::WorkerPool; }
struct ObjectType<Traits, Type::WorkerPool> : std::type_identity<typename Traits::WorkerPool> {};
template <class Traits>
    requires requires { typename Traits::WorkerPoolExecutor; }
struct ObjectType<Traits, Type::WorkerPoolExecutor>
    : std::type_identity<typename Traits::WorkerPoolExecutor> {};
template <class Traits>
    requires requires { typename Traits::template AsyncResult<text_type<Traits>>; }
struct ObjectType<Traits, Type::AsyncResult>
    : std::type_identity<typename Traits::template AsyncResult<text_type<Traits>>> {};
template <class Traits>
    requires requires { typename Traits::template ImapIterator<text_type<Traits>>; }
struct ObjectType<Traits, Type::ImapIterator>
    : std::type_identity<typename Traits::template ImapIterator<text_type<Traits>>> {};
template <class Traits>
    requires requires { typename Traits::template ExecutorMap<text_type<Traits>>; }
struct ObjectType<Traits, Type::ExecutorMap>
    : std::type_identity<typename Traits::template ExecutorMap<text_type<Traits>>> {};
template <class Traits>
    requires requires { typename Traits::template Future<text_type<Traits>>; }
struct ObjectType<Traits, Type::Future>
    : std::type_identity<typename Traits::template Future<text_type<Traits>>> {};

/// What a map of a pool results in: the texts of all results.
template <class Traits>
struct MapResultType : std::type_identity<void> {};
template <class Traits>
    requires requires { typename Traits::template AsyncResult<std::vector<text_type<Traits>>>; }
struct MapResultType<Traits>
    : std::type_identity<typename Traits::template AsyncResult<std::vector<text_type<Traits>>>> {};

template <class Traits, Type type>
using object_type = typename ObjectType<Traits, type>::type;
template <class Traits>
using map_result_type = typename MapResultType<Traits>::type;
template <class Traits, Type type>
inline constexpr bool has_type = !std::is_void_v<object_type<Traits, type>>;

namespace detail {
template <class... T>
struct TypeList {
    template <class More>
    using With = std::conditional_t<std::is_void_v<More>, TypeList<T...>, TypeList<T..., More>>;
    using Variant = std::variant<std::monostate, T...>;
};
template <class List, class... Maybe>
struct Collected : std::type_identity<List> {};
template <class List, class First, class... More>
struct Collected<List, First, More...> : Collected<typename List::template With<First>, More...> {};
}  // namespace detail

/// A handle that workers may have in common, or nothing. Portable wherever the handles are.
template <class Traits>
using Handle = typename detail::Collected<
    detail::TypeList<>, object_type<Traits, Type::Lock>, object_type<Traits, Type::RLock>,
    object_type<Traits, Type::Semaphore>, object_type<Traits, Type::BoundedSemaphore>,
    object_type<Traits, Type::Condition>, object_type<Traits, Type::Event>,
    object_type<Traits, Type::Barrier>, object_type<Traits, Type::Queue>,
    object_type<Traits, Type::SimpleQueue>>::type::Variant;

/// An object that stays with the worker that made it: pools, and the results of calls.
template <class Traits>
using LocalObject = typename detail::Collected<
    detail::TypeList<>, object_type<Traits, Type::WorkerPool>,
    object_type<Traits, Type::WorkerPoolExecutor>, object_type<Traits, Type::AsyncResult>,
    map_result_type<Traits>, object_type<Traits, Type::ImapIterator>,
    object_type<Traits, Type::ExecutorMap>, object_type<Traits, Type::Future>>::type::Variant;

[[nodiscard]] constexpr bool is_pool(Type type) {
    return type == Type::WorkerPool || type == Type::WorkerPoolExecutor;
}

/// Whether objects of this type are handles that workers may have in common.
[[nodiscard]] constexpr bool is_shared(Type type) {
    return type <= Type::SimpleQueue;
}

}  // namespace conformance::kit
