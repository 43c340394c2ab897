#include "conformance/checker/partition.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/checker/tests/test_models.hpp"

namespace conformance::checker {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr auto key_of = [](const auto& call) { return call.operation.key; };

TestOperation on(int key, Kind kind, int value = 0) {
    return {.kind = kind, .value = value, .key = key};
}

TEST(Partition, splits_by_key_and_knows_the_places) {
    const TestHistory history = {{1, on(2, Kind::read), 1, 2, 0},
                                 {1, on(0, Kind::read), 3, 4, 0},
                                 {2, on(2, Kind::write, 7), 1, 4, yes}};
    const auto parts = split<RegisterModel>(history, key_of);
    ASSERT_THAT(parts, SizeIs(2));
    EXPECT_THAT(parts.at(0).places, ElementsAre(1));
    EXPECT_THAT(parts.at(2).places, ElementsAre(0, 2));
    EXPECT_EQ(parts.at(2).history[1].operation, history[2].operation);
}

TEST(Partition, a_violation_names_the_call_of_the_whole_history) {
    const TestHistory history = {{1, on(0, Kind::write, 7), 1, 2, yes},
                                 {2, on(1, Kind::write, 8), 3, 4, yes},
                                 {3, on(1, Kind::read), 5, 6, 7},
                                 {3, on(2, Kind::read), 7, 8, 0}};
    const auto verdict = check_parts(RegisterModel(), Calls<RegisterModel>(history), key_of);
    EXPECT_EQ(verdict.judgement, Judgement::violation);
    EXPECT_EQ(verdict.part, 1);
    ASSERT_TRUE(verdict.violation);
    EXPECT_EQ(verdict.violation->call, 2U);
    EXPECT_THAT(verdict.violation->prefix, ElementsAre(CertificateStep{.call = 1}));
    EXPECT_THAT(verdict.violation->allowed, ElementsAre(8));
}

TEST(Partition, a_call_that_hangs_is_seen_in_its_part) {
    const TestHistory history = {{1, on(0, Kind::acquire), 1, 2, yes},
                                 {2, on(1, Kind::acquire), 3},
                                 {2, on(0, Kind::acquire), 3}};
    const auto verdict = check_parts(LockModel(), Calls<LockModel>(history), key_of);
    ASSERT_TRUE(verdict.violation);
    EXPECT_TRUE(verdict.violation->hangs);
    EXPECT_EQ(verdict.violation->call, 1U);
    EXPECT_THAT(verdict.certificates, SizeIs(1)) << "that of lock 0";
}

TEST(Partition, what_stays_unknown_hides_no_violation) {
    TestHistory history;
    for (int i = 0; i < 12; ++i)
        history.push_back({i, on(0, Kind::put, i), 1, 100, yes});
    const QueueModel model(20);
    const Budget budget{.steps = 100};
    const auto unknown = check_parts(model, Calls<QueueModel>(history), key_of, budget);
    EXPECT_EQ(unknown.judgement, Judgement::unknown);
    EXPECT_EQ(unknown.part, 0);
    history.push_back({20, on(1, Kind::get), 1, 2, 5});
    const auto verdict = check_parts(model, Calls<QueueModel>(history), key_of, budget);
    EXPECT_EQ(verdict.judgement, Judgement::violation);
    EXPECT_EQ(verdict.part, 1);
}

}  // namespace
}  // namespace conformance::checker
