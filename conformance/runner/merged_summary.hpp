#pragma once
/// \file
/// What several reports come to together, in lines to read.

#include <ostream>

#include "conformance/runner/merge.hpp"

namespace conformance::runner {

/// A table of how many requirements have which verdict, per variant and backend; the requirements
/// that do not pass; what else is wrong; the comparison of the backends; and what all that means.
void print_merged(std::ostream& out, const Merged& merged);

}  // namespace conformance::runner
