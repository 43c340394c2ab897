#pragma once
/// \file
/// Random histories: what a model did in a random run of a few workers, and then spoilt a little. What
/// is random may be any generator of integers, the bytes of a fuzzer for one.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "conformance/checker/tests/test_models.hpp"

namespace conformance::checker {

using Random = std::mt19937_64;

/// A worker's next call, and its time limit if it has one.
using MadeCall = std::pair<TestOperation, std::optional<std::int64_t>>;

/// A number from 0 to `bound` - 1.
template <class Generator>
[[nodiscard]] int below(Generator& random, int bound) {
    return static_cast<int>(random() % static_cast<std::uint64_t>(bound));
}

struct RunShape {
    int workers = 3;
    int calls = 4;           ///< altogether
    bool ends_early = true;  ///< in one run of eight: before everything that could happen has
    bool kills = true;       ///< in one run of four, a worker in a call
    bool calls_touch =
        true;  ///< a worker's call may begin at the instant at which the last one ended
};

/// Simulates a run. `make_call(random, worker, state)` gives a worker's next call.
template <Model M, class MakeCall, class Generator>
class Simulation {
  public:
    Simulation(const M& model, const RunShape& run, const MakeCall& make_call, Generator& random)
        : model_(model),
          run_(run),
          make_call_(make_call),
          random_(random),
          state_(model.initial()) {}

    [[nodiscard]] TestHistory history() {
        current_.assign(static_cast<std::size_t>(run_.workers), none);
        newest_response_.assign(current_.size(), -1);
        is_dead_.assign(current_.size(), false);
        const bool kills = run_.kills && below(random_, 4) == 0;
        const bool ends_early = run_.ends_early && below(random_, 8) == 0;
        const int end =
            ends_early ? below(random_, 3 * run_.calls) : std::numeric_limits<int>::max();
        for (int i = 0; i < end; ++i) {
            now_ += std::array{0, 0, 1, 1, 2}[random_() % 5];
            if (kills && below(random_, 8) == 0) kill();
            if (!act() && !let_time_pass()) break;
        }
        return history_;
    }

  private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    bool act() {
        const auto first = static_cast<std::size_t>(below(random_, run_.workers));
        for (std::size_t i = 0; i < current_.size(); ++i) {
            const std::size_t worker = (first + i) % current_.size();
            if (!is_dead_[worker] && act(worker)) return true;
        }
        return false;
    }
    bool act(std::size_t worker) {
        const std::size_t call = current_[worker];
        if (call == none) return invoke(worker);
        if (stages_[call] != completed) return step(call);
        history_[call].responded = newest_response_[worker] = now_;
        current_[worker] = none;
        return true;
    }
    bool invoke(std::size_t worker) {
        if (history_.size() == static_cast<std::size_t>(run_.calls)) return false;
        const auto id = static_cast<std::int32_t>(worker);
        if (!run_.calls_touch && newest_response_[worker] == now_) ++now_;
        const auto [operation, limit] = make_call_(random_, id, state_);
        history_.push_back({.worker = id, .operation = operation, .invoked = now_});
        if (limit) history_.back().deadline = now_ + *limit;
        current_[worker] = history_.size() - 1;
        stages_.push_back(0);
        return true;
    }
    bool step(std::size_t i) {
        auto& call = history_[i];
        std::vector<Step<typename M::State, typename M::Outcome>> offered;
        model_.steps(
            state_,
            {call.operation, call.worker, stages_[i], call.deadline && *call.deadline <= now_},
            offered);
        if (offered.empty()) return false;
        const auto& step = offered[random_() % offered.size()];
        state_ = step.next;
        stages_[i] = step.stage;
        if (step.stage == completed) call.outcome = step.outcome;
        return true;
    }
    void kill() {
        const auto worker = static_cast<std::size_t>(below(random_, run_.workers));
        if (current_[worker] == none) return;
        is_dead_[worker] = true;
        history_[current_[worker]].killed = true;
    }
    bool let_time_pass() {
        std::optional<std::int64_t> next;
        for (std::size_t worker = 0; worker < current_.size(); ++worker) {
            if (current_[worker] == none || is_dead_[worker]) continue;
            const auto deadline = history_[current_[worker]].deadline;
            if (deadline && *deadline > now_) next = std::min(*deadline, next.value_or(*deadline));
        }
        if (!next) return false;
        now_ = *next;
        return true;
    }

    const M& model_;
    RunShape run_;
    const MakeCall& make_call_;
    Generator& random_;
    typename M::State state_;
    std::int64_t now_ = 0;
    TestHistory history_;
    std::vector<Stage> stages_;
    std::vector<std::size_t> current_;
    std::vector<std::int64_t> newest_response_;
    std::vector<bool> is_dead_;
};

/// Whether the calls of each worker follow one another, with a gap between them if they must.
[[nodiscard]] inline bool is_sequential(const TestHistory& history, bool calls_touch) {
    for (std::size_t i = 0; i < history.size(); ++i) {
        if (history[i].responded.value_or(history[i].invoked) < history[i].invoked) return false;
        for (std::size_t j = 0; j < i; ++j) {
            if (history[i].worker != history[j].worker) continue;
            if (!history[j].responded || *history[j].responded > history[i].invoked) return false;
            if (!calls_touch && *history[j].responded == history[i].invoked) return false;
        }
    }
    return true;
}

struct Spoiling {
    std::vector<TestOutcome> outcomes;  ///< that a call may get instead of its own
    bool endings = true;                ///< whether responses may get lost, and workers come alive
    bool calls_touch = true;
};

/// Changes an outcome, a time or an ending.
template <class Generator>
void spoil(TestHistory& history, const Spoiling& spoiling, Generator& random) {
    if (history.empty()) return;
    TestHistory spoilt = history;
    auto& call = spoilt[random() % spoilt.size()];
    switch (below(random, spoiling.endings ? 9 : 7)) {
        case 0:
            call.invoked += below(random, 7) - 3;
            break;
        case 1:
            if (call.responded) *call.responded += below(random, 9) - 4;
            break;
        case 2:
            if (call.deadline) *call.deadline += below(random, 5) - 2;
            break;
        case 7:
            call.responded.reset();
            break;
        case 8:
            call.killed = !call.killed;
            break;
        default:
            call.outcome = spoiling.outcomes[random() % spoiling.outcomes.size()];
    }
    if (is_sequential(spoilt, spoiling.calls_touch)) history = spoilt;
}

}  // namespace conformance::checker
