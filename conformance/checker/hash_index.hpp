#pragma once
/// \file
/// A hash index of things that are kept elsewhere, by their number. Internal.
///
/// Open addressing with linear probing. `clear` takes constant time, because a search clears its sets
/// after every event and most are nearly empty.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace conformance::checker {

class HashIndex {
  public:
    static constexpr std::uint32_t none = 0xffffffffU;

    HashIndex() : cells_(64) {}

    /// The number of the thing with this hash for which `is_equal(number)`, or `none`.
    template <class IsEqual>
    [[nodiscard]] std::uint32_t find(std::size_t hash, const IsEqual& is_equal) const {
        const auto tag = static_cast<std::uint32_t>(hash >> 32);
        for (std::size_t place = hash & mask(); cells_[place].epoch == epoch_;
             place = (place + 1) & mask()) {
            if (cells_[place].tag == tag && is_equal(cells_[place].number))
                return cells_[place].number;
        }
        return none;
    }

    /// Adds a thing that is not there. `hash_of(number)` gives the hash of any that is.
    template <class HashOf>
    void add(std::size_t hash, std::uint32_t number, const HashOf& hash_of) {
        if (2 * (size_ + 1) > cells_.size()) grow(hash_of);
        put(hash, number);
        ++size_;
    }

    void clear() {
        size_ = 0;
        if (++epoch_ != 0) return;
        cells_.assign(cells_.size(), Cell{});
        epoch_ = 1;
    }

  private:
    struct Cell {
        std::uint32_t epoch = 0;
        std::uint32_t number = 0;
        std::uint32_t tag = 0;  // the half of the hash that does not choose the place
    };

    [[nodiscard]] std::size_t mask() const { return cells_.size() - 1; }
    void put(std::size_t hash, std::uint32_t number) {
        std::size_t place = hash & mask();
        while (cells_[place].epoch == epoch_)
            place = (place + 1) & mask();
        cells_[place] = {epoch_, number, static_cast<std::uint32_t>(hash >> 32)};
    }
    template <class HashOf>
    void grow(const HashOf& hash_of) {
        std::vector<Cell> old(4 * cells_.size());
        old.swap(cells_);
        for (const Cell& cell : old) {
            if (cell.epoch == epoch_) put(hash_of(cell.number), cell.number);
        }
    }

    std::vector<Cell> cells_;  // as many as a power of two
    std::uint32_t epoch_ = 1;
    std::size_t size_ = 0;
};

/// Spreads the bits of a hash over all 64. Source: the finalizer of splitmix64 (Steele, Lea and
/// Flood, OOPSLA 2014).
[[nodiscard]] constexpr std::size_t spread(std::uint64_t bits) {
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ULL;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebULL;
    return bits ^ (bits >> 31);
}

}  // namespace conformance::checker
