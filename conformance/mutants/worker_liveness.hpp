#pragma once
/// \file
/// Whether a worker is still there, for those who must not ask.

#include <unistd.h>

#include <cstdint>
#include <string>

namespace conformance::mutants {

/// `ident`: as `get_ident` returned it there.
[[nodiscard]] inline bool is_gone(std::int64_t ident) {
    return access(("/proc/" + std::to_string(ident)).c_str(), F_OK) != 0;
}

}  // namespace conformance::mutants
