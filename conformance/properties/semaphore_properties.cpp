#include <gtest/gtest.h>

#include "conformance/properties/property.hpp"

namespace conformance::properties {
namespace {

TEST(Properties, PROP_1_semaphore) {
    hold_for_all(Family::semaphore);
}

TEST(Properties, PROP_1_bounded_semaphore) {
    hold_for_all(Family::bounded_semaphore);
}

}  // namespace
}  // namespace conformance::properties
