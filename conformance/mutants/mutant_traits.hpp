#pragma once
/// \file
/// The reference with all mutants, of which at most one is present.

#include <string_view>

#include "conformance/drivers/reference/reference_traits.hpp"
#include "conformance/mutants/lock_mutants.hpp"
#include "conformance/mutants/with_mutants.hpp"

namespace conformance::mutants {

struct MutantTraits : ReferenceTraits {
    static constexpr std::string_view name = "mutant of the reference";

    using Lock = MutantLock;

    template <class Lockable, class Body>
    static void with(const Lockable& lock, const Body& body) {
        guarded_block(lock, body);
    }
};

}  // namespace conformance::mutants
