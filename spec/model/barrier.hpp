#pragma once
/// \file
/// Barrier: a point that a number of workers pass together, generation after generation.
///
/// `wait` arrives; the last to arrive runs the action, if there is one, while everybody else stands
/// still; then each of the generation departs with an index of its own, or all are dismissed with
/// BrokenBarrierError.
///
/// Left free: which index a worker gets (BARRIER-5); whether `abort` still reaches workers whose
/// generation is complete, but who have not departed (BARRIER-15 says "those who wait", and the
/// originals do reach them); whether the death of a waiting worker breaks the barrier or leaves a
/// generation that cannot complete (FAULT-7).

#include <algorithm>
#include <optional>
#include <string>

#include "spec/model/cell.hpp"
#include "spec/model/offer.hpp"

namespace conformance::model {

struct Barrier {
    /// A complete generation: who has not departed yet, and the indexes left for them. Both sorted.
    struct Generation {
        std::vector<Id> workers;
        std::vector<std::int64_t> indexes;
        friend bool operator==(const Generation&, const Generation&) = default;
        friend auto operator<=>(const Generation&, const Generation&) = default;
    };
    struct State {
        std::int64_t parties = 1;
        std::string action{};  ///< empty: none
        TimeLimit default_limit{};
        bool is_broken = false;
        std::vector<Id> waiting{};            ///< of the generation that is not complete; sorted
        Id acting = no_object;                ///< who runs the action
        std::vector<Generation> departing{};  ///< sorted
        std::vector<Id> dismissed{};  ///< workers to be told that the barrier was broken; sorted
        friend bool operator==(const State&, const State&) = default;

        [[nodiscard]] std::size_t hash() const {
            std::size_t hash = hash_of_both(is_broken ? 1 : 0, hash_of_ids(waiting));
            hash = hash_of_both(hash, static_cast<std::size_t>(acting));
            hash = hash_of_both(hash, hash_of_all(departing, [](const Generation& generation) {
                                    return hash_of_ids(generation.workers);
                                }));
            return hash_of_both(hash, hash_of_ids(dismissed));
        }
        [[nodiscard]] bool is_standing_still() const { return acting != no_object; }
    };
    /// A Barrier and the Cell that its action adds to.
    struct WithCell {
        State barrier{};
        Cell::State cell{};
        friend bool operator==(const WithCell&, const WithCell&) = default;
    };

    /// Nothing for a bad number of parties, which is a ValueError. Fulfils BARRIER-1, BARRIER-2.
    [[nodiscard]] static std::optional<State> make(std::int64_t parties, std::string action = {},
                                                   TimeLimit default_limit = {}) {
        if (parties <= 0) return std::nullopt;
        return State{
            .parties = parties, .action = std::move(action), .default_limit = default_limit};
    }

    /// How long `call`, a wait, may block. Fulfils BARRIER-13.
    [[nodiscard]] static TimeLimit time_limit(const State& state, const Call& call) {
        return call.time_limit.is_none() ? state.default_limit : call.time_limit;
    }

    /// wait, reset, abort, parties, n_waiting, broken. `is_killed`: the calling worker was killed
    /// in this call. Fulfils BARRIER-4 to BARRIER-17, FAULT-7, GEN-7.
    static void steps(const WithCell& state, const Turn<Call>& turn, bool is_killed,
                      Steps<WithCell>& out) {
        const State& barrier = state.barrier;
        switch (turn.operation.operation) {
            case Operation::wait:
                wait(state, turn, out);
                if (is_killed && turn.stage != 0) die(state, turn.worker, out);
                break;
            case Operation::reset:
                if (!barrier.is_standing_still())
                    complete(out, {all_dismissed(barrier, false), state.cell});
                break;
            case Operation::abort:
                abort(state, out);
                break;
            case Operation::parties:
                complete(out, state, barrier.parties);
                break;
            case Operation::n_waiting:
                complete(out, state,
                         barrier.is_standing_still()
                             ? barrier.parties
                             : static_cast<std::int64_t>(barrier.waiting.size()));
                break;
            case Operation::broken:
                complete(out, state, barrier.is_broken);
                break;
            default:
                break;
        }
    }

  private:
    // Stages of wait after the first.
    static constexpr Stage arrived = 1;
    static constexpr Stage acting = 2;
    static constexpr Stage adding = 3;
    static constexpr Stage has_acted = 4;

    static void insert(std::vector<Id>& ids, Id id) {
        ids.insert(std::ranges::lower_bound(ids, id), id);
    }
    static State all_dismissed(State state, bool is_broken) {
        for (const Id worker : state.waiting)
            insert(state.dismissed, worker);
        state.waiting.clear();
        state.is_broken = is_broken;
        return state;
    }
    /// `state` after `worker` broke the barrier and left it.
    static State broken_by(Id worker, State state) {
        std::erase(state.waiting, worker);
        state.acting = no_object;
        return all_dismissed(std::move(state), true);
    }
    static State complete_generation(State state) {
        Generation generation{.workers = std::move(state.waiting), .indexes = {}};
        for (std::int64_t index = 0; index < state.parties; ++index)
            generation.indexes.push_back(index);
        state.waiting.clear();
        state.acting = no_object;
        state.departing.insert(std::ranges::lower_bound(state.departing, generation), generation);
        return state;
    }

    static void wait(const WithCell& state, const Turn<Call>& turn, Steps<WithCell>& out) {
        if (turn.stage == 0) {
            arrive(state, turn, out);
        } else if (turn.stage == arrived) {
            depart(state, turn, out);
        } else {
            act(state, turn, out);
        }
    }

    static void arrive(const WithCell& state, const Turn<Call>& turn, Steps<WithCell>& out) {
        State next = state.barrier;
        const TimeLimit limit = time_limit(next, turn.operation);
        if (limit.is_nan()) {
            complete(out, state, ErrorKind::ValueError);
            return;
        }
        if (next.is_standing_still()) return;
        if (next.is_broken) {
            complete(out, state, ErrorKind::BrokenBarrierError);
            return;
        }
        insert(next.waiting, turn.worker);
        if (std::ssize(next.waiting) < next.parties) {
            if (!is_single_look(limit)) {
                proceed(out, {std::move(next), state.cell}, arrived);
            } else if (turn.time_is_up) {
                complete(out, {broken_by(turn.worker, std::move(next)), state.cell},
                         ErrorKind::BrokenBarrierError);
            }
        } else if (next.action.empty()) {
            proceed(out, {complete_generation(std::move(next)), state.cell}, arrived);
        } else {
            next.acting = turn.worker;
            proceed(out, {std::move(next), state.cell}, acting);
        }
    }

    static void act(const WithCell& state, const Turn<Call>& turn, Steps<WithCell>& out) {
        const std::string& action = state.barrier.action;
        if (turn.stage == has_acted) {
            proceed(out, {complete_generation(state.barrier), state.cell}, arrived);
        } else if (action == "add") {
            if (turn.stage == adding) {
                proceed(out, {state.barrier, state.cell.with_addition_ended(turn.worker)},
                        has_acted);
            } else {
                proceed(out, {state.barrier, state.cell.with_addition_begun(turn.worker, 1)},
                        adding);
            }
        } else if (action == "raise") {
            complete(out, {broken_by(turn.worker, state.barrier), state.cell}, ErrorKind::Other);
        } else if (action == "abort" || action == "reset" || action == "wait") {
            // RuntimeError in the action, which does not catch it. Fulfils BARRIER-10.
            complete(out, {broken_by(turn.worker, state.barrier), state.cell},
                     ErrorKind::RuntimeError);
        } else {
            proceed(out, state, has_acted);
        }
    }

    static void depart(const WithCell& state, const Turn<Call>& turn, Steps<WithCell>& out) {
        const State& barrier = state.barrier;
        const Id worker = turn.worker;
        const auto is_mine = [&](const Generation& generation) {
            return std::ranges::binary_search(generation.workers, worker);
        };
        if (std::ranges::binary_search(barrier.dismissed, worker)) {
            State next = barrier;
            std::erase(next.dismissed, worker);
            complete(out, {std::move(next), state.cell}, ErrorKind::BrokenBarrierError);
            return;
        }
        const auto mine = std::ranges::find_if(barrier.departing, is_mine);
        if (mine == barrier.departing.end()) {
            if (turn.time_is_up && !barrier.is_standing_still())
                complete(out, {broken_by(worker, barrier), state.cell},
                         ErrorKind::BrokenBarrierError);
            return;
        }
        for (const std::int64_t index : mine->indexes) {
            State next = barrier;
            Generation generation = *mine;
            std::erase(next.departing, *mine);
            std::erase(generation.workers, worker);
            std::erase(generation.indexes, index);
            if (!generation.workers.empty())
                next.departing.insert(std::ranges::lower_bound(next.departing, generation),
                                      generation);
            complete(out, {std::move(next), state.cell}, index);
        }
    }

    static void abort(const WithCell& state, Steps<WithCell>& out) {
        if (state.barrier.is_standing_still()) return;
        State next = all_dismissed(state.barrier, true);
        complete(out, {next, state.cell});
        if (next.departing.empty()) return;
        for (const Generation& generation : next.departing) {
            for (const Id worker : generation.workers)
                insert(next.dismissed, worker);
        }
        next.departing.clear();
        complete(out, {std::move(next), state.cell});
    }

    // A killed worker may break the barrier for those it waited with. Otherwise it goes on
    // counting, and their time limits do.
    static void die(const WithCell& state, Id worker, Steps<WithCell>& out) {
        if (std::ranges::binary_search(state.barrier.waiting, worker))
            complete(out, {broken_by(worker, state.barrier), state.cell});
    }
};

}  // namespace conformance::model
