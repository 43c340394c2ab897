#include "conformance/properties/tests/detection.hpp"

#include <iomanip>
#include <limits>
#include <sstream>

#include "conformance/properties/simplify.hpp"

namespace conformance::properties {

std::string Detection::text() const {
    std::ostringstream text;
    text << std::fixed << std::setprecision(1);
    if (!is_found()) {
        text << "not found in " << exploration.runs << " runs, " << exploration.inconclusive
             << " of them inconclusive";
        return text.str();
    }
    const Failure& failure = *exploration.failure;
    text << "found after " << failure.seconds_to_find << " s; " << workers << " workers x " << calls
         << " calls" << (failure.smallest.scenario.has_rounds() ? " in rounds" : "") << " after "
         << failure.seconds_to_shrink << " s, from " << number_of_workers(failure.original.scenario)
         << " x " << number_of_calls(failure.original.scenario)
         << (failure.original.scenario.has_rounds() ? " in rounds" : "") << " in run "
         << exploration.runs << " (" << exploration.inconclusive << " inconclusive)"
         << (is_confirmed() ? "" : ", not confirmed") << ": " << failure.smallest.judgement.reason;
    return text.str();
}

Detection detect(const std::string& driver, const DetectionOptions& options) {
    using Clock = std::chrono::steady_clock;
    Session session({.command = {driver, "--fault", options.fault.name},
                     .backend = "threading",
                     .slots = slots_with_rounds,
                     .want_stacks = false});
    const auto end = Clock::now() + options.time;
    Detection found;
    found.exploration = explore(session, {.family = options.fault.family,
                                          .seed = options.seed,
                                          .scenarios = std::numeric_limits<int>::max(),
                                          .large_per_small = 1,
                                          .shrink = {.time = options.shrink},
                                          .goes_on = [=] { return Clock::now() < end; }});
    if (found.is_found()) {
        const Scenario& smallest = found.exploration.failure->smallest.scenario;
        found.workers = number_of_workers(smallest);
        found.calls = number_of_calls(smallest);
    }
    return found;
}

}  // namespace conformance::properties
