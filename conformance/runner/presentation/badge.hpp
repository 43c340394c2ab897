#pragma once
/// \file
/// The result as a small picture for a front page. Pure.

#include <string>

#include "conformance/runner/presentation/presentation.hpp"

namespace conformance::runner {

/// An SVG that stands alone: "freethreading | conforms 296/296". It holds no text of a driver.
[[nodiscard]] std::string badge_svg(const Presentation& presentation);

}  // namespace conformance::runner
