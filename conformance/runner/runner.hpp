#pragma once
/// \file
/// The program freethreading-conformance, but for the tests that are linked to it.

namespace conformance::runner {

/// Returns the exit status.
[[nodiscard]] int run(int argc, char** argv);

}  // namespace conformance::runner
