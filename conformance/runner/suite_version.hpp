#pragma once
/// \file
/// Which suite this is. A report says of which it is, as the verdicts of one say nothing about the
/// tests of another.

#include <string_view>

namespace conformance::runner {

inline constexpr std::string_view suite_version = FREETHREADING_SUITE_VERSION;

}  // namespace conformance::runner
