#include <gtest/gtest.h>

#include "conformance/properties/property.hpp"

namespace conformance::properties {
namespace {

TEST(Properties, PROP_1_barrier) {
    hold_for_all(Family::barrier);
}

}  // namespace
}  // namespace conformance::properties
