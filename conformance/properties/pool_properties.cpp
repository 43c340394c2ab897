#include <gtest/gtest.h>

#include "conformance/properties/property.hpp"

namespace conformance::properties {
namespace {

TEST(Properties, PROP_1_worker_pool) {
    hold_for_all(Family::worker_pool);
}

TEST(Properties, PROP_1_worker_pool_executor) {
    hold_for_all(Family::worker_pool_executor);
}

}  // namespace
}  // namespace conformance::properties
