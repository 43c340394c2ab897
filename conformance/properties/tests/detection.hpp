#pragma once
/// \file
/// Whether the properties find what is wrong with a driver that is wrong on purpose.
///
///     const Detection found = detect(driver, {.fault = known_faults[0], .seed = 7});
///     std::cout << found.text();

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

#include "conformance/properties/explore.hpp"

namespace conformance::properties {

/// A fault of conformance/drivers/faulty, and the property that is about the name that has it.
struct KnownFault {
    const char* name;
    Family family;
};
inline constexpr std::array<KnownFault, 7> known_faults{{{"condition", Family::condition},
                                                         {"lock", Family::lock},
                                                         {"barrier", Family::barrier},
                                                         {"semaphore", Family::semaphore},
                                                         {"queue", Family::queue},
                                                         {"join", Family::queue},
                                                         {"future", Family::worker_pool_executor}}};

struct DetectionOptions {
    KnownFault fault{};
    std::uint64_t seed = 0;
    std::chrono::seconds time{60};                           ///< to find it
    std::chrono::milliseconds shrink = ShrinkBudget{}.time;  ///< to shrink it
};

struct Detection {
    Exploration exploration{};
    std::size_t workers = 0;  ///< of the shrunk scenario
    std::size_t calls = 0;
    [[nodiscard]] bool is_found() const { return exploration.failure.has_value(); }
    [[nodiscard]] bool is_confirmed() const {
        return is_found() && exploration.failure->shrunk.is_confirmed;
    }
    /// What a person can take in at a glance.
    [[nodiscard]] bool is_small() const { return is_confirmed() && workers <= 3 && calls <= 6; }
    /// One line: when it was found, how small it got, and what is wrong.
    [[nodiscard]] std::string text() const;
};

/// `driver`: the program faulty-driver. Throws UnusableDriver.
[[nodiscard]] Detection detect(const std::string& driver, const DetectionOptions& options);

}  // namespace conformance::properties
