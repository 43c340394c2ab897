#include <gtest/gtest.h>

#include "conformance/properties/property.hpp"

namespace conformance::properties {
namespace {

TEST(Properties, PROP_1_worker) {
    hold_for_all(Family::worker);
}

TEST(Properties, PROP_1_utilities) {
    hold_for_all(Family::utilities);
}

}  // namespace
}  // namespace conformance::properties
