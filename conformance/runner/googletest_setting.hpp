#pragma once
/// \file
/// What GoogleTest is told by its own options and variables, looked at before it does: what it cannot follow it answers
/// by ending the program, in the middle or with a signal, which nobody could tell from a verdict.

namespace conformance::runner {

/// Before it reads the command line: GTEST_FLAGFILE and --gtest_flagfile. Throws UsageError.
void require_readable_flags(int argc, const char* const* argv);

/// Afterwards: GTEST_TOTAL_SHARDS, GTEST_SHARD_INDEX, GTEST_SHARD_STATUS_FILE, and --gtest_output, whose file is made
/// if there is none. Throws UsageError.
void require_sound_setting();

}  // namespace conformance::runner
