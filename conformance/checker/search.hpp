#pragma once
/// \file
/// Just-in-time linearization, breadth first. Internal; `check` in check.hpp is the way in.
///
/// The search walks through the events and keeps every configuration - a state of the model, and how
/// far each pending call has got - that explains the history so far. Calls take steps only when a
/// response demands it: the responding call must complete then, with the recorded outcome, and other
/// pending calls may take steps before it to make that possible. Sources: Lowe, "Testing for
/// linearizability" (Concurrency and Computation 2017), and the `linear` search of Knossos; the second
/// half of the verdict, that pending calls must be blocked, follows Scherer and Scott's dual data
/// structures ("Nonblocking concurrent data structures with condition synchronization", DISC 2004).
///
/// Why complete: take any order of steps that explains the history, and put each step off to the
/// first response of a call that completes at or after it in that order. The order stays the same, a
/// call's own response is such a response, so no step comes too late; and what a call could do before
/// its deadline it can do after it (a model offers giving up in addition, never instead). The search
/// tries every order of such steps. Why sound: it takes steps only between invocation and response.
///
/// Why nearly linear: with calls overlapping p at a time there are at most |states| * |stages|^p
/// configurations after an event, independent of the number of events; what earlier events left behind
/// (states, memo, trails) is thrown away when it outgrows what is alive.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "conformance/checker/budget.hpp"
#include "conformance/checker/configuration_set.hpp"
#include "conformance/checker/event_sequence.hpp"
#include "conformance/checker/interval.hpp"
#include "conformance/checker/pending_calls.hpp"
#include "conformance/checker/replay.hpp"
#include "conformance/checker/state_table.hpp"
#include "conformance/checker/step_memo.hpp"
#include "conformance/checker/trail.hpp"
#include "conformance/checker/verdict.hpp"

namespace conformance::checker {

/// How pending calls may complete before their responses.
enum class Foresight : std::uint8_t {
    /// As they will: the fastest way to a yes or no, because the history tells what will be.
    recorded,
    /// In any way, to be found out at the response. Then the first response that nothing explains is
    /// to blame itself, not an earlier one that would have needed another to come out differently.
    none,
};

template <Model M>
class Search {
  public:
    Search(const M& model, Calls<M> history, const Budget& budget, Foresight foresight)
        : model_(model),
          history_(history),
          foresight_(foresight),
          meter_(budget),
          events_(events_in_order<M>(history)),
          calls_(history, events_),
          frontier_(calls_.slot_count()),
          next_(calls_.slot_count()),
          explored_(calls_.slot_count()),
          stages_(calls_.slot_count(), 0) {}

    [[nodiscard]] Verdict<M> run() {
        frontier_.insert(states_.intern(model_.initial()), stages_, {.trail = Trail::beginning});
        for (std::size_t event = 0; event < events_.size(); ++event) {
            const std::uint32_t call = events_[event].call;
            if (!events_[event].is_response) {
                calls_.invoke(call);
                continue;
            }
            now_ = events_[event].time;
            respond(call);
            if (meter_.is_spent()) return {.steps = meter_.steps()};
            if (next_.size() == 0) return violation(call, false, event);
            calls_.respond(call);
            if (calls_.has_optional()) drop_dominated();
            std::swap(frontier_, next_);
            tidy();
        }
        now_ = std::numeric_limits<std::int64_t>::max();
        return finish();
    }

  private:
    using Offered = std::vector<Step<typename M::State, typename M::Outcome>>;
    /// The stage of a call that completed otherwise than it will. Such a configuration is worth
    /// nothing at the call's response (or, if it never responds, at the end), but is until then.
    static constexpr Stage completed_otherwise = completed - 1;
    static constexpr std::uint32_t no_slot = 0xffffffffU;

    /// Fills `next_` with the configurations after the response of `call`.
    void respond(std::uint32_t call) {
        const std::uint32_t slot = calls_.slot_of(call);
        next_.clear();
        explored_.clear();
        for (std::size_t i = 0; i < frontier_.size(); ++i) {
            std::ranges::copy(frontier_.stages(i), stages_.begin());
            const Stage stage = std::exchange(stages_[slot], 0);
            if (stage == completed) {
                next_.insert(frontier_.state(i), stages_, frontier_.origin(i));
            } else if (stage != completed_otherwise) {
                explored_.insert(frontier_.state(i), frontier_.stages(i), frontier_.origin(i));
            }
        }
        for (std::uint32_t i = 0; i < explored_.size() && !meter_.is_spent(); ++i)
            expand(i, slot);
    }

    /// Adds what one step leads to from a configuration of `explored_`.
    void expand(std::uint32_t i, std::uint32_t responding) {
        for (const std::uint32_t slot : calls_.pending()) {
            if (explored_.stages(i)[slot] < 0 || calls_.must_wait(slot, explored_.stages(i)))
                continue;
            const StepMemo::Key key = key_of(i, slot);
            const StepMemo::Steps steps = steps_for(key, slot);
            for (std::uint32_t number = steps.begin; number != steps.end; ++number) {
                if (!meter_.spend(explored_.size() + next_.size())) return;
                take(i, slot, key, memo_[number], responding);
            }
        }
    }

    void take(std::uint32_t i, std::uint32_t slot, const StepMemo::Key& key,
              const Successor& successor, std::uint32_t responding) {
        // The call that responds now, or none does and never will, must not complete otherwise.
        if (successor.stage == completed_otherwise && (slot == responding || responding == no_slot))
            return;
        std::ranges::copy(explored_.stages(i), stages_.begin());
        stages_[slot] = successor.stage;
        Origin origin{.parent = i,
                      .step = {.call = key.call,
                               .stage = std::max(successor.stage, completed),
                               .choice = successor.choice & 0x7fffffffU,
                               .time_is_up = key.time_is_up}};
        if (slot != responding || successor.stage != completed) {
            explored_.insert(successor.state, stages_, origin);
            return;
        }
        stages_[slot] = 0;  // the slot is free again
        if (next_.insert(successor.state, stages_, origin))
            next_.origin(next_.size() - 1).trail = trail_of(origin);
    }

    [[nodiscard]] bool is_time_up(std::uint32_t call) const {
        return history_[call].deadline && *history_[call].deadline <= now_;
    }
    [[nodiscard]] StepMemo::Key key_of(std::uint32_t i, std::uint32_t slot) const {
        const std::uint32_t call = calls_[slot].call;
        return {explored_.state(i), call, explored_.stages(i)[slot], is_time_up(call)};
    }

    [[nodiscard]] StepMemo::Steps steps_for(const StepMemo::Key& key, std::uint32_t slot) {
        return memo_.steps(key, [&](std::vector<Successor>& successors) {
            const auto& call = history_[key.call];
            offered_.clear();
            model_.steps(states_[key.state],
                         {call.operation, call.worker, key.stage, key.time_is_up}, offered_);
            for (std::uint32_t choice = 0; choice < offered_.size(); ++choice) {
                auto& step = offered_[choice];
                const Stage stage = stage_after(step, slot);
                if (stage == completed_otherwise && foresight_ == Foresight::recorded) continue;
                const std::uint32_t next = states_.intern(std::move(step.next));
                // A killed call that completes without effect might as well not have begun.
                if (calls_[slot].is_optional && stage == completed && next == key.state) continue;
                successors.push_back({next, choice, stage});
            }
            return offered_.empty();
        });
    }
    template <class Step>
    [[nodiscard]] Stage stage_after(const Step& step, std::uint32_t slot) const {
        if (step.stage != completed || calls_[slot].is_optional) return step.stage;
        const bool as_recorded =
            calls_[slot].responds && step.outcome == history_[calls_[slot].call].outcome;
        return as_recorded ? completed : completed_otherwise;
    }

    /// Trails are made only for configurations that survive; most die with their event.
    [[nodiscard]] std::uint32_t trail_of(const Origin& origin) {
        if (origin.trail != Origin::unknown) return origin.trail;
        Trail::Link step = origin.step;
        step.before = trail_of(explored_.origin(origin.parent));
        explored_.origin(origin.parent).trail = step.before;
        return trail_.append(step);
    }

    /// A configuration in which a killed call is completed can do nothing that the same one without
    /// any step of that call could not: the call may take no step for ever. Without this, each killed
    /// call doubles the configurations for the rest of the history.
    void drop_dominated() {
        if (next_.size() < 2) return;
        frontier_.clear();
        for (std::size_t i = 0; i < next_.size(); ++i) {
            if (!is_dominated(i))
                frontier_.insert(next_.state(i), next_.stages(i), next_.origin(i));
        }
        std::swap(frontier_, next_);
    }
    [[nodiscard]] bool is_dominated(std::size_t i) {
        std::ranges::copy(next_.stages(i), stages_.begin());
        return std::ranges::any_of(calls_.pending(), [&](std::uint32_t slot) {
            if (!calls_[slot].is_optional || stages_[slot] != completed) return false;
            stages_[slot] = 0;
            const bool is_there = next_.find(next_.state(i), stages_) != HashIndex::none;
            stages_[slot] = completed;
            return is_there;
        });
    }

    void tidy() {
        if (states_.is_crowded()) {
            frontier_.renumber_states([this](auto numbers) { states_.keep(numbers); });
            memo_.clear();
        }
        if (memo_.is_crowded()) memo_.clear();
        if (!trail_.is_crowded()) return;
        std::vector<std::uint32_t> ends;
        for (std::size_t i = 0; i < frontier_.size(); ++i)
            ends.push_back(frontier_.origin(i).trail);
        trail_.keep(ends);
        for (std::size_t i = 0; i < frontier_.size(); ++i)
            frontier_.origin(i).trail = ends[i];
    }

    /// All responses are explained. Looks for a configuration, perhaps after further steps of calls
    /// that never complete, in which no pending call can do anything. One is enough: which steps
    /// they took nobody saw.
    [[nodiscard]] Verdict<M> finish() {
        next_.clear();
        explored_.clear();
        for (std::size_t i = 0; i < frontier_.size(); ++i) {
            if (!std::ranges::count(frontier_.stages(i), completed_otherwise))
                explored_.insert(frontier_.state(i), frontier_.stages(i), frontier_.origin(i));
        }
        std::size_t fewest = std::numeric_limits<std::size_t>::max();
        std::uint32_t most_blocked = 0;
        std::uint32_t hanging = no_slot;
        for (std::uint32_t i = 0; i < explored_.size(); ++i) {
            std::size_t count = 0;
            std::uint32_t first = no_slot;
            for (const std::uint32_t slot : calls_.pending()) {
                if (calls_[slot].is_optional || steps_for(key_of(i, slot), slot).is_blocked)
                    continue;
                if (count++ == 0) first = slot;
            }
            if (count == 0) {
                return {.judgement = Judgement::linearizable,
                        .certificate = trail_.path(trail_of(explored_.origin(i))),
                        .steps = meter_.steps()};
            }
            if (count < fewest) {
                fewest = count;
                most_blocked = i;
                hanging = first;
            }
            expand(i, no_slot);
            if (meter_.is_spent()) return {.steps = meter_.steps()};
        }
        if (hanging == no_slot) {  // all of them need that a pending call has completed
            const auto stages = frontier_.stages(0);
            hanging = static_cast<std::uint32_t>(std::ranges::find(stages, completed_otherwise) -
                                                 stages.begin());
        }
        first_reported_ = most_blocked;
        return violation(calls_[hanging].call, true, events_.size());
    }

    [[nodiscard]] Verdict<M> violation(std::uint32_t call, bool hangs, std::size_t event) {
        constexpr std::size_t few = 4;
        constexpr std::size_t many = 64;
        Violation<M> violation{.call = call, .hangs = hangs, .event = event};
        for (std::size_t i = 0; i < explored_.size() + frontier_.size() && i < many; ++i) {
            const bool is_explored = i < explored_.size();
            const Origin origin = is_explored
                                      ? explored_.origin((i + first_reported_) % explored_.size())
                                      : frontier_.origin(i - explored_.size());
            Certificate prefix = trail_.path(trail_of(origin));
            Reached<M> reached =
                reach(model_, history_, before_completion(prefix, call), call, is_time_up(call));
            for (const auto& outcome : reached.allowed) {
                if (!std::ranges::count(violation.allowed, outcome))
                    violation.allowed.push_back(outcome);
            }
            const auto same = [&](const Reached<M>& other) { return other.state == reached.state; };
            if (violation.reached.size() < few && std::ranges::none_of(violation.reached, same))
                violation.reached.push_back(std::move(reached));
            if (i == 0) violation.prefix = std::move(prefix);
        }
        return {.judgement = Judgement::violation,
                .violation = std::move(violation),
                .steps = meter_.steps()};
    }

    const M& model_;
    Calls<M> history_;
    Foresight foresight_;
    Meter meter_;
    std::vector<Event> events_;
    PendingCalls<M> calls_;

    StateTable<M> states_;
    StepMemo memo_;
    Trail trail_;
    ConfigurationSet frontier_;  // after the last event
    ConfigurationSet next_;      // after this one
    ConfigurationSet explored_;  // in between: the responding call is not completed

    std::int64_t now_ = std::numeric_limits<std::int64_t>::min();
    std::size_t first_reported_ = 0;
    std::vector<Stage> stages_;  // of a configuration in the making
    Offered offered_;
};

}  // namespace conformance::checker
