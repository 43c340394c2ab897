#pragma once
/// \file
/// How much a search may cost. Deciding linearizability is NP-complete (Gibbons and Korach, SIAM J.
/// Comput. 1997), so every search has an end that is not an answer.
///
///     check(model, history, Budget{.time = std::chrono::seconds(5)})

#include <chrono>
#include <cstddef>
#include <optional>

namespace conformance::checker {

struct Budget {
    /// Held in memory at the same time. About 100 bytes each, plus the model's states.
    std::size_t configurations = 2'000'000;
    /// Tried altogether, some three million a second.
    std::size_t steps = 100'000'000;
    std::optional<std::chrono::steady_clock::duration> time{};
};

/// Counts what a search has spent.
class Meter {
  public:
    explicit Meter(const Budget& budget) : budget_(budget) {
        if (budget.time) end_ = std::chrono::steady_clock::now() + *budget.time;
    }

    /// Counts a step. False, then and from then on, if the budget is spent.
    [[nodiscard]] bool spend(std::size_t configurations) {
        ++steps_;
        if (steps_ > budget_.steps || configurations > budget_.configurations) spent_ = true;
        // Reading the clock costs as much as a step does.
        if (end_ && steps_ % 1024 == 0 && std::chrono::steady_clock::now() > *end_) spent_ = true;
        return !spent_;
    }
    [[nodiscard]] bool is_spent() const { return spent_; }
    [[nodiscard]] std::size_t steps() const { return steps_; }

  private:
    Budget budget_;
    std::optional<std::chrono::steady_clock::time_point> end_;
    std::size_t steps_ = 0;
    bool spent_ = false;
};

}  // namespace conformance::checker
