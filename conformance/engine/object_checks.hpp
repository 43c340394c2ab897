#pragma once
/// \file
/// The near-linear checks of single objects, on the calls of a long history. Internal to
/// judge_rounds, which says what scenarios keep to.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "spec/scenario/history.hpp"

namespace conformance {

/// What is wrong with the calls on one object.
struct FoundInRounds {
    std::string rule;                  ///< that is broken, as a sentence
    std::vector<std::size_t> entries;  ///< of those who break it, in the history
};

/// `places`: in `history`, those of the calls on one object, worker by worker; of a lock also those on
/// the conditions over it.
[[nodiscard]] std::optional<FoundInRounds> check_exclusion(bool is_reentrant,
                                                           const History& history,
                                                           const std::vector<std::size_t>& places);
/// That no wait of a Condition returned without a notification.
[[nodiscard]] std::optional<FoundInRounds> check_notifications(
    const History& history, const std::vector<std::size_t>& places);
/// Of a Semaphore or BoundedSemaphore.
[[nodiscard]] std::optional<FoundInRounds> check_permits(const Object& semaphore,
                                                         const History& history,
                                                         const std::vector<std::size_t>& places);
[[nodiscard]] std::optional<FoundInRounds> check_generations(
    const Object& barrier, const History& history, const std::vector<std::size_t>& places);
[[nodiscard]] std::optional<FoundInRounds> check_sightings(const History& history,
                                                           const std::vector<std::size_t>& places);
/// Of a Queue or SimpleQueue: items, capacity and tasks. Each consumer that was killed in a get may have
/// taken one item with it.
[[nodiscard]] std::optional<FoundInRounds> check_items(const Object& queue, const History& history,
                                                       const std::vector<std::size_t>& places);
/// Of a Cell.
[[nodiscard]] std::optional<FoundInRounds> check_additions(const Object& cell,
                                                           const History& history,
                                                           const std::vector<std::size_t>& places);
/// Of all pools, executors and what calls on them result in.
[[nodiscard]] std::optional<FoundInRounds> check_results(const History& history);

}  // namespace conformance
