/// \file
/// The searches against brute force, on random histories of every kind of model.

#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "conformance/checker/brute_force.hpp"
#include "conformance/checker/certificate.hpp"
#include "conformance/checker/check.hpp"
#include "conformance/checker/depth_first.hpp"
#include "conformance/checker/partition.hpp"
#include "conformance/checker/tests/random_history.hpp"
#include "conformance/checker/tests/test_models.hpp"
#include "conformance/checker/tests/test_settings.hpp"

namespace conformance::checker {
namespace {

std::optional<std::int64_t> random_limit(Random& random) {
    const int choice = below(random, 5);
    if (choice < 2) return std::nullopt;
    return choice == 2 ? 0 : below(random, 6);
}

/// What happened until just before the event with that number: whoever had not responded then may
/// still do anything.
template <Model M>
TestHistory until(const TestHistory& history, std::size_t event) {
    TestHistory past = history;
    for (auto& call : past) {
        call.killed = true;
        call.responded.reset();
    }
    const auto events = events_in_order<M>(history);
    for (std::size_t i = 0; i < event; ++i) {
        if (events[i].is_response) past[events[i].call] = history[events[i].call];
    }
    return past;
}

struct Counts {
    std::size_t linearizable = 0;
    std::size_t violations = 0;
    std::size_t hangs = 0;
    std::size_t exact = 0;  ///< at a response that was confirmed to be the first to fail
    std::size_t pending = 0;
    std::size_t killed = 0;
};

template <Model M>
void examine_violation(const M& model, const TestHistory& history, const Violation<M>& violation,
                       Counts& counts) {
    const TestHistory before = until<M>(history, violation.event);
    EXPECT_TRUE(brute_force_explains<M>(model, before));
    EXPECT_EQ(fault_of<M>(violation.prefix, model, before), "");
    EXPECT_EQ(fault_of<M>(violation, model, history), "");
    EXPECT_FALSE(violation.reached.empty());
    if (violation.hangs) {
        EXPECT_FALSE(history[violation.call].responded);
        EXPECT_FALSE(history[violation.call].killed);
    } else if (is_sequential(history, false)) {  // or the cut would lose a worker's own order
        EXPECT_FALSE(brute_force_explains<M>(model, until<M>(history, violation.event + 1)));
        ++counts.exact;
    }
}

template <Model M>
void examine(const M& model, const TestHistory& history, Counts& counts) {
    for (const auto& call : history) {
        if (!call.responded) ++(call.killed ? counts.killed : counts.pending);
    }
    const bool is_explained = brute_force_explains<M>(model, history);
    const Verdict<M> verdict = check(model, history);
    const Verdict<M> other = check_depth_first(model, history);
    const Verdict<M> hoped = check_optimistically(model, history);
    ASSERT_EQ(verdict.judgement, is_explained ? Judgement::linearizable : Judgement::violation);
    ASSERT_EQ(other.judgement, verdict.judgement);
    ASSERT_EQ(hoped.judgement, verdict.judgement);
    if (is_explained) {
        ++counts.linearizable;
        EXPECT_EQ(fault_of<M>(verdict.certificate, model, history), "");
        EXPECT_EQ(fault_of<M>(other.certificate, model, history), "");
        EXPECT_EQ(fault_of<M>(hoped.certificate, model, history), "");
    } else {
        ++counts.violations;
        EXPECT_EQ(hoped.violation->call, verdict.violation->call);
        if (verdict.violation->hangs) ++counts.hangs;
        examine_violation(model, history, *verdict.violation, counts);
    }
}

template <Model M, class MakeCall>
Counts compare(const M& model, const MakeCall& make_call, const Spoiling& spoiling) {
    Counts counts;
    const auto begin = std::chrono::steady_clock::now();
    std::cout << "seed " << test_seed() << '\n';
    for (std::uint64_t i = 0; i < test_histories(); ++i) {
        Random random(hash_of_both(test_seed(), i));
        const RunShape run{.workers = 2 + below(random, 2), .calls = 2 + below(random, 5)};
        TestHistory history = Simulation(model, run, make_call, random).history();
        for (int changes = below(random, 3); changes > 0; --changes)
            spoil(history, spoiling, random);
        examine(model, history, counts);
        if (testing::Test::HasFailure()) {
            ADD_FAILURE() << "history " << i;
            return counts;
        }
    }
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    std::cout << counts.linearizable << " linearizable, " << counts.violations << " violations, "
              << counts.hangs << " of them hang, " << counts.exact << " at a confirmed response; "
              << counts.pending << " calls pending, " << counts.killed << " killed; "
              << time.count() << " s\n";
    // Each side must have been tried.
    EXPECT_GT(counts.linearizable, test_histories() / 10);
    EXPECT_GT(counts.violations, test_histories() / 20);
    EXPECT_GT(counts.exact, test_histories() / 100);
    return counts;
}

TEST(Differential, lock) {
    const auto make_call = [](Random& random, std::int32_t, const LockModel::State&) -> MadeCall {
        if (below(random, 5) < 2) return {{Kind::release}, std::nullopt};
        return {{Kind::acquire}, random_limit(random)};
    };
    EXPECT_GT(compare(LockModel(), make_call, {{no, yes, error}}).hangs, 0U);
}

TEST(Differential, semaphore) {
    const auto make_call = [](Random& random, std::int32_t, const int&) -> MadeCall {
        if (below(random, 5) < 2) return {{Kind::release}, std::nullopt};
        return {{Kind::acquire}, random_limit(random)};
    };
    EXPECT_GT(compare(SemaphoreModel(), make_call, {{no, yes}}).hangs, 0U);
}

TEST(Differential, bounded_queue) {
    const auto make_call = [](Random& random, std::int32_t, const QueueModel::State&) -> MadeCall {
        if (below(random, 2) == 0) return {{Kind::put, 1 + below(random, 3)}, random_limit(random)};
        return {{Kind::get}, random_limit(random)};
    };
    EXPECT_GT(compare(QueueModel(1), make_call, {{1, 2, 3, timed_out}}).hangs, 0U);
}

TEST(Differential, event) {
    const auto make_call = [](Random& random, std::int32_t, const EventState&) -> MadeCall {
        const int choice = below(random, 6);
        if (choice == 0) return {{Kind::clear}, std::nullopt};
        if (choice == 1) return {{Kind::read}, std::nullopt};
        if (choice < 4) return {{Kind::set}, std::nullopt};
        return {{Kind::wait}, random_limit(random)};
    };
    EXPECT_GT(compare(EventModel(), make_call, {{no, yes}}).hangs, 0U);
}

TEST(Differential, condition) {
    // Mostly what makes sense: wait and notify with the lock, acquire without.
    const auto make_call = [](Random& random, std::int32_t worker,
                              const ConditionState& state) -> MadeCall {
        const int choice = below(random, 8);
        if (choice > 0 && state.owner != worker) return {{Kind::acquire}, std::nullopt};
        if (choice < 3) return {{Kind::notify}, std::nullopt};
        if (choice < 5) return {{Kind::release}, std::nullopt};
        return {{Kind::wait}, random_limit(random)};
    };
    EXPECT_GT(compare(ConditionModel(), make_call, {{no, yes, error}}).hangs, 0U);
}

TestOperation random_access(Random& random) {
    const int choice = below(random, 3);
    const int key = below(random, 3);
    if (choice == 0) return {.kind = Kind::read, .key = key};
    if (choice == 1) return {.kind = Kind::write, .value = below(random, 3), .key = key};
    return {Kind::swap, below(random, 3), below(random, 3), key};
}

TEST(Differential, register) {
    const auto make_call = [](Random& random, std::int32_t, const int&) -> MadeCall {
        return {random_access(random), std::nullopt};
    };
    compare(RegisterModel(), make_call, {{0, 1, 2}});
}

TEST(Differential, store) {
    const auto make_call = [](Random& random, std::int32_t, const StoreModel::State&) -> MadeCall {
        return {random_access(random), std::nullopt};
    };
    compare(StoreModel(), make_call, {{0, 1, 2}});
}

TEST(Differential, store_by_key) {
    const auto make_call = [](Random& random, std::int32_t, const StoreModel::State&) -> MadeCall {
        return {random_access(random), std::nullopt};
    };
    const auto key_of = [](const auto& call) { return call.operation.key; };
    std::size_t violations = 0;
    for (std::uint64_t i = 0; i < test_histories() / 2; ++i) {
        Random random(hash_of_both(test_seed(), i));
        // Independent objects cannot see that a worker's calls touch.
        const RunShape run{.workers = 3, .calls = 8, .calls_touch = false};
        TestHistory history = Simulation(StoreModel(), run, make_call, random).history();
        spoil(history, {.outcomes = {0, 1, 2}, .calls_touch = false}, random);
        const auto whole = check(StoreModel(), history);
        const auto parts = check_parts(RegisterModel(), Calls<RegisterModel>(history), key_of);
        ASSERT_EQ(parts.judgement, whole.judgement) << "history " << i;
        if (whole.judgement == Judgement::linearizable) {
            for (const auto& [key, certificate] : parts.certificates) {
                // The steps of the calls on other keys do not matter to this one.
                TestHistory part = history;
                for (auto& call : part) {
                    if (call.operation.key == key) continue;
                    call.killed = true;
                    call.responded.reset();
                }
                ASSERT_EQ(fault_of<RegisterModel>(certificate, RegisterModel(), part), "");
            }
        } else {
            ++violations;
            ASSERT_EQ(history[parts.violation->call].operation.key, *parts.part);
        }
    }
    std::cout << violations << " violations of " << test_histories() / 2 << '\n';
    EXPECT_GT(violations, test_histories() / 40);
    EXPECT_LT(violations, test_histories() / 3);
}

/// Too long for brute force: the searches against one another.
TEST(Differential, longer_histories) {
    const auto make_call = [](Random& random, std::int32_t worker,
                              const ConditionState& state) -> MadeCall {
        if (state.owner != worker) return {{Kind::acquire}, std::nullopt};
        const int choice = below(random, 6);
        if (choice < 2) return {{Kind::notify}, std::nullopt};
        if (choice < 4) return {{Kind::release}, std::nullopt};
        return {{Kind::wait}, 1 + below(random, 20)};
    };
    std::size_t violations = 0;
    const std::uint64_t count = test_histories() / 20;
    for (std::uint64_t i = 0; i < count; ++i) {
        Random random(hash_of_both(test_seed(), i));
        const RunShape run{.workers = 4, .calls = 60};
        TestHistory history = Simulation(ConditionModel(), run, make_call, random).history();
        spoil(history, {.outcomes = {no, yes}}, random);
        const auto verdict = check(ConditionModel(), history);
        const auto other = check_depth_first(ConditionModel(), history);
        ASSERT_EQ(verdict.judgement, other.judgement) << "history " << i;
        ASSERT_NE(verdict.judgement, Judgement::unknown) << "history " << i;
        if (verdict.judgement == Judgement::linearizable) {
            ASSERT_EQ(fault_of<ConditionModel>(verdict.certificate, {}, history), "");
            ASSERT_EQ(fault_of<ConditionModel>(other.certificate, {}, history), "");
        } else {
            ++violations;
        }
    }
    std::cout << violations << " violations of " << count << '\n';
    EXPECT_GT(violations, count / 20);
    EXPECT_LT(violations, count / 2);
}

}  // namespace
}  // namespace conformance::checker
