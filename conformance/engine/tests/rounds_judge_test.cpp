#include "conformance/engine/rounds_judge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>

#include "conformance/engine/long_history.hpp"
#include "conformance/engine/scenario_builder.hpp"
#include "spec/scenario/round.hpp"

namespace conformance {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using Verdict = Judgement::Verdict;

/// Makes a history by playing it: a worker's calls in their order, each with its times.
class RoundsJudgeTest : public testing::Test {
  protected:
    /// The next call of a worker, which repeats its calls.
    Entry& play(const Script& worker, std::int64_t invoked, std::int64_t responded,
                const Outcome& outcome = {}) {
        const WorkerPlan& plan = *builder_.scenario().find_worker(worker.id());
        auto& made = made_[worker.id()];
        const auto calls = static_cast<std::int64_t>(plan.calls.size());
        Entry entry{
            .worker = worker.id(), .invoked = invoked, .responded = responded, .outcome = outcome};
        entry.round = made / calls;
        entry.call = in_round(plan.calls[static_cast<std::size_t>(made++ % calls)], entry.round);
        entries_[worker.id()].push_back(entry);
        return entries_[worker.id()].back();
    }
    Judgement judged(RunResult::Status status = RunResult::Status::completed) {
        RunResult result{.status = status};
        for (const auto& [worker, entries] : entries_)
            result.history.entries.insert(result.history.entries.end(), entries.begin(),
                                          entries.end());
        return by_models_ ? judge(builder_.scenario(), result)
                          : judge_by_checks(builder_.scenario(), result);
    }
    std::string reason() {
        const Judgement judgement = judged();
        EXPECT_EQ(judgement.verdict,
                  judgement.reason.empty() ? Verdict::conforms : Verdict::violates);
        return judgement.reason;
    }

    bool by_models_ = false;
    ScenarioBuilder builder_;
    std::map<Id, std::int64_t> made_;
    std::map<Id, std::deque<Entry>> entries_;
};

TEST_F(RoundsJudgeTest, two_holders_of_a_lock_are_told_with_their_rounds) {
    const Id lock = builder_.add(Type::Lock);
    const Script first = builder_.worker();
    const Script second = builder_.worker();
    for (const Script& worker : {first, second}) {
        worker.acquire(lock);
        worker.release(lock);
        worker.repeat(9);
    }
    play(first, 1, 2, Value(true));
    play(first, 3, 4);
    play(second, 5, 6, Value(true));
    play(second, 7, 8);
    play(first, 9, 10, Value(true));
    EXPECT_EQ(reason(), "");
    play(second, 11, 12, Value(true));
    const Judgement judgement = judged();
    EXPECT_EQ(judgement.reason,
              "Lock#1: two workers held a lock at once: worker 2: Lock#1.acquire() in round 1 -> "
              "true; worker 3: Lock#1.acquire() in round 1 -> true");
    EXPECT_THAT(judgement.timeline, HasSubstr("<===="));
    ASSERT_TRUE(judgement.marked);
    EXPECT_EQ(judgement.shown.entries.at(*judgement.marked).invoked, 11);
}

TEST_F(RoundsJudgeTest, a_wait_of_a_condition_gives_up_its_lock) {
    const Id lock = builder_.add(Type::Lock);
    const Id condition = builder_.add(Type::Condition, {lock});
    const Script waits = builder_.worker();
    waits.acquire(condition);
    waits.wait(condition);
    waits.release(condition);
    waits.repeat(2);
    const Script notifies = builder_.worker();
    notifies.acquire(lock);
    notifies.notify(condition);
    notifies.release(lock);
    notifies.repeat(2);
    play(waits, 1, 2, Value(true));
    Entry& wait = play(waits, 3, 20, Value(true));
    play(notifies, 4, 5, Value(true));
    Entry& notify = play(notifies, 6, 7);
    play(notifies, 8, 9);
    EXPECT_EQ(reason(), "");
    wait.responded = 7;
    EXPECT_THAT(reason(), StartsWith("Lock#1: two workers held a lock at once"));
    wait.responded = 20;
    notify.invoked = 21;
    notify.responded = 22;
    EXPECT_THAT(reason(), StartsWith("Condition#2: more waits returned than were notified"));
}

TEST_F(RoundsJudgeTest, items_are_received_once_each_and_in_order) {
    const Id queue = builder_.add(Type::Queue, {2});
    const Script puts = builder_.worker();
    puts.put(queue, List{7, round_text});
    puts.repeat(9);
    const Script gets = builder_.worker();
    gets.get(queue);
    gets.repeat(9);
    const auto item = [](std::int64_t round) { return Outcome(Value(List{7, round})); };
    play(puts, 1, 2);
    play(puts, 3, 4);
    Entry& first = play(gets, 5, 6, item(0));
    Entry& second = play(gets, 7, 8, item(1));
    EXPECT_EQ(reason(), "");
    std::swap(first.outcome, second.outcome);
    EXPECT_THAT(reason(), StartsWith("Queue#1: a value overtook another"));
    second.outcome = first.outcome;
    EXPECT_THAT(reason(), StartsWith("Queue#1: a value was taken twice"));
    second.outcome = item(2);
    EXPECT_THAT(reason(), StartsWith("Queue#1: a value was taken that nobody put"));
    first.outcome = item(0);
    second.outcome = ErrorKind::Empty;
    EXPECT_THAT(reason(), StartsWith("Queue#1: "));  // item 1 is there
    second.outcome = item(1);
    for (const std::int64_t time : {10, 12, 14})
        play(puts, time, time + 1);
    EXPECT_THAT(reason(), StartsWith("Queue#1: more items were put than there is room for"));
}

TEST_F(RoundsJudgeTest, a_consumer_that_was_killed_may_have_taken_one_item) {
    const Id queue = builder_.add(Type::SimpleQueue);
    const Script puts = builder_.worker();
    puts.put(queue, round_text);
    puts.repeat(9);
    const Script victim = builder_.worker();
    const Script gets = builder_.worker();
    for (const Script& worker : {victim, gets}) {
        worker.get(queue);
        worker.repeat(9);
    }
    for (const std::int64_t time : {1, 3, 5})
        play(puts, time, time + 1);
    Entry& killed = play(victim, 7, 0);
    killed.responded.reset();
    killed.killed = true;
    Entry& taken = play(gets, 9, 10, Value(1));
    EXPECT_EQ(reason(), "");
    taken.outcome = Value(2);  // two are missing
    EXPECT_THAT(reason(), StartsWith("SimpleQueue#1: a value overtook another"));
}

TEST_F(RoundsJudgeTest, what_a_killed_consumer_has_taken_was_put_before_what_is_left_over) {
    const Id queue = builder_.add(Type::SimpleQueue);
    const Script late = builder_.worker();
    const Script early = builder_.worker();
    late.put(queue, List{1, round_text});
    late.repeat(9);
    early.put(queue, List{2, round_text});
    early.repeat(9);
    const Script victim = builder_.worker();
    const Script gets = builder_.worker();
    for (const Script& worker : {victim, gets}) {
        worker.get(queue);
        worker.repeat(9);
    }
    play(early, 1, 2);
    play(early, 3, 4);
    Entry& killed = play(victim, 5, 0);
    killed.responded.reset();
    killed.killed = true;
    play(gets, 7, 8, Value(List{2, 1}));
    play(late, 9, 10);
    EXPECT_EQ(reason(), "");
}

TEST_F(RoundsJudgeTest, additions_and_results_are_followed) {
    const Id cell = builder_.add(Type::Cell);
    const Script adds = builder_.worker();
    adds.add(cell);
    adds.repeat(3);
    const Id pool = builder_.add(Type::WorkerPool, {1});
    const Script main = builder_.main();
    const Id result = main.apply_async(pool, "add", {round_text, 5});
    main.get(result);
    main.call(pool, Operation::map, {"square", Value(List{round_text, 3})});
    main.repeat(2);
    play(adds, 1, 2, Value(1));
    Entry& sum = play(adds, 3, 4, Value(2));
    for (std::int64_t round = 0; round < 2; ++round) {
        play(main, 10 + round, 10 + round);
        play(main, 20 + round, 20 + round, Value(round + 5));
        play(main, 30 + round, 30 + round, Value(List{round * round, 9}));
    }
    EXPECT_EQ(reason(), "");
    sum.outcome = Value(1);
    EXPECT_THAT(reason(), StartsWith("Cell#1: an addition was lost"));
    sum.outcome = Value(2);
    entries_[0][4].outcome = Value(5);
    EXPECT_THAT(reason(), AllOf(StartsWith("a task came to another result than 6"),
                                HasSubstr("in round 1 -> 5")));
    entries_[0][4].outcome = Value(6);
    entries_[0][5].outcome = Value(List{9, 1});
    EXPECT_THAT(reason(), StartsWith("a task came to another result than [1, 9]"));
}

TEST_F(RoundsJudgeTest, an_error_is_told) {
    const Id event = builder_.add(Type::Event);
    const Script worker = builder_.worker();
    worker.set(event);
    worker.repeat(2);
    play(worker, 1, 2, ErrorKind::RuntimeError);
    EXPECT_EQ(reason(),
              "an error was raised where no call is a mistake: worker 2: Event#1.set() in round 0 "
              "-> RuntimeError");
}

TEST_F(RoundsJudgeTest, at_a_standstill_one_that_could_proceed_is_told_first) {
    const Id queue = builder_.add(Type::Queue);
    const Id event = builder_.add(Type::Event);
    const Script puts = builder_.worker();
    puts.put(queue, round_text);
    puts.repeat(2);
    const Script gets = builder_.worker();
    gets.get(queue);
    gets.repeat(2);
    const Script waits = builder_.worker();
    waits.wait(event);
    play(puts, 1, 2);
    play(gets, 3, 0).responded.reset();
    play(waits, 3, 0).responded.reset();
    EXPECT_EQ(judged(RunResult::Status::stuck).reason,
              "worker 4: Queue#1.get() in round 0 never returned, though it could proceed");
    entries_[puts.id()].clear();
    const Judgement judgement = judged(RunResult::Status::stuck);
    EXPECT_EQ(judgement.verdict, Verdict::violates);
    EXPECT_EQ(judgement.reason,
              "nothing moves any more, though this scenario always comes to its end: worker 5: "
              "Event#2.wait() never returned, nor did 1 more");
}

/// Judged by the models, rounds may make mistakes, and get stuck.
class RoundsByModelsTest : public RoundsJudgeTest {
  protected:
    RoundsByModelsTest() { by_models_ = true; }
    /// Of a lock that nobody holds, in so many rounds; all but one raise what they have to.
    void release_in_vain(std::int64_t rounds, std::int64_t silent) {
        const Script worker = builder_.worker();
        worker.release(builder_.add(Type::Lock));
        worker.repeat(rounds);
        for (std::int64_t i = 0; i < rounds; ++i)
            play(worker, 2 * i, 2 * i + 1,
                 i == silent ? Outcome() : Outcome(ErrorKind::RuntimeError));
    }
};

TEST_F(RoundsByModelsTest, mistakes_that_are_refused_in_every_round_conform) {
    release_in_vain(1000, -1);
    EXPECT_EQ(reason(), "");
}

TEST_F(RoundsByModelsTest, a_mistake_that_passes_once_is_told_with_its_round_and_neighbours) {
    release_in_vain(1000, 700);
    const Judgement judgement = judged();
    EXPECT_EQ(judgement.verdict, Verdict::violates);
    EXPECT_THAT(judgement.reason,
                AllOf(HasSubstr(".release() returned null"), HasSubstr("in round 700")));
    EXPECT_LT(judgement.shown.entries.size(), 20U);
    EXPECT_EQ(judgement.shown.entries.at(judgement.marked.value()).round, 700);
    EXPECT_THAT(judgement.timeline, HasSubstr("of 1000 calls"));
}

TEST_F(RoundsByModelsTest, mistakes_are_left_to_the_models) {
    const Id lock = builder_.add(Type::Lock);
    const Id queue = builder_.add(Type::Queue, {2});
    const Script holder = builder_.worker();
    holder.acquire(lock);
    holder.put(queue, round_text);
    holder.release(lock);
    holder.repeat(3);
    EXPECT_TRUE(checks_can_judge(builder_.scenario(), {}));
    History history;
    history.entries.push_back({.outcome = ErrorKind::Full});
    EXPECT_TRUE(checks_can_judge(builder_.scenario(), history));
    history.entries.push_back({.outcome = ErrorKind::ValueError});
    EXPECT_FALSE(checks_can_judge(builder_.scenario(), history));
    builder_.worker().release(lock);
    EXPECT_FALSE(checks_can_judge(builder_.scenario(), {}));
}

TEST_F(RoundsByModelsTest, a_lock_that_may_not_be_held_is_left_to_the_models) {
    const Script worker = builder_.worker();
    const Id lock = builder_.add(Type::RLock);
    worker.acquire(lock, TimeLimit::milliseconds(2));
    worker.release(lock);
    EXPECT_FALSE(checks_can_judge(builder_.scenario(), {}));
}

TEST_F(RoundsByModelsTest, each_round_has_results_of_its_own) {
    const Id executor = builder_.add(Type::WorkerPoolExecutor, {1});
    const Script main = builder_.main();
    const Id future = main.submit(executor, "square", {round_text});
    main.call(future, Operation::cancel);
    main.result(future);
    main.repeat(9);
    play(main, 1, 2);
    play(main, 3, 4, Value(true));
    play(main, 5, 6, ErrorKind::CancelledError);
    play(main, 7, 8);
    play(main, 9, 10, Value(false));
    play(main, 11, 12, Value(1));
    EXPECT_EQ(reason(), "");
    play(main, 13, 14);
    play(main, 15, 16, Value(true));
    play(main, 17, 18, Value(4));
    EXPECT_THAT(reason(), AllOf(HasSubstr("Future#2.result() returned 4"),
                                HasSubstr("only CancelledError is allowed, in round 2")));
}

TEST_F(RoundsByModelsTest, who_waits_for_nobody_may_be_stuck) {
    const Id event = builder_.add(Type::Event);
    const Script worker = builder_.worker();
    worker.clear(event);
    worker.wait(event);
    worker.repeat(2);
    play(worker, 1, 2);
    play(worker, 3, 4).responded.reset();
    EXPECT_EQ(judged(RunResult::Status::stuck).verdict, Verdict::conforms);
    by_models_ = false;
    EXPECT_EQ(judged(RunResult::Status::stuck).verdict, Verdict::violates);
}

}  // namespace
}  // namespace conformance
