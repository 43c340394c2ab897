#pragma once
/// \file
/// Long histories of a barrier that is never reset, aborted or broken, in O(n log n).
///
///     const std::vector<BarrierCall> history = {
///         {.worker = 1, .index = 0, .invoked = 1, .responded = 4},
///         {.worker = 2, .index = 1, .invoked = 3, .responded = 4}};
///     check_barrier(history, 2);  // nothing to find
///
/// What must hold, whoever takes part in which generation:
/// 1. an index is one of 0 ... parties - 1;
/// 2. nobody passes early: until the k-th departure, as many whole generations as it takes for k
///    departures have arrived;
/// 3. if exactly `parties` workers wait, the k-th wait of each belongs to generation k: its indices
///    are all different, and it has arrived before anybody departs;
/// 4. no generation is complete and still waiting: fewer than `parties` are pending, and if none is,
///    each index was given equally often.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "conformance/checker/finding.hpp"

namespace conformance::checker {

/// A `wait`.
struct BarrierCall {
    std::int32_t worker = 0;
    std::int64_t index = 0;  ///< what it returned
    std::int64_t invoked = 0;
    std::optional<std::int64_t> responded{};
};

class BarrierChecker {
  public:
    BarrierChecker(std::span<const BarrierCall> history, std::size_t parties)
        : history_(history), parties_(parties) {}

    [[nodiscard]] std::optional<Finding> find() {
        for (std::size_t i = 0; i < history_.size(); ++i) {
            waits_[history_[i].worker].push_back(i);
            if (!history_[i].responded) {
                pending_.push_back(i);
            } else if (history_[i].index < 0 || !is_index(history_[i].index)) {
                return Finding{"an index is not below the number of parties", {i}};
            }
        }
        if (pending_.size() >= parties_)
            return Finding{"all parties wait, and nobody passes", pending_};
        if (waits_.size() == parties_) {
            if (auto finding = find_in_generations()) return finding;
        }
        if (auto finding = find_early()) return finding;
        return find_uneven();
    }

  private:
    [[nodiscard]] bool is_index(std::int64_t index) const {
        return static_cast<std::size_t>(index) < parties_;
    }

    /// The third rule. A worker's waits are in their order.
    std::optional<Finding> find_in_generations() {
        std::size_t generations = history_.size();
        for (auto& [worker, waits] : waits_) {
            std::ranges::sort(waits, {}, [&](std::size_t i) { return history_[i].invoked; });
            generations = std::min(generations, waits.size());
        }
        for (std::size_t k = 0; k < generations; ++k) {
            std::vector<std::size_t> by_index(parties_, none);
            std::size_t last_arrival = none;
            std::size_t first_departure = none;
            for (const auto& [worker, waits] : waits_) {
                const std::size_t i = waits[k];
                const BarrierCall& call = history_[i];
                if (last_arrival == none || call.invoked > history_[last_arrival].invoked)
                    last_arrival = i;
                if (!call.responded) continue;
                std::size_t& same = by_index[static_cast<std::size_t>(call.index)];
                if (same != none)
                    return Finding{"an index was given twice in one generation", {same, i}};
                same = i;
                if (first_departure == none ||
                    *call.responded < *history_[first_departure].responded)
                    first_departure = i;
            }
            if (first_departure != none &&
                *history_[first_departure].responded < history_[last_arrival].invoked)
                return Finding{"a worker passed before all had arrived",
                               {first_departure, last_arrival}};
        }
        return std::nullopt;
    }

    std::optional<Finding> find_early() const {
        std::vector<std::int64_t> arrivals;
        std::vector<std::size_t> departures;
        for (std::size_t i = 0; i < history_.size(); ++i) {
            arrivals.push_back(history_[i].invoked);
            if (history_[i].responded) departures.push_back(i);
        }
        std::ranges::sort(arrivals);
        std::ranges::sort(departures, {}, [&](std::size_t i) { return *history_[i].responded; });
        std::size_t arrived = 0;
        for (std::size_t k = 0; k < departures.size(); ++k) {
            const std::int64_t time = *history_[departures[k]].responded;
            while (arrived < arrivals.size() && arrivals[arrived] <= time)
                ++arrived;
            if (arrived < (k / parties_ + 1) * parties_)
                return Finding{"more workers passed than whole generations had arrived",
                               {departures[k]}};
        }
        return std::nullopt;
    }

    std::optional<Finding> find_uneven() const {
        if (!pending_.empty()) return std::nullopt;
        std::vector<std::size_t> counts(parties_);
        std::vector<std::size_t> last(parties_, none);
        for (std::size_t i = 0; i < history_.size(); ++i) {
            ++counts[static_cast<std::size_t>(history_[i].index)];
            last[static_cast<std::size_t>(history_[i].index)] = i;
        }
        const auto most = std::ranges::max_element(counts);
        if (most == counts.end() || *most == std::ranges::min(counts)) return std::nullopt;
        return Finding{"an index was given more often than another",
                       {last[static_cast<std::size_t>(most - counts.begin())]}};
    }

    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    std::span<const BarrierCall> history_;
    std::size_t parties_;
    std::map<std::int32_t, std::vector<std::size_t>> waits_;
    std::vector<std::size_t> pending_;
};

/// The rules are necessary, not sufficient. A worker's waits must follow one another.
[[nodiscard]] inline std::optional<Finding> check_barrier(std::span<const BarrierCall> history,
                                                          std::size_t parties) {
    return BarrierChecker(history, parties).find();
}

}  // namespace conformance::checker
