/// \file
/// The checkers for one kind of object against `check`, on random histories.

#include <gtest/gtest.h>

#include <iostream>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/checker/check.hpp"
#include "conformance/checker/tests/random_history.hpp"
#include "conformance/checker/tests/special_calls.hpp"
#include "conformance/checker/tests/test_models.hpp"
#include "conformance/checker/tests/test_settings.hpp"

namespace conformance::checker {
namespace {

template <Model M, class MakeCall>
TestHistory random_history(const M& model, const MakeCall& make_call,
                           const std::vector<TestOutcome>& outcomes, Random& random) {
    const bool calls_touch = below(random, 4) == 0;
    const RunShape run{.workers = 2 + below(random, 3),
                       .calls = 2 + below(random, 12),
                       .ends_early = false,
                       .kills = false,
                       .calls_touch = calls_touch};
    TestHistory history = without_pending(Simulation(model, run, make_call, random).history());
    for (int changes = below(random, 4); changes > 0; --changes)
        spoil(history, {.outcomes = outcomes, .endings = false, .calls_touch = calls_touch},
              random);
    return history;
}

/// Compares the answers. The special checkers do not know that a worker's calls follow one another if
/// they touch: then they may miss a violation, but never see one that is none.
class Tally {
  public:
    ~Tally() {
        std::cout << "seed " << test_seed() << ": " << total_ - violations_ << " linearizable, "
                  << violations_ << " violations, " << missed_
                  << " of them missed because a worker's calls touch\n";
        EXPECT_GT(violations_, total_ / 20);
        EXPECT_LT(violations_, total_ - total_ / 10);
        EXPECT_LT(missed_, violations_ / 10);
    }
    /// False if they disagree.
    bool count(bool is_violation, const std::optional<Finding>& finding,
               const TestHistory& history) {
        ++total_;
        if (is_violation) ++violations_;
        if (finding) rules_.insert(finding->rule);
        if (finding.has_value() == is_violation) return true;
        ++missed_;
        return is_violation && !is_sequential(history, false);
    }
    [[nodiscard]] std::size_t rules() const { return rules_.size(); }

  private:
    std::size_t total_ = 0;
    std::size_t violations_ = 0;
    std::size_t missed_ = 0;
    std::set<std::string_view> rules_;
};

TEST(QueueChecker, agrees_with_check) {
    const QueueModel model(1000);
    Tally tally;
    for (std::uint64_t i = 0; i < test_histories(); ++i) {
        Random random(hash_of_both(test_seed(), i));
        int puts = 0;
        const auto make_call = [&](Random& some, std::int32_t,
                                   const QueueModel::State&) -> MadeCall {
            if (below(some, 2) == 0) return {{Kind::put, ++puts}, std::nullopt};
            return {{Kind::get}, 0};
        };
        TestHistory history =
            random_history(model, make_call, {1, 2, 3, 4, 5, timed_out, timed_out}, random);
        const std::vector<QueueCall> calls = queue_calls(history);
        const bool expected =
            check(model, Calls<QueueModel>(history)).judgement == Judgement::violation;
        ASSERT_TRUE(tally.count(expected, check_queue(calls), history)) << "history " << i;
    }
    EXPECT_EQ(tally.rules(), 5U) << "a rule was never broken";
}

TEST(SemaphoreChecker, agrees_with_check) {
    Tally tally;
    for (std::uint64_t i = 0; i < test_histories(); ++i) {
        Random random(hash_of_both(test_seed(), i));
        const SemaphoreModel model(below(random, 3));
        const auto make_call = [](Random& some, std::int32_t, const int&) -> MadeCall {
            return {{below(some, 2) == 0 ? Kind::acquire : Kind::release}, std::nullopt};
        };
        TestHistory history = random_history(model, make_call, {yes}, random);
        if (!history.empty() && below(random, 2) == 0)
            history[random() % history.size()].operation.kind = Kind::acquire;
        const std::vector<SemaphoreCall> calls = semaphore_calls(history);
        const bool expected =
            check(model, Calls<SemaphoreModel>(history)).judgement == Judgement::violation;
        ASSERT_TRUE(tally.count(expected, check_semaphore(calls, model.initial()), history))
            << "history " << i;
    }
}

TEST(LockChecker, agrees_with_check) {
    Tally tally;
    const auto make_call = [](Random& random, std::int32_t worker, const int& owner) -> MadeCall {
        if (owner == worker) return {{Kind::release}, std::nullopt};
        if (below(random, 2) == 0) return {{Kind::acquire}, std::nullopt};
        return {{Kind::acquire}, below(random, 3)};
    };
    for (std::uint64_t i = 0; i < test_histories(); ++i) {
        Random random(hash_of_both(test_seed(), i));
        TestHistory history = random_history(LockModel(), make_call, {no, yes, yes}, random);
        const std::vector<LockCall> calls = lock_calls(history);
        const bool expected =
            check(LockModel(), Calls<LockModel>(history)).judgement == Judgement::violation;
        ASSERT_TRUE(tally.count(expected, check_lock(calls), history)) << "history " << i;
    }
    EXPECT_EQ(tally.rules(), 4U) << "a rule was never broken";
}

TEST(QueueChecker, rejects_what_it_cannot_judge) {
    const QueueCall put{.kind = QueueCall::Kind::put, .value = 1, .invoked = 1, .responded = 2};
    EXPECT_THROW((void)check_queue(std::vector{put, put}), std::invalid_argument);
    const QueueCall get{.kind = QueueCall::Kind::get, .value = 1, .invoked = 3};
    EXPECT_THROW((void)check_queue(std::vector{put, get}), std::invalid_argument);
}

TEST(QueueChecker, a_pending_put_may_have_taken_effect_or_not) {
    const QueueCall put{.kind = QueueCall::Kind::put, .value = 1, .invoked = 1};
    QueueCall get{.kind = QueueCall::Kind::get, .value = 1, .invoked = 3, .responded = 4};
    EXPECT_FALSE(check_queue(std::vector{put, get}));
    get.kind = QueueCall::Kind::empty;
    EXPECT_FALSE(check_queue(std::vector{put, get}));
}

TEST(LockChecker, a_pending_release_may_have_taken_effect_or_not) {
    using enum LockCall::Kind;
    const std::vector<LockCall> taken_over = {
        {.kind = acquire, .worker = 1, .invoked = 1, .responded = 2},
        {.kind = release, .worker = 1, .invoked = 3},
        {.kind = acquire, .worker = 2, .invoked = 5, .responded = 6}};
    EXPECT_FALSE(check_lock(taken_over));
    std::vector<LockCall> still_held = taken_over;
    still_held[2].kind = failed;
    EXPECT_FALSE(check_lock(still_held));
    const std::vector<LockCall> pending = {{.kind = acquire, .worker = 1, .invoked = 1}};
    EXPECT_THROW((void)check_lock(pending), std::invalid_argument);
}

TEST(SemaphoreChecker, pending_calls_help_but_do_no_harm) {
    using enum SemaphoreCall::Kind;
    const std::vector<SemaphoreCall> history = {{.kind = release, .invoked = 1},
                                                {.kind = acquire, .invoked = 2},
                                                {.kind = acquire, .invoked = 2, .responded = 3}};
    EXPECT_FALSE(check_semaphore(history, 0));
    const auto finding = check_semaphore(std::span(history).subspan(1), 0);
    ASSERT_TRUE(finding);
    EXPECT_EQ(finding->calls, std::vector<std::size_t>{1});
}

}  // namespace
}  // namespace conformance::checker
