#pragma once
/// \file
/// Small models for the checker's own tests. The suite's real ones are in spec/model/.
///
/// They share one operation and one outcome type, so that tests and generators can be written once.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "conformance/checker/interval.hpp"
#include "spec/model/step.hpp"
#include "spec/scenario/value.hpp"

namespace conformance::checker {

enum class Kind : std::uint8_t {
    acquire,
    release,
    put,
    get,
    set,
    clear,
    wait,
    notify,
    read,
    write,
    swap
};

struct TestOperation {
    Kind kind = Kind::acquire;
    int value = 0;
    int expected = 0;  ///< of a swap
    int key = 0;
    friend bool operator==(const TestOperation&, const TestOperation&) = default;
};

/// A value, or one of these.
using TestOutcome = int;
inline constexpr TestOutcome no = 0;
inline constexpr TestOutcome yes = 1;
inline constexpr TestOutcome error = -1;
inline constexpr TestOutcome timed_out = -2;

template <class TestState>
struct TestModel {
    using Operation = TestOperation;
    using Outcome = TestOutcome;
    using State = TestState;
    using Steps = std::vector<Step<State, Outcome>>;
};

/// `acquire` answers yes or, when its time is up, no. `release` of another's lock is an error.
struct LockModel : TestModel<int> {
    static constexpr int nobody = -1;
    static State initial() { return nobody; }
    static void steps(const State& owner, const Turn<Operation>& turn, Steps& out) {
        if (turn.operation.kind == Kind::acquire) {
            if (owner == nobody) out.push_back({turn.worker, completed, yes});
            if (owner != nobody && turn.time_is_up) out.push_back({owner, completed, no});
        } else if (owner == turn.worker) {
            out.push_back({nobody, completed, yes});
        } else {
            out.push_back({owner, completed, error});
        }
    }
    static std::size_t hash(const State& owner) { return static_cast<std::size_t>(owner); }
};

/// Two locks, to deadlock with; the operation's key says which.
struct TwoLocksModel : TestModel<std::array<int, 2>> {
    static State initial() { return {LockModel::nobody, LockModel::nobody}; }
    static void steps(const State& owners, const Turn<Operation>& turn, Steps& out) {
        const auto key = static_cast<std::size_t>(turn.operation.key);
        LockModel::Steps one;
        LockModel::steps(owners[key], turn, one);
        for (const auto& step : one) {
            State next = owners;
            next[key] = step.next;
            out.push_back({next, step.stage, step.outcome});
        }
    }
    static std::size_t hash(const State& owners) {
        return static_cast<std::size_t>(owners[0] * 100 + owners[1]);
    }
};

class SemaphoreModel : public TestModel<int> {
  public:
    explicit SemaphoreModel(int count = 1) : count_(count) {}
    [[nodiscard]] State initial() const { return count_; }
    static void steps(const State& state, const Turn<Operation>& turn, Steps& out) {
        if (turn.operation.kind == Kind::release) out.push_back({state + 1, completed, yes});
        if (turn.operation.kind != Kind::acquire) return;
        if (state > 0) out.push_back({state - 1, completed, yes});
        if (state == 0 && turn.time_is_up) out.push_back({state, completed, no});
    }
    static std::size_t hash(const State& state) { return static_cast<std::size_t>(state); }

  private:
    int count_;
};

/// First in, first out, with room for so many.
class QueueModel : public TestModel<std::vector<int>> {
  public:
    explicit QueueModel(std::size_t capacity = 2) : capacity_(capacity) {}
    static State initial() { return {}; }
    void steps(const State& items, const Turn<Operation>& turn, Steps& out) const {
        const bool is_put = turn.operation.kind == Kind::put;
        if (is_put ? items.size() >= capacity_ : items.empty()) {
            if (turn.time_is_up) out.push_back({items, completed, timed_out});
        } else if (is_put) {
            out.push_back({items, completed, yes});
            out.back().next.push_back(turn.operation.value);
        } else {
            out.push_back({{items.begin() + 1, items.end()}, completed, items.front()});
        }
    }
    static std::size_t hash(const State& items) {
        std::size_t hash = items.size();
        for (const int item : items)
            hash = hash_of_both(hash, static_cast<std::size_t>(item));
        return hash;
    }

  private:
    std::size_t capacity_;
};

/// `set` releases those who wait, even if `clear` follows at once: two steps of `wait`.
struct EventState {
    bool is_set = false;
    unsigned waiting = 0;  ///< a bit for each worker
    unsigned released = 0;
    friend bool operator==(const EventState&, const EventState&) = default;
};
struct EventModel : TestModel<EventState> {
    static State initial() { return {}; }
    static void steps(State state, const Turn<Operation>& turn, Steps& out) {
        const unsigned me = 1U << turn.worker;
        if (turn.operation.kind == Kind::read) {
            out.push_back({state, completed, state.is_set ? yes : no});
        } else if (turn.operation.kind == Kind::clear) {
            out.push_back({{false, state.waiting, state.released}, completed, yes});
        } else if (turn.operation.kind == Kind::set) {
            out.push_back({{true, 0, state.released | state.waiting}, completed, yes});
        } else if (turn.stage == 0 && state.is_set) {
            out.push_back({state, completed, yes});
        } else if (turn.stage == 0) {
            out.push_back({{false, state.waiting | me, state.released}, 1});
        } else if ((state.released & me) != 0) {
            out.push_back({{state.is_set, state.waiting, state.released & ~me}, completed, yes});
        } else if (turn.time_is_up) {
            out.push_back({{state.is_set, state.waiting & ~me, state.released}, completed, no});
        }
    }
    static std::size_t hash(const State& state) {
        return hash_of_both(state.is_set ? 1 : 0, state.waiting * 64U + state.released);
    }
};

/// A condition together with its lock. `wait` gives the lock away and waits; is notified, or gives up
/// waiting; and takes the lock again. `notify` wakes any one of those who wait.
struct ConditionState {
    int owner = LockModel::nobody;
    unsigned waiting = 0;
    unsigned notified = 0;
    friend bool operator==(const ConditionState&, const ConditionState&) = default;
};
struct ConditionModel : TestModel<ConditionState> {
    static constexpr Stage waiting = 1;
    static constexpr Stage gave_up = 2;
    static State initial() { return {}; }
    static void steps(State state, const Turn<Operation>& turn, Steps& out) {
        const unsigned me = 1U << turn.worker;
        const bool is_free = state.owner == LockModel::nobody;
        if (turn.operation.kind == Kind::acquire) {
            if (is_free)
                out.push_back({{turn.worker, state.waiting, state.notified}, completed, yes});
        } else if (turn.stage == waiting) {
            if ((state.notified & me) != 0 && is_free) {
                out.push_back({{turn.worker, state.waiting, state.notified & ~me}, completed, yes});
            } else if ((state.waiting & me) != 0 && turn.time_is_up) {
                out.push_back({{state.owner, state.waiting & ~me, state.notified}, gave_up});
            }
        } else if (turn.stage == gave_up) {
            if (is_free)
                out.push_back({{turn.worker, state.waiting, state.notified}, completed, no});
        } else if (state.owner != turn.worker) {
            out.push_back({state, completed, error});
        } else if (turn.operation.kind == Kind::release) {
            out.push_back({{LockModel::nobody, state.waiting, state.notified}, completed, yes});
        } else if (turn.operation.kind == Kind::wait) {
            out.push_back({{LockModel::nobody, state.waiting | me, state.notified}, waiting});
        } else {
            notify(state, out);
        }
    }
    static void notify(const State& state, Steps& out) {
        if (state.waiting == 0) out.push_back({state, completed, yes});
        for (unsigned bit = 1; bit != 0 && bit <= state.waiting; bit <<= 1U) {
            if ((state.waiting & bit) == 0) continue;
            out.push_back(
                {{state.owner, state.waiting & ~bit, state.notified | bit}, completed, yes});
        }
    }
    static std::size_t hash(const State& state) {
        return hash_of_both(static_cast<std::size_t>(state.owner),
                            state.waiting * 64U + state.notified);
    }
};

/// `swap` writes if it finds what it expects, and says whether it did.
struct RegisterModel : TestModel<int> {
    static State initial() { return 0; }
    static void steps(const State& state, const Turn<Operation>& turn, Steps& out) {
        const TestOperation& operation = turn.operation;
        if (operation.kind == Kind::read) out.push_back({state, completed, state});
        if (operation.kind == Kind::write) out.push_back({operation.value, completed, yes});
        if (operation.kind != Kind::swap) return;
        const bool is_found = state == operation.expected;
        out.push_back({is_found ? operation.value : state, completed, is_found ? yes : no});
    }
    static std::size_t hash(const State& state) { return static_cast<std::size_t>(state); }
};

/// A register for each key.
struct StoreModel : TestModel<std::array<int, 3>> {
    static State initial() { return {}; }
    static void steps(const State& state, const Turn<Operation>& turn, Steps& out) {
        const auto key = static_cast<std::size_t>(turn.operation.key);
        RegisterModel::Steps one;
        RegisterModel::steps(state[key], turn, one);
        for (const auto& step : one) {
            State next = state;
            next[key] = step.next;
            out.push_back({next, step.stage, step.outcome});
        }
    }
    static std::size_t hash(const State& state) {
        return static_cast<std::size_t>(state[0] + 10 * state[1] + 100 * state[2]);
    }
};

using TestHistory = std::vector<Interval<TestOperation, TestOutcome>>;

}  // namespace conformance::checker
