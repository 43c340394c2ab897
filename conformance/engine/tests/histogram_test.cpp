#include "conformance/engine/histogram.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "conformance/engine/scenario_builder.hpp"

namespace conformance {
namespace {

class HistogramTest : public testing::Test {
  protected:
    HistogramTest() {
        const Id lock = builder_.add(Type::Lock);
        first_ = builder_.main().try_acquire(lock);
        second_ = builder_.worker().try_acquire(lock);
    }
    /// A run in which the second call was pending if it has no outcome.
    void add(bool first, std::optional<bool> second, bool conforms = true) {
        History history;
        const auto& workers = builder_.scenario().workers;
        history.entries = {
            {.worker = 0, .call = workers[0].calls[0], .responded = 1, .outcome = Value(first)},
            {.worker = 2, .call = workers[1].calls[0]}};
        if (second) {
            history.entries[1].responded = 1;
            history.entries[1].outcome = Value(*second);
        }
        histogram_.add(builder_.scenario(), history, conforms);
    }

    ScenarioBuilder builder_;
    Id first_ = 0;
    Id second_ = 0;
    OutcomeHistogram histogram_;
};

TEST_F(HistogramTest, says_nothing_where_there_is_no_choice) {
    EXPECT_EQ(histogram_.text(builder_.scenario()), "");
    add(true, true);
    add(true, true);
    EXPECT_FALSE(histogram_.has_choices());
    EXPECT_EQ(histogram_.text(builder_.scenario()), "");
}

TEST_F(HistogramTest, tells_what_differs_and_how_often) {
    for (int i = 0; i < 38; ++i)
        add(true, false);
    add(true, true);
    add(true, std::nullopt, false);
    EXPECT_EQ(histogram_.text(builder_.scenario()),
              "     runs  kind         outcomes that differ between runs\n"
              "        1  forbidden    worker 2: Lock#1.acquire(false) -> pending\n"
              "       38  acceptable   worker 2: Lock#1.acquire(false) -> false\n"
              "        1  interesting  worker 2: Lock#1.acquire(false) -> true\n");
}

TEST_F(HistogramTest, leaves_out_what_has_rounds) {
    builder_.main().repeat(2);
    add(true, true);
    add(true, false);
    EXPECT_FALSE(histogram_.has_choices());
}

}  // namespace
}  // namespace conformance
