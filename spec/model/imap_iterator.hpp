#pragma once
/// \file
/// ImapIterator: the results of imap or imap_unordered, one by one.
///
/// `next` returns [result], or [] at the end.
///
/// Left free: when a result is there, in which order imap_unordered gives them (IMAP-1), and, where
/// a chunk holds more than one item and one of them fails, or reading the input does, which other
/// results come (IMAP-3). Where
/// a worker died, or the pool was terminated, the iteration may go on after the error or end
/// (POOL-23, POOL-30).

#include "spec/model/task_functions.hpp"

namespace conformance::model {

struct ImapIterator {
    struct State {
        std::vector<TaskResult> items{};  ///< those to come
        bool in_order = true;
        bool is_lossy = false;  ///< chunks of more than one item, of which some fail
        bool has_failed = false;
        bool may_break = false;  ///< the pool was terminated, or a worker may have died
        friend bool operator==(const State&, const State&) = default;
        [[nodiscard]] std::size_t hash() const {
            const unsigned bits = (has_failed ? 2U : 0U) + (may_break ? 1U : 0U);
            return hash_of_both(bits, hash_of_results(items));
        }
        [[nodiscard]] bool has_failures() const {
            return std::ranges::any_of(items, &TaskResult::is_failure);
        }
    };

    [[nodiscard]] static State make(std::vector<TaskResult> items, bool in_order,
                                    std::int64_t chunk_size) {
        State state{.items = std::move(items), .in_order = in_order};
        state.is_lossy = chunk_size > 1 && state.has_failures();
        return state;
    }

    /// next. Fulfils IMAP-1 to IMAP-4, GEN-5, GEN-7.
    static void steps(const State& state, const Turn<Observed>& turn, Steps<State>& out) {
        if (turn.operation.call.operation != Operation::next) return;
        if (turn.operation.call.time_limit.is_nan()) {
            complete(out, state, ErrorKind::ValueError);
            return;
        }
        if (state.items.empty() || (state.is_lossy && state.has_failed))
            complete(out, ended(state), List{});
        if (state.items.empty()) return;
        const bool any_item = !state.in_order || state.is_lossy;
        for (std::size_t i = 0; i < (any_item ? state.items.size() : 1); ++i)
            deliver(state, i, turn.operation.value(), out);
        if (turn.time_is_up) complete(out, state, ErrorKind::TimeoutError);
        if (state.may_break) {
            complete(out, without(state, 0), ErrorKind::BrokenWorkerPool);
            complete(out, ended(state), ErrorKind::BrokenWorkerPool);
        }
    }

  private:
    static void deliver(const State& state, std::size_t index, const Value& seen,
                        Steps<State>& out) {
        const TaskResult& item = state.items[index];
        State next = without(state, index);
        if (item.is_failure()) {
            next.has_failed = true;
            if (item.kind == TaskResult::Kind::dies)
                complete(out, ended(next), ErrorKind::BrokenWorkerPool);
            complete(out, std::move(next), item.outcome_like({}));
            return;
        }
        // A lossy iteration may pass over items, but not over its last error.
        if (state.is_lossy && !state.has_failed && !next.has_failures()) return;
        const bool is_one = seen.is_list() && seen.as_list().size() == 1;
        const Outcome value = item.outcome_like(is_one ? seen.as_list()[0] : Value());
        complete(out, std::move(next), Value(List{value.value()}));
    }

    static State without(State state, std::size_t index) {
        const auto item = state.items.begin() + static_cast<std::ptrdiff_t>(index);
        // In order, those before it that a lossy iteration passed over do not come either.
        state.items.erase(state.in_order ? state.items.begin() : item, item + 1);
        return state;
    }
    static State ended(State state) {
        state.items.clear();
        return state;
    }
};

}  // namespace conformance::model
