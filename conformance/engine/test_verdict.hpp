#pragma once
/// \file
/// What comes of a test.

#include <cstdint>
#include <string>
#include <string_view>

namespace conformance {

/// The worse, the later; of what a test notes the worst counts.
enum class TestVerdict : std::uint8_t {
    not_run,  ///< it ran no scenario, and did not say why
    pass,
    other_than_permitted,  ///< a permitted requirement: either way is fine
    not_as_recommended,
    expected_failure,
    unsupported,  ///< the driver does not list what is needed, or nobody can test it there
    inconclusive,
    unexpected_pass,  ///< it is on the list of expected failures
    fail,
    driver_error,
    suite_error
};
inline constexpr std::size_t number_of_verdicts = 11;

[[nodiscard]] constexpr std::string_view to_string(TestVerdict verdict) {
    switch (verdict) {
        case TestVerdict::not_run:
            return "not run";
        case TestVerdict::pass:
            return "pass";
        case TestVerdict::other_than_permitted:
            return "other than permitted";
        case TestVerdict::not_as_recommended:
            return "not as recommended";
        case TestVerdict::expected_failure:
            return "expected failure";
        case TestVerdict::unsupported:
            return "unsupported";
        case TestVerdict::inconclusive:
            return "inconclusive";
        case TestVerdict::unexpected_pass:
            return "unexpected pass";
        case TestVerdict::fail:
            return "fail";
        case TestVerdict::driver_error:
            return "driver error";
        case TestVerdict::suite_error:
            break;
    }
    return "suite error";
}

/// A line of the report.
struct TestRecord {
    std::string test{};         ///< "BoundedSemaphore.BSEM_3_over_release_raises"
    std::string requirement{};  ///< "BSEM-3"
    TestVerdict verdict = TestVerdict::not_run;
    std::string reason{};         ///< one sentence, unless it passed
    std::string details{};        ///< what a failure printed
    std::string scenario_file{};  ///< where the scenario was saved that did not conform
    std::string outcomes{};       ///< how often which, where those of a scenario's runs differed
    int runs = 0;                 ///< of scenarios
    double seconds = 0;
};

}  // namespace conformance
