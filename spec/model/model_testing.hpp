#pragma once
/// \file
/// For the tests of models: walks through a World by hand, one step at a time.
///
///     Walk walk({.objects = {{.id = 10, .type = Type::Lock}}});
///     EXPECT_EQ(walk.run(0, on(10, Operation::acquire)), "true");
///     walk.begin(1, on(10, Operation::acquire));
///     EXPECT_TRUE(walk.is_blocked(1));
///     walk.run(0, on(10, Operation::release));
///     EXPECT_THAT(walk.offers(1), ElementsAre("true"));
///
/// A step is named by what it comes to: the text of the outcome of one that completes the call,
/// "..." for any other.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "spec/model/world.hpp"

namespace conformance::model {

[[nodiscard]] inline Call on(Id object, Operation operation, List arguments = {},
                             TimeLimit limit = {}, Id into = no_object) {
    return {.object = object,
            .operation = operation,
            .arguments = std::move(arguments),
            .time_limit = limit,
            .into = into};
}

inline constexpr TimeLimit at_once = TimeLimit::nanoseconds(0);
inline constexpr TimeLimit negative = TimeLimit::nanoseconds(-1);
inline constexpr TimeLimit later = TimeLimit::milliseconds(50);
inline constexpr TimeLimit nan = TimeLimit::not_a_number();

class Walk {
  public:
    explicit Walk(Scenario scenario) : scenario_(std::move(scenario)), world_(scenario_) {
        state_ = world_.initial();
    }

    /// `worker` calls. The time of a call that may not block at all is up from the beginning.
    void begin(Id worker, Call call, std::optional<Outcome> seen = {}) {
        const bool is_up = is_single_look(world_.time_limit(call));
        calls_[worker] = {.observed = {.call = std::move(call), .seen = std::move(seen)},
                          .time_is_up = is_up};
    }
    void let_time_pass(Id worker) { calls_.at(worker).time_is_up = true; }
    void kill(Id worker) { calls_.at(worker).observed.killed = true; }

    [[nodiscard]] std::vector<std::string> offers(Id worker) const {
        std::vector<std::string> names;
        for (const auto& step : steps(worker))
            names.push_back(name_of(step));
        return names;
    }
    [[nodiscard]] bool is_blocked(Id worker) const { return steps(worker).empty(); }

    /// Takes the first step of that name.
    void take(Id worker, const std::string& name) {
        for (const auto& step : steps(worker)) {
            if (name_of(step) != name) continue;
            state_ = step.next;
            calls_.at(worker).stage = step.stage;
            return;
        }
        ADD_FAILURE() << "worker " << worker << " cannot take the step " << name;
    }

    /// Calls and takes the only step, as often as the call needs; what it comes to.
    std::string run(Id worker, Call call, std::optional<Outcome> seen = {}) {
        begin(worker, std::move(call), std::move(seen));
        return finish(worker);
    }
    std::string finish(Id worker) {
        for (;;) {
            const auto names = offers(worker);
            if (names.empty()) return "blocked";
            if (names.size() > 1) return "open";
            take(worker, names[0]);
            if (names[0] != "...") return names[0];
        }
    }
    /// Calls, goes on while it can only go on, and ends with `outcome`, which must be offered.
    void run_to(Id worker, Call call, const std::string& outcome,
                std::optional<Outcome> seen = {}) {
        begin(worker, std::move(call), std::move(seen));
        while (offers(worker) == std::vector<std::string>{"..."})
            take(worker, "...");
        take(worker, outcome);
    }

    /// What could come of a call, which is not made.
    [[nodiscard]] std::vector<std::string> could(Id worker, Call call,
                                                 std::optional<Outcome> seen = {}) {
        begin(worker, std::move(call), std::move(seen));
        return offers(worker);
    }

    [[nodiscard]] const World& world() const { return world_; }
    [[nodiscard]] const World::State& state() const { return state_; }

  private:
    struct Running {
        Observed observed{};
        Stage stage = 0;
        bool time_is_up = false;
    };

    [[nodiscard]] Steps<World::State> steps(Id worker) const {
        const Running& running = calls_.at(worker);
        Steps<World::State> out;
        world_.steps(state_, {running.observed, worker, running.stage, running.time_is_up}, out);
        return out;
    }
    static std::string name_of(const Step<World::State, Outcome>& step) {
        return step.stage == completed ? to_string(step.outcome) : "...";
    }

    Scenario scenario_;
    World world_;
    World::State state_{};
    std::map<Id, Running> calls_;
};

/// A Walk with one object, of id 10.
[[nodiscard]] inline Walk walk_with(Type type, List arguments = {}) {
    return Walk({.objects = {{.id = 10, .type = type, .arguments = std::move(arguments)}}});
}
/// The same, but that a call has to make it.
[[nodiscard]] inline Walk walk_before(Type type, List arguments = {}) {
    return Walk({.objects = {{.id = 10, .type = type, .arguments = std::move(arguments)}},
                 .workers = {{.id = 0, .calls = {on(10, Operation::create)}}}});
}

using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::UnorderedElementsAre;

}  // namespace conformance::model
