#pragma once
/// \file
/// Puts a random scenario together from phrases, and settles it by the model.

#include "conformance/properties/choices.hpp"
#include "conformance/properties/family.hpp"
#include "spec/scenario/scenario.hpp"

namespace conformance::properties {

[[nodiscard]] Scenario draft(Family family, Choices& choices, int size);

}  // namespace conformance::properties
