#pragma once
/// \file
/// Sessions with fake_driver.py.

#include <string>

#include "conformance/engine/session.hpp"

namespace conformance {

/// Few and short lanes, and short limits: a hang shows in half a second. To greet it has 60 s times
/// the scale.
[[nodiscard]] inline SessionOptions fake_driver(const std::string& fault, double time_scale = 0.2) {
    return {.command = {FREETHREADING_PYTHON, FREETHREADING_FAKE_DRIVER, fault},
            .backend = "threading",
            .time_scale = time_scale,
            .longest_run = std::chrono::seconds(20),
            .lanes = 6,
            .slots = 64,
            .want_stacks = false};
}

}  // namespace conformance
