#pragma once
/// \file
/// Configurations of a search: a state of the model and how far each pending call has got. Internal.
///
/// Pending calls have slots, which are used again; a free slot holds 0, as does a call that has taken
/// no step. So an invocation changes no configuration, and an element takes constant space however
/// long the history is.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "conformance/checker/hash_index.hpp"
#include "conformance/checker/trail.hpp"
#include "spec/model/step.hpp"

namespace conformance::checker {

/// How a configuration was reached: by a step from another of the same set, or by a trail.
struct Origin {
    static constexpr std::uint32_t unknown = 0xfffffffeU;

    std::uint32_t trail = unknown;
    std::uint32_t parent = 0;  ///< if the trail is unknown, and so on
    Trail::Link step{};
};

class ConfigurationSet {
  public:
    explicit ConfigurationSet(std::size_t slots) : slots_(slots) {}

    [[nodiscard]] std::size_t size() const { return states_.size(); }
    [[nodiscard]] std::uint32_t state(std::size_t i) const { return states_[i]; }
    /// Valid until the next insertion.
    [[nodiscard]] std::span<const Stage> stages(std::size_t i) const {
        return {stages_.data() + i * slots_, slots_};
    }
    [[nodiscard]] Origin& origin(std::size_t i) { return origins_[i]; }

    /// The place of the configuration, or HashIndex::none.
    [[nodiscard]] std::uint32_t find(std::uint32_t state, std::span<const Stage> stages) const {
        return index_.find(hash_of(state, stages), [&](std::uint32_t i) {
            return states_[i] == state && std::ranges::equal(this->stages(i), stages);
        });
    }
    /// False if it is in the set already. `stages` is not from this set.
    bool insert(std::uint32_t state, std::span<const Stage> stages, const Origin& origin) {
        if (find(state, stages) != HashIndex::none) return false;
        const auto number = static_cast<std::uint32_t>(states_.size());
        states_.push_back(state);
        stages_.insert(stages_.end(), stages.begin(), stages.end());
        origins_.push_back(origin);
        add_to_index(number);
        return true;
    }
    void clear() {
        states_.clear();
        stages_.clear();
        origins_.clear();
        index_.clear();
    }

    /// The states' numbers, to be changed all at once.
    template <class Change>
    void renumber_states(const Change& change) {
        change(std::span<std::uint32_t>(states_));
        index_.clear();
        for (std::uint32_t i = 0; i < states_.size(); ++i)
            add_to_index(i);
    }

  private:
    [[nodiscard]] static std::size_t hash_of(std::uint32_t state, std::span<const Stage> stages) {
        std::uint64_t hash = state;
        for (const Stage stage : stages) {
            hash = hash * 0x9e3779b97f4a7c15ULL + static_cast<std::uint32_t>(stage);
            hash ^= hash >> 29;
        }
        return spread(hash);
    }
    void add_to_index(std::uint32_t number) {
        const auto hash = [this](std::uint32_t i) { return hash_of(states_[i], stages(i)); };
        index_.add(hash(number), number, hash);
    }

    std::size_t slots_;
    std::vector<std::uint32_t> states_;
    std::vector<Stage> stages_;  // `slots_` for each
    std::vector<Origin> origins_;
    HashIndex index_;
};

}  // namespace conformance::checker
