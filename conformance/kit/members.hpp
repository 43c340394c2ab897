#pragma once
/// \file
/// Whether a class has a public member of a name, for the operation `offers` (rule 5.21): of the names
/// in a fixed list, since a name cannot be looked up at run time.
///
/// A member is found if its address can be taken, or if it can be called with up to three arguments
/// of whatever type it takes. So several overloads with the same number of parameters may escape.

#include <array>
#include <optional>
#include <string_view>

namespace conformance::kit {

namespace detail {
/// Becomes whatever a parameter wants.
struct Anything {
    template <class T>
    operator T&() const;  // NOLINT(google-explicit-constructor)
    template <class T>
    operator T&&() const;  // NOLINT(google-explicit-constructor)
};
}  // namespace detail

// clang-format off
#define CONFORMANCE_KIT_MEMBERS(X)                                                                \
    X(acquire) X(release) X(locked) X(lock) X(unlock) X(count) X(owner) X(value) X(get_value)     \
    X(set) X(is_set) X(wait) X(reset) X(put) X(get) X(empty) X(qsize) X(full) X(put_nowait)       \
    X(get_nowait) X(task_done) X(join) X(maxsize) X(capacity) X(close) X(clear) X(join_thread)    \
    X(shutdown) X(start) X(is_alive) X(ident) X(exitcode) X(exit_code) X(pid) X(run) X(terminate) \
    X(kill)
// clang-format on

namespace detail {
#define X(name)                                                                     \
    template <class Class>                                                          \
    inline constexpr bool has_##name =                                              \
        requires { &Class::name; } || requires(Class& object) { object.name(); } || \
        requires(Class& object, Anything any) { object.name(any); } ||              \
        requires(Class& object, Anything any) { object.name(any, any); } ||         \
        requires(Class& object, Anything any) { object.name(any, any, any); };
CONFORMANCE_KIT_MEMBERS(X)
#undef X
}  // namespace detail

/// Nothing if the name is not in the list.
template <class Class>
[[nodiscard]] constexpr std::optional<bool> offers_member(std::string_view name) {
#define X(member) \
    if (name == #member) return detail::has_##member<Class>;
    CONFORMANCE_KIT_MEMBERS(X)
#undef X
    return std::nullopt;
}

[[nodiscard]] constexpr bool is_listed_member(std::string_view name) {
    struct Nothing {};
    return offers_member<Nothing>(name).has_value();
}
#undef CONFORMANCE_KIT_MEMBERS

}  // namespace conformance::kit
