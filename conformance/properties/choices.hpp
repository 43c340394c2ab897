#pragma once
/// \file
/// Where a generator gets its random decisions from. It does not know RapidCheck, which is slow to
/// compile.
///
///     Choices choices([&](int bound) { return static_cast<int>(random() % bound); });
///     if (choices.one_in(4)) scenario.align();
///     const Id lock = choices.pick(locks);

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

namespace conformance::properties {

class Choices {
  public:
    /// `below(bound)`: a number from 0 to bound - 1.
    explicit Choices(std::function<int(int)> below) : below_(std::move(below)) {}

    [[nodiscard]] int below(int bound) { return bound <= 1 ? 0 : below_(bound); }
    /// From `low` to `high`, both included.
    [[nodiscard]] int between(int low, int high) { return low + below(high - low + 1); }
    [[nodiscard]] bool one_in(int n) { return below(n) == 0; }
    /// One of `values`, which must not be empty.
    template <class T>
    [[nodiscard]] T pick(const std::vector<T>& values) {
        return values[static_cast<std::size_t>(below(static_cast<int>(values.size())))];
    }

  private:
    std::function<int(int)> below_;
};

}  // namespace conformance::properties
