#pragma once
/// \file
/// The ways in which the reference implementation's driver runs: both backends, and the
/// multiprocessing one with threads as workers.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "conformance/kit/tests/driver_client.hpp"

namespace conformance {

inline constexpr std::string_view threading = "threading";
inline constexpr std::string_view multiprocessing = "multiprocessing";
inline constexpr std::string_view arena_threads = "arena_threads";
inline const auto ways_to_run = testing::Values(threading, multiprocessing, arena_threads);

[[nodiscard]] inline std::string_view backend_of(std::string_view way) {
    return way == threading ? threading : multiprocessing;
}

[[nodiscard]] inline DriverClient::Variables environment_of(std::string_view way) {
    DriverClient::Variables variables{{"FREETHREADING_BACKEND", std::string(backend_of(way))},
                                      {"TSAN_OPTIONS", "halt_on_error=1"}};
    if (way == arena_threads) variables.emplace_back("FREETHREADING_WORKERS", "threads");
    return variables;
}

/// With the variant of the driver, since the same tests are built for each.
[[nodiscard]] inline std::string name_of_way(const testing::TestParamInfo<std::string_view>& test) {
    return std::string(test.param) + "_" + DRIVER_VARIANT;
}

}  // namespace conformance
