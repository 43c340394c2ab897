#include <gtest/gtest.h>

#include "conformance/properties/property.hpp"

namespace conformance::properties {
namespace {

TEST(Properties, PROP_1_event) {
    hold_for_all(Family::event);
}

}  // namespace
}  // namespace conformance::properties
