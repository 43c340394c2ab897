#include "conformance/checker/explanation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "conformance/checker/check.hpp"
#include "conformance/checker/tests/test_models.hpp"

namespace conformance::checker {
namespace {

using testing::HasSubstr;
using testing::Not;

template <class State>
std::string print_state(const State& state) {
    std::string text = "[";
    for (const int item : state)
        text += (text.size() > 1 ? ", " : "") + std::to_string(item);
    return text + "]";
}

const Printing<QueueModel> printing{
    .operation =
        [](const TestOperation& operation) {
            return operation.kind == Kind::put ? "put(" + std::to_string(operation.value) + ")"
                                               : std::string("get()");
        },
    .outcome =
        [](TestOutcome outcome) {
            return outcome == timed_out ? "Empty" : std::to_string(outcome);
        },
    .state = print_state<QueueModel::State>};

std::string explain(const TestHistory& history) {
    const auto verdict = check(QueueModel(), history);
    return explanation<QueueModel>(QueueModel(), history, verdict, printing);
}

TEST(Explanation, of_a_wrong_response) {
    EXPECT_EQ(explain({{1, {Kind::put, 7}, 1000, 2000, yes}, {2, {Kind::get}, 2500, 4000, 8}}),
              "violation\n"
              "       time   worker 1      worker 2\n"
              "  +0.000 us   > put(7)\n"
              "  +1.000 us   < put(7): 1\n"
              "  +1.500 us                 > get()\n"
              "  +3.000 us                 !< get(): 8\n"
              "Explained so far:\n"
              "  worker 1: put(7): 1    -> [7]\n"
              "Worker 2's get() returned 8, but the model allows 7 in state [7].\n");
}

TEST(Explanation, of_a_call_that_hangs) {
    EXPECT_EQ(explain({{2, {Kind::get}, 1000}, {1, {Kind::put, 7}, 1500, 2000, yes}}),
              "violation\n"
              "       time   worker 1      worker 2\n"
              "  +0.000 us                 !> get()\n"
              "  +0.500 us   > put(7)      |\n"
              "  +1.000 us   < put(7): 1   |\n"
              "        end                 ! get() is pending\n"
              "Explained so far:\n"
              "  worker 1: put(7): 1    -> [7]\n"
              "Worker 2's get() hangs, but the model allows 7 in state [7].\n");
}

TEST(Explanation, of_a_response_to_a_call_that_the_model_blocks) {
    EXPECT_THAT(explain({{1, {Kind::get}, 1, 2, 7}}),
                HasSubstr("returned 7, but the model lets it wait in state []."));
}

TEST(Explanation, of_what_can_be_explained) {
    EXPECT_THAT(explain({{1, {Kind::put, 7}, 1, 2, yes}}),
                HasSubstr("Explained by:\n  worker 1: put(7): 1    -> [7]\n"));
}

TEST(Explanation, says_that_a_worker_was_killed) {
    EXPECT_THAT(explain({{.worker = 1, .operation = {Kind::get}, .invoked = 1, .killed = true}}),
                HasSubstr("get() was killed"));
}

TEST(Explanation, shows_a_window_only_of_a_long_history) {
    TestHistory history;
    for (int i = 0; i < 1000; ++i) {
        history.push_back({1, {Kind::put, i}, 10L * i, 10L * i + 1, yes});
        history.push_back({2, {Kind::get}, 10L * i + 2, 10L * i + 3, i});
    }
    history[1501].outcome = -5;
    const std::string text = explain(history);
    EXPECT_LT(std::ranges::count(text, '\n'), 50);
    EXPECT_THAT(text, HasSubstr("!< get(): -5"));
    EXPECT_THAT(text, HasSubstr("put(750): 1    -> [750]"));
    EXPECT_THAT(text, HasSubstr("events before)"));
    EXPECT_THAT(text, Not(HasSubstr("put(1)")));
}

TEST(Explanation, says_what_was_spent_in_vain) {
    TestHistory history;
    for (int i = 0; i < 12; ++i)
        history.push_back({i, {Kind::put, i}, 1, 100, yes});
    const QueueModel model(20);
    const auto verdict = check(model, history, {.steps = 10});
    EXPECT_THAT(explanation<QueueModel>(model, history, verdict, printing), HasSubstr("unknown\n"));
    EXPECT_THAT(explanation<QueueModel>(model, history, verdict, printing),
                HasSubstr("The budget ran out after 11 steps."));
}

}  // namespace
}  // namespace conformance::checker
