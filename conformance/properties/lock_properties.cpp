#include <gtest/gtest.h>

#include "conformance/properties/property.hpp"

namespace conformance::properties {
namespace {

TEST(Properties, PROP_1_lock) {
    hold_for_all(Family::lock);
}

TEST(Properties, PROP_1_rlock) {
    hold_for_all(Family::rlock);
}

}  // namespace
}  // namespace conformance::properties
