#include "freethreading/platform/patience.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace freethreading::platform {
namespace {

TEST(Patience, it_is_halved_by_every_wait_in_vain) {
    Patience patience;
    std::vector<std::uint32_t> allowances;
    for (int wait = 0; wait < 6; ++wait) {
        allowances.push_back(patience.begin());
        patience.was_in_vain();
    }
    EXPECT_EQ(allowances, (std::vector<std::uint32_t>{16, 8, 4, 2, 1, 0}));
}

TEST(Patience, a_wait_that_paid_restores_it) {
    Patience patience;
    patience.was_in_vain();
    patience.paid();
    EXPECT_EQ(patience.begin(), Patience::most);
}

/// How many waits have none until it is tried again.
int waits_until_next_try(Patience& patience) {
    int waits = 0;
    while (patience.begin() == 0)
        ++waits;
    return waits;
}

TEST(Patience, once_gone_it_is_tried_more_and_more_seldom) {
    Patience patience;
    std::vector<int> waits;
    for (int tries = 0; tries < 8; ++tries) {
        patience.cost_too_much();
        waits.push_back(waits_until_next_try(patience));
    }
    EXPECT_EQ(waits, (std::vector<int>{31, 63, 127, 255, 511, 1023, 1023, 1023}));
}

TEST(Patience, four_looks_in_vain_are_enough_for_fifteen_waits) {
    Patience patience;
    for (int look = 0; look < 4; ++look) {
        EXPECT_TRUE(patience.is_worth_looking());
        patience.look_ended(false);
    }
    for (int round = 0; round < 3; ++round) {
        for (int wait = 0; wait < 15; ++wait)
            EXPECT_FALSE(patience.is_worth_looking()) << wait;
        EXPECT_TRUE(patience.is_worth_looking());
        patience.look_ended(false);
    }
}

TEST(Patience, a_look_that_paid_makes_looking_worth_it) {
    Patience patience;
    for (int look = 0; look < 4; ++look)
        patience.look_ended(false);
    patience.look_ended(true);
    for (int wait = 0; wait < 20; ++wait)
        EXPECT_TRUE(patience.is_worth_looking());
}

TEST(Patience, whoever_waits_in_vain_looks_at_least_once) {
    for (int wait = 0; wait < 40; ++wait) {
        int looks = 0;
        detail::patience.paid();
        EXPECT_FALSE(patiently([&] {
            ++looks;
            return false;
        }));
        EXPECT_GT(looks, 0);
    }
}

TEST(Patience, what_is_done_is_seen_at_once) {
    for (int wait = 0; wait < 40; ++wait) {
        detail::patience.paid();
        EXPECT_TRUE(patiently([] { return true; }));
    }
}

}  // namespace
}  // namespace freethreading::platform
