#pragma once
/// \file
/// What a call may do in a state, computed once. Internal.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "conformance/checker/hash_index.hpp"
#include "spec/model/step.hpp"

namespace conformance::checker {

/// A step with the number of the state after it.
struct Successor {
    std::uint32_t state = 0;
    std::uint32_t choice = 0;
    Stage stage = completed;
};

class StepMemo {
  public:
    struct Key {
        std::uint32_t state = 0;
        std::uint32_t call = 0;
        Stage stage = 0;
        bool time_is_up = false;
        friend bool operator==(const Key&, const Key&) = default;
    };
    /// The successors from `begin` to `end`: those of use to the search.
    struct Steps {
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
        bool is_blocked = true;  ///< the model offers no step at all, of use or not
    };

    /// The steps for `key`. `compute(successors)` appends them and returns whether the call is
    /// blocked.
    template <class Compute>
    [[nodiscard]] Steps steps(const Key& key, const Compute& compute) {
        const std::size_t hash = hash_of(key);
        const std::uint32_t found =
            index_.find(hash, [&](std::uint32_t number) { return keys_[number] == key; });
        if (found != HashIndex::none) return steps_[found];
        Steps steps{.begin = static_cast<std::uint32_t>(successors_.size())};
        steps.is_blocked = compute(successors_);
        steps.end = static_cast<std::uint32_t>(successors_.size());
        const auto number = static_cast<std::uint32_t>(keys_.size());
        keys_.push_back(key);
        steps_.push_back(steps);
        index_.add(hash, number, [this](std::uint32_t other) { return hash_of(keys_[other]); });
        return steps;
    }
    [[nodiscard]] const Successor& operator[](std::uint32_t number) const {
        return successors_[number];
    }

    /// Calls come and go, and what is known of those gone is of no use. This many entries fit a
    /// second-level cache.
    [[nodiscard]] bool is_crowded() const { return keys_.size() > 8192; }
    void clear() {
        index_.clear();
        keys_.clear();
        steps_.clear();
        successors_.clear();
    }

  private:
    [[nodiscard]] static std::size_t hash_of(const Key& key) {
        const std::uint64_t stage = static_cast<std::uint32_t>(key.stage);
        return spread(((std::uint64_t{key.state} << 32 | key.call) + (key.time_is_up ? 1 : 0)) *
                          0x9e3779b97f4a7c15ULL +
                      stage * 0xd1342543de82ef95ULL);
    }

    HashIndex index_;
    std::vector<Key> keys_;
    std::vector<Steps> steps_;
    std::vector<Successor> successors_;
};

}  // namespace conformance::checker
