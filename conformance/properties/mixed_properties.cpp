#include <gtest/gtest.h>

#include "conformance/properties/property.hpp"

namespace conformance::properties {
namespace {

TEST(Properties, PROP_1_mixed) {
    hold_for_all(Family::mixed);
}

TEST(Properties, PROP_1_sequential) {
    hold_for_all(Family::sequential);
}

TEST(Properties, PROP_1_saved_scenarios) {
    hold_for_saved_scenarios();
}

TEST(Properties, PROP_2_both_backends_give_the_same_outcomes) {
    hold_on_both_backends();
}

}  // namespace
}  // namespace conformance::properties
