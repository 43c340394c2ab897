#pragma once
/// \file
/// Interned states of a model: equal states have equal numbers. Internal.
///
///     const std::uint32_t state = table.intern(model.initial());
///
/// A search compares and hashes states all the time; it does so with the numbers, and each distinct
/// state is stored once. Source: the memoised models of Knossos (`knossos/model/memo.clj`).

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "conformance/checker/hash_index.hpp"
#include "spec/model/step.hpp"

namespace conformance::checker {

template <Model M>
class StateTable {
  public:
    using State = typename M::State;

    [[nodiscard]] std::uint32_t intern(State&& state) {
        const std::size_t hash = spread(static_cast<std::size_t>(M::hash(state)));
        const auto is_equal = [&](std::uint32_t number) { return states_[number] == state; };
        const std::uint32_t found = index_.find(hash, is_equal);
        if (found != HashIndex::none) return found;
        return add(std::move(state), hash);
    }

    /// Valid until the next call of `intern`.
    [[nodiscard]] const State& operator[](std::uint32_t number) const { return states_[number]; }
    [[nodiscard]] std::size_t size() const { return states_.size(); }

    /// Whether most states are likely to be of no use any more. A long history passes through as many
    /// states as it has calls, but only a few at a time.
    [[nodiscard]] bool is_crowded() const { return states_.size() > limit_; }

    /// Forgets all states but those numbered, and renumbers these.
    void keep(std::span<std::uint32_t> numbers) {
        std::vector<std::uint32_t> renumbered(states_.size(), HashIndex::none);
        const std::vector<State> states = std::exchange(states_, {});
        const std::vector<std::size_t> hashes = std::exchange(hashes_, {});
        index_.clear();
        for (std::uint32_t& number : numbers) {
            std::uint32_t& replacement = renumbered[number];
            if (replacement == HashIndex::none)
                replacement = add(State(states[number]), hashes[number]);
            number = replacement;
        }
        limit_ = smallest_limit + 4 * states_.size();
    }

  private:
    static constexpr std::size_t smallest_limit = 2048;

    std::uint32_t add(State&& state, std::size_t hash) {
        const auto number = static_cast<std::uint32_t>(states_.size());
        states_.push_back(std::move(state));
        hashes_.push_back(hash);
        index_.add(hash, number, [this](std::uint32_t other) { return hashes_[other]; });
        return number;
    }

    std::vector<State> states_;
    std::vector<std::size_t> hashes_;
    HashIndex index_;
    std::size_t limit_ = smallest_limit;
};

}  // namespace conformance::checker
