#pragma once
/// \file
/// Mutants: the reference with one fault, which is chosen when the program starts.
///
///     void release() const {
///         if (present<"release_of_a_free_lock_is_ignored", "LOCK-7">() && !locked()) return;
///         ft::Lock::release();
///     }
///
/// A mutant is declared where its fault is: by its name, which says what is wrong, and by what the suite has
/// to say of it. All that are compiled into a program are known before `main` begins.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace conformance::mutants {

struct Mutant {
    std::string_view name;
    std::string_view must_fail;  ///< ids of requirements, with blanks between them
    std::string_view may_fail;   ///< those that suffer as well, or only now and then
    std::string_view backends;   ///< on which it is wrong
};

/// In the order of their names.
inline std::vector<Mutant>& known_mutants() {
    static std::vector<Mutant> all;
    return all;
}

/// Empty: none, so that the program is the reference. Set once, before the driver begins.
inline std::string& chosen_mutant() {
    static std::string name;
    return name;
}

namespace detail {

/// A string that can be a template argument.
template <std::size_t size>
struct Text {
    char characters[size]{};
    consteval Text(const char (&text)[size]) {  // NOLINT(google-explicit-constructor)
        std::copy_n(text, size, characters);
    }
    [[nodiscard]] constexpr std::string_view view() const { return {characters, size - 1}; }
};

inline bool make_known(const Mutant& mutant) {
    auto& all = known_mutants();
    all.insert(std::ranges::upper_bound(all, mutant.name, {}, &Mutant::name), mutant);
    return true;
}

template <Text name, Text must_fail, Text may_fail, Text backends>
inline const bool is_known =
    make_known({name.view(), must_fail.view(), may_fail.view(), backends.view()});

}  // namespace detail

/// Whether this is the chosen one. The same mutant may be asked for at several places, in the same words.
template <detail::Text name, detail::Text must_fail, detail::Text may_fail = "",
          detail::Text backends = "threading multiprocessing">
[[nodiscard]] bool present() {
    static_cast<void>(&detail::is_known<name, must_fail, may_fail, backends>);
    static const bool is_chosen = chosen_mutant() == name.view();
    return is_chosen;
}

}  // namespace conformance::mutants
