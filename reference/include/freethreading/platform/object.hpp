#pragma once
/// \file
/// Shared state that several processes refer to, and how they count their references. Internal.
///
///     struct LockState : Object { Word owner; };
///     std::shared_ptr<LockState> state = make_object<LockState>();
///
/// An object counts the references of all processes together. Each process holds a reference
/// through a block that it owns, which the fork server releases if the process dies: the process that
/// made the object owns the object itself, another one a block with a pointer to it. Within the
/// process a `std::shared_ptr` shares that block, so copying a handle costs what copying a
/// `std::shared_ptr` costs and touches no shared memory.
///
/// A forked process inherits copies of the handles that its parent had; they refer to living
/// objects because the fork server keeps them alive, and dropping them counts for nothing.

#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "freethreading/error.hpp"
#include "freethreading/platform/arena.hpp"

namespace freethreading::platform {

/// The beginning of every shared state.
struct Object {
    using Destroy = void (*)(Object* object);
    std::uint64_t references = 0;  // guarded by the arena's lock
    Destroy destroy =
        nullptr;  // frees the object and what belongs to it; also tells the object's type
};

/// A new reference of this process. The caller must be sure that the object lives.
/// Throws ResourceError if there is no room for the reference.
[[nodiscard]] std::shared_ptr<Object> refer_to(Object* object);

/// Counts a reference that is not a process's but another block's (a message's, say) up or down.
/// `release_reference` returns whether it was the last; the object then belongs to the calling
/// process, which calls its `destroy` after the commit.
void count_reference(Transaction& transaction, Object* object);
[[nodiscard]] bool release_reference(Transaction& transaction, Object* object);

/// `Object::destroy` of objects to which nothing belongs. One function per type, since its address
/// tells the type.
template <class State>
void destroy_plain(Object* object) {
    release_plain(object);
}

/// For the main program before it forks the fork server: what it refers to now lives until the
/// program ends, since every worker process will inherit copies of its handles.
void keep_all_objects();

namespace detail {
/// `Release` of an object that its maker refers to.
void release_own_object(void* object);
std::shared_ptr<Object> publish_object(Transaction& transaction, Object* object,
                                       Object::Destroy destroy);
}  // namespace detail

/// A new object, referred to by this process. `State`'s constructor must not throw; its destructor
/// does not run: `destroy` does what is needed, in transactions.
template <class State, class... Arguments>
[[nodiscard]] std::shared_ptr<State> make_object_with(Object::Destroy destroy,
                                                      Arguments&&... arguments) {
    static_assert(std::is_base_of_v<Object, State> && std::is_trivially_destructible_v<State>);
    Transaction transaction;
    void* const memory = allocate(transaction, sizeof(State), detail::release_own_object);
    auto* const state = new (memory) State{std::forward<Arguments>(arguments)...};
    return std::static_pointer_cast<State>(detail::publish_object(transaction, state, destroy));
}

template <class State, class... Arguments>
[[nodiscard]] std::shared_ptr<State> make_object(Arguments&&... arguments) {
    return make_object_with<State>(destroy_plain<State>, std::forward<Arguments>(arguments)...);
}

/// The state behind a reference that came out of a message. Throws ValueError if it is of another
/// type.
template <class State>
[[nodiscard]] std::shared_ptr<State> object_cast(std::shared_ptr<Object> object,
                                                 Object::Destroy destroy = destroy_plain<State>) {
    if (object->destroy != destroy)
        throw ValueError("a message holds a handle of another type than the one it is read as");
    return std::static_pointer_cast<State>(std::move(object));
}

}  // namespace freethreading::platform
