#include <gtest/gtest.h>

#include "conformance/properties/property.hpp"

namespace conformance::properties {
namespace {

TEST(Properties, PROP_1_queue) {
    hold_for_all(Family::queue);
}

TEST(Properties, PROP_1_simple_queue) {
    hold_for_all(Family::simple_queue);
}

}  // namespace
}  // namespace conformance::properties
