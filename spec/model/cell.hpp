#pragma once
/// \file
/// Cell: an integer in shared memory that the suite's drivers provide, not the API.
///
/// It has no synchronisation: `add` reads and then writes, in two steps, so that one of two
/// additions at a time may be lost. That is how a test sees that a lock does not exclude
/// (LOCK-12).

#include <algorithm>
#include <utility>

#include "spec/model/offer.hpp"

namespace conformance::model {

struct Cell {
    struct State {
        std::int64_t content = 0;
        std::vector<std::pair<Id, std::int64_t>> sums{};  ///< of additions half done, by worker
        friend bool operator==(const State&, const State&) = default;

        [[nodiscard]] std::size_t hash() const {
            const auto hash_of_sum = [](const std::pair<Id, std::int64_t>& sum) {
                return hash_of_both(static_cast<std::size_t>(sum.first),
                                    static_cast<std::size_t>(sum.second));
            };
            return hash_of_both(static_cast<std::size_t>(content), hash_of_all(sums, hash_of_sum));
        }
        /// After the first step of an addition. Sums wrap around.
        [[nodiscard]] State with_addition_begun(Id worker, std::int64_t summand) const {
            State next = *this;
            const auto sum = static_cast<std::int64_t>(static_cast<std::uint64_t>(content) +
                                                       static_cast<std::uint64_t>(summand));
            next.sums.insert(std::ranges::lower_bound(next.sums, std::pair(worker, sum)),
                             {worker, sum});
            return next;
        }
        /// After the second.
        [[nodiscard]] State with_addition_ended(Id worker) const {
            State next = *this;
            const auto sum =
                std::ranges::find(next.sums, worker, &std::pair<Id, std::int64_t>::first);
            if (sum == next.sums.end()) return next;
            next.content = sum->second;
            next.sums.erase(sum);
            return next;
        }
    };

    /// read, write(number), add(number), which returns what it wrote.
    static void steps(const State& state, const Turn<Call>& turn, Steps<State>& out) {
        constexpr Stage adding = 1;
        const std::int64_t operand = number(turn.operation.arguments, 0, 0);
        switch (turn.operation.operation) {
            case Operation::read:
                complete(out, state, state.content);
                break;
            case Operation::write:
                complete(out, {operand, state.sums});
                break;
            case Operation::add:
                if (turn.stage == adding) {
                    State next = state.with_addition_ended(turn.worker);
                    const std::int64_t sum = next.content;
                    complete(out, std::move(next), sum);
                } else {
                    proceed(out, state.with_addition_begun(turn.worker, operand), adding);
                }
                break;
            default:
                break;
        }
    }
};

}  // namespace conformance::model
