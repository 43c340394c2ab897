#pragma once
/// \file
/// A scenario on its model, with no implementation, one step at a time. Internal.
///
///     const Play play(scenario);
///     Position position = play.initial();
///     Play::Steps steps;
///     play.steps(position, 0, false, steps);
///     if (!steps.empty()) play.take(position, 0, std::move(steps.front()));
///
/// Actors are workers, by their places in the scenario. Pure.

#include <cstddef>
#include <vector>

#include "spec/model/world.hpp"

namespace conformance::properties {

/// Where a worker is in its calls.
struct Actor {
    std::size_t next = 0;  ///< of its calls
    Stage stage = 0;       ///< of the present call
    Stage run_stage = 0;   ///< of its life; that of the main worker is always begun
    bool is_over = false;
    friend bool operator==(const Actor&, const Actor&) = default;
};

struct Position {
    model::World::State state{};
    std::vector<Actor> actors{};
    std::vector<Id> unmade{};  ///< results of calls that have not been made; in order
    friend bool operator==(const Position&, const Position&) = default;
};

class Play {
  public:
    using Steps = model::Steps<model::World::State>;
    using Step = Steps::value_type;

    explicit Play(const Scenario& scenario);

    [[nodiscard]] Position initial() const;

    /// The step that `actor` takes without the models, if it is one: a call that they do not know, or
    /// the end of the main worker.
    [[nodiscard]] bool steps_aside(Position& position, std::size_t actor) const;

    /// The steps that the models offer to `actor`: of its present call, or of its life. None: it is
    /// over or blocked.
    void steps(const Position& position, std::size_t actor, bool gives_up, Steps& out) const;

    void take(Position& position, std::size_t actor, Step&& step) const;

    /// The call that `actor` is in or before; null before its start, between its life's steps and at
    /// its end.
    [[nodiscard]] const Call* call(const Position& position, std::size_t actor) const;

    /// The limit of `call`, as the models have it.
    [[nodiscard]] TimeLimit time_limit(const Call& call) const { return world_.time_limit(call); }

    /// The calls in which workers are blocked if nobody can go on.
    [[nodiscard]] std::vector<Id> pending(const Position& position) const;

  private:
    [[nodiscard]] bool is_at_end(const Position& position, std::size_t actor) const;

    const Scenario& scenario_;
    model::World world_;
};

}  // namespace conformance::properties
