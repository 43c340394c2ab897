#include <gtest/gtest.h>

#include "conformance/properties/property.hpp"

namespace conformance::properties {
namespace {

TEST(Properties, PROP_1_condition) {
    hold_for_all(Family::condition);
}

}  // namespace
}  // namespace conformance::properties
