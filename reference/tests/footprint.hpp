#pragma once
/// \file
/// What a program and its fork server hold at a moment, to be compared before and after: a leak per
/// round shows after many rounds.

#include <cstddef>
#include <cstdint>
#include <iosfwd>

struct Footprint {
    std::size_t processes = 0;    ///< descendants of this one, zombies included
    std::size_t descriptors = 0;  ///< open in this process and its descendants
    std::size_t mappings = 0;     ///< likewise
    std::size_t resident = 0;     ///< bytes of memory that they use without sharing them
    std::uint64_t blocks = 0;     ///< of the arena
    std::uint64_t bytes = 0;

    [[nodiscard]] static Footprint now();
};
std::ostream& operator<<(std::ostream& stream, const Footprint& footprint);

/// Waits until nothing of which every piece counts is more than before; fails if memory mappings
/// have become many more, or, except under sanitizers, which keep what is freed, memory has.
void expect_no_more_than(const Footprint& before);
