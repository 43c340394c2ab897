#pragma once
/// \file
/// How the program ends.

#include "conformance/engine/test_verdict.hpp"

namespace conformance::runner {

enum class ExitCode : int {
    conforms = 0,
    does_not_conform = 1,
    usage = 2,
    inconclusive = 3,  ///< or incomplete
    driver_fault = 4,
    suite_error = 5,
    nothing_judged = 77  ///< with --ctest: all tests were unsupported or inconclusive
};

[[nodiscard]] constexpr ExitCode exit_code_of(TestVerdict verdict) {
    switch (verdict) {
        case TestVerdict::pass:
        case TestVerdict::other_than_permitted:
        case TestVerdict::not_as_recommended:
        case TestVerdict::expected_failure:
        case TestVerdict::unsupported:
            return ExitCode::conforms;
        case TestVerdict::not_run:
        case TestVerdict::inconclusive:
            return ExitCode::inconclusive;
        case TestVerdict::fail:
            return ExitCode::does_not_conform;
        case TestVerdict::driver_error:
            return ExitCode::driver_fault;
        case TestVerdict::unexpected_pass:  // the list of expectations is part of the suite
        case TestVerdict::suite_error:
            break;
    }
    return ExitCode::suite_error;
}

/// The one that counts of two: 5, 4, 1, 3, 0 in this order.
[[nodiscard]] constexpr ExitCode graver(ExitCode one, ExitCode other) {
    constexpr auto gravity = [](ExitCode code) {
        switch (code) {
            case ExitCode::conforms:
                return 0;
            case ExitCode::inconclusive:
                return 1;
            case ExitCode::does_not_conform:
                return 2;
            case ExitCode::driver_fault:
                return 3;
            case ExitCode::suite_error:
                return 4;
            case ExitCode::usage:
            case ExitCode::nothing_judged:
                break;
        }
        return 5;
    };
    return gravity(one) >= gravity(other) ? one : other;
}

}  // namespace conformance::runner
